//! The settings in the manifest of the VS Code extension, between its two markers.

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use crate::schema::{Key, keys};

const START: &str = "$generated-start";
const END: &str = "$generated-end";

/// The categories of the settings, with the keys that begin with these words.
const CATEGORIES: &[(&str, &[&str])] = &[
    ("Diagnostics", &["lints", "select", "ignore", "per-path-ignores"]),
    ("Fleet", &["secret-directories", "inputs", "evaluation"]),
    ("Formatter", &["formatter"]),
    ("Inlay hints", &["inlay-hints"]),
];

/// The manifest with the settings as the configuration's schema has them.
pub(crate) fn generate(present: &str) -> Result<String> {
    let mut manifest: Value = serde_json::from_str(present)?;
    let categories = manifest.pointer_mut("/contributes/configuration").and_then(Value::as_array_mut);
    let categories = categories.context("no contributes.configuration")?;
    let position = |title: &str| categories.iter().position(|it| it["title"] == title);
    let (start, end) = (position(START).context(START)?, position(END).context(END)?);
    categories.splice(start + 1..end, generated()?);
    Ok(serde_json::to_string_pretty(&manifest)? + "\n")
}

fn generated() -> Result<Vec<Value>> {
    let keys = keys()?;
    let category = |key: &Key| CATEGORIES.iter().position(|(_, words)| words.contains(&key.path[0].as_str()));
    for key in &keys {
        category(key).with_context(|| format!("`{}` is in no category", key.in_file()))?;
    }
    let categories = CATEGORIES.iter().enumerate().map(|(index, (title, _))| {
        let own = keys.iter().filter(|key| category(key) == Some(index));
        let properties: Map<String, Value> =
            own.map(|key| (format!("nixscope.{}", key.in_editor()), setting(key))).collect();
        json!({ "title": title, "properties": properties })
    });
    Ok(categories.collect())
}

/// The schema of one setting: VS Code wants a default for everything, and calls formatted text otherwise.
fn setting(key: &Key) -> Value {
    let mut schema = key.schema.clone();
    schema.shift_remove("description");
    let default = match schema["type"].as_str() {
        // An empty list says something else than no list.
        Some("array") if schema.get("default") == Some(&Value::Null) => Value::Null,
        Some("array") => json!([]),
        Some("object") => json!({}),
        // Nothing stands for the program's own default.
        _ => Value::Null,
    };
    if default.is_null()
        && let Some(types) = schema.get_mut("type")
    {
        let mut all = types.as_array().cloned().unwrap_or_else(|| vec![types.clone()]);
        all.push("null".into());
        *types = all.into();
    }
    schema.insert("default".into(), default);
    schema.insert("markdownDescription".into(), key.description().into());
    schema.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_around_the_markers_stays() {
        let present = json!({ "a": 1, "contributes": { "configuration": [
            { "title": "Server" }, { "title": START }, { "title": "old" }, { "title": END }, { "title": "More" }
        ] } });
        let made: Value = serde_json::from_str(&generate(&present.to_string()).unwrap()).unwrap();
        let categories = made["contributes"]["configuration"].as_array().unwrap();
        let titles: Vec<&str> = categories.iter().filter_map(|it| it["title"].as_str()).collect();
        assert_eq!(
            titles,
            ["Server", START, "Diagnostics", "Fleet", "Formatter", "Inlay hints", END, "More"]
        );
        let steps = &categories[3]["properties"]["nixscope.evaluation.maxSteps"];
        assert_eq!(steps["type"], json!(["integer", "null"]));
        assert_eq!(steps["default"], Value::Null);
    }
}
