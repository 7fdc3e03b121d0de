//! `cargo xtask bench eval`: Nix programs in nixscope and in `nix-instantiate`, in turns. What is compared is processor
//! time, with the start of both programs in it, and the value: two programs that print different things are no race.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::TIMEOUT;
use crate::measure::{measure, median};
use crate::shell::{find_program, release_binary, root};

pub(crate) fn eval(files: &[PathBuf], runs: usize) -> Result<()> {
    ensure!(runs > 0, "--runs must be positive");
    let nixscope = release_binary()?;
    let nix = find_program("nix-instantiate");
    if nix.is_none() {
        println!("skipped: the comparison: nix-instantiate is not installed");
    }
    let mut programs: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(root().join("test-data/bench"))? {
        programs.push(entry?.path());
    }
    programs.sort();
    programs.extend_from_slice(files);
    println!(
        "\n{:<18} {:>10} {:>10} {:>7} {:>12} {:>12}  same value",
        "program", "nixscope", "nix", "ratio", "memory", "of nix"
    );
    for program in &programs {
        let mut ours = Side::new(&nixscope, &["eval"], program);
        let mut theirs = nix.as_deref().map(|nix| Side::new(nix, &["--eval", "--strict"], program));
        // The first round fills the page cache and is not counted.
        for round in 0..=runs {
            for side in [Some(&mut ours), theirs.as_mut()].into_iter().flatten() {
                side.run(round > 0)?;
            }
        }
        print_row(program, &ours, theirs.as_ref());
    }
    Ok(())
}

/// One program that evaluates a file.
struct Side {
    command: Command,
    times: Vec<Duration>,
    peak: u64,
    /// What it printed; none where it failed.
    printed: Option<Vec<u8>>,
}

impl Side {
    fn new(path: &Path, arguments: &[&str], file: &Path) -> Side {
        let mut command = Command::new(path);
        command.args(arguments).arg(file);
        Side { command, times: Vec::new(), peak: 0, printed: None }
    }

    fn run(&mut self, counts: bool) -> Result<()> {
        let run = measure(&mut self.command, TIMEOUT)?;
        if counts {
            self.times.push(run.cpu.unwrap_or(run.wall));
        }
        self.peak = self.peak.max(run.peak.unwrap_or_default());
        let success = run.status.is_some_and(|status| status.success());
        self.printed = success.then_some(run.stdout);
        Ok(())
    }

    fn time(&self) -> Option<Duration> {
        self.printed.as_ref().map(|_| median(self.times.clone()))
    }
}

fn print_row(program: &Path, ours: &Side, theirs: Option<&Side>) {
    let name = program.file_stem().unwrap_or_default().to_string_lossy();
    let time = |time: Option<Duration>| match time {
        Some(time) => format!("{} ms", time.as_millis()),
        None => "fails".into(),
    };
    let (our_time, their_time) = (ours.time(), theirs.and_then(Side::time));
    let ratio = match our_time.zip(their_time) {
        Some((ours, theirs)) => format!("{:.2}", ours.as_secs_f64() / theirs.as_secs_f64().max(1e-9)),
        None => "-".into(),
    };
    let same = match theirs.and_then(|theirs| ours.printed.as_ref().zip(theirs.printed.as_ref())) {
        Some((ours, theirs)) if ours == theirs => "yes",
        Some(_) => "NO",
        None => "-",
    };
    println!(
        "{name:<18} {:>10} {:>10} {ratio:>7} {:>9} MB {:>9} MB  {same}",
        time(our_time),
        if theirs.is_some() { time(their_time) } else { "-".into() },
        ours.peak / 1024,
        theirs.map_or(0, |theirs| theirs.peak / 1024),
    );
}
