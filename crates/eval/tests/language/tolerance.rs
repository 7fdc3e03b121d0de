//! What can still be said where something is unknown.

use crate::{check_all, with_value};
use nixscope_eval::{Budget, EventKind};

/// Names that the expressions use: something unknown, and lists and sets of which part is.
const PRELUDE: &str = "let
  unknown = builtins.currentTime;
  condition = unknown == 1;
  open = [ 1 2 ] ++ unknown;
  openSet = { a = 1; b = 2; } // unknown;
  maybe = [ 1 ] ++ (if condition then [ 2 ] else [ ]);
  maybeSet = { a = 1; } // (if condition then { b = 2; } else { });
in ";

#[track_caller]
fn check_partial(cases: &[(&str, &str)]) {
    let cases: Vec<(String, &str)> =
        cases.iter().map(|(expr, want)| (format!("{PRELUDE}{expr}"), *want)).collect();
    let cases: Vec<(&str, &str)> = cases.iter().map(|(expr, want)| (expr.as_str(), *want)).collect();
    check_all(&cases);
}

const UNKNOWN: &str = "«unknown: builtins.currentTime: it depends on the machine that evaluates»";

#[test]
fn an_unknown_argument_makes_the_result_unknown() {
    check_partial(&[
        ("builtins.length unknown", UNKNOWN),
        ("builtins.stringLength unknown", UNKNOWN),
        ("builtins.typeOf unknown", UNKNOWN),
        ("builtins.pathExists unknown", UNKNOWN),
        ("builtins.length open", UNKNOWN),
        ("builtins.length maybe", UNKNOWN),
        ("builtins.toJSON open", UNKNOWN),
        ("builtins.concatStringsSep \"\" (map toString maybe)", UNKNOWN),
        ("[ unknown 1 ]", &format!("[ {UNKNOWN} 1 ]")),
    ]);
}

#[test]
fn lists_keep_what_is_known() {
    check_partial(&[
        ("builtins.head open", "1"),
        ("builtins.elemAt open 1", "2"),
        ("builtins.elemAt open 2", UNKNOWN),
        ("builtins.elemAt maybe 0", "1"),
        ("builtins.elemAt maybe 1", UNKNOWN),
        ("map (x: x + 1) open", "[ 2 3 «unknown: builtins.currentTime» ]"),
        ("builtins.filter (x: x > 1) open", "[ 2 «unknown: builtins.currentTime» ]"),
        ("builtins.concatLists [ [ 1 ] unknown [ 2 ] ]", "[ 1 2 «unknown: builtins.currentTime» ]"),
        ("builtins.concatMap (x: [ x x ]) open", "[ 1 1 2 2 «unknown: builtins.currentTime» ]"),
        ("builtins.elem 2 open", "true"),
        ("builtins.elem 3 open", UNKNOWN),
        ("builtins.elem 1 [ unknown 1 ]", "true"),
        ("builtins.elem 1 maybe", "true"),
        ("builtins.elem 2 maybe", UNKNOWN),
        ("builtins.any (x: x > 1) open", "true"),
        ("builtins.all (x: x > 1) open", "false"),
        ("builtins.all (x: x > 0) open", UNKNOWN),
        ("builtins.any (x: x > 1) maybe", UNKNOWN),
        ("builtins.sort (a: b: b < a) open", "[ 2 1 «unknown: builtins.currentTime» ]"),
        ("builtins.foldl' (a: b: a ++ [ b ]) [ ] [ 1 2 ] == [ 1 2 ]", "true"),
        ("builtins.head (builtins.foldl' (a: b: a ++ b) [ ] ([ [ 1 ] ] ++ unknown))", "1"),
        ("(builtins.foldl' (a: b: a // b) { } ([ { x = 1; } ] ++ unknown)).x", "1"),
        (
            "builtins.length (builtins.genericClosure { startSet = [ { key = 1; } ]; operator = x: unknown; })",
            UNKNOWN,
        ),
    ]);
}

