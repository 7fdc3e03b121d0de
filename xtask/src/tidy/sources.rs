//! Every Rust file says why it exists, is short, finished, and below the edge knows nothing of the machine.

use super::{File, Findings};

/// Above this a file is listed.
const LONG: usize = 600;
/// Above this the check fails.
const TOO_LONG: usize = 800;

/// What is left behind on the way. In two halves, so that this file is no finding.
const UNFINISHED: &[(&str, &str)] =
    &[("todo", "!("), ("unimplemented", "!("), ("dbg", "!("), ("#[", "ignore")];

/// Crates that see the world through `nixscope_vfs::FileSystem` only.
const BELOW_THE_EDGE: &[&str] = &["vfs", "db", "syntax", "hir", "eval", "fleet", "lints", "ide"];
const WORLD: &[&str] = &["fs", "env", "process", "net"];

pub(super) fn check(files: &[File], findings: &mut Findings) {
    for file in files.iter().filter(|file| file.is_rust()) {
        check_shape(file, findings);
        for (number, line) in (1..).zip(file.text.lines()) {
            for (left, right) in UNFINISHED {
                if line.contains(&format!("{left}{right}")) {
                    findings.problems.push(format!("{}:{number}: unfinished: `{left}{right}`", file.path));
                }
            }
            if is_below_the_edge(&file.path)
                && let Some(module) = world(line)
            {
                let why = "files, environment and programs belong to the edge";
                findings.problems.push(format!("{}:{number}: `std::{module}`: {why}", file.path));
            }
        }
    }
}

fn check_shape(file: &File, findings: &mut Findings) {
    if !file.text.starts_with("//!") {
        findings
            .problems
            .push(format!("{}:1: must begin with a `//!` line that says why it exists", file.path));
    }
    // Cargo takes every file right in a package's `tests` for a test; what they share must be `mod.rs`.
    if file.path.ends_with("/mod.rs") && !file.path.contains("/tests/") {
        findings.problems.push(format!("{}: a module `a` with children is `a.rs` and `a/`", file.path));
    }
    match file.text.lines().count() {
        lines if lines > TOO_LONG => {
            findings.problems.push(format!("{}: {lines} lines, {TOO_LONG} at most", file.path));
        }
        lines if lines > LONG => findings.notes.push(format!("{}: {lines} lines", file.path)),
        _ => {}
    }
}

fn is_below_the_edge(path: &str) -> bool {
    // A build script is not part of the crate.
    let Some((name, rest)) = path.strip_prefix("crates/").and_then(|path| path.split_once('/')) else {
        return false;
    };
    BELOW_THE_EDGE.contains(&name) && rest.starts_with("src/")
}

/// The module of `std` that a line of code names though it must not.
fn world(line: &str) -> Option<&'static str> {
    let code = line.split("//").next().unwrap_or_default();
    let starts_word = |text: &str, module: &str| {
        text.trim_start()
            .strip_prefix(module)
            .is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'))
    };
    code.match_indices("std::").find_map(|(at, _)| {
        let rest = &code[at + "std::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => group.split(',').find_map(|item| WORLD.iter().find(|it| starts_word(item, it))),
            None => WORLD.iter().find(|module| starts_word(rest, module)),
        }
        .copied()
    })
}

#[cfg(test)]
mod tests {
    use super::world;

    #[test]
    fn sees_the_world_in_imports_and_paths() {
        assert_eq!(world("use std::fs;"), Some("fs"));
        assert_eq!(world("use std::{fmt, env};"), Some("env"));
        assert_eq!(world("let it = std::process::Command::new(x);"), Some("process"));
        assert_eq!(world("use std::fmt; // not std::fs"), None);
        assert_eq!(world("let root = env!(\"X\");"), None);
        assert_eq!(world("use std::environment;"), None);
    }
}
