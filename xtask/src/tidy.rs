//! `cargo xtask tidy`: the rules of the house that no compiler checks. Runs as a test too.

mod arrows;
mod documents;
mod lints;
mod sources;
mod words;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::shell::root;

/// A file of the project that is text.
struct File {
    /// From the project's root, with `/`.
    path: String,
    text: String,
}

impl File {
    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }
}

/// What the rules found.
#[derive(Default)]
struct Findings {
    problems: Vec<String>,
    /// Worth knowing; nothing fails for it.
    notes: Vec<String>,
}

pub(crate) fn tidy() -> Result<()> {
    let findings = check()?;
    for note in &findings.notes {
        println!("note: {note}");
    }
    for problem in &findings.problems {
        println!("{problem}");
    }
    match findings.problems.len() {
        0 => Ok(()),
        count => bail!("{count} untidy places"),
    }
}

fn check() -> Result<Findings> {
    let mut files = Vec::new();
    collect(root(), "", &mut files)?;
    let mut findings = Findings::default();
    arrows::check(&mut findings)?;
    sources::check(&files, &mut findings);
    lints::check(&files, &mut findings);
    documents::check(&files, &mut findings);
    words::check(&files, &mut findings);
    Ok(findings)
}

/// The text files below a directory, but for what is made or fetched.
fn collect(directory: &Path, prefix: &str, files: &mut Vec<File>) -> Result<()> {
    let entries = fs::read_dir(directory).with_context(|| format!("cannot list {}", directory.display()))?;
    let mut entries = entries.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(|entry| entry.file_name());
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() {
            let made = matches!(name.as_str(), ".git" | "target" | "node_modules" | "dist" | "out");
            if !made {
                collect(&entry.path(), &format!("{path}/"), files)?;
            }
        } else if kind.is_file()
            && let Ok(text) = fs::read_to_string(entry.path())
        {
            files.push(File { path, text });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_project_is_tidy() {
        let findings = super::check().unwrap();
        assert!(findings.problems.is_empty(), "\n{}\n", findings.problems.join("\n"));
    }
}
