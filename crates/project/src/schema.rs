//! The JSON Schema of `nixscope.toml`, for editors that complete and check it.

use nixscope_lints::{Group, lints};
use serde_json::{Map, Value, json};

/// The schema, as `docs/nixscope-toml.schema.json` holds it.
pub fn config_schema() -> String {
    let mut names: Vec<Value> = Vec::new();
    let mut levels = Map::new();
    for group in [Group::Language, Group::Modules, Group::Secrets, Group::Fleet, Group::Packages] {
        names.push(group.as_str().into());
        levels.insert(
            group.as_str().into(),
            json!({ "$ref": "#/$defs/level", "description": format!("Every lint of the group {}.", group.as_str()) }),
        );
    }
    for lint in lints() {
        names.push(lint.name.into());
        levels.insert(
            lint.name.into(),
            json!({ "$ref": "#/$defs/level", "description": lint.summary, "default": lint.level.as_str() }),
        );
    }
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "https://raw.githubusercontent.com/nixscope/nixscope/main/docs/nixscope-toml.schema.json",
        "title": "nixscope.toml",
        "description": "The configuration of nixscope; stands beside flake.nix.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "lints": {
                "type": "object",
                "description": "The level of a lint or of a group of lints; a lint's own level is stronger than its group's.",
                "additionalProperties": false,
                "properties": levels
            },
            "select": {
                "$ref": "#/$defs/lints",
                "description": "If not empty, only these lints and groups run, also those that are off by default."
            },
            "ignore": {
                "$ref": "#/$defs/lints",
                "description": "These lints and groups do not run; stronger than `select`."
            },
            "per-path-ignores": {
                "type": "object",
                "description": "Lints and groups that do not run in some files: a glob over paths from the flake's root (`*` stays within a directory, `**` does not, a trailing `/` means everything below), and the names.",
                "additionalProperties": { "$ref": "#/$defs/lints" }
            },
            "secret-directories": {
                "type": "array",
                "items": { "type": "string" },
                "uniqueItems": true,
                "description": "Names of this repository's directories whose plain files are secrets, besides the usual ones (`secrets`)."
            },
            "inputs": {
                "type": "object",
                "description": "Directories with the source of flake inputs, by the input's name, for inputs that are not in this machine's Nix store; relative to the flake's root.",
                "additionalProperties": { "type": "string" }
            },
            "formatter": {
                "type": "object",
                "description": "How editors format a file.",
                "additionalProperties": false,
                "properties": {
                    "command": {
                        "type": ["array", "string"],
                        "items": { "type": "string" },
                        "description": "The program with its arguments; it reads the file on standard input and writes the result on standard output."
                    }
                }
            },
            "evaluation": {
                "type": "object",
                "description": "What evaluations may do, and what they know of the machine.",
                "additionalProperties": false,
                "properties": {
                    "max-steps": {
                        "type": "integer",
                        "minimum": 1,
                        "description": "How many steps one evaluation may take; what is not computed then is unknown. Default: 50 million."
                    },
                    "max-depth": {
                        "type": "integer",
                        "minimum": 1,
                        "description": "How deep one evaluation may go; a call inside a call takes two to four steps. Default: 400,000."
                    },
                    "max-memory": {
                        "type": "integer",
                        "minimum": 1,
                        "description": "How much memory one evaluation may take, in MiB. Default: 2048."
                    },
                    "current-system": {
                        "type": "string",
                        "description": "What `builtins.currentSystem` gives: `x86_64-linux`. Unknown if it is not set."
                    },
                    "environment": {
                        "type": "object",
                        "additionalProperties": { "type": "string" },
                        "description": "Variables for `builtins.getEnv`; `HOME` is also what `~/` begins with. Those that are not set are unknown."
                    },
                    "search-path": {
                        "type": "array",
                        "items": { "type": "string" },
                        "description": "Where `<name>` is looked for, as in `NIX_PATH`: `prefix=directory` or `directory`, relative to the flake's root. If it is set, what is not found there is not found; if not, it is unknown."
                    },
                    "experimental-features": {
                        "type": "array",
                        "default": null,
                        "items": { "type": "string" },
                        "description": "The experimental features of Nix that are on, as in `nix.conf`. If it is set without `pipe-operators`, `|>` and `<|` are syntax errors; if it is not set, they are read wherever they are written."
                    }
                }
            },
            "inlay-hints": {
                "type": "object",
                "description": "Which inlay hints an editor shows.",
                "additionalProperties": false,
                "properties": {
                    "values": {
                        "type": "boolean",
                        "default": true,
                        "description": "The value of a read of another host's option."
                    },
                    "paths": {
                        "type": "boolean",
                        "default": true,
                        "description": "The file that a computed path leads to."
                    },
                    "binding-ends": {
                        "type": "boolean",
                        "default": true,
                        "description": "The name of what a set of many lines was bound to, at its end."
                    },
                    "defaults": {
                        "type": "boolean",
                        "default": true,
                        "description": "What an option's default comes to, where it is computed."
                    },
                    "parameters": {
                        "type": "boolean",
                        "default": false,
                        "description": "The name of the argument that a number or a text is passed for."
                    }
                }
            }
        },
        "$defs": {
            "level": { "type": "string", "enum": ["off", "hint", "info", "warning", "error"] },
            "lints": { "type": "array", "items": { "type": "string", "enum": names }, "uniqueItems": true }
        }
    });
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_every_key_of_the_configuration() {
        let schema: Value = serde_json::from_str(&config_schema()).unwrap();
        let keys: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
        for key in keys {
            // Known to the reader: the complaint is about the value, not about the key.
            let error = crate::Config::from_toml(&format!("{key} = 1\n")).unwrap_err();
            assert!(error.message.contains("invalid type"), "{key}: {error}");
        }
        let error = crate::Config::from_toml("zzzzzzzzzzzz = 1\n").unwrap_err().message;
        let known = schema["properties"].as_object().unwrap().len();
        assert_eq!(error.matches('`').count(), 2 * (known + 1), "{error}");
    }
}
