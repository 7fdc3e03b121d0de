//! `nixscope docs options`: the reference of the options that a repository declares.

use std::fmt::Write;

use anyhow::{Result, anyhow};
use nixscope_fleet::OptionDeclaration;
use nixscope_report::{Place, Places, parallel};
use serde::Serialize;
use smol_str::SmolStr;

use crate::cli::{DocsArgs, DocsFormat};
use crate::output::{Report, to_json};
use crate::session::Session;

#[derive(Serialize)]
struct Output {
    schema: u32,
    root: String,
    options: Vec<OptionJson>,
}

#[derive(Serialize)]
struct OptionJson {
    path: SmolStr,
    #[serde(rename = "type")]
    type_name: Option<SmolStr>,
    default: Option<SmolStr>,
    example: Option<SmolStr>,
    description: Option<SmolStr>,
    /// Marked `internal` or `visible = false`.
    hidden: bool,
    /// One option may be declared in parts.
    declared_at: Vec<Place>,
}

/// Runs `docs options`.
pub(crate) fn options(args: &DocsArgs) -> Result<Report> {
    let mut session = Session::of_flake(&args.flake)?;
    let analysis = session.analysis_of_all();
    parallel::prepare(&analysis, false);
    let project = analysis.project();
    let options = analysis
        .run(|db| {
            let places = Places::new(db, session.root());
            let declared = nixscope_fleet::declared_options(db, project);
            let same = declared.chunk_by(|a, b| a.path == b.path);
            same.map(|declarations| joined(&places, declarations)).collect::<Vec<_>>()
        })
        .map_err(|_| anyhow!("the analysis was stopped"))?;
    let output = Output { schema: 1, root: session.root().to_string(), options };
    let text = match args.format {
        DocsFormat::Json => to_json(&output)?,
        DocsFormat::Markdown => markdown(&output.options),
    };
    let notes = session.notes();
    std::mem::forget((session, analysis));
    Ok(Report::text(text).with_notes(notes))
}

/// The declarations of one path as one option: what the first of them leaves open, a later one may say.
fn joined(places: &Places<'_>, declarations: &[OptionDeclaration]) -> OptionJson {
    let first = |of: fn(&OptionDeclaration) -> &Option<SmolStr>| {
        declarations.iter().find_map(|declaration| of(declaration).clone())
    };
    OptionJson {
        path: declarations[0].path.clone(),
        type_name: first(|it| &it.type_name),
        default: first(|it| &it.default),
        example: first(|it| &it.example),
        description: first(|it| &it.description),
        hidden: declarations.iter().all(|it| it.hidden),
        declared_at: declarations.iter().filter_map(|it| it.place).map(|place| places.of(place)).collect(),
    }
}

/// A page for people: what is hidden is left out.
fn markdown(options: &[OptionJson]) -> String {
    let mut out = "# Options\n".to_string();
    let shown: Vec<&OptionJson> = options.iter().filter(|it| !it.hidden).collect();
    if shown.is_empty() {
        out.push_str("\nThis repository declares no options.\n");
    }
    for option in shown {
        let _ = write!(out, "\n## {}\n\n", code(&option.path));
        if let Some(description) = &option.description {
            let _ = writeln!(out, "{}\n", description.trim());
        }
        let mut line = |name: &str, value: &Option<SmolStr>| {
            if let Some(value) = value {
                let _ = match value.contains('\n') {
                    true => writeln!(out, "- {name}:\n\n{}", block(value)),
                    false => writeln!(out, "- {name}: {}", code(value)),
                };
            }
        };
        line("Type", &option.type_name);
        line("Default", &option.default);
        line("Example", &option.example);
        for place in &option.declared_at {
            let _ = writeln!(out, "- Declared in: `{}`, line {}", place.file, place.at.line);
        }
    }
    out
}

/// Text as inline code; one that holds backticks is fenced by more of them.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    match longest {
        0 => format!("`{text}`"),
        _ => format!("{fence} {text} {fence}"),
    }
}

/// Text as a code block inside a list.
fn block(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    let mut out = format!("  {fence}nix\n");
    for line in text.trim_end().lines() {
        let _ = writeln!(out, "  {line}");
    }
    let _ = writeln!(out, "  {fence}");
    out
}
