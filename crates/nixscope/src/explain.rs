//! `nixscope explain`: the documentation of a lint.

use anyhow::{Result, bail};
use nixscope_lints::{Lint, find, lints};
use nixscope_project::unknown_lint;
use serde::Serialize;

use crate::cli::{ExplainArgs, ListFormat};
use crate::output::{Report, to_json};
use crate::table::Table;

#[derive(Serialize)]
struct Output {
    schema: u32,
    lints: Vec<LintJson>,
}

#[derive(Serialize)]
struct LintJson {
    name: &'static str,
    group: &'static str,
    level: &'static str,
    since: &'static str,
    summary: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<&'static str>,
}

/// Runs the command.
pub(crate) fn run(args: &ExplainArgs) -> Result<Report> {
    let chosen: Vec<&Lint> = match &args.lint {
        None => lints().to_vec(),
        Some(name) => match find(name) {
            Some(lint) => vec![lint],
            None => bail!(unknown_lint(name).unwrap_or_else(|| {
                format!("`{name}` is a group of lints; `nixscope explain` lists the lints by group")
            })),
        },
    };
    let with_page = args.lint.is_some();
    let text = match args.format {
        ListFormat::Json => {
            to_json(&Output { schema: 1, lints: chosen.iter().map(|it| json(it, with_page)).collect() })?
        }
        ListFormat::Human if with_page => chosen.iter().map(|it| page(it)).collect(),
        ListFormat::Human => list(&chosen),
    };
    Ok(Report::text(text))
}

fn json(lint: &Lint, with_page: bool) -> LintJson {
    LintJson {
        name: lint.name,
        group: lint.group.as_str(),
        level: lint.level.as_str(),
        since: lint.since,
        summary: lint.summary,
        page: with_page.then_some(lint.page),
    }
}

fn page(lint: &Lint) -> String {
    format!(
        "# {}\n\nGroup `{}`, level `{}`, since {}. {}\n\n{}\n",
        lint.name,
        lint.group.as_str(),
        lint.level.as_str(),
        lint.since,
        lint.summary,
        lint.page.trim()
    )
}

fn list(chosen: &[&Lint]) -> String {
    let mut table = Table::new(&["group", "lint", "level", "what it flags"]);
    for lint in chosen {
        table.row(vec![
            lint.group.as_str().into(),
            lint.name.into(),
            lint.level.as_str().into(),
            lint.summary.into(),
        ]);
    }
    table.render("")
}