#[test]
fn an_unknown_predicate_keeps_the_element_as_a_choice() {
    let text = format!("#- /default.nix\n{PRELUDE} builtins.filter (x: x == 1 || condition) [ 1 2 ]\n");
    with_value(&text, Budget::default(), |ev, value| {
        let Ok(nixscope_eval::Value::List(list)) = value else { panic!("a list") };
        let kinds: Vec<bool> = list
            .items
            .iter()
            .map(|item| matches!(ev.force(item), Ok(nixscope_eval::Value::Choice(choice)) if choice.absent))
            .collect();
        assert_eq!(kinds, [false, true]);
        assert!(list.open.is_none());
    });
}

#[test]
fn lists_that_grow_out_of_each_other_have_each_element_at_most_once() {
    let unique = "builtins.foldl' (list: x: if condition then list else list ++ [ x ]) [ ]";
    let text = format!("#- /default.nix\n{PRELUDE} {unique} (builtins.genList (n: n) 50)\n");
    with_value(&text, Budget::default(), |ev, value| {
        let Ok(list) = value.and_then(|value| ev.as_list(value, nixscope_eval::Place::NONE)) else {
            panic!("a list")
        };
        // Not all alternatives are looked at.
        assert!(
            list.items.len() == 50 || list.open.is_some() && list.items.len() < 50,
            "{}",
            list.items.len()
        );
    });
}

#[test]
fn choices_with_common_alternatives_are_looked_at_once() {
    // As many ways lead to the first set as there are subsets of the numbers.
    let grown = "builtins.foldl' (set: n: if condition then set // { inherit n; } else set) { a = 1; }";
    let text = format!("#- /default.nix\n{PRELUDE} ({grown} (builtins.genList (n: n) 50)).a\n");
    with_value(&text, Budget { steps: 100_000, ..Budget::default() }, |ev, value| {
        assert!(value.is_ok() && !ev.is_exhausted());
    });
}

#[test]
fn sets_keep_what_is_known() {
    check_partial(&[
        ("builtins.attrNames openSet", "[ \"a\" \"b\" «unknown: builtins.currentTime» ]"),
        ("(builtins.mapAttrs (n: v: v + 1) openSet).a", "2"),
        (
            "(builtins.mapAttrs (n: v: v + 1) unknown).x",
            "«unknown: builtins.mapAttrs ….x: it depends on the machine that evaluates»",
        ),
        ("openSet ? a", "true"),
        ("builtins.hasAttr \"z\" openSet", UNKNOWN),
        ("builtins.hasAttr \"b\" maybeSet", UNKNOWN),
        ("maybeSet.b", "2"),
        ("maybeSet.b or 3", UNKNOWN),
        ("(builtins.listToAttrs (map (n: { name = n; value = 1; }) [ \"a\" \"b\" ])).b", "1"),
        ("(builtins.listToAttrs ([ { name = \"a\"; value = 1; } ] ++ unknown)).a", "1"),
        ("(builtins.listToAttrs [ { name = \"a\"; value = 1; } { name = unknown; value = 2; } ]).a", "1"),
        ("(builtins.listToAttrs [ { name = unknown; value = 2; } ]) ? b", UNKNOWN),
        ("(removeAttrs openSet [ \"a\" ]).b", "2"),
        ("(removeAttrs { a = 1; b = 2; } unknown).a", "1"),
        ("removeAttrs { a = 1; b = 2; } unknown ? a", UNKNOWN),
        ("(builtins.intersectAttrs { a = 1; x = 1; } openSet).a", "1"),
        (
            "(builtins.intersectAttrs { x = 1; } unknown).x",
            "«unknown: builtins.currentTime.x: it depends on the machine that evaluates»",
        ),
        ("builtins.intersectAttrs { x = 1; } { y = 1; }", "{ }"),
        (
            "(builtins.zipAttrsWith (n: v: v) [ { a = 1; } unknown ]).a",
            "[ 1 «unknown: builtins.currentTime» ]",
        ),
        ("(builtins.groupBy (x: \"k\") open).k", "[ 1 2 «unknown: builtins.currentTime» ]"),
        ("builtins.catAttrs \"a\" [ { a = 1; } unknown ]", "[ 1 «unknown: builtins.currentTime» ]"),
    ]);
}

