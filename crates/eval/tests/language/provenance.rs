//! Where values come from.

use nixscope_eval::{Budget, EventKind, Value};

use crate::with_value;

/// The text at the place of each attribute of the value, by name: `name@file:text`.
fn places(fixture: &str) -> Vec<String> {
    let db = nixscope_test_fixture::TestDatabase::new(&nixscope_test_fixture::Fixture::parse(fixture));
    nixscope_eval::evaluate(&db, &nixscope_eval::NoModels, Budget::default(), |ev| {
        let Ok(value) = ev.import_path("/default.nix", nixscope_eval::Place::NONE) else { panic!("a value") };
        let Ok(attrs) = ev.as_attrs(value, nixscope_eval::Place::NONE) else { panic!("a set") };
        attrs
            .sorted()
            .into_iter()
            .map(|attr| match attr.place.resolve(ev) {
                Some(place) => {
                    let range = place.range(&db);
                    let text = place.source.text(&db).as_str();
                    let rest = text.get(usize::from(range.start())..).unwrap_or_default();
                    let shown = match range.is_empty() {
                        true => rest.split(['\n', ':', ' ']).next().unwrap_or_default(),
                        false => rest.get(..usize::from(range.len())).unwrap_or_default(),
                    };
                    format!("{}@{}:{shown}", attr.name, place.source.path(&db))
                }
                None => format!("{}@nowhere", attr.name),
            })
            .collect()
    })
}

#[test]
fn attributes_keep_their_place_through_builtins() {
    let check = |expr: &str, want: &[&str]| {
        assert_eq!(places(&format!("#- /default.nix\n{expr}\n")), want, "{expr}");
    };
    check("builtins.mapAttrs (n: v: v) { a = 1; }", &["a@/default.nix:a"]);
    check("removeAttrs { a = 1; b = 2; } [ \"b\" ]", &["a@/default.nix:a"]);
    check("builtins.intersectAttrs { a = 1; } { a = 2; }", &["a@/default.nix:a"]);
    check("builtins.listToAttrs [ { name = \"x\"; value = 1; } ]", &["x@/default.nix:value"]);
    check("builtins.zipAttrsWith (n: v: v) [ { a = 1; } { a = 2; } ]", &["a@/default.nix:a"]);
    check("builtins.groupBy (x: \"g\") [ \"element\" ]", &["g@/default.nix:\"element\""]);
}

#[test]
fn attributes_of_data_files_point_into_them() {
    assert_eq!(
        places(
            "#- /default.nix\nbuiltins.fromJSON (builtins.readFile ./x.json)\n#- /x.json\n{\"first\": 1,\n \"second\": {}}\n"
        ),
        ["first@/x.json:\"first\"", "second@/x.json:\"second\""]
    );
    assert_eq!(
        places(
            "#- /default.nix\nbuiltins.fromTOML (builtins.readFile ./x.toml)\n#- /x.toml\nfirst = 1\n[second]\nx = 1\n"
        ),
        ["first@/x.toml:first", "second@/x.toml:second]"]
    );
    assert_eq!(places("#- /default.nix\nbuiltins.fromJSON \"{\\\"a\\\": 1}\"\n"), ["a@nowhere"]);
}

#[test]
fn elements_keep_their_place_through_map_and_filter() {
    let text = "#- /default.nix\nmap (x: x + 1) (builtins.filter (x: x > 1) [ 1 22 333 ])\n";
    let shown = with_value(text, Budget::default(), |ev, value| {
        let Ok(Value::List(list)) = value else { panic!("a list") };
        let places = list.items.iter().map(|item| item.place().resolve(ev).map(|place| place.range(ev.db)));
        places.flatten().map(|range| u32::from(range.len())).collect::<Vec<_>>()
    });
    assert_eq!(shown, [2, 3]);
}

#[test]
fn reading_a_file_is_noted() {
    let text = "#- /default.nix\nbuiltins.readFile ./x.txt\n#- /x.txt\ntext\n";
    with_value(text, Budget::default(), |ev, value| {
        assert!(value.is_ok());
        let read: Vec<&str> = ev
            .events()
            .into_iter()
            .filter_map(|event| match event.kind {
                EventKind::ReadFile { path } => Some(path),
                _ => None,
            })
            .collect();
        assert_eq!(read, ["/x.txt"]);
    });
}

#[test]
fn attributes_keep_their_place_through_the_language() {
    let check = |expr: &str, want: &[&str]| {
        assert_eq!(places(&format!("#- /default.nix\n{expr}\n#- /x.nix\n{{ file = 1; }}\n")), want, "{expr}");
    };
    check("{ a = 1; } // { b = 2; }", &["a@/default.nix:a", "b@/default.nix:b"]);
    check("let x = { a = 1; }; in { inherit (x) a; }", &["a@/default.nix:a"]);
    check("with { s = { a = 1; }; }; s", &["a@/default.nix:a"]);
    check(
        "builtins.foldl' (a: b: a // b) { } [ { a = 1; } { b = 2; } ]",
        &["a@/default.nix:a", "b@/default.nix:b"],
    );
    check("import ./x.nix // { a = 1; }", &["a@/default.nix:a", "file@/x.nix:file"]);
    check("(f: f { a = 1; }) (x: x)", &["a@/default.nix:a"]);
    check(
        "let update = a: b: builtins.zipAttrsWith (n: v: builtins.elemAt v (builtins.length v - 1)) [ a b ];
         in update { a = 1; b = 1; } { b = 2; }",
        &["a@/default.nix:a", "b@/default.nix:b"],
    );
}
