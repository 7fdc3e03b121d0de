//! `cargo xtask test`: every test there is. What needs a program that is not installed is skipped, and says so.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::shell::{cargo, find_program, output, root, run, target_directory};

pub(crate) fn test() -> Result<()> {
    // The tests of whole sessions run the program itself.
    run(cargo().args(["build", "--workspace", "--bins"]))?;
    run(cargo().args(["test", "--workspace", "--no-fail-fast"]))?;
    let outcomes = [("VS Code extension", vscode()?), ("Neovim session", neovim()?)];
    println!();
    println!("ok: tests of the workspace");
    for (name, outcome) in outcomes {
        match outcome {
            Outcome::Passed => println!("ok: {name}"),
            Outcome::Skipped(why) => println!("skipped: {name}: {why}"),
        }
    }
    Ok(())
}

enum Outcome {
    Passed,
    Skipped(&'static str),
}

/// Types, style and tests of the extension, and that it can be packaged.
fn vscode() -> Result<Outcome> {
    if find_program("npm").is_none() {
        return Ok(Outcome::Skipped("npm is not installed"));
    }
    if node_version().is_none_or(|major| major < OLDEST_NODE) {
        return Ok(Outcome::Skipped("node is older than 20"));
    }
    let directory = root().join("editors/vscode");
    let npm = |arguments: &[&str]| {
        let mut command = Command::new("npm");
        command.current_dir(&directory).args(arguments);
        run(&mut command)
    };
    if !is_installed(&directory) {
        npm(&["ci", "--no-audit", "--no-fund"])?;
    }
    npm(&["run", "check"])?;
    npm(&["run", "package"])?;
    Ok(Outcome::Passed)
}

/// What the extension's tools need.
const OLDEST_NODE: u32 = 20;

/// The first number of node's version.
fn node_version() -> Option<u32> {
    let version = output(Command::new("node").arg("--version")).ok()?;
    version.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

/// Whether what is in `node_modules` is what the lock file says.
fn is_installed(directory: &Path) -> bool {
    let modified = |name: &str| directory.join(name).metadata().and_then(|it| it.modified()).ok();
    match (modified("node_modules/.package-lock.json"), modified("package-lock.json")) {
        (Some(installed), Some(locked)) => installed >= locked,
        _ => false,
    }
}

/// A file of the demo fleet that reads another host's option, and the file that sets it there.
const FROM: &str = "services/prometheus.nix";
const TO: &str = "machines/buoy/default.nix";

/// A session over the demo fleet: a finding comes, and a definition on another host is found.
fn neovim() -> Result<Outcome> {
    if find_program("nvim").is_none() {
        return Ok(Outcome::Skipped("nvim is not installed"));
    }
    let server = target_directory().join("debug/nixscope");
    let fleet = root().join("test-data/fleets/harbour");
    // One answer: of several, what Neovim shows first depends on its version.
    let (line, column) = position(&fleet.join(FROM), "nixosConfigurations.buoy.", ".node.p")?;
    let (target, _) = position(&fleet.join(TO), "port = ", "port")?;

    let mut session = Command::new(root().join("editors/nvim/test/run.sh"));
    session
        .arg(server)
        .arg(&fleet)
        .env("FILE", FROM)
        .env("LINE", line.to_string())
        .env("COL", column.to_string())
        .env("EXPECT_FILE", TO)
        .env("EXPECT_LINE", target.to_string())
        .env("EXPECT_DIAGNOSTIC", "unknown-host");
    run(&mut session)?;
    Ok(Outcome::Passed)
}

/// The first line of a file that has a text, and in it the column of the last character of another; both from one.
fn position(file: &Path, text: &str, until: &str) -> Result<(usize, usize)> {
    let source = std::fs::read_to_string(file)?;
    let mut lines = (1..).zip(source.lines()).filter(|(_, line)| line.contains(text));
    let found = lines.find_map(|(number, line)| {
        let (before, _) = line.split_once(until)?;
        Some((number, before.chars().count() + until.chars().count()))
    });
    found.with_context(|| format!("{}: `{text}` and `{until}` are not there any more", file.display()))
}
