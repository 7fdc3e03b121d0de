//! Findings as SARIF 2.1.0.

use std::collections::BTreeMap;

use anyhow::Result;
use nixscope_ide::{Level, VfsPath};
use nixscope_lints::{Lint, find};
use serde_json::{Value, json};

use super::findings::{Finding, Findings, Span};
use super::fingerprint::Fingerprints;
use crate::output::to_json;

/// The log of one run. Paths are relative to `root`, where there is one for all.
pub(super) fn render(found: &Findings, root: Option<&VfsPath>) -> Result<String> {
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    for it in &found.diagnostics {
        rules.entry(it.lint).or_default();
    }
    for (index, position) in rules.values_mut().enumerate() {
        *position = index;
    }
    let rule_list: Vec<Value> = rules.keys().filter_map(|name| find(name)).map(rule).collect();
    let base = root.map(|root| json!({ "ROOT": { "uri": format!("file://{}/", uri(root.as_str())) } }));
    let mut fingerprints = Fingerprints::new();
    let results: Vec<Value> =
        found.diagnostics.iter().map(|it| result(it, &rules, root.is_some(), fingerprints.of(it))).collect();
    let mut run = json!({
        "tool": { "driver": {
            "name": "nixscope",
            "version": env!("CARGO_PKG_VERSION"),
            "informationUri": env!("CARGO_PKG_REPOSITORY"),
            "rules": rule_list,
        } },
        "columnKind": "unicodeCodePoints",
        "results": results,
    });
    if let (Some(base), Some(run)) = (base, run.as_object_mut()) {
        run.insert("originalUriBaseIds".into(), base);
    }
    to_json(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }))
}

fn rule(lint: &Lint) -> Value {
    json!({
        "id": lint.name,
        "shortDescription": { "text": lint.summary },
        "help": { "text": lint.page, "markdown": lint.page },
        "defaultConfiguration": { "level": level(lint.level), "enabled": lint.level != Level::Off },
        "properties": { "tags": [lint.group.as_str()] },
    })
}

fn result(it: &Finding, rules: &BTreeMap<&str, usize>, based: bool, fingerprint: String) -> Value {
    let mut result = json!({
        "ruleId": it.lint,
        "ruleIndex": rules.get(it.lint),
        "level": level(it.severity),
        "message": { "text": it.message },
        "locations": [{ "physicalLocation": physical(&it.span, based) }],
        "partialFingerprints": { "nixscope/v1": fingerprint },
    });
    let Some(object) = result.as_object_mut() else { return result };
    if !it.related.is_empty() {
        let related = it.related.iter().enumerate().map(|(index, it)| {
            json!({
                "id": index,
                "physicalLocation": physical(&it.span, based),
                "message": { "text": it.message },
            })
        });
        object.insert("relatedLocations".into(), related.collect());
    }
    if !it.hosts.is_empty() {
        object.insert("properties".into(), json!({ "hosts": it.hosts }));
    }
    if let Some(fix) = &it.fix {
        let mut changes: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for edit in &fix.edits {
            changes.entry(&edit.span.file).or_default().push(json!({
                "deletedRegion": region(&edit.span),
                "insertedContent": { "text": edit.new_text },
            }));
        }
        let changes: Vec<Value> = changes
            .into_iter()
            .map(|(file, edits)| json!({ "artifactLocation": artifact(file, based), "replacements": edits }))
            .collect();
        object.insert(
            "fixes".into(),
            json!([{ "description": { "text": fix.title }, "artifactChanges": changes }]),
        );
    }
    result
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info | Level::Hint => "note",
        Level::Off => "none",
    }
}

fn physical(span: &Span, based: bool) -> Value {
    json!({ "artifactLocation": artifact(&span.file, based), "region": region(span) })
}

fn artifact(file: &str, based: bool) -> Value {
    if file.starts_with('/') {
        json!({ "uri": format!("file://{}", uri(file)) })
    } else if based {
        json!({ "uri": uri(file), "uriBaseId": "ROOT" })
    } else {
        json!({ "uri": uri(file) })
    }
}

fn region(span: &Span) -> Value {
    json!({
        "startLine": span.start.line,
        "startColumn": span.start.column,
        "endLine": span.end.line,
        "endColumn": span.end.column,
        "byteOffset": span.start.offset,
        "byteLength": span.end.offset - span.start.offset,
    })
}

/// A path as part of a URI.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
