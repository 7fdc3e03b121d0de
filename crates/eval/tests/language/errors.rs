//! What fails, and that nothing panics.

use nixscope_eval::Budget;

use crate::{check, check_all, print, with_value};

#[test]
fn errors_have_a_kind() {
    for (expr, kind) in [
        ("throw \"x\"", "Throw"),
        ("abort \"x\"", "Abort"),
        ("assert false; 1", "Assertion"),
        ("{ }.a", "MissingAttribute"),
        ("builtins.getAttr \"a\" { }", "MissingAttribute"),
        ("1 + \"a\"", "Type"),
        ("builtins.head [ ]", "Other"),
        ("builtins.tail [ ]", "Other"),
        ("builtins.elemAt [ 1 ] 1", "Other"),
        ("builtins.elemAt [ 1 ] (-1)", "Other"),
        ("builtins.genList (x: x) (-1)", "Other"),
        ("builtins.substring (-1) 1 \"a\"", "Other"),
        ("builtins.div 1 0", "Other"),
        ("builtins.div (-9223372036854775807 - 1) (-1)", "Other"),
        ("9223372036854775807 + 1", "Other"),
        ("builtins.match \"(\" \"x\"", "Other"),
        ("builtins.hashString \"md4\" \"x\"", "Other"),
        ("builtins.fromJSON \"{\"", "Other"),
        ("builtins.fromJSON \"[1,]\"", "Other"),
        ("builtins.fromJSON \"01\"", "Other"),
        ("builtins.fromJSON \"18446744073709551615\"", "Other"),
        ("builtins.fromTOML \"a = \"", "Other"),
        ("builtins.listToAttrs [ { name = \"a\"; } ]", "MissingAttribute"),
        ("builtins.readFile ./nope", "File"),
        ("builtins.readDir ./nope", "File"),
        ("import ./nope.nix", "File"),
        ("builtins.toJSON (x: x)", "Type"),
        ("map 1 [ 1 ]", "Type"),
        ("builtins.sort 1 [ 1 ]", "Type"),
        ("builtins.sort builtins.lessThan [ 1 \"a\" ]", "Type"),
        ("builtins.ceil 1.0e300", "Other"),
        ("builtins.fetchurl \"https://example.org/~x~\"", "Other"),
        ("builtins.fetchurl { url = \"https://example.org/x\"; name = \"~x~\"; }", "Other"),
        ("builtins.fetchurl { name = \"x\"; }", "MissingAttribute"),
        ("builtins.fetchTarball 1", "Type"),
        ("builtins.fetchTree { type = \"git\"; depth = -1; }", "Other"),
        ("builtins.fetchTree \"file:./x\"", "Other"),
        ("builtins.fetchTree [ ]", "Type"),
        ("builtins.getEnv [ ]", "Type"),
        ("builtins.storePath /a", "Other"),
        ("\"${./nope}\"", "File"),
        ("\"a\" + ./nope", "File"),
        ("builtins.filterSource [ ] /.", "Type"),
        ("builtins.filterSource (p: 1) /.", "Type"),
        ("builtins.filterSource (p: t: 1) /.", "Type"),
        ("builtins.path { path = /.; filter = p: t: null; }", "Type"),
        ("let x = x; in x", "InfiniteRecursion"),
        ("let f = x: f x + 1; in f 1", "StackOverflow"),
        ("(derivation { name = \"n\"; }).outPath", "MissingAttribute"),
        (
            "builtins.genericClosure { startSet = [ { key = 1; } { key = \"a\"; } ]; operator = x: [ ]; }",
            "Type",
        ),
    ] {
        let got = print(&format!("#- /default.nix\n{expr}\n"));
        assert!(got.starts_with(&format!("error: {kind}:")), "{expr}: {got}");
    }
}

#[test]
fn only_throw_and_assert_are_caught() {
    check_all(&[
        ("(builtins.tryEval (throw \"x\")).success", "false"),
        ("(builtins.tryEval (assert false; 1)).value", "false"),
        ("builtins.tryEval { a = throw \"later\"; } ? success", "true"),
    ]);
    assert!(print("#- /default.nix\nbuiltins.tryEval (abort \"x\")\n").starts_with("error: Abort"));
    assert!(print("#- /default.nix\nbuiltins.tryEval ({ }.a)\n").starts_with("error: MissingAttribute"));
}

