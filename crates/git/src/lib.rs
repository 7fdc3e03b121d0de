//! What git knows of a repository: which files are its own, which changed since a revision, and what they were then.
//!
//! The program `git` is asked: whoever has a repository has it, and a library that reads every format of repository
//! would be the largest dependency by far.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the edge: `git` is asked, and what it says is about the disk"
)]

mod past;
mod tracked;

pub use past::{Changes, Past, changes_since};
pub use tracked::{track, untracked};

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Runs git and gives what it prints.
fn git<'a>(directory: &Path, args: impl IntoIterator<Item = &'a str>) -> Result<Vec<u8>> {
    let output = command(directory, args)
        .stdin(Stdio::null())
        .output()
        .context("cannot run `git`, which must be installed for this")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("git: {}", said.trim().trim_start_matches("fatal: "));
    }
    Ok(output.stdout)
}

fn command<'a>(directory: &Path, args: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new("git");
    // Nothing that a repository configures is to be run.
    command.arg("-C").arg(directory);
    command.args([
        "-c",
        "core.fsmonitor=false",
        "-c",
        "core.hooksPath=/dev/null",
        "-c",
        "core.quotePath=false",
    ]);
    command.args(args.into_iter().map(OsStr::new)).env("GIT_OPTIONAL_LOCKS", "0");
    command
}
