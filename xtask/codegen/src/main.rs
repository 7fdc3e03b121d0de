//! Writes the files that are generated from the code, or checks them: run by `cargo xtask codegen`.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "writes files")]

mod configuration;
mod manifest;
mod schema;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use similar::{ChangeTag, TextDiff};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => generate(false),
        ["--check"] => generate(true),
        _ => Err(anyhow::anyhow!("usage: cargo xtask codegen [--check]")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// What a file becomes: from its present text, which is empty where there is no file.
type Generate = fn(&str) -> Result<String>;

/// The generated files, from the project's root.
const FILES: &[(&str, Generate)] = &[
    ("docs/lints.md", |_| Ok(nixscope_lints::reference())),
    ("docs/nixscope-toml.schema.json", |_| Ok(nixscope_project::config_schema())),
    ("docs/configuration.md", configuration::generate),
    ("editors/vscode/package.json", manifest::generate),
];

fn generate(check: bool) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut differing = 0;
    for (path, generate) in FILES {
        let file = root.join(path);
        let present = fs::read_to_string(&file).unwrap_or_default();
        let wanted = generate(&present).with_context(|| format!("cannot make {path}"))?;
        if present == wanted {
            continue;
        }
        differing += 1;
        println!("{path}: {}", summary(&present, &wanted));
        if !check {
            fs::write(&file, wanted).with_context(|| format!("cannot write {path}"))?;
        }
    }
    if check && differing > 0 {
        bail!("{differing} generated files are not up to date: run `cargo xtask codegen`");
    }
    Ok(())
}

/// How many lines differ, and the first of them.
fn summary(present: &str, wanted: &str) -> String {
    let diff = TextDiff::from_lines(present, wanted);
    let (mut added, mut removed, mut lines) = (0, 0, String::new());
    for change in diff.iter_all_changes() {
        let sign = match change.tag() {
            ChangeTag::Equal => continue,
            ChangeTag::Insert => '+',
            ChangeTag::Delete => '-',
        };
        added += usize::from(sign == '+');
        removed += usize::from(sign == '-');
        if added + removed <= SHOWN {
            lines += &format!("\n  {sign}{}", change.value().trim_end());
        }
    }
    let more = if added + removed > SHOWN { "\n  …" } else { "" };
    format!("{added} lines added, {removed} removed{lines}{more}")
}

/// Lines of a difference that are shown.
const SHOWN: usize = 12;

#[cfg(test)]
mod tests {
    #[test]
    fn says_what_differs() {
        assert_eq!(super::summary("a\nb\n", "a\nc\n"), "1 lines added, 1 removed\n  -b\n  +c");
    }
}