#[test]
fn characters_are_never_cut_in_two() {
    check_all(&[
        ("builtins.substring 0 1 \"é\"", "\"\u{fffd}\""),
        ("builtins.substring 1 (-1) \"é\"", "\"\u{fffd}\""),
        ("builtins.replaceStrings [ \"\" ] [ \"-\" ] \"é\"", "\"-\u{fffd}-\u{fffd}-\""),
        ("builtins.match \"(.)(.)\" \"é\"", "[ \"\u{fffd}\" \"\u{fffd}\" ]"),
        ("builtins.split \"é\" \"aéb\"", "[ \"a\" [ ] \"b\" ]"),
        ("builtins.split \"\" \"é\"", "[ \"\" [ ] \"\u{fffd}\" [ ] \"\u{fffd}\" [ ] \"\" ]"),
        ("builtins.baseNameOf \"/é\"", "\"é\""),
        ("builtins.fromJSON \"\\\"é\\\"\"", "\"é\""),
        ("builtins.parseDrvName \"é-é\"", "{ name = \"é\"; version = \"é\"; }"),
        ("builtins.splitVersion \"é1é\"", "[ \"é\" \"1\" \"é\" ]"),
    ]);
}

#[test]
fn a_small_budget_ends_what_would_fill_the_memory() {
    let budget = Budget { steps: 1_000_000, depth: 10_000, memory: 64 << 20 };
    for expr in [
        "let f = n: if n == 0 then \"x\" else let s = f (n - 1); in s + s; in f 60",
        "let f = n: if n == 0 then \"x\" else let s = f (n - 1); in \"${s}${s}\"; in f 60",
        "let f = n: if n == 0 then [ 1 ] else let l = f (n - 1); in l ++ l; in f 60",
        "let f = n: if n == 0 then [ 1 ] else let l = f (n - 1); in builtins.concatLists [ l l ]; in f 60",
        "let f = n: if n == 0 then \"x\" else builtins.replaceStrings [ \"x\" ] [ \"xx\" ] (f (n - 1)); in f 60",
        "builtins.genList (x: x) 100000000000",
        "builtins.genericClosure { startSet = [ { key = 0; } ]; operator = x: [ { key = x.key + 1; } ]; }",
        "let f = x: f (x + 1); in f 0",
    ] {
        let fails =
            with_value(&format!("#- /default.nix\n{expr}\n"), budget, |_, value| value.map(|_| ()).is_err());
        assert!(fails, "{expr}");
    }
}

#[test]
fn deep_structures_do_not_overflow_the_stack() {
    check(
        "let deep = builtins.foldl' (tail: head: { inherit tail; }) null (builtins.genList (x: x) 20000);
        in builtins.stringLength (builtins.toJSON deep)",
        "180004",
    );
    let text = format!(
        "#- /default.nix\nbuiltins.fromJSON (builtins.readFile ./x.json) == 1\n#- /x.json\n{}\n",
        "[".repeat(300_000)
    );
    assert!(print(&text).starts_with("error:"));
}

#[test]
fn builtins_take_any_type_of_argument_without_panic() {
    const VALUES: &str = "[ null true 0 (-1) 9223372036854775807 1.5 \"\" \"é-1\" \"[[\" ./. /a/b [ ] [ 1 \"a\" ] { } \
        { a = 1; name = \"n\"; } (x: x) (x: y: x) map builtins.currentTime (builtins.getEnv \"X\") \
        (if builtins.currentTime == 1 then [ 1 ] else [ \"b\" ]) ]";
    let db = nixscope_test_fixture::TestDatabase::new(&nixscope_test_fixture::Fixture::parse(&format!(
        "#- /values.nix\n{VALUES}\n"
    )));
    let budget = Budget { steps: 100_000_000, depth: 1_000, memory: 1 << 30 };
    nixscope_eval::evaluate(&db, &nixscope_eval::NoModels, budget, |ev| {
        let place = nixscope_eval::Place::NONE;
        let Ok(values) = ev.import_path("/values.nix", place) else { panic!("values") };
        let Ok(values) = ev.as_list(values, place) else { panic!("a list") };
        for (name, _) in nixscope_eval::builtin_names() {
            let Some(function) = ev.builtin(name) else { continue };
            for a in values.items {
                for b in values.items {
                    for c in &values.items[..12] {
                        let mut value = Ok(function);
                        for argument in [a, b, c] {
                            value = value.and_then(|function| match function {
                                native @ nixscope_eval::Value::Native(_) => ev.apply(native, argument, place),
                                done => Ok(done),
                            });
                        }
                        if let Ok(value) = value {
                            let _ = nixscope_eval::print_value(ev, value);
                        }
                    }
                }
            }
        }
    });
}

