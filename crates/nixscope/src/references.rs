//! `nixscope references`: every place that refers to what stands at a place.

use std::fmt::Write;

use anyhow::Result;
use nixscope_ide::Reference;
use nixscope_report::{Place, Places};
use serde::Serialize;
use smol_str::SmolStr;

use crate::cli::PlaceArgs;
use crate::output::Report;
use crate::position::targets;

#[derive(Serialize)]
struct JsonReference {
    #[serde(flatten)]
    place: Place,
    kind: &'static str,
    hosts: Vec<SmolStr>,
    /// Always false: which definition wins is `definition`'s answer.
    winning: bool,
    text: SmolStr,
}

/// Runs the command.
pub(crate) fn run(args: &PlaceArgs) -> Result<Report> {
    targets(args, |asked| asked.analysis.references(asked.file, asked.offset), convert, human)
}

fn convert(places: &Places<'_>, it: Reference) -> JsonReference {
    JsonReference {
        place: places.at(it.file, it.range.start()),
        kind: it.kind.as_str(),
        hosts: it.hosts,
        winning: false,
        text: it.text,
    }
}

fn human(it: &JsonReference) -> String {
    let mut out = format!("{}:{}:{}  {}", it.place.file, it.place.at.line, it.place.at.column, it.kind);
    if !it.hosts.is_empty() {
        let _ = write!(out, " on {}", it.hosts.join(", "));
    }
    let _ = writeln!(out, "  {}", it.text);
    out
}
