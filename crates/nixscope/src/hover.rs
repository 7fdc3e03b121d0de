//! `nixscope hover`: what an editor shows for the name at a place.

use anyhow::{Result, anyhow};
use nixscope_report::{Places, Position};
use serde::Serialize;

use crate::cli::{ListFormat, PlaceArgs};
use crate::output::{Report, to_json};
use crate::position::Asked;

#[derive(Serialize)]
struct Output {
    schema: u32,
    markdown: Option<String>,
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

/// Runs the command.
pub(crate) fn run(args: &PlaceArgs) -> Result<Report> {
    let asked = Asked::open(&args.place, &args.inputs)?;
    let stopped = |_| anyhow!("the analysis was stopped");
    let hover = asked.analysis.hover(asked.file, asked.offset).map_err(stopped)?;
    let (markdown, range) = match hover {
        Some(hover) => {
            let (start, end) = asked
                .analysis
                .run(|db| Places::new(db, asked.session.root()).ends(asked.file, hover.range))
                .map_err(stopped)?;
            (Some(hover.markdown), Some(Range { start, end }))
        }
        None => (None, None),
    };
    let text = match args.format {
        ListFormat::Json => to_json(&Output { schema: 1, markdown, range })?,
        ListFormat::Human => match markdown {
            Some(markdown) => format!("{}\n", markdown.trim_end()),
            None => "nothing is known of this place\n".to_string(),
        },
    };
    std::mem::forget(asked);
    Ok(Report::text(text))
}
