//! The module system: the checks of nixpkgs' `lib/tests/modules.sh`, with the embedded library in place of the real one.
//!
//! The script itself is run, by bash, from its first check on; the functions it calls write down what they are asked to
//! check instead of checking it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use super::scratch::Scratch;
use super::{Case, Outcome, Program, in_parallel};
use crate::shell::output;

/// What the script's functions do here: a record a call, its parts ended by zero bytes.
const RECORDER: &str = r#"
shopt -s failglob
record() {
  printf '%s\0' "$1" "${ABORT_ON_WARN-0}" "${REQUIRE_INFINITE_RECURSION_HINT-0}" "$(($# - 1))" "${@:2}"
}
checkConfigOutput() { record output "$@"; }
checkConfigError() { record error "$@"; }
checkExpression() { record expression "$@"; }
pass=0 fail=0
cat() { :; }
"#;

/// What Nix tells who references `config` in `imports`.
const RECURSION_HINT: &str = "if you get an infinite recursion here";

/// Says whether a text matches, by the dialects that the script uses: extended ones for output, Perl's for errors.
const MATCHER: &str = r#"
case "$1" in
  output) grep -E --silent -- "$2" ;;
  error) grep -zP --silent -- "$2" ;;
esac
"#;

const POSITIONS: &str = "the file requires that `mapAttrs` loses the places of attributes, as it does in Nix. nixscope keeps \
                         them on purpose: they lead to where an option is declared";

/// Checks that do not pass, and why.
const KNOWN: &[(&str, &str)] = &[
    (
        "types.nix config.nullableValue.path",
        "a path in JSON is the path itself: nothing is copied to the store",
    ),
    (
        "import-from-store.nix config.enable",
        "a file that `toFile` writes is not there: nothing is written to the store",
    ),
    (
        "freeform-attrsOf.nix freeform-unstr-dep-str.nix config.foo",
        "an option's own value does not need the freeform part of `config` here, so that there is no recursion to report; \
         `foo` is missing",
    ),
    ("declaration-positions.nix options.imported.line14.declarationPositions.0.line", POSITIONS),
    ("declaration-positions.nix options.imported.line14.declarationPositions.0.file", POSITIONS),
    ("declaration-positions.nix options.generated.line22.declarationPositions.0.file", POSITIONS),
    ("declaration-positions.nix options.generated.line22.declarationPositions.0.line", POSITIONS),
    ("declaration-positions.nix config.submoduleLine38.submodDeclLine45.0.line", POSITIONS),
    ("declaration-positions.nix config.submoduleLine38.submodDeclLine45.0.file", POSITIONS),
    ("declaration-positions.nix options.submoduleLine38.declarationPositions.0.line", POSITIONS),
    ("declaration-positions.nix options.submoduleLine38.declarationPositions.1.line", POSITIONS),
    ("declaration-positions.nix options.nested.nestedLine34.declarationPositions.0.line", POSITIONS),
];

const OUTPUT: &str = "values";
const ERROR: &str = "errors";
const EXPRESSION: &str = "expressions";

/// One call of a checking function.
struct Check {
    name: String,
    kind: String,
    abort_on_warning: bool,
    wants_hint: bool,
    pattern: String,
    attribute: String,
    /// The file to evaluate.
    file: String,
}

pub(super) fn run(program: &Program, checkout: &Path) -> Result<Outcome> {
    const SUITE: &str = "lib/tests/modules.sh";
    let tests = checkout.join("lib/tests");
    ensure!(checkout.join(SUITE).is_file(), "{}: has no {SUITE}", checkout.display());
    let scratch = Scratch::new("modules")?;
    scratch.copy(&tests.join("modules"), "lib/tests/modules")?;
    scratch.put("lib/default.nix", "import <nixpkgs/lib>\n")?;
    let directory = scratch.path().join("lib/tests/modules");
    let script = std::fs::read_to_string(checkout.join(SUITE))?;
    let checks = checks(&script, &directory)?;
    for check in checks.iter().filter(|check| check.kind != "expression") {
        let modules = &check.file;
        scratch.put(
            &format!("lib/tests/modules/{}", wrapper(check)),
            &format!("import ./default.nix {{ modules = [ {modules} ]; }}\n"),
        )?;
    }
    let cases = in_parallel(&checks, |check| {
        let failure = failure(program, &directory, check)?;
        let group = match check.kind.as_str() {
            "output" => OUTPUT,
            "error" => ERROR,
            _ => EXPRESSION,
        };
        Ok(Case { name: check.name.clone(), group, failure })
    })?;
    Ok(Outcome {
        title: "The module system",
        about: "Each check of the script is a run of `nixscope eval`. A check of an error holds if the message and the notes \
                with it match what the script expects, once two messages of the evaluator are put in Nix's words: a missing \
                attribute, and an infinite recursion.",
        place: "`lib/tests/modules.sh` of nix-community/nixpkgs.lib, which is `lib` of nixpkgs",
        cases,
        known: KNOWN,
    })
}

