//! `trivial-wrapper`: `x: y: g x y`.

use nixscope_hir::{Expr, ExprId, Symbol};

use super::eta_reduction::unwrapped;
use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};
use crate::names;

pub(super) static LINT: Lint = Lint {
    name: "trivial-wrapper",
    group: Group::Language,
    level: Level::Hint,
    since: "0.1.0",
    summary: "a function that only calls another with the same arguments",
    page: r#"
The function adds nothing to the one it calls. The fix is safe where it is handed to a function that only
calls it, such as `mapAttrs`.

## Example

```nix
{ lib, mkUser, ... }:
{
  users.users = lib.mapAttrs (name: user: mkUser name user) { alice = { }; }; # error
}
```

## Use instead

```nix
{ lib, mkUser, ... }:
{
  users.users = lib.mapAttrs mkUser { alice = { }; };
}
```
"#,
    check: Check::Exprs(&[ExprKind::Lambda], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let mut arguments: Vec<Symbol> = Vec::new();
    let mut body = id;
    while let Expr::Lambda(lambda) = &cx.body.exprs[body] {
        let (None, Some((name, _))) = (&lambda.formals, lambda.arg) else { return };
        arguments.push(name);
        body = lambda.body;
    }
    let Expr::Apply { function, args } = &cx.body.exprs[body] else { return };
    if arguments.len() < 2 || args.len() != arguments.len() {
        return;
    }
    let depth = arguments.len() as u32;
    let same = args.iter().zip(&arguments).enumerate().all(|(index, (arg, wanted))| {
        matches!(&cx.body.exprs[*arg], Expr::Local { name, up, .. }
            if name == wanted && *up == depth - 1 - index as u32)
    });
    let outside = match &cx.body.exprs[*function] {
        Expr::Local { up, .. } => *up >= depth,
        Expr::Global(_) | Expr::WithName { .. } => true,
        _ => false,
    };
    if !same || !outside || names::bound(cx.body, *function) == Some(names::Bound::Expr(id)) {
        return;
    }
    let name = cx.slice(cx.range(*function));
    let message = format!("this only calls `{name}` with the same arguments: `{name}` itself does");
    found.push(unwrapped(cx, &LINT, id, name, message));
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn only_the_same_arguments() {
        check(
            &super::LINT,
            "{ g }: { f = x: y: g x y; }\n",
            expect![[r#"
            1:14 `x: y: g x y` hint: this only calls `g` with the same arguments: `g` itself does
                unsafe: Write `g` => { g }: { f = g; }
        "#]],
        );
        check(
            &super::LINT,
            "{ g }: { f = x: y: g y x; h = x: y: g x; i = x: x: g x x; j = x: y: x x y; k = x: y: g.a x y; }\n",
            expect![""],
        );
    }
}
