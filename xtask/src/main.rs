//! The tasks of the project: `cargo xtask help`.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tasks read files and run programs")]

mod bench;
mod codegen;
mod conformance;
mod corpus;
mod demo;
mod fleetgen;
mod fuzz;
mod measure;
mod parity;
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
    #[command(args_conflicts_with_subcommands = true)]
    Bench {
        #[command(subcommand)]
        what: Option<Bench>,
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
    /// Runs the parser, the lowering and the evaluator over random input, looking for panics, hangs and blow-ups
    Fuzz {
        /// `syntax`, `evaluation` or `programs`; default: each in turn
        target: Option<String>,
        /// How long each runs
        #[arg(long, default_value_t = 10)]
        minutes: u64,
    },
    /// Compares values with those of nix-instantiate, of random programs, for longer than the test does
    Differential {
        /// How long
        #[arg(long, default_value_t = 10)]
        minutes: u64,
        /// The first program; others are compared from another seed on
        #[arg(long, default_value_t = 1_000_000)]
        seed: u64,
    },
    /// Runs statix and deadnix beside nixscope over checkouts and says what each finds that the other does not
    Parity {
        /// Directories of flakes, or directories full of them
        #[arg(required = true)]
        dirs: Vec<PathBuf>,
        /// Write docs/parity.md
        #[arg(long)]
        write: bool,
        /// The program to run instead of a release build of this tree
        #[arg(long)]
        program: Option<PathBuf>,
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

#[derive(Subcommand)]
enum Bench {
    /// Measures the evaluator beside nix-instantiate, over the programs in test-data/bench
    Eval {
        /// Further Nix files, such as lib/tests/misc.nix of a checkout of nixpkgs
        files: Vec<PathBuf>,
        /// How often each program runs
        #[arg(long, default_value_t = 7)]
        runs: usize,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Demo => demo::demo(),
        Task::Test => test::test(),
        Task::Codegen { check } => codegen::codegen(check),
        Task::Tidy => tidy::tidy(),
        Task::Conformance { suite, dir, check } => conformance::conformance(suite, &dir, check),
        Task::Bench { what: Some(Bench::Eval { files, runs }), .. } => bench::eval(&files, runs),
        Task::Bench { what: None, dirs, hosts, runs, install } => bench::bench(&dirs, hosts, runs, install),
        Task::Fuzz { target, minutes } => fuzz::fuzz(target.as_deref(), minutes),
        Task::Differential { minutes, seed } => fuzz::differential(minutes, seed),
        Task::Parity { dirs, write, program } => parity::parity(&dirs, write, program),
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
