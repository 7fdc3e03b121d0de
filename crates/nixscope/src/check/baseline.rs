//! Findings that a repository already had when the check was introduced: only new ones count.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use nixscope_ide::Diagnostic;
use serde::{Deserialize, Serialize};

use super::Checked;
use super::findings::Findings;
use crate::output::to_json;
use crate::places::Places;
use crate::write::write_atomically;

/// The file's content: known findings without their lines, so that edits above them do not matter.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Baseline {
    schema: u32,
    findings: Vec<Known>,
}

/// Findings of one lint with one message in one file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    file: String,
    lint: String,
    message: String,
    count: usize,
}

type Key = (String, String, String);

/// Takes the findings that the baseline knows out of the projects; how many those were.
pub(super) fn subtract(path: &Path, projects: &mut [Checked]) -> Result<usize> {
    let mut known = read(path)?;
    let mut taken = 0;
    for project in projects {
        let Checked { session, analysis, diagnostics, prefix, .. } = project;
        let kept = analysis.run(|db| {
            let places = Places { db, root: session.root(), prefix };
            let mut is_new = |it: &Diagnostic| {
                let key = (places.file(it.file), it.lint.name.to_string(), it.message.clone());
                match known.get_mut(&key).filter(|count| **count > 0) {
                    Some(count) => {
                        *count -= 1;
                        false
                    }
                    None => true,
                }
            };
            diagnostics.iter().filter(|it| is_new(it)).cloned().collect::<Vec<_>>()
        });
        if let Ok(kept) = kept {
            taken += diagnostics.len() - kept.len();
            *diagnostics = kept;
        }
    }
    Ok(taken)
}

/// Writes every finding as known.
pub(super) fn write(path: &Path, found: &Findings) -> Result<()> {
    let mut counts: BTreeMap<Key, usize> = BTreeMap::new();
    for it in &found.diagnostics {
        *counts.entry((it.span.file.clone(), it.lint.to_string(), it.message.clone())).or_default() += 1;
    }
    let findings = counts
        .into_iter()
        .map(|((file, lint, message), count)| Known { file, lint, message, count })
        .collect();
    write_atomically(path, to_json(&Baseline { schema: 1, findings })?.as_bytes())
}

fn read(path: &Path) -> Result<BTreeMap<Key, usize>> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{shown}: cannot read the baseline; --write-baseline writes one"))?;
    let baseline: Baseline = serde_json::from_str(&text)
        .with_context(|| format!("{shown}: this is no baseline; --write-baseline writes a new one"))?;
    if baseline.schema != 1 {
        bail!("{shown}: the baseline has schema {}, this program reads schema 1", baseline.schema);
    }
    let entries = baseline.findings.into_iter();
    Ok(entries.map(|it| ((it.file, it.lint, it.message), it.count)).collect())
}
