//! Running programs from the project's root.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The project's root.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// The cargo that runs this task.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}

/// Says what runs, runs it, and fails if it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = describe(command);
    eprintln!("$ {line}");
    let status = command.status().with_context(|| format!("cannot run `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// What the command prints.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let line = describe(command);
    let output = command.output().with_context(|| format!("cannot run `{line}`"))?;
    if !output.status.success() {
        bail!("`{line}` failed ({}): {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` printed no UTF-8"))
}

/// Where a program of that name is, if it is on `PATH`.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|directory| directory.join(name)).find(|file| file.is_file())
}

/// Where cargo puts what it builds.
pub(crate) fn target_directory() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(directory) => root().join(directory),
        None => root().join("target"),
    }
}

/// Builds the program in release mode; its path. `NIXSCOPE_BIN` names another one.
pub(crate) fn release_binary() -> Result<PathBuf> {
    if let Some(given) = env::var_os("NIXSCOPE_BIN") {
        return Ok(given.into());
    }
    let mut build = cargo();
    build.args(["build", "--release", "--package", "nixscope"]);
    for line in release_profile()? {
        build.args(["--config", &line]);
    }
    run(&mut build)?;
    Ok(target_directory().join("release").join("nixscope"))
}

/// The release profile as the manifest has it, for `--config`. A configuration of cargo or the environment of who measures
/// may say otherwise, and what is measured is to be what people run.
fn release_profile() -> Result<Vec<String>> {
    // What cargo takes where the manifest says nothing.
    const DEFAULTS: &[&str] = &["opt-level = 3", "incremental = false"];
    let manifest = std::fs::read_to_string(root().join("Cargo.toml"))?;
    let stated = manifest
        .lines()
        .skip_while(|line| *line != "[profile.release]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| line.contains('='));
    // Of two that say the same thing the last counts.
    Ok(DEFAULTS.iter().copied().chain(stated).map(|line| format!("profile.release.{line}")).collect())
}

fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy();
    let words = command.get_args().map(|word| word.to_string_lossy());
    std::iter::once(program).chain(words).collect::<Vec<_>>().join(" ")
}
