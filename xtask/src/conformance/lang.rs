//! The language: `tests/functional/lang` of NixOS/nix. A name says what a case is about: `eval-okay-*` gives what stands in
//! its `.exp`, `eval-fail-*` fails, `parse-okay-*` is Nix, `parse-fail-*` is not.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::scratch::Scratch;
use super::{Case, Outcome, Program, difference, errors, first_line, in_parallel};
use crate::measure::Run;

const PLACE: &str = "tests/functional/lang";

/// What the suite's own script puts into the environment, as nixscope is told it.
const CONFIGURATION: &str = r#"
[evaluation]
search-path = ["dir3", "dir4"]

[evaluation.environment]
TEST_VAR = "foo"
HOME = "/fake-home"
# Not set there, which reads as nothing.
NO_SUCH_VAR = ""
"#;

const GROUPS: [&str; 4] = ["eval-okay", "eval-fail", "parse-okay", "parse-fail"];

/// A flag turns one of Nix's own lints into an error.
const LINT: &str =
    "a flag of `nix-instantiate` makes one of its lints an error; without the flag the file evaluates";

/// The store path of a source follows from its content.
const STORE: &str = "shows the store path of a copied source; nixscope copies nothing, and a path that becomes part of a string \
                     keeps its own text, so that what is read through it is found";

/// What the cases about Nix's limit of 10,000 calls are run with besides. By itself nixscope goes deeper.
const LIMIT: &str = "max-depth = 10000\n";
const LIMITED: &str = "-stack-overflow";

/// Cases that do not pass, and why.
const KNOWN: &[(&str, &str)] = &[
    ("eval-fail-abs-path-fatal", LINT),
    (
        "eval-fail-deepseq-stack-overflow",
        "Nix's `deepSeq` recurses and runs out of stack; here it works through a list of what is left to do, at any depth",
    ),
    ("eval-fail-home-path-fatal", LINT),
    ("eval-fail-short-path-literal", LINT),
    (
        "eval-fail-toJSON-non-utf-8",
        "the file itself is not UTF-8: it is refused before anything is evaluated, with exit status 2",
    ),
    ("eval-fail-url-literal", LINT),
    ("eval-okay-context", STORE),
    (
        "eval-okay-derivation-legacy",
        "shows the hash of a derivation, which nixscope makes of the arguments instead of the sources' hashes",
    ),
    ("eval-okay-path", STORE),
    ("eval-okay-toJSON-peel", STORE),
    ("eval-okay-toString-peel", STORE),
];

pub(super) fn run(program: &Program, checkout: &Path) -> Result<Outcome> {
    let lang = checkout.join(PLACE);
    ensure!(lang.is_dir(), "{}: no checkout of NixOS/nix", checkout.display());
    let scratch = Scratch::new("lang")?;
    scratch.copy(&lang, "lang")?;
    scratch.put("lang/nixscope.toml", CONFIGURATION)?;
    scratch.copy(&lang, "limited")?;
    scratch.put(
        "limited/nixscope.toml",
        &CONFIGURATION.replace("[evaluation]\n", &format!("[evaluation]\n{LIMIT}")),
    )?;
    let mut names = Vec::new();
    for entry in fs::read_dir(scratch.path().join("lang"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(name) = name.strip_suffix(".nix")
            && let Some(group) = GROUPS.iter().find(|group| name.starts_with(**group))
            && !scratch.path().join(format!("lang/{name}.exp-disabled")).exists()
        {
            names.push((name.to_owned(), *group));
        }
    }
    names.sort();
    let cases = in_parallel(&names, |(name, group)| {
        let failure = match *group {
            "eval-okay" => eval_okay(program, scratch.path(), name)?,
            "eval-fail" => eval_fail(program, scratch.path(), name)?,
            "parse-okay" => syntax_errors(program, scratch.path(), name)?.into_iter().next(),
            _ => match syntax_errors(program, scratch.path(), name)?.is_empty() {
                true => Some("no syntax error is reported".into()),
                false => None,
            },
        };
        Ok(Case { name: name.clone(), group, failure })
    })?;
    Ok(Outcome {
        title: "The language",
        about: "`eval-okay`: `nixscope eval` prints exactly what the `.exp` file says. `eval-fail`: it fails, and the error \
                is about what the one in the `.err.exp` file is about, in our words: the same types, names and texts of the \
                program. `parse-okay`, `parse-fail`: `nixscope check` finds no syntax error, or finds one. The \
                environment and the search path that the suite's script sets are in a `nixscope.toml`, and for the cases about it \
                Nix's limit of nesting.",
        place: "`tests/functional/lang` of NixOS/nix",
        cases,
        known: KNOWN,
    })
}

fn evaluate(program: &Program, directory: &Path, name: &str) -> Result<Run> {
    let copy = if name.ends_with(LIMITED) { "limited" } else { "lang" };
    let file = format!("{copy}/{name}.nix");
    let mut args = vec!["eval", file.as_str()];
    let flags = fs::read_to_string(directory.join(format!("lang/{name}.flags"))).unwrap_or_default();
    let flags: Vec<&str> = flags.lines().flat_map(|line| line.split('#').next()).flat_map(words).collect();
    args.extend(understood(&flags));
    if directory.join(format!("lang/{name}.exp.xml")).exists() {
        args.push("--xml");
    }
    program.run(directory, &args)
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split_whitespace()
}

/// The flags that nixscope has too. The others choose what Nix prints on standard error or which lints of its own are fatal.
fn understood<'a>(flags: &[&'a str]) -> Vec<&'a str> {
    let mut args = Vec::new();
    let mut rest = flags.iter();
    while let Some(flag) = rest.next() {
        let values = match *flag {
            "--arg" | "--argstr" => 2,
            "-I" | "-A" | "--extra-experimental-features" => 1,
            _ => 0,
        };
        let values = rest.by_ref().take(values).copied();
        match *flag {
            "-A" => args.extend(values),
            "--arg" | "--argstr" | "-I" | "--extra-experimental-features" => {
                args.push(flag);
                args.extend(values);
            }
            _ => {}
        }
    }
    args
}

