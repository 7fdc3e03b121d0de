//! The command line.
//!
//! Every command opens the project it is about, asks the analysis, and prints; findings go to standard
//! output, everything else to standard error. Exit status: 0 nothing to complain of, 1 findings at or
//! above the threshold, 2 could not run.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the edge: arguments, files, exit status"
)]

mod affected;
mod check;
mod cli;
mod definition;
mod docs;
mod eval;
mod explain;
mod fleet;
mod hover;
mod init;
mod language_server;
mod option;
mod stats;

mod output;
mod position;
mod references;
mod session;
mod table;
mod write;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::output::Report;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Deep expressions recurse; the pages of a stack are only taken when they are used.
const STACK: usize = 256 << 20;

fn main() -> ExitCode {
    let cli = Cli::parse_from(cli::with_check_as_command(std::env::args_os().collect()));
    let Some(command) = cli.command else {
        return language_server::run();
    };
    let worker =
        std::thread::Builder::new().name("main".into()).stack_size(STACK).spawn(move || run(command));
    let report = match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(report)) => report,
        Ok(Err(_)) => Report::failure(
            "internal error: this is a defect of nixscope; please report the message above with what you ran",
        ),
        Err(error) => Report::failure(format!("cannot start a thread: {error}")),
    };
    report.print()
}

fn run(command: Command) -> Report {
    let outcome = match command {
        Command::Check(args) => check::run(&args),
        Command::Affected(args) => affected::run(&args),
        Command::Fleet(args) => fleet::run(&args),
        Command::Option(args) => option::run(&args),
        Command::Eval(args) => eval::run(&args),
        Command::Definition(args) => definition::run(&args),
        Command::References(args) => references::run(&args),
        Command::Hover(args) => hover::run(&args),
        Command::Docs(cli::DocsCommand::Options(args)) => docs::options(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Stats(args) => stats::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Completions(args) => cli::completions(&args),
    };
    outcome.unwrap_or_else(|error| Report::failure(format!("{error:#}")))
}
