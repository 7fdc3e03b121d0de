//! Our evaluator's values, in the same words.

use nixscope_eval::{
    Budget, ErrorKind, Eval, Evaluator, Halt, NoModels, Place, Value, evaluate as run, print_value, to_json,
};
use nixscope_hir::{Expr, lower};
use nixscope_syntax::parse_text;
use nixscope_test_fixture::{Fixture, TestDatabase};

use crate::{Outcome, Outcomes, as_json, as_printed, normal, short_floats};

/// The value of a program.
pub(crate) fn evaluate(program: &str) -> Outcomes {
    let json = value(&as_json(program), |ev, value| match value {
        Value::Str(text) => {
            // The command line's JSON is made by other code.
            assert_eq!(compact(&short_floats(text.text)), value_as_json(&as_printed(program)), "{program}");
            print_value(ev, value)
        }
        other => print_value(ev, other),
    });
    Outcomes { printed: value(&as_printed(program), print_value), json }
}

fn value(text: &str, show: impl for<'h> FnOnce(&Evaluator<'h>, Value<'h>) -> Eval<'h, String>) -> Outcome {
    value_as(text, show, normal)
}

/// The same, with what differs between versions taken out in another way: JSON writes a backslash before a dollar as two.
fn value_as(
    text: &str,
    show: impl for<'h> FnOnce(&Evaluator<'h>, Value<'h>) -> Eval<'h, String>,
    normal: fn(&str) -> String,
) -> Outcome {
    if let Some(problem) = refused(text) {
        return Outcome::Error(problem);
    }
    let files = vec![("/default.nix".to_string(), text.to_string())];
    let db = TestDatabase::new(&Fixture { files, ..Fixture::default() });
    let budget = Budget { steps: 2_000_000, ..Budget::default() };
    run(&db, &NoModels, budget, |ev| {
        let value = ev.import_path("/default.nix", Place::NONE);
        classify(value.and_then(|value| show(ev, value)), normal)
    })
}

/// Why Nix would not begin to evaluate the text; nixscope says so too, and goes on.
fn refused(text: &str) -> Option<String> {
    let tree = parse_text(text);
    let (body, map) = lower(tree.root());
    let syntax = tree.errors().first().map(|error| error.message.to_string());
    let undefined = body.exprs.iter().find_map(|(_, expr)| match expr {
        Expr::Unresolved(name) => Some(format!("nothing defines {name}")),
        _ => None,
    });
    syntax.or(undefined).or_else(|| map.problems().first().map(|problem| format!("{problem:?}")))
}

/// What `nixscope eval --json` would print.
fn value_as_json(text: &str) -> Option<serde_json::Value> {
    match value_as(text, |ev, value| Ok(to_json(ev, value)?.to_string()), short_floats) {
        Outcome::Value(text) => compact(&text),
        _ => None,
    }
}

fn compact(text: &str) -> Option<serde_json::Value> {
    serde_json::from_str(text).ok()
}

fn classify(result: Eval<'_, String>, normal: fn(&str) -> String) -> Outcome {
    match result {
        Ok(text) if text.contains("«unknown") => Outcome::Open,
        Ok(text) => Outcome::Value(normal(&text)),
        Err(Halt::Unknown(_)) => Outcome::Open,
        Err(Halt::Fail(error)) if error.kind == ErrorKind::Budget => Outcome::Open,
        Err(Halt::Fail(error)) => Outcome::Error(error.message.to_string()),
    }
}
