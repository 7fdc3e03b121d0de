//! The command line.
//!
//! Every command opens the project it is about, asks the analysis, and prints; findings go to standard
//! output, everything else to standard error. Exit status: 0 nothing to complain of, 1 findings at or
//! above the threshold, 2 could not run.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "the edge: arguments, files, exit status")]

mod check;
mod cli;
mod definition;
mod fleet;
mod fleet_json;
mod language_server;
mod output;
mod parallel;
mod places;
mod position;
mod session;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::output::Report;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Deep expressions recurse; the pages of a stack are only taken when they are used.
const STACK: usize = 256 << 20;

fn main() -> ExitCode {
    let worker = std::thread::Builder::new().name("main".into()).stack_size(STACK).spawn(run);
    let report = match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(report)) => report,
        Ok(Err(_)) => Report::failure(
            "internal error: this is a defect of nixscope; please report the message above with what you ran",
        ),
        Err(error) => Report::failure(format!("cannot start a thread: {error}")),
    };
    report.print()
}

fn run() -> Report {
    let cli = Cli::parse_from(cli::with_check_as_command(std::env::args_os().collect()));
    let outcome = match cli.command {
        None => language_server::run(),
        Some(Command::Check(args)) => check::run(&args),
        Some(Command::Fleet(args)) => fleet::run(&args),
        Some(Command::Definition(args)) => definition::run(&args),
    };
    outcome.unwrap_or_else(|error| Report::failure(format!("{error:#}")))
}
