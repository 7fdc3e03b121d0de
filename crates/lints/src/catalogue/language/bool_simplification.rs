//! `bool-simplification`: a test that can be said directly.

use nixscope_hir::{BinaryOp, Expr, ExprId, UnaryOp};

use crate::context::FileContext;
use crate::diagnostic::{Diagnostic, Fix};
use crate::edits::{is_tight, may_hold_comment, negated, replace};
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};
use crate::shapes::is_global_name;

pub(super) static LINT: Lint = Lint {
    name: "bool-simplification",
    group: Group::Language,
    level: Level::Hint,
    since: "0.1.0",
    summary: "`!(a == b)`, `!!a`, `if c then true else false`",
    page: r#"
There is a shorter way to say the same: `a != b`, `a`, `c`.

## Example

```nix
{ config, lib, ... }:
{
  services.nginx.enable = if config.services.grafana.enable then true else false; # error
  services.openssh.enable = !(config.networking.hostName == "kiosk"); # error
}
```

## Use instead

```nix
{ config, lib, ... }:
{
  services.nginx.enable = config.services.grafana.enable;
  services.openssh.enable = config.networking.hostName != "kiosk";
}
```

## Source

[statix](https://github.com/molybdenumsoftware/statix), `bool_simplification`.
"#,
    check: Check::Exprs(&[ExprKind::Unary, ExprKind::If], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Some((message, instead)) = simpler(cx, id) else { return };
    let range = cx.range(id);
    let mut finding = Diagnostic::new(&LINT, cx.file, range, message);
    if !may_hold_comment(cx, range) {
        let title = match instead.len() {
            0..=60 if !instead.contains('\n') => format!("Write `{instead}`"),
            _ => "Simplify".to_string(),
        };
        finding = finding.with_fix(Fix::safe(title, vec![replace(cx, range, instead)]));
    }
    found.push(finding);
}

fn simpler(cx: &FileContext<'_>, id: ExprId) -> Option<(&'static str, String)> {
    let text = |expr| cx.slice(cx.outer_range(expr)).to_string();
    match cx.body.exprs[id] {
        Expr::Unary(UnaryOp::Not, operand) => match cx.body.exprs[operand] {
            Expr::Binary(op @ (BinaryOp::Equal | BinaryOp::NotEqual), left, right) => {
                let (message, sign) = match op {
                    BinaryOp::Equal => ("`!(a == b)` is `a != b`", "!="),
                    _ => ("`!(a != b)` is `a == b`", "=="),
                };
                let plain = format!("{} {sign} {}", text(left), text(right));
                Some((message, if is_tight(cx, id) { format!("({plain})") } else { plain }))
            }
            // The operand is forced to a bool twice, and comes out as it went in.
            Expr::Unary(UnaryOp::Not, inner) => Some(("two `!` undo each other", text(inner))),
            _ => None,
        },
        Expr::If(condition, then, otherwise) => {
            let is = |expr, name| is_global_name(cx, expr, name);
            if is(then, "true") && is(otherwise, "false") {
                Some(("the condition is the value already", text(condition)))
            } else if is(then, "false") && is(otherwise, "true") {
                Some(("this is the condition's negation", negated(cx, condition)))
            } else {
                None
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn negations() {
        check(
            &super::LINT,
            "{ a, b }: !(a == b) && !(a != 1) || !!a\n",
            expect![[r#"
            1:11 `!(a == b)` hint: `!(a == b)` is `a != b`
                safe: Write `a != b` => { a, b }: a != b && !(a != 1) || !!a
            1:24 `!(a != 1)` hint: `!(a != b)` is `a == b`
                safe: Write `a == 1` => { a, b }: !(a == b) && a == 1 || !!a
            1:37 `!!a` hint: two `!` undo each other
                safe: Write `a` => { a, b }: !(a == b) && !(a != 1) || a
        "#]],
        );
        check(
            &super::LINT,
            "{ a, b }: (!(a == b)) == true\n",
            expect![[r#"
            1:12 `!(a == b)` hint: `!(a == b)` is `a != b`
                safe: Write `a != b` => { a, b }: (a != b) == true
        "#]],
        );
        check(
            &super::LINT,
            "{ a, b }: !(a == b) == true\n",
            expect![[r#"
            1:11 `!(a == b)` hint: `!(a == b)` is `a != b`
                safe: Write `(a != b)` => { a, b }: (a != b) == true
        "#]],
        );
        check(
            &super::LINT,
            "{ a, f }: if f a then false else true\n",
            expect![[r#"
            1:11 `if f a then false else true` hint: this is the condition's negation
                safe: Write `!f a` => { a, f }: !f a
        "#]],
        );
        check(
            &super::LINT,
            "{ a, b }: if a || b then false else true\n",
            expect![[r#"
            1:11 `if a || b then false else true` hint: this is the condition's negation
                safe: Write `!(a || b)` => { a, b }: !(a || b)
        "#]],
        );
    }

    #[test]
    fn what_is_simple_is_silent() {
        check(&super::LINT, "{ a, b }: !(a < b) && !a && (if a then true else b)\n", expect![""]);
    }
}
