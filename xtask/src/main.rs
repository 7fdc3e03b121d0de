//! The tasks of the project: `cargo xtask help`.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tasks read files and run programs")]

mod bench;
mod codegen;
mod conformance;
mod corpus;
mod demo;
mod fleetgen;
mod measure;
mod shell;
mod test;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The tasks of the nixscope project.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds nixscope and shows what it says of the fleet in test-data/fleets/harbour
    Demo,
    /// Runs every test: the workspace's, the VS Code extension's, a session in Neovim
    Test,
    /// Writes the files that are generated from the code
    Codegen {
        /// Write nothing, fail if a file differs
        #[arg(long)]
        check: bool,
    },
    /// Checks the rules of the house that no compiler checks
    Tidy,
    /// Measures nixscope beside statix and deadnix
    Bench {
        /// Directories of flakes; default: a generated fleet
        dirs: Vec<PathBuf>,
        /// How many hosts the generated fleet has
        #[arg(long, default_value_t = 100)]
        hosts: usize,
        /// How often each program runs
        #[arg(long, default_value_t = 7)]
        runs: usize,
        /// Build statix and deadnix into target/bench-tools if they are not installed
        #[arg(long)]
        install: bool,
    },
    /// Runs a suite that others wrote, from a checkout of it, and writes docs/conformance.md
    Conformance {
        suite: conformance::Suite,
        /// The checkout
        dir: PathBuf,
        /// Write nothing, fail if the document differs
        #[arg(long)]
        check: bool,
    },
    /// Runs nixscope over checkouts and says what it found and what it did not know
    Corpus {
        /// Directories of flakes, or directories full of them
        #[arg(required = true)]
        dirs: Vec<PathBuf>,
        /// Seconds one checkout may take
        #[arg(long, default_value_t = 60)]
        timeout: u64,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Demo => demo::demo(),
        Task::Test => test::test(),
        Task::Codegen { check } => codegen::codegen(check),
        Task::Tidy => tidy::tidy(),
        Task::Bench { dirs, hosts, runs, install } => bench::bench(&dirs, hosts, runs, install),
        Task::Conformance { suite, dir, check } => conformance::conformance(suite, &dir, check),
        Task::Corpus { dirs, timeout } => corpus::corpus(&dirs, timeout),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
