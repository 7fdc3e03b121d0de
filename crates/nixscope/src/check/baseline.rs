//! Findings that a repository already had when the check was introduced: only new ones count.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use nixscope_db::Db;
use nixscope_ide::Diagnostic;
use nixscope_lints::Group;
use nixscope_report::Places;
use serde::{Deserialize, Serialize};

use super::Checked;
use super::fingerprint::fnv1a;
use crate::output::to_json;
use crate::write::write_atomically;

/// The version of the file's form.
const SCHEMA: u32 = 2;

/// The file's content: known findings without their lines, so that edits elsewhere do not matter.
#[derive(Serialize, Deserialize)]
struct Baseline {
    schema: u32,
    #[serde(default)]
    findings: Vec<Known>,
}

/// Findings of one lint about the same text in one file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    file: String,
    lint: String,
    /// What the text is, as a hash: a message may name hosts and numbers that change with other files.
    content: String,
    /// For people.
    message: String,
    count: usize,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    file: String,
    lint: String,
    content: String,
}

fn key(db: &dyn Db, places: &Places<'_>, it: &Diagnostic) -> Key {
    let text = it.file.text(db).as_str();
    let text = text.get(usize::from(it.range.start())..usize::from(it.range.end())).unwrap_or("");
    let words: Vec<&str> = text.split_whitespace().collect();
    // Of a secret not even a hash is written down.
    let content = match it.lint.group == Group::Secrets || words.is_empty() {
        true => fnv1a(&[&it.message]),
        false => fnv1a(&words),
    };
    Key { file: places.file(it.file), lint: it.lint.name.to_string(), content: format!("{content:016x}") }
}

/// Takes the findings that the baseline knows out of the projects; how many those were.
pub(super) fn subtract(path: &Path, projects: &mut [Checked]) -> Result<usize> {
    let mut known = read(path)?;
    let mut taken = 0;
    for project in projects {
        let Checked { session, analysis, diagnostics, prefix, .. } = project;
        let kept = analysis.run(|db| {
            let places = Places { db, root: session.root(), prefix };
            let mut is_new =
                |it: &Diagnostic| match known.get_mut(&key(db, &places, it)).filter(|count| **count > 0) {
                    Some(count) => {
                        *count -= 1;
                        false
                    }
                    None => true,
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

/// Writes every finding as known; how many those are.
pub(super) fn write(path: &Path, projects: &[Checked]) -> Result<usize> {
    let mut known: BTreeMap<Key, (String, usize)> = BTreeMap::new();
    for project in projects {
        let keys = project.analysis.run(|db| {
            let places = Places { db, root: project.session.root(), prefix: &project.prefix };
            project.diagnostics.iter().map(|it| key(db, &places, it)).collect::<Vec<_>>()
        });
        let keys = keys.map_err(|_| anyhow!("the analysis was stopped"))?;
        for (key, it) in keys.into_iter().zip(&project.diagnostics) {
            known.entry(key).or_insert_with(|| (it.message.clone(), 0)).1 += 1;
        }
    }
    let count = known.values().map(|(_, count)| count).sum();
    let findings = known
        .into_iter()
        .map(|(Key { file, lint, content }, (message, count))| Known { file, lint, content, message, count })
        .collect();
    write_atomically(path, to_json(&Baseline { schema: SCHEMA, findings })?.as_bytes())?;
    Ok(count)
}

fn read(path: &Path) -> Result<BTreeMap<Key, usize>> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{shown}: cannot read the baseline; --write-baseline writes one"))?;
    let broken = || format!("{shown}: this is no baseline; --write-baseline writes a new one");
    let value: serde_json::Value = serde_json::from_str(&text).with_context(broken)?;
    if let Some(schema) = value["schema"].as_u64().filter(|it| *it != u64::from(SCHEMA)) {
        bail!(
            "{shown}: the baseline has schema {schema}, this program reads schema {SCHEMA}; --write-baseline writes a new one"
        );
    }
    let baseline: Baseline = serde_json::from_value(value).with_context(broken)?;
    let entries = baseline.findings.into_iter();
    Ok(entries.map(|Known { file, lint, content, count, .. }| (Key { file, lint, content }, count)).collect())
}
