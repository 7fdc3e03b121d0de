//! The embedded library: every example of its documentation holds.

use nixscope_eval::{
    Budget, ErrorKind, Evaluator, Halt, NoModels, Place, embedded_files, evaluate, print_value,
};
use nixscope_test_fixture::{Fixture, TestDatabase};

/// An example of the documentation: an expression and what it prints.
struct Example {
    file: &'static str,
    expr: String,
    want: String,
}

/// The `expr` / `=> value` pairs of every fenced block under an `# Example` heading.
fn examples() -> Vec<Example> {
    let mut out = Vec::new();
    for (file, text) in embedded_files() {
        let mut in_example = false;
        let mut in_block = false;
        let mut expr = String::new();
        for line in text.lines().map(str::trim) {
            match line {
                "# Example" | "# Examples" => in_example = true,
                "*/" => in_example = false,
                _ if line.starts_with("```") => {
                    in_block = in_example && !in_block;
                    expr.clear();
                }
                _ if in_block => match line.strip_prefix("=>") {
                    Some(want) => {
                        let want = want.trim().to_string();
                        out.push(Example { file, expr: std::mem::take(&mut expr), want });
                    }
                    None => {
                        expr.push_str(line);
                        expr.push('\n');
                    }
                },
                _ => {}
            }
        }
    }
    out
}

fn run(ev: &Evaluator<'_>, path: &str) -> String {
    let result = ev
        .import_path(path, Place::NONE)
        .and_then(|function| ev.apply(function, ev.embedded_lib(), Place::NONE))
        .and_then(|value| print_value(ev, value));
    match result {
        Ok(text) => text,
        Err(Halt::Fail(error)) if error.kind == ErrorKind::Throw => "error: throw".into(),
        Err(Halt::Fail(error)) => format!("error: {}", error.message),
        Err(Halt::Unknown(unknown)) => format!("unknown: {}", unknown.path()),
    }
}

#[test]
fn every_example_holds() {
    let examples = examples();
    assert!(examples.len() > 600, "only {} examples were found", examples.len());
    let mut fixture = Fixture::default();
    let embedded = embedded_files().iter();
    fixture.files.extend(embedded.map(|(path, text)| (path.to_string(), text.to_string())));
    for (index, example) in examples.iter().enumerate() {
        fixture.files.push((format!("/example-{index}.nix"), format!("lib: (\n{}\n)", example.expr)));
    }
    let db = TestDatabase::new(&fixture);
    let wrong: Vec<String> = evaluate(&db, &NoModels, Budget::default(), |ev| {
        let checked = examples.iter().enumerate().map(|(index, example)| {
            let got = run(ev, &format!("/example-{index}.nix"));
            // What depends on the environment is unknown here, whatever Nix finds in it.
            let environment = got.contains("builtins.getEnv");
            let holds = environment
                || got == example.want
                || (example.want.starts_with("error") && got.starts_with("error"));
            (!holds)
                .then(|| format!("{}: {} => {got}, not {}", example.file, example.expr.trim(), example.want))
        });
        checked.flatten().collect()
    });
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), examples.len(), wrong.join("\n"));
}

/// The doc comment right before an offset.
fn doc_comment(text: &str, before: usize) -> Option<&str> {
    let rest = text.get(..before)?.trim_end().strip_suffix("*/")?;
    // An example may have the sign that begins a comment in it, but not at the beginning of a line.
    let start = rest.match_indices("/**").filter(|(at, _)| rest[..*at].trim_end_matches(' ').ends_with('\n'));
    start.last().map(|(at, _)| &rest[at..])
}

/// The functions that a set of the library binds, with where they are bound, and its sets.
fn undocumented<'h>(
    ev: &Evaluator<'h>,
    value: nixscope_eval::Value<'h>,
    path: &str,
    depth: u32,
    out: &mut Vec<String>,
) {
    let Ok(attrs) = ev.as_attrs(value, Place::NONE) else { return };
    // A type's functions are those that every type has.
    if attrs.get(nixscope_hir::Symbol::new("_type")).is_some() {
        return;
    }
    for attr in attrs.sorted() {
        let Ok(value) = ev.force(attr.value) else { continue };
        let path = format!("{path}.{}", attr.name);
        match value {
            nixscope_eval::Value::Attrs(_) if depth > 0 => undocumented(ev, value, &path, depth - 1, out),
            nixscope_eval::Value::Lambda(_) | nixscope_eval::Value::Native(_) => {
                let Some(place) = attr.place.resolve(ev) else { continue };
                let text = place.source.text(ev.db).as_str();
                let (name, entry) = (place.range(ev.db), place.entry(ev.db));
                // What is inherited is documented where it is bound, and what a function names where the function is.
                let is_named = &text[std::ops::Range::<usize>::from(name)] == attr.name.as_str();
                let is_binding = is_named && text[usize::from(name.end())..].trim_start().starts_with('=');
                if !is_binding {
                    continue;
                }
                let comment = doc_comment(text, usize::from(entry.start())).unwrap_or_default();
                let missing: Vec<&str> =
                    ["# Type", "# Example"].into_iter().filter(|part| !comment.contains(part)).collect();
                if !missing.is_empty() {
                    out.push(format!("{path} ({}): no {}", place.source.path(ev.db), missing.join(", no ")));
                }
            }
            _ => {}
        }
    }
}

#[test]
fn every_function_is_documented() {
    let mut fixture = Fixture::default();
    let embedded = embedded_files().iter();
    fixture.files.extend(embedded.map(|(path, text)| (path.to_string(), text.to_string())));
    let db = TestDatabase::new(&fixture);
    let mut missing = Vec::new();
    evaluate(&db, &NoModels, Budget::default(), |ev| {
        let Ok(lib) = ev.force(ev.embedded_lib()) else { panic!("the library evaluates") };
        undocumented(ev, lib, "lib", 2, &mut missing);
    });
    missing.sort();
    missing.dedup();
    assert!(missing.is_empty(), "{}:\n{}", missing.len(), missing.join("\n"));
}
