//! The keys of the configuration, read from its JSON Schema: the one description that everything is made from.

use anyhow::{Context, Result};
use serde_json::{Map, Value};

/// One key of `nixscope.toml` that takes a value.
pub(crate) struct Key {
    /// From the top: `["evaluation", "max-steps"]`.
    pub(crate) path: Vec<String>,
    /// Its schema, references resolved.
    pub(crate) schema: Map<String, Value>,
}

impl Key {
    /// As the file spells it: `evaluation.max-steps`.
    pub(crate) fn in_file(&self) -> String {
        self.path.join(".")
    }

    /// As editors spell it: `evaluation.maxSteps`.
    pub(crate) fn in_editor(&self) -> String {
        self.path.iter().map(|name| camel_case(name)).collect::<Vec<_>>().join(".")
    }

    pub(crate) fn description(&self) -> &str {
        self.schema.get("description").and_then(Value::as_str).unwrap_or_default()
    }
}

/// Every key, in the order of the schema.
pub(crate) fn keys() -> Result<Vec<Key>> {
    let schema: Value = serde_json::from_str(&nixscope_project::config_schema())?;
    let mut keys = Vec::new();
    collect(&schema, &schema, &mut Vec::new(), &mut keys)?;
    Ok(keys)
}

fn collect(root: &Value, object: &Value, path: &mut Vec<String>, keys: &mut Vec<Key>) -> Result<()> {
    let properties = object["properties"].as_object().context("the schema's object has no properties")?;
    for (name, schema) in properties {
        path.push(name.clone());
        let schema = resolve(root, schema)?;
        // A table of fixed keys is a name space; one with keys of the user's choice is a value, and so is the table of
        // lints, whose keys are lints.
        if schema["properties"].is_object() && path.as_slice() != ["lints"] {
            collect(root, &schema, path, keys)?;
        } else {
            let schema = schema.as_object().cloned().context("a schema is an object")?;
            keys.push(Key { path: path.clone(), schema });
        }
        path.pop();
    }
    Ok(())
}

/// The schema with what its `$ref`s name in their place, also further inside.
fn resolve(root: &Value, schema: &Value) -> Result<Value> {
    Ok(match schema {
        Value::Object(object) => {
            let mut resolved = Map::new();
            if let Some(reference) = object.get("$ref") {
                let pointer =
                    reference.as_str().and_then(|it| it.strip_prefix('#')).context("a strange $ref")?;
                let target =
                    root.pointer(pointer).with_context(|| format!("{pointer} is not in the schema"))?;
                if let Value::Object(target) = resolve(root, target)? {
                    resolved.extend(target);
                }
            }
            for (name, value) in object.iter().filter(|(name, _)| *name != "$ref") {
                resolved.insert(name.clone(), resolve(root, value)?);
            }
            Value::Object(resolved)
        }
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| resolve(root, item)).collect::<Result<_>>()?)
        }
        other => other.clone(),
    })
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('-');
    let mut out = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_keys_for_file_and_editor() {
        let keys = keys().unwrap();
        let spelt: Vec<_> = keys.iter().map(|key| (key.in_file(), key.in_editor())).collect();
        assert!(spelt.contains(&("evaluation.max-steps".into(), "evaluation.maxSteps".into())), "{spelt:?}");
        assert!(spelt.contains(&("lints".into(), "lints".into())), "{spelt:?}");
        assert!(keys.iter().all(|key| !key.description().is_empty()));
    }
}
