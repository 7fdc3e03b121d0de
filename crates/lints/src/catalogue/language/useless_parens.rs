//! `useless-parens`: parentheses that change nothing.

use nixscope_syntax::{AstNode, SyntaxKind, SyntaxNode, TextRange, ast};

use crate::context::FileContext;
use crate::diagnostic::{Diagnostic, Fix, Tag};
use crate::edits::{may_hold_comment, replace};
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "useless-parens",
    group: Group::Language,
    level: Level::Hint,
    since: "0.1.0",
    summary: "parentheses that change nothing",
    page: r#"
Parentheses around a whole value, around a name, a list, a set or a string group nothing.

## Example

```nix
{ config, ... }:
{
  networking.domain = (config.networking.hostName + ".example.org"); # error
}
```

## Use instead

```nix
{ config, ... }:
{
  networking.domain = config.networking.hostName + ".example.org";
}
```

## Source

[statix](https://github.com/molybdenumsoftware/statix), `useless_parens`.
"#,
    check: Check::Nodes(&[SyntaxKind::NODE_PAREN], check),
};

fn check(cx: &FileContext<'_>, node: &SyntaxNode, found: &mut Vec<Diagnostic>) {
    let Some(inner) = ast::Paren::cast(node.clone()).and_then(|it| it.expr()) else { return };
    let Some(parent) = node.parent() else { return };
    // Of several in each other the outermost is reported; its fix leaves the next one to be.
    if parent.kind() == SyntaxKind::NODE_PAREN || !is_useless(&parent, node, &inner) {
        return;
    }
    let range = node.text_range();
    let mut finding =
        Diagnostic::new(&LINT, cx.file, range, "these parentheses change nothing").with_tag(Tag::Unnecessary);
    let inside = inner.syntax().text_range();
    let open = TextRange::new(range.start(), inside.start());
    let close = TextRange::new(inside.end(), range.end());
    if !may_hold_comment(cx, open) && !may_hold_comment(cx, close) {
        // `f(x)` must not become `fx`.
        let before = cx.text.get(..usize::from(range.start())).and_then(|it| it.chars().next_back());
        let after = cx.text.get(usize::from(range.end())..).and_then(|it| it.chars().next());
        let space = |c: Option<char>| if c.is_some_and(sticks) { " " } else { "" };
        let edits = vec![replace(cx, open, space(before)), replace(cx, close, space(after))];
        finding = finding.with_fix(Fix::safe("Remove the parentheses", edits));
    }
    found.push(finding);
}

fn is_useless(parent: &SyntaxNode, node: &SyntaxNode, inner: &ast::Expr) -> bool {
    let is_value = match parent.kind() {
        SyntaxKind::NODE_ATTRPATH_VALUE | SyntaxKind::NODE_ROOT => true,
        SyntaxKind::NODE_LET_IN => {
            ast::LetIn::cast(parent.clone()).and_then(|it| it.body()).is_some_and(|it| it.syntax() == node)
        }
        _ => false,
    };
    if is_value {
        return true;
    }
    match inner {
        ast::Expr::Ident(_) | ast::Expr::List(_) | ast::Expr::AttrSet(_) | ast::Expr::Str(_) => true,
        ast::Expr::Paren(_) => true,
        // `(a.b or c).d` is something else than without, and elsewhere `(a.b or c)` is easier to read.
        ast::Expr::Select(it) => it.default_expr().is_none(),
        _ => false,
    }
}

/// Whether a character would become part of a name or number beside it.
fn sticks(c: char) -> bool {
    c.is_alphanumeric() || "_-'\"/.+~<:@".contains(c)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn around_what_is_one_thing() {
        check(
            &super::LINT,
            "{ f, a }: f (a) ([ a ]) ({ }) (\"b\") (a.c)\n",
            expect![[r#"
            1:13 `(a)` hint: these parentheses change nothing
                safe: Remove the parentheses => { f, a }: f a ([ a ]) ({ }) ("b") (a.c)
            1:17 `([ a ])` hint: these parentheses change nothing
                safe: Remove the parentheses => { f, a }: f (a) [ a ] ({ }) ("b") (a.c)
            1:25 `({ })` hint: these parentheses change nothing
                safe: Remove the parentheses => { f, a }: f (a) ([ a ]) { } ("b") (a.c)
            1:31 `("b")` hint: these parentheses change nothing
                safe: Remove the parentheses => { f, a }: f (a) ([ a ]) ({ }) "b" (a.c)
            1:37 `(a.c)` hint: these parentheses change nothing
                safe: Remove the parentheses => { f, a }: f (a) ([ a ]) ({ }) ("b") a.c
        "#]],
        );
        check(
            &super::LINT,
            "{ f, a }: f(a)\n",
            expect![[r#"
            1:12 `(a)` hint: these parentheses change nothing
                safe: Remove the parentheses => { f, a }: f a
        "#]],
        );
        check(
            &super::LINT,
            "{ a }: { b = (\n  a 1\n); }\n",
            expect![[r#"
            1:14 `( a 1 )` hint: these parentheses change nothing
                safe: Remove the parentheses => { a }: { b = a 1; }
        "#]],
        );
        check(
            &super::LINT,
            "{ a }: let b = a; in (b 1)\n",
            expect![[r#"
            1:22 `(b 1)` hint: these parentheses change nothing
                safe: Remove the parentheses => { a }: let b = a; in b 1
        "#]],
        );
        check(
            &super::LINT,
            "{ a }: ((a 1)) 2\n",
            expect![[r#"
            1:8 `((a 1))` hint: these parentheses change nothing
                safe: Remove the parentheses => { a }: (a 1) 2
        "#]],
        );
    }

    #[test]
    fn what_groups_is_silent() {
        check(
            &super::LINT,
            "{ f, a }: [ (f a) (x: x) (-1) ((a.b or a).c) ((a.b or a) ? c) (a + a) ]\n",
            expect![[r#"
                1:31 `((a.b or a).c)` hint: these parentheses change nothing
                    safe: Remove the parentheses => { f, a }: [ (f a) (x: x) (-1) (a.b or a).c ((a.b or a) ? c) (a + a) ]
            "#]],
        );
    }

    #[test]
    fn comments_stay() {
        check(
            &super::LINT,
            "{ a = ( # why\n 1); }\n",
            expect![[r#"
            1:7 `( # why 1)` hint: these parentheses change nothing
        "#]],
        );
    }
}
