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
