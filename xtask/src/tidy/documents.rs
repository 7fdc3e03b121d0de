//! The documents are true where that can be checked: links lead somewhere, the README's commands are those of CI, and
//! the crates in the architecture are those in the workspace.

use super::{File, Findings};
use crate::shell::root;

/// The command that passes all the tests, as the README gives it.
const TEST_COMMAND: &str = "cargo xtask test";
const DEMO_COMMAND: &str = "cargo xtask demo";

pub(super) fn check(files: &[File], findings: &mut Findings) {
    check_commands(files, findings);
    check_crates(files, findings);
    check_excerpts(files, findings);
    for file in files.iter().filter(|file| file.path.ends_with(".md")) {
        let directory = file.path.rsplit_once('/').map_or("", |(directory, _)| directory);
        for (number, link) in links(&file.text) {
            let target = link.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            if !root().join(directory).join(target).exists() {
                findings.problems.push(format!("{}:{number}: the link `{target}` leads nowhere", file.path));
            }
        }
    }
}

fn check_commands(files: &[File], findings: &mut Findings) {
    for (path, command) in
        [("README.md", DEMO_COMMAND), ("README.md", TEST_COMMAND), (".ci/run", TEST_COMMAND)]
    {
        let has_it = files.iter().find(|file| file.path == path).is_some_and(|file| {
            file.text.lines().any(|line| line.trim_start_matches("$ ").trim_end() == command)
        });
        if !has_it {
            findings.problems.push(format!("{path}: must have the line `{command}`"));
        }
    }
}

fn check_crates(files: &[File], findings: &mut Findings) {
    let document = "docs/architecture.md";
    let Some(architecture) = files.iter().find(|file| file.path == document) else {
        findings.problems.push(format!("{document} is missing"));
        return;
    };
    for file in files {
        let Some(name) = file.path.strip_prefix("crates/").and_then(|path| path.strip_suffix("/Cargo.toml"))
        else {
            continue;
        };
        if !architecture.text.contains(&format!("`crates/{name}`")) {
            findings.problems.push(format!("{document}: says nothing of `crates/{name}`"));
        }
    }
}

/// What the README shows of the program's output must be what the program prints.
fn check_excerpts(files: &[File], findings: &mut Findings) {
    let text = |path: &str| files.iter().find(|file| file.path == path).map_or("", |file| &file.text);
    let (check, fleet) =
        (text("test-data/golden/harbour.check.human.txt"), text("test-data/golden/harbour.fleet.human.txt"));
    let mut shown = None;
    for (number, line) in (1..).zip(text("README.md").lines()) {
        match line {
            "$ nixscope check test-data/fleets/harbour" => shown = Some(check),
            "$ nixscope fleet test-data/fleets/harbour" => shown = Some(fleet),
            "```" => shown = None,
            "…" => {}
            _ if shown.is_some_and(|golden| !golden.lines().any(|it| it == line)) => {
                findings
                    .problems
                    .push(format!("README.md:{number}: the program does not print this line any more"));
            }
            _ => {}
        }
    }
}

/// The targets of inline links outside code, with their lines.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut links = Vec::new();
    let mut in_code = false;
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        // Every second piece is inside back quotes.
        for piece in line.split('`').step_by(2) {
            for (at, _) in piece.match_indices("](") {
                let rest = &piece[at + 2..];
                links.extend(rest.split(')').next().map(|target| (number, target)));
            }
        }
    }
    links
}

#[cfg(test)]
mod tests {
    use super::links;

    #[test]
    fn finds_links_outside_code() {
        let text = "a [b](c.md) `[d](e)` [f](g#h)\n```\n[i](j)\n```\n[`k`](l)\n";
        assert_eq!(links(text), [(1, "c.md"), (1, "g#h"), (5, "l")]);
    }
}
