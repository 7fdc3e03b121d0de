//! Our values against those of the real `nix-instantiate`, where it is installed: of a list kept by hand, and of random
//! programs.
//!
//! `cargo xtask differential` makes more programs than a test has time for.
#![expect(clippy::disallowed_methods, reason = "it runs a program and is told how long by the environment")]

#[path = "differential/kept.rs"]
mod kept;
#[path = "differential/nix.rs"]
mod nix;
#[path = "differential/ours.rs"]
mod ours;

use std::time::{Duration, Instant};

use fastrand::Rng;
use nix::Nix;
use nixscope_fuzz::program;

/// What a program's value is.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Outcome {
    Value(String),
    Error(String),
    /// Neither: it takes too long, or is not known. Never compared.
    Open,
}

impl Outcome {
    /// Errors are equal whatever they say.
    fn agrees(&self, other: &Outcome) -> bool {
        match (self, other) {
            (Outcome::Value(left), Outcome::Value(right)) => left == right,
            (Outcome::Error(_), Outcome::Error(_)) | (Outcome::Open, _) | (_, Outcome::Open) => true,
            _ => false,
        }
    }
}

/// A program, printed and as JSON.
struct Outcomes {
    printed: Outcome,
    json: Outcome,
}

impl Outcomes {
    fn agree(&self, other: &Outcomes) -> bool {
        self.printed.agrees(&other.printed) && self.json.agrees(&other.json)
    }
}

/// The file whose value shows a program's value. In a list, so that what Nix prints of a value never begins a line.
fn as_printed(program: &str) -> String {
    format!("[ (\n{program}\n) ]")
}

/// The same in JSON. Not by an option: where Nix fails in the middle, what it has printed looks like a whole value.
fn as_json(program: &str) -> String {
    format!("builtins.toJSON {}", as_printed(program))
}

/// Without what differs between the versions of Nix: how many digits a float has in JSON, and whether the name of an
/// attribute has a backslash before a lonely dollar.
fn normal(line: &str) -> String {
    short_floats(&line.replace("\\$", "$"))
}

/// Whether a program may look into the JSON of a float: before 2.15 its text was another one.
fn depends_on_version(program: &str) -> bool {
    let has_float = program.as_bytes().windows(2).any(|pair| pair[0] == b'.' && pair[1].is_ascii_digit());
    program.contains("toJSON") && (has_float || program.contains("div"))
}

/// With six digits in every float.
fn short_floats(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let mut end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let exponent = rest[end..].strip_prefix('e').map(|it| it.trim_start_matches(['+', '-']));
        if let Some(digits) = exponent.filter(|it| it.starts_with(|c: char| c.is_ascii_digit())) {
            let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
            end = rest.len() - digits.len() + length;
        }
        match rest[..end].parse::<f64>() {
            Ok(value) if rest[..end].contains(['.', 'e']) => {
                let short: f64 = format!("{value:.5e}").parse().unwrap_or(value);
                out.push_str(&short.to_string());
            }
            _ => out.push_str(&rest[..end]),
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

const BATCH: usize = 60;
/// How many smaller programs are tried for one that differs.
const MOST_TRIES: u32 = 60;
/// How many random programs the test compares when nobody says how long it may take.
const PROGRAMS: usize = 120;

#[test]
fn the_kept_expressions_have_the_values_that_nix_gives() {
    let Some(nix) = Nix::find() else { return };
    let programs: Vec<String> = kept::EXPRESSIONS.iter().map(|it| it.to_string()).collect();
    let wrong = disagreements(&nix, &programs);
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), programs.len(), wrong.join("\n"));
}

#[test]
fn random_programs_have_the_values_that_nix_gives() {
    let Some(nix) = Nix::find() else { return };
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let mut seed = number("NIXSCOPE_DIFFERENTIAL_SEED").unwrap_or(1);
    let duration = number("NIXSCOPE_DIFFERENTIAL_SECONDS").map(Duration::from_secs);
    let start = Instant::now();
    let mut compared = 0;
    let mut wrong = Vec::new();
    loop {
        let bytes: Vec<Vec<u8>> = (seed..).take(BATCH).map(random).collect();
        seed += BATCH as u64;
        let programs: Vec<String> = bytes.iter().map(|bytes| program(bytes)).collect();
        let theirs = nix.evaluate(&programs);
        for ((bytes, text), theirs) in bytes.iter().zip(&programs).zip(theirs) {
            let comparable = nix.is_newer_than(2, 14) || !depends_on_version(text);
            if comparable && !ours::evaluate(text).agree(&theirs) {
                wrong.push(describe(&nix, &program(&smallest(&nix, bytes))));
            }
        }
        compared += BATCH;
        let done = match duration {
            Some(duration) => start.elapsed() > duration,
            None => compared >= PROGRAMS,
        };
        if done || wrong.len() >= 8 {
            break;
        }
    }
    println!("{compared} programs compared with nix {}, {} differ", nix.version, wrong.len());
    assert!(wrong.is_empty(), "{} of {compared}:\n{}", wrong.len(), wrong.join("\n"));
}

fn random(seed: u64) -> Vec<u8> {
    let mut rng = Rng::with_seed(seed);
    let len = rng.usize(8..300);
    std::iter::repeat_with(|| rng.u8(..)).take(len).collect()
}

fn disagreements(nix: &Nix, programs: &[String]) -> Vec<String> {
    let theirs = nix.evaluate(programs);
    programs
        .iter()
        .zip(theirs)
        .filter(|(text, theirs)| !ours::evaluate(text).agree(theirs))
        .map(|(text, _)| describe(nix, text))
        .collect()
}

fn differs(nix: &Nix, text: &str) -> bool {
    let theirs = nix.evaluate(&[text.to_string()]);
    theirs.first().is_some_and(|theirs| !ours::evaluate(text).agree(theirs))
}

fn describe(nix: &Nix, text: &str) -> String {
    let ours = ours::evaluate(text);
    let theirs = nix.evaluate(&[text.to_string()]);
    let mut out = format!("{text}\n");
    for theirs in theirs {
        for (ours, theirs) in [(&ours.printed, &theirs.printed), (&ours.json, &theirs.json)] {
            if !ours.agrees(theirs) {
                out.push_str(&format!("  ours   {ours:?}\n  theirs {theirs:?}\n"));
            }
        }
    }
    out
}

/// Fewer bytes that still give a program that differs: a shorter program, as a rule.
fn smallest(nix: &Nix, bytes: &[u8]) -> Vec<u8> {
    let mut best = bytes.to_vec();
    let mut tries = 0;
    let mut size = best.len() / 2;
    while size > 0 && tries < MOST_TRIES {
        let mut at = 0;
        while at + size <= best.len() && tries < MOST_TRIES {
            let mut shorter = best.clone();
            shorter.drain(at..at + size);
            tries += 1;
            if program(&shorter).len() <= program(&best).len() && differs(nix, &program(&shorter)) {
                best = shorter;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    best
}
