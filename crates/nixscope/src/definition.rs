//! `nixscope definition`: where the name at a place is defined.

use std::fmt::Write;

use anyhow::{Result, anyhow};
use nixscope_ide::{SourceFile, Target};
use serde::Serialize;
use smol_str::SmolStr;

use crate::cli::{ListFormat, PlaceArgs};
use crate::output::{Report, to_json};
use crate::places::{Place, Places, embedded_name};
use crate::position::Asked;

#[derive(Serialize)]
struct Output {
    schema: u32,
    targets: Vec<JsonTarget>,
}

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
    let asked = Asked::open(&args.place, &args.inputs)?;
    let stopped = |_| anyhow!("the analysis was stopped");
    let targets = asked.analysis.definition(asked.file, asked.offset).map_err(stopped)?;
    let root = asked.session.root();
    let targets: Vec<JsonTarget> = asked
        .analysis
        .run(|db| {
            let places = Places::new(db, root);
            targets.into_iter().map(|target| convert(&places, target)).collect()
        })
        .map_err(stopped)?;
    let text = match args.format {
        ListFormat::Json => to_json(&Output { schema: 1, targets })?,
        ListFormat::Human => human(&targets),
    };
    std::mem::forget(asked);
    Ok(Report::text(text))
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

fn human(targets: &[JsonTarget]) -> String {
    if targets.is_empty() {
        return "nothing is known of this place\n".to_string();
    }
    let mut out = String::new();
    for target in targets {
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
    }
    out
}
