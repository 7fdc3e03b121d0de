//! The language server: the analysis behind the Language Server Protocol, on standard input and output.
//!
//! One thread reads the input (`stdio.rs`), one owns the database (`owner.rs`), a pool answers questions
//! on snapshots (`questions.rs`), and the protocol itself is tower-lsp's. Positions are converted here
//! and nowhere else. **Invariant:** lsp-types appears in `server.rs`, `from_proto.rs` and `to_proto.rs`
//! only, tower-lsp in `server.rs`, `lifecycle.rs` and this file.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the edge: an address is no use to a client whose file is gone, and lsp-types has hash maps"
)]

mod server;

mod code_actions;
mod commands;
mod diagnostics;
mod formatting;
mod hover;
mod symbols;

mod from_proto;
mod to_proto;

mod client;
mod documents;
mod lines;
mod owner;
mod questions;
mod snapshot;
mod token_cache;
mod uris;
mod workspace;
mod workspaces;

mod lifecycle;
mod stdio;

use std::io;
use std::process::ExitCode;
use std::time::Duration;

use tower_lsp::LspService;

use crate::lifecycle::{Life, Lifecycle};
use crate::owner::{OwnerHandle, STACK};

/// How many requests may wait for their answers at once; with the transport's own 4, a few slow ones
/// would keep edits and cancellations out.
const CONCURRENCY: usize = 64;
/// How long answers on their way may take after the end.
const GRACE: Duration = Duration::from_secs(2);

/// Serves one client on standard input and output until it says `exit` or closes the input; the
/// process's exit status, as the protocol wants it.
///
/// Threads may still be at work when this returns: end the process.
pub fn run() -> ExitCode {
    start_logging();
    match serve() {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> io::Result<u8> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(CONCURRENCY + 16)
        .thread_stack_size(STACK)
        .enable_time()
        .build()?;
    let life = Life::default();
    let (sender, outgoing) = tokio::sync::mpsc::unbounded_channel();
    let owner = OwnerHandle::spawn(runtime.handle().clone(), sender)?;
    let (input, ended) = stdio::Incoming::stdin()?;
    runtime.block_on(async {
        let server_life = life.clone();
        let (router, socket) = LspService::build(|client| {
            tokio::spawn(server::forward(client.clone(), outgoing));
            server::Server::new(client, owner, server_life)
        })
        .custom_method("nixscope/fleet", server::Server::fleet)
        .custom_method("nixscope/map", server::Server::map)
        .custom_method("nixscope/status", server::Server::status)
        .custom_method("nixscope/option", server::Server::option)
        .custom_method("nixscope/affected", server::Server::affected)
        .finish();
        let transport = tower_lsp::Server::new(input, stdio::Outgoing::stdout(), socket);
        let serving = transport.concurrency_level(CONCURRENCY).serve(Lifecycle::new(router, life.clone()));
        let end = async {
            // An error says the same: the reader is gone.
            let _ = ended.await;
            tokio::time::sleep(GRACE).await;
        };
        tokio::select! {
            () = serving => {}
            () = end => tracing::warn!("answers were still on their way at the end"),
        }
    });
    // Not dropped: that would wait for computations that nobody wants any more.
    runtime.shutdown_background();
    Ok(life.exit_status())
}

/// Logs to standard error what `NIXSCOPE_LOG` asks for; warnings if it is not set. Panics are logged
/// as errors, since each is caught and answered.
fn start_logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("NIXSCOPE_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,tower_lsp=error"));
    let logging =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(false).try_init();
    if logging.is_err() {
        tracing::debug!("logging is already set up");
    }
    std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
}
