//! The reference of keys in `docs/configuration.md`, between its two markers.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

use crate::schema::keys;

const START: &str = "<!-- generated-start -->\n";
const END: &str = "<!-- generated-end -->\n";

/// The page with the keys as the configuration's schema has them.
pub(crate) fn generate(present: &str) -> Result<String> {
    let (head, rest) = present.split_once(START).with_context(|| format!("no line {START}"))?;
    let (_, tail) = rest.split_once(END).with_context(|| format!("no line {END}"))?;
    Ok(format!("{head}{START}{}\n{END}{tail}", table()?))
}

fn table() -> Result<String> {
    let mut table =
        String::from("\n| key | in an editor | value | what it does |\n| --- | --- | --- | --- |\n");
    for key in keys()? {
        let (file, editor) = (key.in_file(), format!("nixscope.{}", key.in_editor()));
        let value = value(&key.schema);
        writeln!(table, "| `{file}` | `{editor}` | {value} | {} |", key.description().replace('|', "\\|"))?;
    }
    Ok(table)
}

/// What a key takes, in words.
fn value(schema: &Map<String, Value>) -> String {
    let item = schema.get("additionalProperties").and_then(Value::as_object);
    match &schema["type"] {
        Value::Array(types) => {
            let kinds: Vec<&str> = types.iter().filter_map(Value::as_str).collect();
            kinds.iter().map(|kind| one(kind, schema)).collect::<Vec<_>>().join(" or ")
        }
        Value::String(kind) if kind == "object" && schema.contains_key("properties") => {
            "a table from lint or group to level".into()
        }
        Value::String(kind) if kind == "object" => match item {
            Some(item) => format!("a table; each entry {}", value(item)),
            None => "a table".into(),
        },
        Value::String(kind) => one(kind, schema),
        _ => String::new(),
    }
}

fn one(kind: &str, schema: &Map<String, Value>) -> String {
    let limit = schema.get("minimum").map(|least| format!(", at least {least}")).unwrap_or_default();
    match kind {
        "array" => match schema["items"].get("enum") {
            Some(_) => "a list of lints and groups".into(),
            None => "a list of strings".into(),
        },
        "string" => "a string".into(),
        "integer" => format!("a whole number{limit}"),
        "boolean" => "`true` or `false`".into(),
        other => other.into(),
    }
}
