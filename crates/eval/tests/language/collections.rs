//! Builtins on sets, lists and numbers, with the values that Nix gives.

use crate::check_all;

#[test]
fn attribute_sets() {
    check_all(&[
        (r#"builtins.attrNames { b = 1; a = 2; "x y" = 3; A = 4; }"#, r#"[ "A" "a" "b" "x y" ]"#),
        ("builtins.attrNames { }", "[ ]"),
        ("builtins.attrValues { b = 1; a = 2; }", "[ 2 1 ]"),
        (r#"builtins.catAttrs "a" [ { a = 1; } { b = 2; } { a = 3; } ]"#, "[ 1 3 ]"),
        ("builtins.functionArgs ({ a, b ? 1, ... }: a)", "{ a = false; b = true; }"),
        ("builtins.functionArgs (x: x)", "{ }"),
        ("builtins.functionArgs builtins.map", "{ }"),
        (r#"builtins.getAttr "a" { a = 1; }"#, "1"),
        (r#"builtins.hasAttr "a" { a = throw "not looked at"; }"#, "true"),
        (r#"builtins.hasAttr "b" { a = 1; }"#, "false"),
        ("builtins.intersectAttrs { a = 1; b = 2; } { b = 3; c = 4; a = 5; }", "{ a = 5; b = 3; }"),
        (
            "builtins.intersectAttrs { x = 1; } { a = 1; b = 1; c = 1; d = 1; e = 1; f = 1; g = 1; h = 1; i = 1; x = 2; }",
            "{ x = 2; }",
        ),
        (
            "builtins.intersectAttrs { y = 1; } { a = 1; b = 1; c = 1; d = 1; e = 1; f = 1; g = 1; h = 1; i = 1; x = 2; }",
            "{ }",
        ),
        (
            r#"builtins.listToAttrs [ { name = "a"; value = 1; } { name = "b"; value = 2; } { name = "a"; value = 3; } ]"#,
            "{ a = 1; b = 2; }",
        ),
        (
            r#"builtins.listToAttrs [ { name = "a"; value = 1; other = throw "not looked at"; } ]"#,
            "{ a = 1; }",
        ),
        (
            "builtins.mapAttrs (name: value: name + toString value) { a = 1; b = 2; }",
            r#"{ a = "a1"; b = "b2"; }"#,
        ),
        (r#"(builtins.mapAttrs (throw "not called") { a = 1; }) ? a"#, "true"),
        (r#"removeAttrs { a = 1; b = 2; c = 3; } [ "a" "c" "z" ]"#, "{ b = 2; }"),
        ("removeAttrs { a = 1; } [ ]", "{ a = 1; }"),
        (
            "builtins.zipAttrsWith (name: values: { inherit name values; }) [ { a = 1; } { a = 2; b = 3; } { } ]",
            r#"{ a = { name = "a"; values = [ 1 2 ]; }; b = { name = "b"; values = [ 3 ]; }; }"#,
        ),
        (r#"builtins.unsafeGetAttrPos "nope" { }"#, "null"),
        (
            r#"builtins.groupBy (x: if x > 2 then "big" else "small") [ 1 2 3 4 ]"#,
            "{ big = [ 3 4 ]; small = [ 1 2 ]; }",
        ),
        ("{ a = 1; b = { c = 2; }; } // { b = 3; }", "{ a = 1; b = 3; }"),
        ("builtins.attrNames (builtins.mapAttrs (n: v: throw n) { b = 1; a = 2; })", r#"[ "a" "b" ]"#),
    ]);
}

#[test]
fn lists() {
    check_all(&[
        ("builtins.all (x: x > 1) [ 2 3 ]", "true"),
        (r#"builtins.all (x: x > 1) [ 2 1 (throw "not reached") ]"#, "false"),
        ("builtins.all (x: false) [ ]", "true"),
        (r#"builtins.any (x: x > 1) [ 1 2 (throw "not reached") ]"#, "true"),
        ("builtins.any (x: true) [ ]", "false"),
        ("builtins.concatLists [ [ 1 ] [ ] [ 2 [ 3 ] ] ]", "[ 1 2 [ 3 ] ]"),
        ("builtins.concatMap (x: [ x x ]) [ 1 2 ]", "[ 1 1 2 2 ]"),
        ("builtins.elem 2 [ 1 2 ]", "true"),
        ("builtins.elem { a = 1; } [ { a = 1; } ]", "true"),
        ("builtins.elem (x: x) [ (x: x) ]", "false"),
        ("builtins.elemAt [ 1 2 3 ] 1", "2"),
        ("builtins.filter (x: x > 1) [ 1 2 3 ]", "[ 2 3 ]"),
        ("builtins.foldl' (a: b: a - b) 10 [ 1 2 ]", "7"),
        (r#"builtins.foldl' (a: b: b) (throw "never used") [ 1 ]"#, "1"),
        ("builtins.foldl' builtins.add 0 [ 1 2 3 ]", "6"),
        ("builtins.genList (x: x * x) 4", "[ 0 1 4 9 ]"),
        ("builtins.genList throw 0", "[ ]"),
        (r#"builtins.length (builtins.genList (x: throw "lazy") 3)"#, "3"),
        ("builtins.head [ 1 2 ]", "1"),
        ("builtins.tail [ 1 2 3 ]", "[ 2 3 ]"),
        ("builtins.length [ 1 2 ]", "2"),
        ("map (x: x + 1) [ 1 2 ]", "[ 2 3 ]"),
        (r#"builtins.length (map (x: throw "lazy") [ 1 2 ])"#, "2"),
        ("builtins.partition (x: x > 1) [ 1 2 3 ]", "{ right = [ 2 3 ]; wrong = [ 1 ]; }"),
        ("builtins.sort (a: b: a < b) [ 3 1 2 ]", "[ 1 2 3 ]"),
        (r#"builtins.sort builtins.lessThan [ "b" "a" "B" ]"#, r#"[ "B" "a" "b" ]"#),
        ("builtins.sort builtins.lessThan [ 3 1.5 2 ]", "[ 1.5 2 3 ]"),
        (
            "builtins.sort (a: b: a.k < b.k) [ { k = 1; v = 1; } { k = 0; v = 2; } { k = 1; v = 3; } { k = 0; v = 4; } ]",
            "[ { k = 0; v = 2; } { k = 0; v = 4; } { k = 1; v = 1; } { k = 1; v = 3; } ]",
        ),
        (
            "builtins.sort (a: b: a > b) (builtins.genList (x: x) 20)",
            "[ 19 18 17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0 ]",
        ),
        (
            "builtins.genericClosure { startSet = [ { key = 1; } ]; operator = x: if x.key > 3 then [ ] else [ { key = x.key + 1; } { key = x.key + 2; } ]; }",
            "[ { key = 1; } { key = 2; } { key = 3; } { key = 4; } { key = 5; } ]",
        ),
        ("[ 1 2 ] ++ [ 3 ] == [ 1 2 3 ]", "true"),
        ("[ 1 2 ] < [ 1 3 ]", "true"),
        (r#"builtins.genericClosure { startSet = [ ]; operator = throw "not called"; }"#, "[ ]"),
    ]);
}

#[test]
fn numbers() {
    check_all(&[
        ("builtins.add 1 2", "3"),
        ("builtins.add 1 2.5", "3.5"),
        ("builtins.sub 1 2", "-1"),
        ("builtins.mul 3 4", "12"),
        ("builtins.div 7 2", "3"),
        ("builtins.div (-7) 2", "-3"),
        ("builtins.div 7.0 2", "3.5"),
        ("builtins.lessThan 1 2", "true"),
        ("builtins.lessThan 1.5 1", "false"),
        ("builtins.bitAnd 12 10", "8"),
        ("builtins.bitOr 12 10", "14"),
        ("builtins.bitXor 12 10", "6"),
        ("builtins.ceil 1.2", "2"),
        ("builtins.ceil (-1.2)", "-1"),
        ("builtins.floor 1.8", "1"),
        ("builtins.floor (-1.8)", "-2"),
        ("builtins.floor 3", "3"),
        ("1.0", "1"),
        ("0.1 + 0.2", "0.3"),
        ("100000000.0", "1e+08"),
        ("1.0e-10", "1e-10"),
        ("1 == 1.0", "true"),
        ("-1.5", "-1.5"),
    ]);
}

#[test]
fn types() {
    check_all(&[
        (
            r#"map builtins.typeOf [ 1 true "s" ./a null { } [ ] (x: x) 1.0 map ]"#,
            r#"[ "int" "bool" "string" "path" "null" "set" "list" "lambda" "float" "lambda" ]"#,
        ),
        (
            "[ (builtins.isAttrs { }) (builtins.isBool true) (builtins.isFloat 1.0) (builtins.isFunction map) (builtins.isInt 1) ]",
            "[ true true true true true ]",
        ),
        (
            r#"[ (builtins.isList [ ]) (isNull null) (builtins.isPath ./a) (builtins.isString "") (builtins.isInt 1.0) ]"#,
            "[ true true true true false ]",
        ),
        ("builtins.isFunction { __functor = self: x: x; }", "false"),
        ("builtins.isAttrs { __functor = self: x: x; }", "true"),
    ]);
}
