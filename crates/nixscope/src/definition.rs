//! `nixscope definition`: where the name at a place is defined.

use std::fmt::Write;

use anyhow::Result;
use nixscope_ide::{SourceFile, Target};
use nixscope_report::{Place, Places, embedded_name};
use serde::Serialize;
use smol_str::SmolStr;

use crate::cli::PlaceArgs;
use crate::output::Report;
use crate::position::targets;

#[derive(Serialize)]
struct JsonTarget {
    #[serde(flatten)]
    place: Option<Place>,
    kind: &'static str,
    hosts: Vec<SmolStr>,
    winning: bool,
    text: Option<SmolStr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external: Option<String>,
}

/// Runs the command.
pub(crate) fn run(args: &PlaceArgs) -> Result<Report> {
    targets(args, |asked| asked.analysis.definition(asked.file, asked.offset), convert, human)
}

fn convert(places: &Places<'_>, target: Target) -> JsonTarget {
    let embedded = target.file.and_then(|file| embedded_name(file.path(places.db)));
    let on_disk = |file: &SourceFile| embedded_name(file.path(places.db)).is_none();
    let place = target.file.filter(on_disk).map(|file| places.at(file, target.focus.start()));
    // What has a place is where the place says, whatever else it is called.
    let external = match place {
        Some(_) => None,
        None => target.external.map(String::from).or(embedded),
    };
    JsonTarget {
        place,
        kind: target.kind.as_str(),
        hosts: target.hosts,
        winning: target.winning,
        text: target.text,
        external,
    }
}

fn human(target: &JsonTarget) -> String {
    let mut out = String::new();
    match (&target.place, &target.external) {
        (Some(place), _) => {
            let _ = write!(out, "{}:{}:{}", place.file, place.at.line, place.at.column);
        }
        (None, Some(external)) => out.push_str(external),
        (None, None) => out.push('-'),
    }
    let _ = write!(out, "  {}", target.kind);
    if target.winning {
        out.push_str(" (wins)");
    }
    if !target.hosts.is_empty() {
        let _ = write!(out, " on {}", target.hosts.join(", "));
    }
    if let Some(text) = &target.text {
        let _ = write!(out, "  {}", text.lines().next().unwrap_or_default());
    }
    out.push('\n');
    out
}
