//! What was found, in the terms of the output: paths from the root, lines and columns from one. Every
//! format prints this.

use std::time::Duration;

use anyhow::{Result, anyhow};
use nixscope_ide::{Diagnostic, Level, SourceFile, TextRange};
use nixscope_report::{Places, Position};
use serde::Serialize;
use smol_str::SmolStr;

use super::Checked;

/// All findings of a run.
#[derive(Serialize)]
pub(crate) struct Findings {
    schema: u32,
    pub(crate) diagnostics: Vec<Finding>,
    pub(crate) summary: Summary,
}

/// Numbers about a run.
#[derive(Clone, Serialize)]
pub(crate) struct Summary {
    pub(crate) error: usize,
    pub(crate) warning: usize,
    pub(crate) info: usize,
    pub(crate) hint: usize,
    pub(crate) files: usize,
    pub(crate) hosts: usize,
    pub(crate) elapsed_ms: u64,
}

/// A finding.
#[derive(Serialize)]
pub(crate) struct Finding {
    pub(crate) lint: &'static str,
    #[serde(serialize_with = "level")]
    pub(crate) severity: Level,
    pub(crate) message: String,
    #[serde(flatten)]
    pub(crate) span: Span,
    pub(crate) related: Vec<RelatedFinding>,
    pub(crate) hosts: Vec<SmolStr>,
    pub(crate) fix: Option<FindingFix>,
}

/// A range of a file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Span {
    pub(crate) file: String,
    pub(crate) start: Position,
    pub(crate) end: Position,
}

/// A further place of a finding.
#[derive(Serialize)]
pub(crate) struct RelatedFinding {
    #[serde(flatten)]
    pub(crate) span: Span,
    pub(crate) message: String,
}

/// How to mend a finding.
#[derive(Serialize)]
pub(crate) struct FindingFix {
    pub(crate) title: String,
    pub(crate) safety: &'static str,
    pub(crate) edits: Vec<FindingEdit>,
}

/// A change of text.
#[derive(Serialize)]
pub(crate) struct FindingEdit {
    #[serde(flatten)]
    pub(crate) span: Span,
    pub(crate) new_text: String,
}

fn level<S: serde::Serializer>(level: &Level, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(level.as_str())
}

impl Findings {
    /// The findings of all projects, sorted by file, then position.
    pub(crate) fn collect(projects: &[Checked], elapsed: Duration) -> Result<Findings> {
        let mut diagnostics = Vec::new();
        for project in projects {
            let converted = project.analysis.run(|db| {
                let places = Places { db, root: project.session.root(), prefix: &project.prefix };
                project.diagnostics.iter().map(|it| finding(&places, it)).collect::<Vec<_>>()
            });
            diagnostics.extend(converted.map_err(|_| anyhow!("the analysis was stopped"))?);
        }
        diagnostics.sort_by(|a, b| (&a.span, a.lint).cmp(&(&b.span, b.lint)));
        let summary = Summary::of(projects, &diagnostics, elapsed);
        Ok(Findings { schema: 1, diagnostics, summary })
    }
}

impl Summary {
    fn of(projects: &[Checked], findings: &[Finding], elapsed: Duration) -> Summary {
        let count = |level| findings.iter().filter(|it| it.severity == level).count();
        Summary {
            error: count(Level::Error),
            warning: count(Level::Warning),
            info: count(Level::Info),
            hint: count(Level::Hint),
            files: projects.iter().map(|it| it.files).sum(),
            hosts: projects.iter().map(|it| it.hosts).sum(),
            elapsed_ms: u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// One line for people.
    pub(crate) fn sentence(&self) -> String {
        let levels =
            [(self.error, "error"), (self.warning, "warning"), (self.info, "info"), (self.hint, "hint")];
        let found: Vec<String> = levels
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, name)| if name == "info" { format!("{count} info") } else { plural(count, name) })
            .collect();
        let found = if found.is_empty() { "nothing found".to_string() } else { found.join(", ") };
        let hosts = if self.hosts == 0 { String::new() } else { format!(", {}", plural(self.hosts, "host")) };
        format!("{found} in {}{hosts} ({} ms)", plural(self.files, "file"), self.elapsed_ms)
    }
}

/// A number and a noun.
pub(crate) fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

fn finding(places: &Places<'_>, found: &Diagnostic) -> Finding {
    let related = found
        .related
        .iter()
        .map(|it| RelatedFinding { span: span(places, it.file, it.range), message: it.message.clone() });
    let fix = found.fix.as_ref().map(|fix| {
        let edits = fix
            .edits
            .iter()
            .map(|it| FindingEdit { span: span(places, it.file, it.range), new_text: it.new_text.clone() });
        FindingFix { title: fix.title.clone(), safety: fix.applicability.as_str(), edits: edits.collect() }
    });
    Finding {
        lint: found.lint.name,
        severity: found.level,
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
