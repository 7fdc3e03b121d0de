//! `cargo xtask conformance`: nixscope against suites that others wrote, from a checkout of theirs. Writes what came out,
//! with a reason for each case that does not pass, into `docs/conformance.md`.
//!
//! A suite's file says how its cases run and why those that do not pass do not. The run fails where a case fails that
//! has no reason, and where one passes that has.

mod errors;
mod lang;
mod lib;
mod modules;
mod report;
mod scratch;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;

use crate::measure::{Run, measure};
use crate::shell::{output, release_binary};

/// How long one case may take.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The suites.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Suite {
    /// The language: a checkout of NixOS/nix
    Lang,
    /// The library: a checkout of nix-community/nixpkgs.lib, or of nixpkgs
    Lib,
    /// The module system: a checkout of nix-community/nixpkgs.lib, or of nixpkgs
    Modules,
}

/// What became of one case.
struct Case {
    /// The suite's own name for it.
    name: String,
    /// The group that it is counted in.
    group: &'static str,
    /// None where it passes; else what is wrong, for who runs the harness.
    failure: Option<String>,
}

/// A suite after it ran.
struct Outcome {
    /// The heading of its part of the document.
    title: &'static str,
    /// What the suite is and how it is run, in Markdown.
    about: &'static str,
    /// The part of the checkout that holds the cases.
    place: &'static str,
    cases: Vec<Case>,
    /// Cases that do not pass, with the reason. A case is named as in [`Case::name`].
    known: &'static [(&'static str, &'static str)],
}

pub(crate) fn conformance(suite: Suite, checkout: &Path, check: bool) -> Result<()> {
    ensure!(checkout.is_dir(), "{}: no such directory", checkout.display());
    let checkout = checkout.canonicalize()?;
    let program = Program { path: release_binary()?.canonicalize()? };
    let outcome = match suite {
        Suite::Lang => lang::run(&program, &checkout)?,
        Suite::Lib => lib::run(&program, &checkout)?,
        Suite::Modules => modules::run(&program, &checkout)?,
    };
    let commit = output(Command::new("git").arg("-C").arg(&checkout).args(["rev-parse", "HEAD"]))
        .map_or_else(|_| "no Git checkout".to_owned(), |line| line.trim().to_owned());
    let surprises = outcome.surprises();
    for (group, (passed, total)) in outcome.counts() {
        println!("{group}: {passed} of {total}");
    }
    for surprise in &surprises {
        println!("{surprise}");
    }
    ensure!(surprises.is_empty(), "{} cases came out otherwise than the harness says", surprises.len());
    report::write(suite, &outcome, &commit, check)
}

impl Outcome {
    /// How many cases of each group pass, of how many.
    fn counts(&self) -> BTreeMap<&'static str, (usize, usize)> {
        let mut counts: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
        for case in &self.cases {
            let (passed, total) = counts.entry(case.group).or_default();
            *passed += usize::from(case.failure.is_none());
            *total += 1;
        }
        counts
    }

    fn reason(&self, name: &str) -> Option<&'static str> {
        self.known.iter().find(|(known, _)| *known == name).map(|(_, reason)| *reason)
    }

    /// Where what came out and what is known differ.
    fn surprises(&self) -> Vec<String> {
        let mut surprises = Vec::new();
        for case in &self.cases {
            match (&case.failure, self.reason(&case.name)) {
                (Some(failure), None) => surprises.push(format!("FAILS   {}: {failure}", case.name)),
                (None, Some(_)) => {
                    surprises.push(format!("PASSES  {}, and the harness has a reason why not", case.name));
                }
                _ => {}
            }
        }
        for (name, _) in self.known {
            if !self.cases.iter().any(|case| case.name == *name) {
                surprises.push(format!("MISSING {name}: the suite has no such case"));
            }
        }
        surprises
    }
}

/// The program under test.
struct Program {
    path: PathBuf,
}

impl Program {
    /// Runs it in a directory; a run that takes too long has no status.
    fn run(&self, directory: &Path, args: &[&str]) -> Result<Run> {
        measure(Command::new(&self.path).current_dir(directory).args(args), TIMEOUT)
    }
}

/// What is wrong with a run that should have printed something.
fn difference(run: &Run, expected: &str) -> Option<String> {
    let printed = String::from_utf8_lossy(&run.stdout);
    match run.status {
        None => Some("takes too long".into()),
        Some(status) if !status.success() => Some(first_line(&run.stderr)),
        Some(_) if printed == expected => None,
        Some(_) => Some(format!("prints {}, not {}", shorten(&printed), shorten(expected))),
    }
}

fn first_line(text: &[u8]) -> String {
    String::from_utf8_lossy(text).lines().next().unwrap_or_default().trim().to_owned()
}

fn shorten(text: &str) -> String {
    const LENGTH: usize = 300;
    let text = text.trim_end();
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Runs something for each of many, on as many threads as there are processors; the results are in order.
fn in_parallel<T: Sync, R: Send>(items: &[T], run: impl Fn(&T) -> Result<R> + Sync) -> Result<Vec<R>> {
    let next = Mutex::new(0);
    let results = Mutex::new(items.iter().map(|_| None).collect::<Vec<Option<Result<R>>>>());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let index = {
                        let mut next = next.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                        *next += 1;
                        *next - 1
                    };
                    let Some(item) = items.get(index) else { break };
                    let result = run(item);
                    results.lock().unwrap_or_else(std::sync::PoisonError::into_inner)[index] = Some(result);
                }
            });
        }
    });
    let results = results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    results.into_iter().map(|it| it.context("a case did not run").flatten()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(name: &str, failure: Option<&str>) -> Case {
        Case { name: name.into(), group: "all", failure: failure.map(str::to_owned) }
    }

    fn outcome(cases: Vec<Case>) -> Outcome {
        Outcome { title: "", about: "", place: "", cases, known: &[("a", "it needs a network")] }
    }

    #[test]
    fn known_failures_are_no_surprise() {
        let outcome = outcome(vec![case("a", Some("prints 1")), case("b", None)]);
        assert_eq!(outcome.surprises(), Vec::<String>::new());
        assert_eq!(outcome.counts()["all"], (1, 2));
    }

    #[test]
    fn unlisted_failures_and_listed_passes_are() {
        let outcome = outcome(vec![case("a", None), case("b", Some("prints 1"))]);
        let surprises = outcome.surprises();
        assert!(surprises[0].starts_with("PASSES  a"), "{surprises:?}");
        assert_eq!(surprises[1], "FAILS   b: prints 1");
        assert!(super::Outcome { cases: vec![], ..outcome }.surprises()[0].starts_with("MISSING a"));
    }

    #[test]
    fn results_are_in_order() {
        let items: Vec<usize> = (0..100).collect();
        assert_eq!(in_parallel(&items, |it| Ok(it * 2)).unwrap()[99], 198);
    }
}
