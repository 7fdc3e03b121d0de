//! `useless-has-attr`: `if a ? b then a.b else c`.

use nixscope_hir::{AttrName, Expr, ExprId};
use nixscope_syntax::TextRange;

use crate::context::FileContext;
use crate::diagnostic::{Diagnostic, Fix};
use crate::edits::{as_operand, may_hold_comment, replace};
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "useless-has-attr",
    group: Group::Language,
    level: Level::Hint,
    since: "0.1.0",
    summary: "`if a ? b then a.b else c` instead of `a.b or c`",
    page: r#"
`or` says what to take where the attribute is missing.

## Example

```nix
{ host, ... }:
{
  networking.domain = if host ? domain then host.domain else "example.org"; # error
}
```

## Use instead

```nix
{ host, ... }:
{
  networking.domain = host.domain or "example.org";
}
```

## Source

[statix](https://github.com/molybdenumsoftware/statix), `useless_has_attr`.
"#,
    check: Check::Exprs(&[ExprKind::If], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Expr::If(condition, then, otherwise) = cx.body.exprs[id] else { return };
    let Expr::HasAttr { base, path } = &cx.body.exprs[condition] else { return };
    let Expr::Select { base: selected, path: names, default: None } = &cx.body.exprs[then] else { return };
    // `a.b ? c` is taken apart elsewhere than `a.b.c`: what counts is how they are written.
    let last = |path: &[AttrName]| path.last().map(|it| cx.name_range(it.place()).end());
    let (Some(tested_end), Some(end)) = (last(path), last(names)) else { return };
    let tested = TextRange::new(cx.range(*base).start(), tested_end);
    let taken = TextRange::new(cx.range(*selected).start(), end);
    if !without_blanks(cx.slice(tested))
        .map(|c| if c == '?' { '.' } else { c })
        .eq(without_blanks(cx.slice(taken)))
        || cx.slice(taken).contains('?')
    {
        return;
    }
    let range = cx.range(id);
    let mut finding =
        Diagnostic::new(&LINT, cx.file, range, "this is `… or …`: `or` tests for the attribute");
    if !may_hold_comment(cx, range) {
        let instead = format!("{} or {}", cx.slice(cx.range(then)), as_operand(cx, otherwise));
        finding = finding.with_fix(Fix::safe("Write it with `or`", vec![replace(cx, range, instead)]));
    }
    found.push(finding);
}

fn without_blanks(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn any_path() {
        check(
            &super::LINT,
            "{ a }: if a.b ? c then a.b.c else null\n",
            expect![[r#"
            1:8 `if a.b ? c then a.b.c else null` hint: this is `… or …`: `or` tests for the attribute
                safe: Write it with `or` => { a }: a.b.c or null
        "#]],
        );
        check(
            &super::LINT,
            "{ a, b, f }: if a ? b.${b} then a.b.${b} else f 1\n",
            expect![[r#"
            1:14 `if a ? b.${b} then a.b.${b} else f 1` hint: this is `… or …`: `or` tests for the attribute
                safe: Write it with `or` => { a, b, f }: a.b.${b} or (f 1)
        "#]],
        );
        check(
            &super::LINT,
            "{ a, b }: if (a b) ? c then (a b).c else null\n",
            expect![[r#"
            1:11 `if (a b) ? c then (a b).c else null` hint: this is `… or …`: `or` tests for the attribute
                safe: Write it with `or` => { a, b }: (a b).c or null
        "#]],
        );
    }

    #[test]
    fn what_differs_is_silent() {
        check(&super::LINT, "{ a, b }: if a ? b then a.c else 1\n", expect![""]);
        check(&super::LINT, "{ a, b }: if a ? b then a.b.c else 1\n", expect![""]);
        check(&super::LINT, "{ a, b }: if a ? c then b.c else 1\n", expect![""]);
    }
}
