//! `empty-pattern`: `{ ... }:`.

use nixscope_hir::{Expr, ExprId};
use nixscope_syntax::TextRange;

use crate::context::FileContext;
use crate::diagnostic::{Diagnostic, Fix};
use crate::edits::{may_hold_comment, replace};
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};
use crate::shapes::may_be_module;

pub(super) static LINT: Lint = Lint {
    name: "empty-pattern",
    group: Group::Language,
    level: Level::Hint,
    since: "0.1.0",
    summary: "`{ ... }:` where nothing is taken from the argument",
    page: r#"
A pattern that names nothing says no more than `_:`. In a module it is the usual form, and is left alone.

## Example

```nix
{
  lib.mkHost = name: { ... }: { # error
    networking.hostName = name;
  };
}
```

## Use instead

```nix
{
  lib.mkHost = name: _: {
    networking.hostName = name;
  };
}
```

## Source

[statix](https://github.com/molybdenumsoftware/statix), `empty_pattern`.
"#,
    check: Check::Exprs(&[ExprKind::Lambda], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Expr::Lambda(lambda) = &cx.body.exprs[id] else { return };
    let is_empty = lambda.formals.as_deref().is_some_and(<[_]>::is_empty);
    // A closed `{ }:` refuses every attribute, which is a test.
    if !is_empty || !lambda.open || lambda.arg.is_some() || may_be_module(cx, id, lambda) {
        return;
    }
    let range = cx.range(id);
    let Some(colon) = cx.slice(range).find('}') else { return };
    let end = range.start() + nixscope_syntax::TextSize::try_from(colon + 1).unwrap_or_default();
    let pattern = TextRange::new(range.start(), end);
    let message = "nothing is taken from the argument: `_:` says the same";
    let mut finding = Diagnostic::new(&LINT, cx.file, pattern, message);
    if !may_hold_comment(cx, pattern) {
        finding = finding.with_fix(Fix::safe("Write `_`", vec![replace(cx, pattern, "_")]));
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn modules_are_left_alone() {
        check(&super::LINT, "{ ... }: { }\n", expect![""]);
        check(&super::LINT, "{ imports = [ ({ ... }: { }) ]; }\n", expect![""]);
        check(&super::LINT, "{ nixosModules.a = { ... }: { }; }\n", expect![""]);
        check(
            &super::LINT,
            "{ a }: map ({ ... }: a) [ ({ }: 1) ({ ... }@args: args) ]\n",
            expect![[r#"
            1:13 `{ ... }` hint: nothing is taken from the argument: `_:` says the same
                safe: Write `_` => { a }: map (_: a) [ ({ }: 1) ({ ... }@args: args) ]
        "#]],
        );
    }
}
