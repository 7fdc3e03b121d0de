//! `nixscope references`: every place that refers to what stands at a place.

use std::fmt::Write;

use anyhow::{Result, anyhow};
use nixscope_ide::Reference;
use serde::Serialize;
use smol_str::SmolStr;

use crate::cli::{ListFormat, PlaceArgs};
use crate::output::{Report, to_json};
use crate::places::{Place, Places};
use crate::position::Asked;

#[derive(Serialize)]
struct Output {
    schema: u32,
    targets: Vec<JsonReference>,
}

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
    let asked = Asked::open(&args.place, &args.inputs)?;
    let stopped = |_| anyhow!("the analysis was stopped");
    let found = asked.analysis.references(asked.file, asked.offset).map_err(stopped)?;
    let root = asked.session.root();
    let targets: Vec<JsonReference> = asked
        .analysis
        .run(|db| {
            let places = Places::new(db, root);
            found.into_iter().map(|it| convert(&places, it)).collect()
        })
        .map_err(stopped)?;
    let text = match args.format {
        ListFormat::Json => to_json(&Output { schema: 1, targets })?,
        ListFormat::Human => human(&targets),
    };
    std::mem::forget(asked);
    Ok(Report::text(text))
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

fn human(targets: &[JsonReference]) -> String {
    if targets.is_empty() {
        return "nothing is known of this place\n".to_string();
    }
    let mut out = String::new();
    for it in targets {
        let _ = write!(out, "{}:{}:{}  {}", it.place.file, it.place.at.line, it.place.at.column, it.kind);
        if !it.hosts.is_empty() {
            let _ = write!(out, " on {}", it.hosts.join(", "));
        }
        let _ = writeln!(out, "  {}", it.text);
    }
    out
}
