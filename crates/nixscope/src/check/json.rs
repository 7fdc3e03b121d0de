//! Findings as JSON, schema 1.

use std::time::Duration;

use anyhow::{Result, anyhow};
use nixscope_ide::{Diagnostic, Level, SourceFile, TextRange};
use serde::Serialize;
use smol_str::SmolStr;

use super::{Checked, count};
use crate::output::to_json;
use crate::places::{Places, Position};

#[derive(Serialize)]
struct Output {
    schema: u32,
    diagnostics: Vec<JsonDiagnostic>,
    summary: Summary,
}

#[derive(Serialize)]
struct Summary {
    error: usize,
    warning: usize,
    info: usize,
    hint: usize,
    files: usize,
    hosts: usize,
    elapsed_ms: u64,
}

#[derive(Serialize)]
struct JsonDiagnostic {
    lint: &'static str,
    severity: &'static str,
    message: String,
    #[serde(flatten)]
    span: Span,
    related: Vec<JsonRelated>,
    hosts: Vec<SmolStr>,
    fix: Option<JsonFix>,
}

#[derive(Serialize)]
struct Span {
    file: String,
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct JsonRelated {
    #[serde(flatten)]
    span: Span,
    message: String,
}

#[derive(Serialize)]
struct JsonFix {
    title: String,
    safety: &'static str,
    edits: Vec<JsonEdit>,
}

#[derive(Serialize)]
struct JsonEdit {
    #[serde(flatten)]
    span: Span,
    new_text: String,
}

/// Everything that was found.
pub(super) fn render(projects: &[Checked], elapsed: Duration) -> Result<String> {
    let mut diagnostics = Vec::new();
    for project in projects {
        let root = project.session.root();
        let converted = project.analysis.run(|db| {
            let places = Places { db, root, prefix: &project.prefix };
            project.diagnostics.iter().map(|it| convert(&places, it)).collect::<Vec<_>>()
        });
        diagnostics.extend(converted.map_err(|_| anyhow!("the analysis was stopped"))?);
    }
    diagnostics.sort_by(|a, b| (&a.span.file, a.span.start, a.lint).cmp(&(&b.span.file, b.span.start, b.lint)));
    let summary = Summary {
        error: count(projects, Level::Error),
        warning: count(projects, Level::Warning),
        info: count(projects, Level::Info),
        hint: count(projects, Level::Hint),
        files: projects.iter().map(|it| it.files).sum(),
        hosts: projects.iter().map(|it| it.hosts).sum(),
        elapsed_ms: u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
    };
    to_json(&Output { schema: 1, diagnostics, summary })
}

fn convert(places: &Places<'_>, found: &Diagnostic) -> JsonDiagnostic {
    let related = found.related.iter().map(|it| JsonRelated {
        span: span(places, it.file, it.range),
        message: it.message.clone(),
    });
    let fix = found.fix.as_ref().map(|fix| JsonFix {
        title: fix.title.clone(),
        safety: fix.applicability.as_str(),
        edits: fix
            .edits
            .iter()
            .map(|it| JsonEdit { span: span(places, it.file, it.range), new_text: it.new_text.clone() })
            .collect(),
    });
    JsonDiagnostic {
        lint: found.lint.name,
        severity: found.level.as_str(),
        message: found.message.clone(),
        span: span(places, found.file, found.range),
        related: related.collect(),
        hosts: found.hosts.clone(),
        fix,
    }
}

fn span(places: &Places<'_>, file: SourceFile, range: TextRange) -> Span {
    let (start, end) = places.ends(file, range);
    Span { file: places.file(file), start, end }
}
