//! `eta-reduction`: `x: f x`.

use nixscope_hir::{Expr, ExprId};

use crate::context::FileContext;
use crate::diagnostic::{Applicability, Diagnostic, Fix};
use crate::edits::{may_hold_comment, replace};
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};
use crate::names;

pub(super) static LINT: Lint = Lint {
    name: "eta-reduction",
    group: Group::Language,
    level: Level::Hint,
    since: "0.1.0",
    summary: "`x: f x` instead of `f`",
    page: r#"
A function that only hands its argument on is that function. The fix is safe where the function is handed
to one that is known to only call it, such as `map`; elsewhere it is unsafe, because the two differ in when
`f` is looked at and in what `builtins.functionArgs` says of them.

## Example

```nix
{ lib, ... }:
{
  environment.etc.hosts.text = lib.concatStrings (map (port: toString port) [ 80 443 ]); # error
}
```

## Use instead

```nix
{ lib, ... }:
{
  environment.etc.hosts.text = lib.concatStrings (map toString [ 80 443 ]);
}
```

## Source

[statix](https://github.com/molybdenumsoftware/statix), `eta_reduction`.
"#,
    check: Check::Exprs(&[ExprKind::Lambda], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Expr::Lambda(lambda) = &cx.body.exprs[id] else { return };
    let (None, Some((argument, _))) = (&lambda.formals, lambda.arg) else { return };
    let Expr::Apply { function, args } = &cx.body.exprs[lambda.body] else { return };
    let [only] = args.as_ref() else { return };
    let is_argument =
        |expr: ExprId| matches!(&cx.body.exprs[expr], Expr::Local { name, up: 0, .. } if *name == argument);
    let is_name =
        matches!(cx.body.exprs[*function], Expr::Local { .. } | Expr::Global(_) | Expr::WithName { .. });
    if !is_argument(*only) || !is_name || is_argument(*function) {
        return;
    }
    // `f = x: f x` is another mistake.
    if names::bound(cx.body, *function) == Some(names::Bound::Expr(id)) {
        return;
    }
    let name = cx.slice(cx.range(*function));
    let message = format!("`{argument}: {name} {argument}` is `{name}`");
    found.push(unwrapped(cx, &LINT, id, name, message));
}

/// The finding that a function may as well be the one it calls.
pub(super) fn unwrapped(
    cx: &FileContext<'_>,
    lint: &'static Lint,
    wrapper: ExprId,
    called: &str,
    message: String,
) -> Diagnostic {
    let range = cx.outer_range(wrapper);
    let finding = Diagnostic::new(lint, cx.file, cx.range(wrapper), message);
    if may_hold_comment(cx, range) {
        return finding;
    }
    let applicability = match is_only_called(cx, wrapper) {
        true => Applicability::Safe,
        false => Applicability::Unsafe,
    };
    let edits = vec![replace(cx, range, called)];
    finding.with_fix(Fix { title: format!("Write `{called}`"), applicability, edits })
}

/// Whether a function is handed to one that does nothing with it but call it.
fn is_only_called(cx: &FileContext<'_>, function: ExprId) -> bool {
    let Some(parent) = cx.outline.parent(function) else { return false };
    let Some((caller, args)) = names::applied(cx.body, parent) else { return false };
    args.first() == Some(&function)
        && caller.library().is_some_and(|it| {
            matches!(
                it,
                "map"
                    | "filter"
                    | "any"
                    | "all"
                    | "concatMap"
                    | "concatMapStrings"
                    | "genList"
                    | "mapAttrs"
                    | "mapAttrsToList"
                    | "filterAttrs"
                    | "imap0"
                    | "imap1"
            )
        })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn only_plain_names() {
        check(
            &super::LINT,
            "{ f }: { a = x: f x; b = (y: f y) 1; }\n",
            expect![[r#"
            1:14 `x: f x` hint: `x: f x` is `f`
                unsafe: Write `f` => { f }: { a = f; b = (y: f y) 1; }
            1:27 `y: f y` hint: `y: f y` is `f`
                unsafe: Write `f` => { f }: { a = x: f x; b = f 1; }
        "#]],
        );
    }

    #[test]
    fn what_is_more_is_silent() {
        check(
            &super::LINT,
            "{ f, g }: [ (x: f.a x) (x: f x x) (x: x x) (x: f 1) ({ x }: f x) (x: f x 1) (x: (g f) x) ]\n",
            expect![""],
        );
        check(&super::LINT, "let f = x: f x; in f\n", expect![""]);
    }
}
