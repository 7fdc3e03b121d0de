//! `option-without-type`: `mkOption` without `type`.

use nixscope_hir::{BinaryOp, Bindings, Expr, ExprId};

use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};
use crate::names;

pub(super) static LINT: Lint = Lint {
    name: "option-without-type",
    group: Group::Modules,
    level: Level::Warning,
    since: "0.1.0",
    summary: "`mkOption` without a `type`",
    page: r#"
An option without a type takes anything, and a mistake shows where the value is used instead of where it is
defined. How several definitions are merged is then a guess of the module system, too.

## Example

```nix
{ lib, ... }:
{
  options.backup.target = lib.mkOption { # error
    default = "/srv/backup";
    description = "Where backups go.";
  };
}
```

## Use instead

```nix
{ lib, ... }:
{
  options.backup.target = lib.mkOption {
    type = lib.types.path;
    default = "/srv/backup";
    description = "Where backups go.";
  };
}
```

## Source

The NixOS manual, ["Option declarations"](https://nixos.org/manual/nixos/stable/#sec-option-declarations).
"#,
    check: Check::Exprs(&[ExprKind::Apply], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Some((function, bindings)) = option_declaration(cx, id) else { return };
    if bindings.named.iter().any(|it| matches!(it.name.as_str(), "type" | "apply")) {
        return;
    }
    let message = "this option has no `type`: it takes any value, and merges by guess";
    found.push(Diagnostic::new(&LINT, cx.file, cx.range(function), message));
}

/// The attributes of a `mkOption { … }` that are written out completely, and where `mkOption` is.
pub(super) fn option_declaration<'a>(cx: &FileContext<'a>, id: ExprId) -> Option<(ExprId, &'a Bindings)> {
    let (known, args) = names::applied(cx.body, id)?;
    let Expr::Apply { function, .. } = &cx.body.exprs[id] else { return None };
    let [argument] = args else { return None };
    let Expr::Attrs(bindings) = &cx.body.exprs[*argument] else { return None };
    // `mkOption { … } // { type = …; }`
    let is_extended = cx
        .outline
        .parent(id)
        .is_some_and(|it| matches!(cx.body.exprs[it], Expr::Binary(BinaryOp::Update, ..)));
    (known.library() == Some("mkOption") && bindings.dynamic.is_empty() && !is_extended)
        .then_some((*function, bindings))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn what_may_have_one_is_silent() {
        check(
            &super::LINT,
            "{ lib, x }: { a = lib.mkOption ({ } // x); b = lib.mkOption { inherit (x) type; }; c = lib.mkOption { } // x; d = lib.mkOption x; }\n",
            expect![""],
        );
    }
}