/// The checks that the script makes, in its order.
fn checks(script: &str, directory: &Path) -> Result<Vec<Check>> {
    let lines: Vec<&str> = script.lines().collect();
    let is_check = |line: &&str| line.starts_with("checkConfig") && !line.contains("()");
    let first = lines.iter().position(is_check).context("the script checks nothing")?;
    let recorded = output(
        Command::new("bash")
            .current_dir(directory)
            .arg("-c")
            .arg(format!("{RECORDER}\n{}", lines[first..].join("\n"))),
    )?;
    let mut parts = recorded.split('\0');
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut checks = Vec::new();
    while let Some(kind) = parts.next().filter(|kind| !kind.trim().is_empty()) {
        let mut next = || parts.next().context("a record ends early");
        let abort_on_warning = next()? == "1";
        let wants_hint = next()? == "1";
        let count: usize = next()?.parse().context("a record without its length")?;
        let arguments = (0..count).map(|_| Ok(next()?.to_owned())).collect::<Result<Vec<String>>>()?;
        let (pattern, attribute, file) = match (kind, arguments.as_slice()) {
            ("expression", [file]) => (String::new(), String::new(), file.clone()),
            (_, [pattern, attribute, modules @ ..]) => {
                (pattern.clone(), attribute.clone(), modules.join(" "))
            }
            _ => bail!("a check with {count} arguments"),
        };
        let mut name = format!("{} {attribute}", file.replace("./", "")).trim().to_owned();
        let times = names.entry(name.clone()).or_default();
        *times += 1;
        if *times > 1 {
            let _ = write!(name, " ({times})");
        }
        checks.push(Check {
            name,
            kind: kind.to_owned(),
            abort_on_warning,
            wants_hint,
            pattern,
            attribute,
            file,
        });
    }
    Ok(checks)
}

/// The name of the file that evaluates a check's modules.
fn wrapper(check: &Check) -> String {
    let plain: String = check.name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("check-{plain}.nix")
}

/// What is wrong with a check; none where it holds.
fn failure(program: &Program, directory: &Path, check: &Check) -> Result<Option<String>> {
    let run = match check.kind.as_str() {
        "expression" => program.run(directory, &["eval", "--json", &check.file])?,
        _ => program.run(directory, &["eval", "--json", &wrapper(check), &check.attribute])?,
    };
    let Some(status) = run.status else { return Ok(Some("takes too long".into())) };
    let printed = String::from_utf8_lossy(&run.stdout);
    let errors = in_words_of_nix(&unframed(&String::from_utf8_lossy(&run.stderr)));
    let warned = check.abort_on_warning && errors.contains("warning: ");
    let fails = !status.success() || warned;
    Ok(match check.kind.as_str() {
        "error" if !fails => Some(format!("gives {}", super::shorten(&printed))),
        "error" if check.wants_hint != errors.contains(RECURSION_HINT) => {
            Some("the hint about `imports` is wrong".into())
        }
        "error" if matches("error", &check.pattern, &errors, directory)? => None,
        "error" => Some(format!("fails with {}", super::shorten(&errors))),
        _ if fails => Some(super::shorten(&errors)),
        "output" if !matches("output", &check.pattern, &printed, directory)? => {
            Some(format!("prints {}", super::shorten(&printed)))
        }
        _ => None,
    })
}

/// Messages without the indentation and the signs that show them under a title.
fn unframed(errors: &str) -> String {
    let plain = |line: &str| line.trim_start().trim_start_matches(['|', '=']).trim_start().to_owned();
    errors.lines().map(plain).collect::<Vec<String>>().join("\n")
}

/// The two messages of the evaluator itself that the script expects in Nix's words.
fn in_words_of_nix(errors: &str) -> String {
    let mut text = String::with_capacity(errors.len());
    for line in errors.lines() {
        let missing = line
            .split_once("there is no attribute `")
            .and_then(|(before, rest)| Some((before, rest.split_once("` here")?)));
        match missing {
            Some((before, (name, after))) => {
                let path = format!("config.{name}");
                let _ =
                    write!(text, "{before}attribute '{name}' in selection path '{path}' not found{after}");
            }
            None => text.push_str(&line.replace("this value needs itself", "infinite recursion encountered")),
        }
        text.push('\n');
    }
    text
}

/// Whether a text matches a pattern of the script, as the script's own programs see it.
fn matches(kind: &str, pattern: &str, text: &str, directory: &Path) -> Result<bool> {
    let file = tempfile_in(directory, text)?;
    let status = Command::new("bash")
        .args(["-c", MATCHER, "bash", kind, pattern])
        .stdin(std::fs::File::open(&file)?)
        .status()
        .context("cannot run bash")?;
    std::fs::remove_file(&file)?;
    Ok(status.success())
}

fn tempfile_in(directory: &Path, text: &str) -> Result<std::path::PathBuf> {
    let id = std::thread::current().id();
    let path = directory.join(format!("output-{id:?}").replace(['(', ')'], "-"));
    std::fs::write(&path, text)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_read_by_bash() {
        let script = "checkConfigOutput() {\n  exit 1\n}\ncheckConfigOutput '^0$' config.a ./a.nix\n\
                      set -- config.a ./a.nix\ncheckConfigOutput '^1$' \"$@\" ./b.nix\n\
                      ABORT_ON_WARN=1 checkConfigError \"no.*\" \\\n  config.b ./c.nix\n";
        let checks = checks(script, &std::env::temp_dir()).unwrap();
        let seen: Vec<(&str, bool, &str)> =
            checks.iter().map(|it| (it.name.as_str(), it.abort_on_warning, it.pattern.as_str())).collect();
        let expected = [
            ("a.nix config.a", false, "^0$"),
            ("a.nix b.nix config.a", false, "^1$"),
            ("c.nix config.b", true, "no.*"),
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn messages_are_put_in_nix_words() {
        let text = in_words_of_nix("error: there is no attribute `foo` here; did you mean `fob`?");
        assert_eq!(
            text,
            "error: attribute 'foo' in selection path 'config.foo' not found; did you mean `fob`?\n"
        );
    }
}
