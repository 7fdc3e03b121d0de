//! `empty-let`: `let in x`.

use nixscope_hir::{Expr, ExprId};
use nixscope_syntax::TextRange;

use crate::context::FileContext;
use crate::diagnostic::{Diagnostic, Fix, Tag};
use crate::edits::{may_hold_comment, remove};
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "empty-let",
    group: Group::Language,
    level: Level::Hint,
    since: "0.1.0",
    summary: "a `let` without bindings",
    page: r#"
A `let` that binds nothing does nothing.

## Example

```nix
{ pkgs, ... }:
{
  environment.systemPackages = let in [ pkgs.hello ]; # error
}
```

## Use instead

```nix
{ pkgs, ... }:
{
  environment.systemPackages = [ pkgs.hello ];
}
```

## Source

[statix](https://github.com/molybdenumsoftware/statix), `empty_let_in`.
"#,
    check: Check::Exprs(&[ExprKind::Let], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Expr::Let { bindings, body } = &cx.body.exprs[id] else { return };
    if !bindings.named.is_empty() || !bindings.dynamic.is_empty() || !bindings.inherit_from.is_empty() {
        return;
    }
    let range = cx.range(id);
    let head = TextRange::new(range.start(), cx.outer_range(*body).start());
    // An `inherit;` is an entry, and another lint's business.
    if cx.slice(head).contains("inherit") {
        return;
    }
    let mut finding =
        Diagnostic::new(&LINT, cx.file, range, "this `let` binds nothing").with_tag(Tag::Unnecessary);
    if !may_hold_comment(cx, head) {
        finding = finding.with_fix(Fix::safe("Remove the `let`", vec![remove(cx, head)]));
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn comments_stay() {
        check(
            &super::LINT,
            "let\nin\n{ }\n",
            expect![[r#"
            1:1 `let in { }` hint: this `let` binds nothing
                safe: Remove the `let` => { }
        "#]],
        );
        check(
            &super::LINT,
            "let # why\nin { }\n",
            expect![[r#"
            1:1 `let # why in { }` hint: this `let` binds nothing
        "#]],
        );
        check(&super::LINT, "let a = 1; in a\n", expect![""]);
    }
}
