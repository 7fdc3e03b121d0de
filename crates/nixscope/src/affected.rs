//! `nixscope affected`: the hosts that a change touches.

use std::fmt::Write;
use std::sync::Arc;

use anyhow::Result;
use nixscope_project::DiskFileSystem;
use nixscope_report::{AffectedJson, Reason, affected};

use crate::cli::{AffectedArgs, ListFormat};
use crate::output::{Report, to_json};
use crate::session::Session;

/// Runs the command.
pub(crate) fn run(args: &AffectedArgs) -> Result<Report> {
    let session = Session::of_flake(&args.flake)?;
    let now = session.host.analysis();
    let output = affected(&now, Arc::new(DiskFileSystem::new()), &args.base)?;
    let text = match args.format {
        ListFormat::Json => to_json(&output)?,
        ListFormat::Human => human(&output, args.explain),
    };
    let notes = session.notes();
    std::mem::forget((session, now));
    Ok(Report::text(text).with_notes(notes))
}

fn human(output: &AffectedJson, explain: bool) -> String {
    let mut out = String::new();
    let mut last = None;
    for host in &output.hosts {
        if explain {
            let _ = writeln!(out, "{}.{}", host.output, host.name);
            for reason in &host.reasons {
                let _ = match reason {
                    Reason::New => writeln!(out, "  it is new"),
                    Reason::Module { file } => writeln!(out, "  {file}: a module of it"),
                    Reason::Data { file } => writeln!(out, "  {file}: its configuration names it"),
                    Reason::Evaluation { file } => {
                        writeln!(out, "  {file}: what its modules say follows from it")
                    }
                    Reason::Input { input } => writeln!(out, "  the input {input}: locked to something else"),
                };
            }
        } else if last.replace(&host.name) != Some(&host.name) {
            let _ = writeln!(out, "{}", host.name);
        }
    }
    out
}