#[test]
fn deep_recursion_that_ends_is_no_error() {
    check_all(&[
        ("let f = n: if n == 0 then 0 else 1 + f (n - 1); in f 100000", "100000"),
        ("let f = n: acc: if n == 0 then acc else f (n - 1) (acc + 1); in f 100000 0", "100000"),
        (
            "let xs = builtins.genList (i: if i == 0 then 0 else builtins.elemAt xs (i - 1) + 1) 100001;
             in builtins.elemAt xs 100000",
            "100000",
        ),
        (
            "let f = n: let x = n - 1; in if n == 0 then 0 else with { y = 1; }; assert x > -5; y + f x; in f 100000",
            "100000",
        ),
    ]);
}

#[test]
fn an_infinite_recursion_says_which_values_need_each_other() {
    let text = "#- /default.nix\nlet a = b + 1; b = c * 2; c = a; in c\n";
    let cycle = with_value(text, Budget::default(), |ev, value| {
        assert!(value.is_err());
        let places = ev.last_cycle().into_iter().filter_map(|place| place.resolve(ev));
        places
            .map(|place| place.source.text(ev.db).as_str()[place.range(ev.db)].to_string())
            .collect::<Vec<_>>()
    });
    assert_eq!(cycle, ["c * 2", "b + 1", "a"]);
}

#[test]
fn what_is_printed_has_an_end() {
    let budget = Budget { steps: 10_000_000, depth: 10_000, memory: 64 << 20 };
    for expr in [
        "builtins.foldl' (x: n: { a = x; b = x; }) 1 (builtins.genList (n: n) 64)",
        "builtins.foldl' (x: n: [ x x ]) 1 (builtins.genList (n: n) 64)",
    ] {
        let text = format!("#- /default.nix\n{expr}\n");
        with_value(&text, budget, |ev, value| {
            let Ok(value) = value else { panic!("a value") };
            let json = nixscope_eval::to_json_text(ev, value);
            assert!(json.is_err(), "{} bytes", json.map(|it| it.len()).unwrap_or_default());
        });
        with_value(&text, budget, |ev, value| {
            let Ok(value) = value else { panic!("a value") };
            assert!(nixscope_eval::to_json(ev, value).is_err());
        });
    }
}

#[test]
fn of_two_errors_the_one_is_reported_that_nix_meets_first() {
    let function = "error: Type: expected a function, found an integer";
    for (expr, message) in [
        ("builtins.all 1 \"a\"", function),
        ("builtins.any 1 \"a\"", function),
        ("builtins.concatMap 1 \"a\"", function),
        ("builtins.foldl' 1 2 [ ]", function),
        ("builtins.groupBy 1 \"a\"", function),
        ("builtins.partition 1 \"a\"", function),
        ("builtins.zipAttrsWith 1 [ 1 ]", function),
        ("\"a\" / 0", "error: Other: division by zero"),
        ("1 < \"a\"", "error: Type: cannot compare an integer with a string"),
        ("builtins.listToAttrs [ { name = 1; } ]", "error: Type: expected a string, found an integer"),
    ] {
        assert_eq!(print(expr), message, "{expr}");
    }
}

#[test]
fn what_a_derivation_says_to_nix_is_checked() {
    let with = |attribute: &str| {
        print(&format!("derivationStrict {{ name = \"n\"; builder = 1; system = 1; {attribute} }}"))
    };
    let names = "error: Other: the outputs of this derivation cannot have these names";
    let boolean = "error: Type: expected a Boolean, found a string";
    for (attribute, message) in [
        ("outputs = \"drvPath\";", names),
        ("outputs = \"out out\";", names),
        ("outputs = \"\";", "error: Other: a derivation needs an output"),
        ("outputs = \"out\"; __structuredAttrs = true;", "error: Type: expected a list, found a string"),
        ("__impure = \"true\";", boolean),
        ("__contentAddressed = \"true\";", boolean),
        ("outputHashMode = \"other\";", "error: Other: \"other\" is no mode of hashing an output"),
        ("args = \"a\";", "error: Type: expected a list, found a string"),
    ] {
        assert_eq!(with(attribute), message, "{attribute}");
    }
    assert!(with("outputs = \"out dev\";").contains(" dev = "));
}
