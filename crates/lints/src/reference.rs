//! The catalogue as text: `docs/lints.md` and `nixscope explain`.

use std::fmt::Write;

use crate::lint::{Group, Lint, lints};

const GROUPS: &[(Group, &str, &str)] = &[
    (Group::Language, "Language", "What the text of a file says by itself."),
    (Group::Modules, "Modules", "Modules, options and their definitions."),
    (Group::Secrets, "Secrets and security", "What leaks, and what cannot be decrypted."),
    (Group::Fleet, "Fleet", "What only shows with several hosts at hand."),
    (Group::Packages, "Packages", "Derivations that the repository writes itself."),
];

const HEAD: &str = "\
# Lints

Every finding of nixscope has the name of a lint. A lint belongs to a group and has a level, which
`nixscope.toml` can change for the lint or the group. `nixscope explain NAME` prints a lint's page.

| level | means |
| --- | --- |
| error | it will not evaluate, will not activate, or leaks a secret |
| warning | right ninety-nine times in a hundred |
| info | worth knowing |
| hint | taste, or right nine times in ten |
| off | only where it is selected |

A finding is suppressed with `# nixscope: ignore[NAME] reason` on its line or the line before, and
`# nixscope: ignore-file[NAME]` anywhere in the file. In examples, lines that end in `# error` are those
that the lint reports. A fix is *safe* where the evaluated configuration stays the same.
";

/// The reference of all lints, in Markdown.
pub fn reference() -> String {
    let mut out = String::from(HEAD);
    let groups = GROUPS.iter().map(|(group, title, about)| {
        let own: Vec<&Lint> = lints().iter().copied().filter(|lint| lint.group == *group).collect();
        (title, about, own)
    });
    let groups: Vec<_> = groups.filter(|(_, _, own)| !own.is_empty()).collect();
    for (title, about, own) in &groups {
        let _ = write!(out, "\n## {title}\n\n{about}\n\n| lint | level | flags |\n| --- | --- | --- |\n");
        for lint in own {
            let _ = writeln!(
                out,
                "| [`{name}`](#{name}) | {level} | {summary} |",
                name = lint.name,
                level = lint.level.as_str(),
                summary = lint.summary.replace('|', "\\|"),
            );
        }
    }
    for (_, _, own) in &groups {
        for lint in own {
            let _ = write!(out, "\n## {}\n\n{}", lint.name, facts(lint));
            out.push_str(&page(lint, "###"));
        }
    }
    out
}

/// One lint's page, in Markdown.
pub fn explain(lint: &Lint) -> String {
    format!("# {}\n\n{}{}", lint.name, facts(lint), page(lint, "##"))
}

fn facts(lint: &Lint) -> String {
    let Lint { group, level, since, summary, .. } = lint;
    format!("*{summary}* (group `{}`, level `{}`, since {since})\n", group.as_str(), level.as_str())
}

/// The page with its headings at the given depth.
fn page(lint: &Lint, depth: &str) -> String {
    let mut out = String::from("\n");
    let mut in_code = false;
    for line in lint.page.trim().lines() {
        in_code ^= line.starts_with("```");
        match line.strip_prefix("## ") {
            Some(title) if !in_code => {
                let _ = writeln!(out, "{depth} {title}");
            }
            _ => {
                let _ = writeln!(out, "{line}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lint_is_in_the_reference() {
        let text = reference();
        for lint in lints() {
            assert!(text.contains(&format!("\n## {}\n", lint.name)), "{}", lint.name);
            assert!(text.contains(&format!("| [`{0}`](#{0}) |", lint.name)), "{}", lint.name);
            assert!(explain(lint).starts_with(&format!("# {}\n", lint.name)));
        }
    }

    #[test]
    fn the_catalogue_is_sorted() {
        let keys: Vec<_> = lints().iter().map(|lint| (lint.group, lint.name)).collect();
        let mut sorted = keys.clone();
        sorted.sort();
        assert_eq!(keys, sorted);
    }
}
