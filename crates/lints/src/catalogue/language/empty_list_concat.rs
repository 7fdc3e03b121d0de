//! `empty-list-concat`: `[ ] ++ x`.

use nixscope_hir::{BinaryOp, Expr, ExprId};

use crate::context::FileContext;
use crate::diagnostic::{Diagnostic, Fix, Tag};
use crate::edits::{may_hold_comment, replace};
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "empty-list-concat",
    group: Group::Language,
    level: Level::Hint,
    since: "0.1.0",
    summary: "`++` with an empty list",
    page: r#"
An empty list adds nothing.

## Example

```nix
{ extraModules, ... }:
{
  imports = [ ] ++ extraModules; # error
}
```

## Use instead

```nix
{ extraModules, ... }:
{
  imports = extraModules;
}
```

## Source

[statix](https://github.com/molybdenumsoftware/statix), `empty_list_concat`.
"#,
    check: Check::Exprs(&[ExprKind::Binary], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Expr::Binary(BinaryOp::Concat, left, right) = cx.body.exprs[id] else { return };
    let is_empty = |expr: ExprId| matches!(&cx.body.exprs[expr], Expr::List(items) if items.is_empty());
    let (empty, kept) = match (is_empty(left), is_empty(right)) {
        (true, _) => (left, right),
        (_, true) => (right, left),
        _ => return,
    };
    let range = cx.range(id);
    let mut finding =
        Diagnostic::new(&LINT, cx.file, cx.range(empty), "an empty list adds nothing to another")
            .with_tag(Tag::Unnecessary);
    let kept = cx.outer_range(kept);
    if range.contains_range(kept) && !may_hold_comment(cx, range) {
        let edits = vec![replace(cx, range, cx.slice(kept))];
        finding = finding.with_fix(Fix::safe("Remove the empty list", edits));
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn on_either_side() {
        check(
            &super::LINT,
            "{ a }: a ++ [ ]\n",
            expect![[r#"
            1:13 `[ ]` hint: an empty list adds nothing to another
                safe: Remove the empty list => { a }: a
        "#]],
        );
        check(
            &super::LINT,
            "{ a }: [ ] ++ [ a ] ++ a\n",
            expect![[r#"
            1:8 `[ ]` hint: an empty list adds nothing to another
                safe: Remove the empty list => { a }: [ a ] ++ a
        "#]],
        );
        check(
            &super::LINT,
            "{ a }: a ++ [ # for later\n ]\n",
            expect![[r#"
            1:13 `[ # for later ]` hint: an empty list adds nothing to another
        "#]],
        );
    }
}
