//! Signature help.

use expect_test::{Expect, expect};
use nixscope_ide::VfsPath;

use crate::support::{load, with_web};

fn check(module: &str, expected: Expect) {
    let (analysis, marker) = load(&with_web(module));
    let file = analysis.file(&VfsPath::new(&marker.path));
    let found = analysis.signature(file, marker.offset).expect("not cancelled");
    let shown = found.map(|it| {
        let (start, end) = it.parameters[it.active];
        let documented = if it.documentation.is_some() { ", documented" } else { "" };
        format!("{}<{}>{}{documented}\n", &it.label[..start], &it.label[start..end], &it.label[end..])
    });
    expected.assert_eq(&shown.unwrap_or_default());
}

#[test]
fn the_argument_at_the_cursor() {
    check(
        "let f = a: { b, c ? 1, ... }: a; in { x = f $0; }",
        expect![[r#"
        f <a> { b, c ?, ... }
    "#]],
    );
    check(
        "let f = a: { b, c ? 1, ... }: a; in { x = f 1 $0; }",
        expect![[r#"
        f a <{ b, c ?, ... }>
    "#]],
    );
    check(
        "{ lib, ... }: { x = lib.mapAttrsToList (a: b: a) $0",
        expect![[r#"
            lib.mapAttrsToList f <set>, documented
        "#]],
    );
    check(
        "{ x = builtins.substring 0 $0 }",
        expect![[r#"
        builtins.substring arg1 <arg2> arg3, documented
    "#]],
    );
    check("{ x = 1; $0 }", expect![[""]]);
}
