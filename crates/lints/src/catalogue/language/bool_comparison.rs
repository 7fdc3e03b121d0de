//! `bool-comparison`: a bool compared with `true` or `false`.

use nixscope_hir::{BinaryOp, Expr, ExprId};

use crate::context::FileContext;
use crate::diagnostic::{Diagnostic, Fix};
use crate::edits::{may_hold_comment, negated, replace};
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};
use crate::shapes::{is_bool, is_global_name};

pub(super) static LINT: Lint = Lint {
    name: "bool-comparison",
    group: Group::Language,
    level: Level::Hint,
    since: "0.1.0",
    summary: "a bool compared with `true` or `false`",
    page: r#"
The comparison says what the value says already. Reported only where the other side can be nothing but a
bool: another comparison, a test such as `builtins.elem`, an option named `enable`. `(a.b or null) == true`
is fine: the value may be null.

## Example

```nix
{ config, lib, ... }:
{
  services.nginx.enable = config.services.grafana.enable == true; # error
}
```

## Use instead

```nix
{ config, lib, ... }:
{
  services.nginx.enable = config.services.grafana.enable;
}
```

## Source

[statix](https://github.com/molybdenumsoftware/statix), `bool_comparison`.
"#,
    check: Check::Exprs(&[ExprKind::Binary], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Expr::Binary(op @ (BinaryOp::Equal | BinaryOp::NotEqual), left, right) = cx.body.exprs[id] else {
        return;
    };
    let (value, literal) = match (literal(cx, left), literal(cx, right)) {
        (None, Some(literal)) => (left, literal),
        (Some(literal), None) => (right, literal),
        _ => return,
    };
    if !is_bool(cx, value) {
        return;
    }
    let keeps = literal == (op == BinaryOp::Equal);
    let instead = match keeps {
        true => cx.slice(cx.outer_range(value)).to_string(),
        false => negated(cx, value),
    };
    let message = "this is a bool already: the comparison adds nothing";
    let mut finding = Diagnostic::new(&LINT, cx.file, cx.range(id), message);
    if !may_hold_comment(cx, cx.range(id)) {
        finding =
            finding.with_fix(Fix::safe("Drop the comparison", vec![replace(cx, cx.range(id), instead)]));
    }
    found.push(finding);
}

fn literal(cx: &FileContext<'_>, expr: ExprId) -> Option<bool> {
    match is_global_name(cx, expr, "true") {
        true => Some(true),
        false => is_global_name(cx, expr, "false").then_some(false),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn any_way_round() {
        check(
            &super::LINT,
            "{ a, b }: false == (a < b)\n",
            expect![[r#"
            1:11 `false == (a < b)` hint: this is a bool already: the comparison adds nothing
                safe: Drop the comparison => { a, b }: !(a < b)
        "#]],
        );
        check(
            &super::LINT,
            "{ a, b }: (a == b) != false\n",
            expect![[r#"
            1:11 `(a == b) != false` hint: this is a bool already: the comparison adds nothing
                safe: Drop the comparison => { a, b }: (a == b)
        "#]],
        );
        check(
            &super::LINT,
            "{ a, b }: builtins.elem a b == false\n",
            expect![[r#"
            1:11 `builtins.elem a b == false` hint: this is a bool already: the comparison adds nothing
                safe: Drop the comparison => { a, b }: !builtins.elem a b
        "#]],
        );
        check(
            &super::LINT,
            "{ config }: let cfg = config.x; in cfg.enable == true\n",
            expect![[r#"
            1:36 `cfg.enable == true` hint: this is a bool already: the comparison adds nothing
                safe: Drop the comparison => { config }: let cfg = config.x; in cfg.enable
        "#]],
        );
    }

    #[test]
    fn what_may_be_no_bool_is_silent() {
        check(&super::LINT, "{ a }: (a.b or null) == true\n", expect![""]);
        check(&super::LINT, "{ a }: a.b == true\n", expect![""]);
        check(&super::LINT, "{ config }: (config.a.enable or null) == true\n", expect![""]);
        check(&super::LINT, "{ true, a }: (a < 1) == true\n", expect![""]);
    }
}
