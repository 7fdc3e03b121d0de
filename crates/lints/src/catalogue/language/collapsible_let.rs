//! `collapsible-let`: a `let` right inside another.

use nixscope_hir::{Bindings, Body, Expr, ExprId, Symbol};
use nixscope_syntax::{TextRange, TextSize};
use rustc_hash::FxHashSet;

use crate::context::FileContext;
use crate::diagnostic::{Diagnostic, Fix};
use crate::edits::{may_hold_comment, remove, with_line};
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "collapsible-let",
    group: Group::Language,
    level: Level::Hint,
    since: "0.1.0",
    summary: "a `let` right inside another `let`",
    page: r#"
Bindings of one `let` see each other, so that a second one adds nothing. Reported only where the names do not
get into each other's way.

## Example

```nix
let # error
  name = "web";
in
let
  domain = "${name}.example.org";
in
{
  networking.domain = domain;
}
```

## Use instead

```nix
let
  name = "web";
  domain = "${name}.example.org";
in
{
  networking.domain = domain;
}
```

## Source

[statix](https://github.com/molybdenumsoftware/statix), `collapsible_let_in`.
"#,
    check: Check::Exprs(&[ExprKind::Let], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Expr::Let { bindings: outer, body } = &cx.body.exprs[id] else { return };
    let Expr::Let { bindings: inner, .. } = &cx.body.exprs[*body] else { return };
    // With parentheses around it the inner one is set apart on purpose, if for no reason.
    if cx.outer_range(*body) != cx.range(*body) || !mergeable(cx, (id, outer), (*body, inner)) {
        return;
    }
    let (start, inner_start) = (cx.range(id).start(), cx.range(*body).start());
    let before = cx.slice(TextRange::new(start, inner_start));
    let Some(at) = before.trim_end().strip_suffix("in") else {
        let message = "this `let` holds nothing but another one: put the bindings together";
        let keyword = TextRange::at(start, TextSize::of("let"));
        let second = TextRange::at(inner_start, TextSize::of("let"));
        let finding = Diagnostic::new(&LINT, cx.file, keyword, message);
        found.push(finding.with_related(cx.file, second, "the other `let`"));
        return;
    };
    let keyword = TextRange::at(start + TextSize::of(at), TextSize::of("in"));
    let second = TextRange::at(inner_start, TextSize::of("let"));
    let message = "this `let` holds nothing but another one: put the bindings together";
    let both = TextRange::new(keyword.start(), second.end());
    let edits = match may_hold_comment(cx, both) {
        true => vec![remove(cx, keyword), remove(cx, second)],
        false => vec![remove(cx, with_line(cx, both))],
    };
    found.push(
        Diagnostic::new(&LINT, cx.file, TextRange::at(start, TextSize::of("let")), message)
            .with_related(cx.file, second, "the other `let`")
            .with_fix(Fix::safe("Put the bindings together", edits)),
    );
}

/// Whether the names of the two mean the same in one `let`.
fn mergeable(
    cx: &FileContext<'_>,
    (outer_let, outer): (ExprId, &Bindings),
    (inner_let, inner): (ExprId, &Bindings),
) -> bool {
    let names: FxHashSet<Symbol> = inner.named.iter().map(|it| it.name).collect();
    if outer.named.is_empty()
        || inner.named.is_empty()
        || outer.named.iter().any(|it| names.contains(&it.name))
    {
        return false;
    }
    // What `inherit x;` means is looked up outside of the `let`.
    let outer_names: FxHashSet<Symbol> = outer.named.iter().map(|it| it.name).collect();
    let inherits_outer = inner.named.iter().any(|it| {
        matches!(it.value, nixscope_hir::BindingValue::Inherit(value)
            if name_of(cx.body, value).is_some_and(|name| outer_names.contains(&name)))
    });
    if inherits_outer {
        return false;
    }
    // The outer bindings must not use a name from further out that the inner ones have too. Lowering makes them
    // after the outer `let` and before the inner one.
    let head = Body::raw(outer_let)..Body::raw(inner_let);
    !head.map(Body::expr_from_raw).any(|id| name_of(cx.body, id).is_some_and(|it| names.contains(&it)))
}

fn name_of(body: &Body, expr: ExprId) -> Option<Symbol> {
    match &body.exprs[expr] {
        Expr::Local { name, .. } | Expr::WithName { name, .. } => Some(*name),
        Expr::Global(name) | Expr::Unresolved(name) => Some(*name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn layout_stays() {
        check(
            &super::LINT,
            "let a = 1; in let b = a; in b\n",
            expect![[r#"
            1:1 `let` hint: this `let` holds nothing but another one: put the bindings together
                at 1:15 `let`: the other `let`
                safe: Put the bindings together => let a = 1; b = a; in b
        "#]],
        );
    }

    #[test]
    fn names_in_each_others_way() {
        check(&super::LINT, "{ b }: let a = b; in let b = 1; in a\n", expect![""]);
        check(&super::LINT, "let a = 1; in let a = 2; in a\n", expect![""]);
        check(
            &super::LINT,
            "let map = 1; in let a = 2; in a\n",
            expect![[r#"
            1:1 `let` hint: this `let` holds nothing but another one: put the bindings together
                at 1:17 `let`: the other `let`
                safe: Put the bindings together => let map = 1; a = 2; in a
        "#]],
        );
        check(&super::LINT, "let a = map; in let map = 2; in a\n", expect![""]);
    }
}