fn eval_okay(program: &Program, directory: &Path, name: &str) -> Result<Option<String>> {
    let run = evaluate(program, directory, name)?;
    let expected = ["exp.xml", "exp"]
        .iter()
        .find_map(|suffix| fs::read_to_string(directory.join(format!("lang/{name}.{suffix}"))).ok());
    let expected = expected.with_context(|| format!("{name} has no .exp"))?;
    let expected = expected.replace("/pwd/", &format!("{}/", directory.display()));
    Ok(difference(&run, &expected))
}

fn eval_fail(program: &Program, directory: &Path, name: &str) -> Result<Option<String>> {
    let run = evaluate(program, directory, name)?;
    let message = first_line(&run.stderr);
    let expected = fs::read_to_string(directory.join(format!("lang/{name}.err.exp"))).unwrap_or_default();
    let theirs = errors::last_error(&expected);
    let ours = message.strip_prefix("error: ").unwrap_or_default();
    Ok(match run.status.and_then(|status| status.code()) {
        None => Some("crashes, or takes too long".into()),
        Some(1) if !says_why(&message) => Some(format!("does not say why: {message}")),
        Some(1) => match theirs {
            Some(theirs) if !errors::agree(theirs, ours) => {
                Some(format!("fails for another reason: {ours}; in Nix: {theirs}"))
            }
            _ => None,
        },
        Some(0) => Some(format!("gives {}", first_line(&run.stdout))),
        Some(code) => Some(format!("exit status {code}: {message}")),
    })
}

/// Whether an error is the program's: not an unknown, and not an evaluation that was given up.
fn says_why(message: &str) -> bool {
    message.strip_prefix("error: ").is_some_and(|why| {
        !why.is_empty() && !why.starts_with("not known: ") && !why.contains("budget was spent")
    })
}

/// The syntax errors of a file.
fn syntax_errors(program: &Program, directory: &Path, name: &str) -> Result<Vec<String>> {
    let file = format!("lang/{name}.nix");
    let args =
        ["check", "--select", "syntax-error,duplicate-attribute,unresolved-name", "--format", "json", &file];
    let run = program.run(directory, &args)?;
    let Some(0 | 1) = run.status.and_then(|status| status.code()) else {
        return Ok(vec![format!("cannot be checked: {}", first_line(&run.stderr))]);
    };
    let answer: serde_json::Value = serde_json::from_slice(&run.stdout)?;
    let errors = answer["diagnostics"].as_array().map(Vec::as_slice).unwrap_or_default();
    Ok(errors.iter().map(|it| it["message"].as_str().unwrap_or_default().to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_of_ours_are_passed_on() {
        let flags = ["--eval", "--strict", "-I", "lang/dir1", "--argstr", "x", "y", "-A", "result"];
        assert_eq!(understood(&flags), ["-I", "lang/dir1", "--argstr", "x", "y", "result"]);
    }

    #[test]
    fn an_unknown_is_no_reason_to_fail() {
        assert!(says_why("error: expected a set, found null"));
        assert!(!says_why("error: not known: builtins.currentTime"));
        assert!(!says_why("thread panicked"));
    }
}
