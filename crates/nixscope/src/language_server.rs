//! Hands standard input and output to the language server.

use std::process::ExitCode;

/// Runs the server until the client says goodbye.
pub(crate) fn run() -> ExitCode {
    nixscope_server::run()
}
