//! `manual-inherit-from`: `a = b.a;`.

use nixscope_syntax::AstNode;
use nixscope_syntax::{SyntaxKind, SyntaxNode, TextRange, ast};

use crate::context::FileContext;
use crate::diagnostic::{Diagnostic, Fix};
use crate::edits::{may_hold_comment, replace};
use crate::lint::{Check, Group, Level, Lint};
use crate::shapes::single_name;

pub(super) static LINT: Lint = Lint {
    name: "manual-inherit-from",
    group: Group::Language,
    level: Level::Hint,
    since: "0.1.0",
    summary: "`a = b.a;` instead of `inherit (b) a;`",
    page: r#"
`inherit (b) a` says that the name is the same on purpose, and takes several at once.

## Example

```nix
{ lib, ... }:
let
  mkIf = lib.mkIf; # error
in
{
  config = mkIf true { };
}
```

## Use instead

```nix
{ lib, ... }:
let
  inherit (lib) mkIf;
in
{
  config = mkIf true { };
}
```

## Source

[statix](https://github.com/molybdenumsoftware/statix), `manual_inherit_from`.
"#,
    check: Check::Nodes(&[SyntaxKind::NODE_ATTRPATH_VALUE], check),
};

fn check(cx: &FileContext<'_>, node: &SyntaxNode, found: &mut Vec<Diagnostic>) {
    let Some(entry) = ast::AttrpathValue::cast(node.clone()) else { return };
    let Some(ast::Expr::Select(select)) = entry.value() else { return };
    let Some(name) = entry.attrpath().and_then(|path| single_name(&path)) else { return };
    let (None, Some(base), Some(path)) = (select.default_expr(), select.expr(), select.attrpath()) else {
        return;
    };
    let attrs: Vec<ast::Attr> = path.attrs().collect();
    let [before @ .., ast::Attr::Ident(last)] = attrs.as_slice() else { return };
    if last.syntax().text() != name.as_str() {
        return;
    }
    // `a = a.a` in a `let` needs itself either way; nobody means it.
    if matches!(&base, ast::Expr::Ident(it) if it.syntax().text() == name.as_str()) {
        return;
    }
    let end = before.last().map_or(base.syntax().text_range().end(), |it| it.syntax().text_range().end());
    let from = cx.slice(TextRange::new(base.syntax().text_range().start(), end));
    let from = match &base {
        ast::Expr::Paren(_) if before.is_empty() => from.to_string(),
        _ => format!("({from})"),
    };
    let range = node.text_range();
    let instead = format!("inherit {from} {name};");
    let shown = if from.len() > 50 || from.contains('\n') { "(…)" } else { &from };
    let message = format!("this is `inherit {shown} {name};`");
    let mut finding = Diagnostic::new(&LINT, cx.file, range, message);
    if !may_hold_comment(cx, range) {
        let title = format!("Write `inherit {shown} {name};`");
        finding = finding.with_fix(Fix::safe(title, vec![replace(cx, range, instead)]));
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn any_path() {
        check(
            &super::LINT,
            "{ a }: { c = a.b.c; d = a.d; }\n",
            expect![[r#"
            1:10 `c = a.b.c;` hint: this is `inherit (a.b) c;`
                safe: Write `inherit (a.b) c;` => { a }: { inherit (a.b) c; d = a.d; }
            1:21 `d = a.d;` hint: this is `inherit (a) d;`
                safe: Write `inherit (a) d;` => { a }: { c = a.b.c; inherit (a) d; }
        "#]],
        );
        check(
            &super::LINT,
            "{ a }: { c = (a 1).c; d = a.${\"x\"}.d; }\n",
            expect![[r#"
            1:10 `c = (a 1).c;` hint: this is `inherit (a 1) c;`
                safe: Write `inherit (a 1) c;` => { a }: { inherit (a 1) c; d = a.${"x"}.d; }
            1:23 `d = a.${"x"}.d;` hint: this is `inherit (a.${"x"}) d;`
                safe: Write `inherit (a.${"x"}) d;` => { a }: { c = (a 1).c; inherit (a.${"x"}) d; }
        "#]],
        );
    }

    #[test]
    fn what_is_no_inherit_is_silent() {
        check(&super::LINT, "{ a }: { c = a.c or 1; d.c = a.c; e = a.\"e\"; f = a.b; }\n", expect![""]);
        check(&super::LINT, "{ a }: { b = 1; a = a.a; }\n", expect![""]);
    }
}
