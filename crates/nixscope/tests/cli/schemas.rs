//! The JSON Schemas in `docs/` describe what the program prints.

use serde_json::{Map, Value};

use crate::support::{FLAKE, Project, repository, run_in};

fn schema(name: &str) -> Value {
    let path = repository("docs").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Where a value is not as its schema says. Knows the keywords that the schemas use, and no others.
fn check(root: &Value, schema: &Value, value: &Value, at: &str) {
    let schema = match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => root.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    };
    let known = [
        "$schema",
        "$id",
        "$ref",
        "$defs",
        "title",
        "description",
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "enum",
        "const",
        "anyOf",
        "minimum",
    ];
    for keyword in schema.as_object().unwrap().keys() {
        assert!(known.contains(&keyword.as_str()), "{at}: the test does not know `{keyword}`");
    }
    if let Some(any) = schema.get("anyOf").and_then(Value::as_array) {
        let fits = |it: &&Value| std::panic::catch_unwind(|| check(root, it, value, at)).is_ok();
        assert!(any.iter().any(|it| fits(&it)), "{at}: fits nothing: {value}");
    }
    if let Some(wanted) = schema.get("type") {
        let names: Vec<&str> = match wanted {
            Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect(),
        };
        let fits = names.iter().any(|name| match *name {
            "integer" => value.is_u64() || value.is_i64(),
            "number" => value.is_number(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            "null" => value.is_null(),
            other => panic!("{at}: type {other}"),
        });
        assert!(fits, "{at}: {value} is not {names:?}");
    }
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        assert!(words.contains(value), "{at}: {value} is none of {words:?}");
    }
    if let Some(constant) = schema.get("const") {
        assert_eq!(constant, value, "{at}");
    }
    if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
        for (index, value) in values.iter().enumerate() {
            check(root, items, value, &format!("{at}[{index}]"));
        }
    }
    if let Some(object) = value.as_object() {
        check_object(root, schema, object, at);
    }
}

fn check_object(root: &Value, schema: &Value, object: &Map<String, Value>, at: &str) {
    for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
        assert!(object.contains_key(name.as_str().unwrap()), "{at}: {name} is missing");
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, value) in object {
        match (properties.and_then(|it| it.get(name)), schema.get("additionalProperties")) {
            (Some(property), _) => check(root, property, value, &format!("{at}.{name}")),
            (None, Some(Value::Bool(false))) => panic!("{at}: `{name}` is in no schema"),
            (None, Some(more @ Value::Object(_))) => check(root, more, value, &format!("{at}.{name}")),
            (None, _) => {}
        }
    }
}

/// A value is as its schema says.
pub(crate) fn holds(name: &str, value: &Value) {
    let schema = schema(name);
    check(&schema, &schema, value, name);
}

#[test]
fn option_schema_holds() {
    let name = "option.schema.json";
    let schema = schema(name);
    let project = Project::new(FLAKE);
    for option in ["environment.etc.feed.text", "networking.hostName"] {
        check(&schema, &schema, &project.json(&["option", "web", option]), name);
    }
    let run = run_in(
        &repository("test-data/fleets/harbour"),
        &["option", "anchor", "networking.hostName", "--format", "json"],
    );
    check(&schema, &schema, &serde_json::from_str(&run.stdout).unwrap(), name);
}

#[test]
fn schemas_hold() {
    let project = Project::new(FLAKE);
    project.write("/bad.nix", b"{ a = ; }");
    let fleets = ["harbour", "atelier", "workshop"].map(|name| repository("test-data/fleets").join(name));
    for (name, args) in [
        ("check.schema.json", &["check"][..]),
        ("fleet.schema.json", &["fleet"]),
        ("options.schema.json", &["docs", "options"]),
        ("stats.schema.json", &["stats"]),
        ("targets.schema.json", &["definition", "flake.nix:5:21"]),
        ("targets.schema.json", &["references", "flake.nix:5:21"]),
        ("hover.schema.json", &["hover", "flake.nix:5:21"]),
    ] {
        let schema = schema(name);
        check(&schema, &schema, &project.json(args), name);
        for fleet in &fleets {
            let args = [args, &["--format", "json"]].concat();
            let run = run_in(fleet, &args);
            let value = serde_json::from_str(&run.stdout)
                .unwrap_or_else(|error| panic!("{args:?}: {error}: {}", run.stderr));
            check(&schema, &schema, &value, &format!("{name} {}", fleet.display()));
        }
    }
}
