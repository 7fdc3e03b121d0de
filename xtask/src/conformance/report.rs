//! `docs/conformance.md`: a part for each suite, written when that suite has run.

use std::fmt::Write;
use std::fs;

use anyhow::{Context, Result, ensure};

use super::{Outcome, Suite};
use crate::shell::root;

const DOCUMENT: &str = "docs/conformance.md";

/// Writes the suite's part; with `check` only looks whether it is up to date.
pub(super) fn write(suite: Suite, outcome: &Outcome, commit: &str, check: bool) -> Result<()> {
    let path = root().join(DOCUMENT);
    let document = fs::read_to_string(&path).with_context(|| format!("cannot read {DOCUMENT}"))?;
    let (begin, end) = markers(suite);
    let updated = replace_part(&document, &begin, &end, &render(outcome, commit))
        .with_context(|| format!("{DOCUMENT} has no part between `{begin}` and `{end}`"))?;
    if check {
        ensure!(updated == document, "{DOCUMENT} is not what the run gave");
        return Ok(());
    }
    fs::write(&path, updated).with_context(|| format!("cannot write {DOCUMENT}"))
}

fn markers(suite: Suite) -> (String, String) {
    let name = format!("{suite:?}").to_lowercase();
    (
        format!("<!-- {name}: written by cargo xtask conformance {name} -->\n"),
        format!("<!-- end of {name} -->\n"),
    )
}

fn replace_part(document: &str, begin: &str, end: &str, part: &str) -> Option<String> {
    let (before, rest) = document.split_once(begin)?;
    let (_, after) = rest.split_once(end)?;
    Some(format!("{before}{begin}{part}{end}{after}"))
}

fn render(outcome: &Outcome, commit: &str) -> String {
    let mut text = String::new();
    let Outcome { title, about, place, cases, .. } = outcome;
    let _ = writeln!(text, "\n## {title}\n\n{about}\n\nSuite: {place}, commit `{commit}`.\n");
    let _ = writeln!(text, "| group | pass | of | |\n| --- | ---: | ---: | ---: |");
    for (group, (passed, total)) in outcome.counts() {
        let percent = 100.0 * passed as f64 / total.max(1) as f64;
        let _ = writeln!(text, "| {group} | {passed} | {total} | {percent:.1} % |");
    }
    let mut failing: Vec<&str> =
        cases.iter().filter(|case| case.failure.is_some()).map(|case| case.name.as_str()).collect();
    failing.sort_unstable();
    if failing.is_empty() {
        text.push('\n');
        return text;
    }
    let _ = writeln!(text, "\n| does not pass | because |\n| --- | --- |");
    for name in failing {
        let _ = writeln!(text, "| `{name}` | {} |", outcome.reason(name).unwrap_or_default());
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::Case;
    use super::*;

    #[test]
    fn a_part_has_counts_and_reasons() {
        let case = |name: &str, failure: Option<&str>| Case {
            name: name.into(),
            group: "eval-okay",
            failure: failure.map(str::to_owned),
        };
        let outcome = Outcome {
            title: "The language",
            about: "Each file is evaluated.",
            place: "`tests/lang` of example/nix",
            cases: vec![case("eval-okay-b", Some("…")), case("eval-okay-a", None)],
            known: &[("eval-okay-b", "it needs a network")],
        };
        expect![[r#"

            ## The language

            Each file is evaluated.

            Suite: `tests/lang` of example/nix, commit `0123`.

            | group | pass | of | |
            | --- | ---: | ---: | ---: |
            | eval-okay | 1 | 2 | 50.0 % |

            | does not pass | because |
            | --- | --- |
            | `eval-okay-b` | it needs a network |

        "#]]
        .assert_eq(&render(&outcome, "0123"));
    }

    #[test]
    fn the_document_has_a_part_for_each_suite() {
        let document = fs::read_to_string(root().join(DOCUMENT)).unwrap();
        for suite in <Suite as clap::ValueEnum>::value_variants() {
            let (begin, end) = markers(*suite);
            assert!(replace_part(&document, &begin, &end, "").is_some(), "{begin}");
        }
    }
}
