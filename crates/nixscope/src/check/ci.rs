//! Findings for continuous integration: GitHub's annotations, GitLab's report, Checkstyle, Markdown.

use std::fmt::Write;

use anyhow::Result;
use nixscope_ide::Level;
use serde_json::json;

use super::findings::{Finding, Findings};
use super::fingerprint::Fingerprints;
use crate::output::to_json;

/// GitHub's workflow commands, one line a finding.
pub(super) fn github(found: &Findings) -> String {
    let mut out = String::new();
    for it in &found.diagnostics {
        let command = match it.severity {
            Level::Error => "error",
            Level::Warning => "warning",
            _ => "notice",
        };
        let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
        let _ = write!(
            out,
            "::{command} file={},line={},endLine={}",
            property(&it.span.file),
            it.span.start.line,
            it.span.end.line
        );
        // Columns are understood within one line only.
        if it.span.start.line == it.span.end.line {
            let _ = write!(out, ",col={},endColumn={}", it.span.start.column, it.span.end.column);
        }
        let _ = writeln!(out, ",title={}::{}", property(it.lint), data(&it.message));
    }
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// GitLab's code quality report.
pub(super) fn gitlab(found: &Findings) -> Result<String> {
    let mut fingerprints = Fingerprints::new();
    let issues: Vec<_> = found
        .diagnostics
        .iter()
        .map(|it| {
            let severity = match it.severity {
                Level::Error => "critical",
                Level::Warning => "major",
                Level::Info => "minor",
                Level::Hint | Level::Off => "info",
            };
            json!({
                "description": it.message,
                "check_name": it.lint,
                "fingerprint": fingerprints.of(it),
                "severity": severity,
                "location": {
                    "path": it.span.file,
                    "positions": {
                        "begin": { "line": it.span.start.line, "column": it.span.start.column },
                        "end": { "line": it.span.end.line, "column": it.span.end.column },
                    },
                    "lines": { "begin": it.span.start.line, "end": it.span.end.line },
                },
            })
        })
        .collect();
    to_json(&issues)
}

/// Checkstyle's XML.
pub(super) fn checkstyle(found: &Findings) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"10.0\">\n");
    for of_file in found.diagnostics.chunk_by(|a, b| a.span.file == b.span.file) {
        let Some(first) = of_file.first() else { continue };
        let _ = writeln!(out, "  <file name=\"{}\">", xml(&first.span.file));
        for it in of_file {
            let severity = match it.severity {
                Level::Error => "error",
                Level::Warning => "warning",
                _ => "info",
            };
            let _ = writeln!(
                out,
                "    <error line=\"{}\" column=\"{}\" severity=\"{severity}\" message=\"{}\" source=\"nixscope.{}\"/>",
                it.span.start.line,
                it.span.start.column,
                xml(&it.message),
                it.lint
            );
        }
        out.push_str("  </file>\n");
    }
    out.push_str("</checkstyle>\n");
    out
}

fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\r' | '\t' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            // XML has no way to write the others.
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// A table for a merge request's comment.
pub(super) fn markdown(found: &Findings) -> String {
    let mut out = format!("### nixscope: {}\n", found.summary.sentence());
    if found.diagnostics.is_empty() {
        return out;
    }
    out.push_str("\n| place | level | lint | finding |\n| --- | --- | --- | --- |\n");
    for it in &found.diagnostics {
        let _ = writeln!(
            out,
            "| `{}` | {} | `{}` | {} |",
            cell(&place(it)),
            it.severity.as_str(),
            it.lint,
            cell(&it.message)
        );
    }
    out
}

fn place(it: &Finding) -> String {
    format!("{}:{}:{}", it.span.file, it.span.start.line, it.span.start.column)
}

fn cell(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\|").replace(['\n', '\r'], " ")
}
