//! What belongs to somebody's work place and not to the project: paths of a machine, hosts of a registry.

use super::{File, Findings};

/// Words that no file holds. In two halves, so that this file is no finding.
const WORDS: &[(&str, &str, &str)] = &[
    ("/wo", "rk/", "a path of somebody's machine"),
    ("/root", "/.", "a path of somebody's machine"),
    ("bash", "_jobs", "a path of somebody's machine"),
    ("sub", "agent", "how the text was made does not concern its reader"),
    ("as an ", "AI", "how the text was made does not concern its reader"),
    ("the bri", "ef says", "how the text was made does not concern its reader"),
    ("FIX", "ME", "an issue, not a comment"),
];

/// What `source` and `resolved` in lock files may name.
const CRATES: &str = "registry+https://github.com/rust-lang/crates.io-index";

pub(super) fn check(files: &[File], findings: &mut Findings) {
    for file in files {
        for (number, line) in (1..).zip(file.text.lines()) {
            for (left, right, why) in WORDS {
                if line.contains(&format!("{left}{right}")) {
                    findings.problems.push(format!("{}:{number}: `{left}{right}`: {why}", file.path));
                }
            }
            if let Some(registry) = other_registry(&file.path, line) {
                findings.problems.push(format!("{}:{number}: names the registry {registry}", file.path));
            }
        }
    }
}

/// A registry in a line of a lock file that is not everybody's.
fn other_registry<'a>(path: &str, line: &'a str) -> Option<&'a str> {
    let quoted = || line.trim_end_matches(',').rsplit('"').nth(1);
    if path.ends_with("Cargo.lock") && line.starts_with("source = ") {
        return quoted().filter(|source| *source != CRATES);
    }
    if path.ends_with("package-lock.json") && line.contains("\"resolved\":") {
        return quoted();
    }
    None
}
