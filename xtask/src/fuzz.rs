//! `cargo xtask fuzz`: the functions of `tests/fuzz` under libFuzzer, for as long as one likes.
//!
//! What cargo-fuzz would do, on the stable toolchain and with nothing installed but a C++ compiler: instrumented code
//! in a target directory of its own, without a sanitizer, since the project has no unsafe code.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::shell::{cargo, output, root, run, target_directory};

const TARGETS: &[&str] = &["syntax", "evaluation", "programs"];

/// Seconds after which an input hangs. Instrumented code takes several times as long, and so does a busy machine.
const TIMEOUT: u32 = 20;
/// MiB after which an input is a blow-up. The evaluator's own budget is a small part of this; what libFuzzer keeps of
/// the corpus and names that were ever interned are in it too.
const MEMORY: u32 = 3000;
const LONGEST_INPUT: u32 = 4096;

/// Instruments branches and comparisons for libFuzzer, as `cargo fuzz` does.
const FLAGS: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
    "-Cdebug-assertions",
    "-Coverflow-checks",
];

pub(crate) fn fuzz(target: Option<&str>, minutes: u64) -> Result<()> {
    let chosen: Vec<&str> = match target {
        Some(target) => {
            ensure!(TARGETS.contains(&target), "no such target; there are {}", TARGETS.join(", "));
            vec![target]
        }
        None => TARGETS.to_vec(),
    };
    let directory = target_directory().join("fuzz");
    let programs = build(&directory)?;
    let seeds = seeds(&directory)?;
    for target in chosen {
        // What is found stays there, so that the next run goes on from it.
        let corpus = directory.join("corpus").join(target);
        let findings = directory.join("findings").join(target);
        std::fs::create_dir_all(&corpus)?;
        std::fs::create_dir_all(&findings)?;
        let mut program = Command::new(programs.join(format!("fuzz-{target}")));
        program
            .arg(format!("-max_total_time={}", minutes * 60))
            .arg(format!("-timeout={TIMEOUT}"))
            .arg(format!("-rss_limit_mb={MEMORY}"))
            .arg(format!("-max_len={LONGEST_INPUT}"))
            .arg(format!("-artifact_prefix={}/", findings.display()))
            .args(["-print_final_stats=1", "-report_slow_units=5"])
            .arg(&corpus)
            .arg(&seeds);
        run(&mut program).with_context(|| format!("the input is in {}", findings.display()))?;
    }
    Ok(())
}

/// Runs the test that compares random programs with Nix, for some time.
pub(crate) fn differential(minutes: u64, seed: u64) -> Result<()> {
    run(cargo()
        .args(["test", "--package", "nixscope-fuzz", "--test", "differential", "--", "--nocapture", "random"])
        .env("NIXSCOPE_DIFFERENTIAL_SECONDS", (minutes * 60).to_string())
        .env("NIXSCOPE_DIFFERENTIAL_SEED", seed.to_string()))
}

fn build(directory: &Path) -> Result<PathBuf> {
    let version = output(Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc says no host")?;
    // With a target given, build scripts and macros are not instrumented.
    run(cargo()
        .args(["build", "--release", "--package", "nixscope-fuzz", "--features", "libfuzzer", "--bins"])
        .args(["--target", host, "--target-dir"])
        .arg(directory)
        .env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\u{1f}"))
        .env("CARGO_PROFILE_RELEASE_LTO", "off"))?;
    Ok(directory.join(host).join("release"))
}

/// The Nix files of the project, in one directory: where the fuzzer starts from.
fn seeds(directory: &Path) -> Result<PathBuf> {
    let seeds = directory.join("seeds");
    std::fs::create_dir_all(&seeds)?;
    let mut count = 0;
    for from in ["test-data", "crates/eval/nix", "tests/fuzz/seeds"] {
        copy(&root().join(from), &seeds, &mut count)?;
    }
    ensure!(count > 0, "no seeds");
    Ok(seeds)
}

fn copy(from: &Path, seeds: &Path, count: &mut u32) -> Result<()> {
    for entry in std::fs::read_dir(from).with_context(|| format!("cannot list {}", from.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            copy(&path, seeds, count)?;
        } else if path.extension().is_some_and(|it| it == "nix" || it == "seed") {
            std::fs::copy(&path, seeds.join(format!("{count}")))?;
            *count += 1;
        }
    }
    Ok(())
}
