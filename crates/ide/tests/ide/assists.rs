//! Refactorings.

use expect_test::{Expect, expect};
use nixscope_ide::{TextRange, TextSize, VfsPath};

use crate::support::load;

/// Each refactoring offered, and the text after it. With `selected`, that text is selected.
fn check(text: &str, selected: &str, expected: Expect) {
    let (analysis, marker) = load(&format!("#- /flake.nix\n{{ outputs = _: {{ }}; }}\n#- /a.nix\n{text}\n"));
    let file = analysis.file(&VfsPath::new("/a.nix"));
    let before = analysis.text(file);
    let range = TextRange::at(marker.offset, TextSize::of(selected));
    let mut out = String::new();
    for assist in analysis.assists(file, range).expect("not cancelled") {
        let mut after = before.clone();
        let mut edits = assist.edits;
        edits.sort_by_key(|edit| edit.range.start());
        for edit in edits.iter().rev() {
            after.replace_range(
                usize::from(edit.range.start())..usize::from(edit.range.end()),
                &edit.new_text,
            );
        }
        out.push_str(&format!("{}\n  {}\n", assist.title, after.trim_end().replace('\n', "\n  ")));
    }
    expected.assert_eq(&out);
}

#[test]
fn attribute_paths() {
    check(
        "{\n  $0a = { b = 1; c.d = 2; };\n}",
        "",
        expect![[r#"
        Flatten into attribute paths
          {
            a.b = 1;
            a.c.d = 2;
          }
        Quote the attribute name
          {
            "a" = { b = 1; c.d = 2; };
          }
    "#]],
    );
    check(
        "{\n  $0a.b = 1;\n  x = 2;\n  a.c = 3;\n}",
        "",
        expect![[r#"
        Pack into one attribute set
          {
            a = {
              b = 1;
              c = 3;
            };
            x = 2;
          }
        Quote the attribute name
          {
            "a".b = 1;
            x = 2;
            a.c = 3;
          }
    "#]],
    );
    check(
        "{ \"$0b\" = 1; \"a b\" = 2; }",
        "",
        expect![[r#"
        Remove the quotes
          { b = 1; "a b" = 2; }
    "#]],
    );
    check(
        "{ $0a = rec { b = 1; }; }",
        "",
        expect![[r#"
        Quote the attribute name
          { "a" = rec { b = 1; }; }
    "#]],
    );
}

#[test]
fn strings() {
    check(
        "{ a = \"say \\\"h$0i\\\"\"; }",
        "",
        expect![[r#"
        Write as an indented string
          { a = ''say "hi"''; }
    "#]],
    );
    check(
        "{ a = ''say \"h$0i\"''; }",
        "",
        expect![[r#"
        Write as a plain string
          { a = "say \"hi\""; }
    "#]],
    );
    check("{ a = \"tab\\t$0\"; }", "", expect![[""]]);
}

#[test]
fn inherits() {
    check(
        "a: { $0x = a.b.x; }",
        "",
        expect![[r#"
        Quote the attribute name
          a: { "x" = a.b.x; }
        Write as inherit
          a: { inherit (a.b) x; }
    "#]],
    );
    check(
        "x: { x = $0x; }",
        "",
        expect![[r#"
        Write as inherit
          x: { inherit x; }
    "#]],
    );
    check("x: let x = $0x; in x", "", expect![[""]]);
    check(
        "a: { inherit (a) x $0y; }",
        "",
        expect![[r#"
        Write as bindings
          a: { x = a.x; y = a.y; }
    "#]],
    );
}

#[test]
fn names() {
    check(
        "lib: $0with lib; [ a (b.c) ]",
        "",
        expect![[r#"
        Name the source of each name instead of `with`
          lib: [ lib.a (lib.b.c) ]
    "#]],
    );
    check("a: b: $0with a; with b; [ c ]", "", expect![[""]]);
    check(
        "{ lib, ... }: { a = pk$0gs.hello; }",
        "",
        expect![[r#"
        Add `pkgs` to the function's arguments
          { lib, pkgs, ... }: { a = pkgs.hello; }
    "#]],
    );
}

#[test]
fn bindings() {
    check(
        "let x = 1 + 2; in { a = $0x * 2; }",
        "",
        expect![[r#"
        Put the value of `x` here
          let x = 1 + 2; in { a = (1 + 2) * 2; }
    "#]],
    );
    check("y: let x = y; in { a = y: $0x; }", "", expect![[""]]);
    check(
        "{ lib }: { a = f $0(1 + 2); }",
        "(1 + 2)",
        expect![[r#"
        Extract into a `let` binding `value`
          { lib }: { a = let value = (1 + 2); in f value; }
    "#]],
    );
    check("{ a = map (x: $0x + 1) [ ]; }", "x + 1", expect![[""]]);
}