#[test]
fn a_choice_that_does_not_matter_is_settled() {
    check_partial(&[
        ("builtins.stringLength (if condition then \"ab\" else \"cd\")", UNKNOWN),
        ("builtins.stringLength (if condition then \"ab\" else \"ab\")", "2"),
        ("builtins.isString (if condition then \"ab\" else \"cd\")", "true"),
        ("builtins.isString (if condition then \"ab\" else 1)", UNKNOWN),
        ("(if condition then { a = 1; } else { a = 1; b = 2; }).a", "1"),
        ("builtins.attrNames (if condition then { a = 1; } else { a = 2; })", "[ \"a\" ]"),
    ]);
}

#[test]
fn what_is_outside_is_unknown_and_says_so() {
    check_all(&[
        (
            "builtins.getEnv \"HOME\"",
            "«unknown: builtins.getEnv …: it depends on the machine that evaluates»",
        ),
        (
            "(builtins.fetchGit \"https://x\").rev",
            "«unknown: builtins.fetchGit ….rev: it is fetched from the network»",
        ),
        (
            "import (builtins.fetchTarball \"https://x\")",
            "«unknown: builtins.fetchTarball …: it is fetched from the network»",
        ),
        (
            "builtins.length builtins.nixPath",
            "«unknown: builtins.nixPath: it depends on the machine that evaluates»",
        ),
        ("<nixpkgs>", "«unknown: <nixpkgs>: it depends on the machine that evaluates»"),
        (
            "builtins.findFile builtins.nixPath \"nixpkgs\"",
            "«unknown: <nixpkgs>: it depends on the machine that evaluates»",
        ),
    ]);
}

#[test]
fn a_file_of_a_derivation_is_an_import_from_derivation() {
    for (expr, events) in [
        ("import (derivation { name = \"n\"; system = \"s\"; builder = \"b\"; })", 1),
        ("builtins.readFile \"${derivation { name = \"n\"; system = \"s\"; builder = \"b\"; }}/x\"", 1),
        ("builtins.readDir (derivation { name = \"n\"; system = \"s\"; builder = \"b\"; })", 1),
        ("import (builtins.fetchTarball \"https://x\")", 0),
        ("builtins.readFile ./default.nix", 0),
    ] {
        with_value(&format!("#- /default.nix\n{expr}\n"), Budget::default(), |ev, value| {
            assert!(value.is_ok(), "{expr}");
            let found = ev
                .events()
                .iter()
                .filter(|event| matches!(event.kind, EventKind::ImportFromDerivation { .. }))
                .count();
            assert_eq!(found, events, "{expr}");
        });
    }
}

#[test]
fn choices_do_not_multiply_without_end() {
    // Ends, and soon: a budget that one look at each text would spend many times over.
    let budget = Budget { steps: 2_000_000, ..Budget::default() };
    for expr in [
        // A parser over an unknown text.
        "let parse = text: if text == \"\" then [ ] else
           if builtins.substring 0 1 text == \"a\" then [ 1 ] ++ parse (builtins.substring 1 (-1) text)
           else parse (builtins.substring 2 (-1) text);
         in parse (toString unknown)",
        "let count = n: if unknown == n then n else count (n + 1); in count 0 + 1",
        "let count = n: if unknown == n then count (n + 1) else if unknown > n then count (n + 2) else [ n ]; in builtins.length (count 0)",
        "let build = n: if unknown == n then { } else { inherit n; } // build (n + 1); in (build 0).n",
    ] {
        let text = format!("#- /default.nix\n{PRELUDE}{expr}\n");
        with_value(&text, budget, |ev, value| {
            let printed = value.and_then(|value| nixscope_eval::print_value(ev, value));
            assert!(printed.is_ok_and(|text| text.contains("«unknown")), "{expr}");
            assert!(!ev.is_exhausted(), "{expr}: {} steps", ev.steps());
        });
    }
}

#[test]
fn a_choice_of_which_not_all_is_known_is_no_single_value() {
    // The first sixteen alternatives are equal, the next one is not.
    let nested =
        (0..20).rev().fold("2".to_string(), |rest, n| format!("if unknown == {n} then 1 else ({rest})"));
    check_partial(&[(&format!("({nested}) == 1"), UNKNOWN)]);
}
