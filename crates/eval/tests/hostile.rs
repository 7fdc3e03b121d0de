//! Texts that are made to be deep or long: parsed, lowered and evaluated to an end, and soon.

use nixscope_eval::{Budget, NoModels, Place, evaluate};
use nixscope_hir::lower;
use nixscope_syntax::parse_text;
use nixscope_test_fixture::{Fixture, TestDatabase};

const COUNT: usize = 30_000;

/// A text in which something is repeated goes through everything.
fn survive(text: &str) {
    lower(parse_text(text).root());
    let fixture = Fixture { files: vec![("/default.nix".into(), text.into())], ..Fixture::parse("") };
    let db = TestDatabase::new(&fixture);
    let budget = Budget { steps: 200_000, ..Budget::default() };
    evaluate(&db, &NoModels, budget, |ev| {
        let _ = ev.import_path("/default.nix", Place::NONE);
    });
}

#[test]
fn what_is_repeated_comes_to_an_end() {
    for unit in [
        "f ",
        "1+",
        "1 + ",
        "a: ",
        "[",
        "{a=",
        "\"${",
        "''${",
        "with a;",
        "let a=1;in ",
        "if ",
        "!",
        "-",
        "- ",
        "a.b or ",
        "(",
        "{a}: ",
        "a ? b ",
        "a ++ ",
        "a // ",
        "[)",
        "<",
        "~",
        "''",
        "{",
        "}",
        ";",
        "rec ",
        "/* ",
        "\\",
        "assert a;",
        "a@",
        "${",
        "inherit ",
        "http://a ",
        "1 ",
        "\u{feff}",
    ] {
        survive(&unit.repeat(COUNT));
        survive(&format!("[ {} ]", unit.repeat(COUNT)));
        survive(&format!("{{ a = {}; }}", unit.repeat(COUNT)));
    }
    survive(&format!("x{}", ".a".repeat(COUNT)));
    survive(&format!("{{ x{} = 1; }}", ".a".repeat(COUNT)));
    survive(&format!("{}1", "a = 1; ".repeat(COUNT)));
    survive(&format!(
        "let {} in a1",
        (0..COUNT).map(|at| format!("a{at} = a{}; ", at + 1)).collect::<String>()
    ));
}
