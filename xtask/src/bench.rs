//! `cargo xtask bench`: nixscope beside the linters that look at one file at a time. Programs take turns, so that
//! what else the machine does touches all alike; the result is ratios of medians, for people, never an assertion.

mod eval;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::fleetgen;
use crate::measure::{measure, median};
use crate::shell::{cargo, find_program, release_binary, run, target_directory};

pub(crate) use eval::eval;

const TIMEOUT: Duration = Duration::from_secs(300);

pub(crate) fn bench(dirs: &[PathBuf], hosts: usize, runs: usize, install: bool) -> Result<()> {
    ensure!(runs > 0 && hosts > 0, "--runs and --hosts must be positive");
    let nixscope = release_binary()?;
    let tools = Tools::find(install)?;
    let mut dirs = dirs.to_vec();
    if dirs.is_empty() {
        let generated = target_directory().join(format!("bench-fleet-{hosts}"));
        fleetgen::generate(&generated, hosts)?;
        dirs.push(generated);
    }
    for dir in &dirs {
        ensure!(dir.is_dir(), "{}: no such directory", dir.display());
        let mut programs = vec![
            Program::new("nixscope check", &nixscope, &["check"], dir),
            Program::new("nixscope fleet", &nixscope, &["fleet"], dir),
        ];
        programs
            .extend(tools.statix.as_ref().map(|path| Program::new("statix check", path, &["check"], dir)));
        programs.extend(tools.deadnix.as_ref().map(|path| Program::new("deadnix", path, &[], dir)));
        compare(dir, &mut programs, runs)?;
    }
    Ok(())
}

struct Tools {
    statix: Option<PathBuf>,
    deadnix: Option<PathBuf>,
}

impl Tools {
    fn find(install: bool) -> Result<Tools> {
        let own = target_directory().join("bench-tools");
        let find = |name: &str| {
            let built = own.join("bin").join(name);
            if built.is_file() { Some(built) } else { find_program(name) }
        };
        if install && find("deadnix").is_none() {
            run(cargo().args(["install", "--locked", "deadnix", "--root"]).arg(&own))?;
        }
        let tools = Tools { statix: find("statix"), deadnix: find("deadnix") };
        if tools.statix.is_none() {
            // The crate of that name is another program: build it from github.com/molybdenumsoftware/statix.
            println!("skipped: statix: neither on PATH nor in {}", own.join("bin").display());
        }
        if tools.deadnix.is_none() {
            println!("skipped: deadnix: not installed; --install builds it");
        }
        Ok(tools)
    }
}

struct Program {
    name: &'static str,
    command: Command,
    times: Vec<Duration>,
    peak: u64,
    status: String,
}

impl Program {
    fn new(name: &'static str, path: &Path, arguments: &[&str], dir: &Path) -> Program {
        let mut command = Command::new(path);
        command.args(arguments).arg(dir);
        Program { name, command, times: Vec::new(), peak: 0, status: String::new() }
    }
}

/// Runs all in turns and prints the table.
fn compare(dir: &Path, programs: &mut [Program], runs: usize) -> Result<()> {
    // The first round fills the page cache and is not counted.
    for round in 0..=runs {
        for program in programs.iter_mut() {
            let run = measure(&mut program.command, TIMEOUT)?;
            if round > 0 {
                program.times.push(run.wall);
            }
            program.peak = program.peak.max(run.peak.unwrap_or_default());
            program.status = match run.status.map(|status| status.code()) {
                Some(Some(code)) => code.to_string(),
                Some(None) => "killed".into(),
                None => "timeout".into(),
            };
        }
    }
    println!("\n{} ({} Nix files, {runs} runs each)\n", dir.display(), nix_files(dir)?);
    println!("{:<16} {:>10} {:>14} {:>10} {:>6}", "program", "median", "of the first", "memory", "exit");
    let first = median(programs.first().context("no programs")?.times.clone());
    for program in programs {
        let time = median(program.times.clone());
        println!(
            "{:<16} {:>7} ms {:>14.2} {:>7} MB {:>6}",
            program.name,
            time.as_millis(),
            time.as_secs_f64() / first.as_secs_f64().max(1e-9),
            program.peak / 1024,
            program.status
        );
    }
    Ok(())
}

fn nix_files(directory: &Path) -> Result<usize> {
    let mut count = 0;
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() && entry.file_name() != ".git" {
            count += nix_files(&entry.path())?;
        } else if kind.is_file() && entry.path().extension().is_some_and(|it| it == "nix") {
            count += 1;
        }
    }
    Ok(count)
}
