//! The language as Nix defines it, and what nixscope adds: unknowns, choices, places.

#[path = "language/collections.rs"]
mod collections;
#[path = "language/errors.rs"]
mod errors;
#[path = "language/files.rs"]
mod files;
#[path = "language/machine.rs"]
mod machine;
#[path = "language/provenance.rs"]
mod provenance;
#[path = "language/texts.rs"]
mod texts;
#[path = "language/tolerance.rs"]
mod tolerance;
#[path = "language/unknown_arguments.rs"]
mod unknown_arguments;

use nixscope_eval::{Budget, Eval, Evaluator, Halt, NoModels, Place, Value, evaluate, print_value};
use nixscope_test_fixture::{Fixture, TestDatabase};

/// Evaluates `/default.nix` of a fixture, and what is made of its value.
fn with_value<R>(
    fixture: &str,
    budget: Budget,
    run: impl for<'h> FnOnce(&Evaluator<'h>, Eval<'h, Value<'h>>) -> R,
) -> R {
    let db = TestDatabase::new(&Fixture::parse(fixture));
    evaluate(&db, &NoModels, budget, |ev| {
        let value = ev.import_path("/default.nix", Place::NONE);
        run(ev, value)
    })
}

/// What `/default.nix` of a fixture prints; an error as its kind and message.
fn print(fixture: &str) -> String {
    with_value(fixture, Budget::default(), |ev, value| match value.and_then(|value| print_value(ev, value)) {
        Ok(text) => text,
        Err(Halt::Fail(error)) => format!("error: {:?}: {}", error.kind, error.message),
        Err(Halt::Unknown(unknown)) => format!("halted by {}", unknown.path()),
    })
}

/// The expression prints as expected.
#[track_caller]
fn check(expr: &str, want: &str) {
    assert_eq!(print(&format!("#- /default.nix\n{expr}\n")), want, "{expr}");
}

/// Each expression prints as expected; all that do not are shown.
#[track_caller]
fn check_all(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(expr, want)| {
            let got = print(&format!("#- /default.nix\n{expr}\n"));
            (got != *want).then(|| format!("{expr}\n  want {want}\n  got  {got}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
