//! `option-without-description`: `mkOption` without `description`.

use nixscope_hir::{BindingValue, ExprId};

use super::option_without_type::option_declaration;
use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};
use crate::shapes::is_global_name;

pub(super) static LINT: Lint = Lint {
    name: "option-without-description",
    group: Group::Modules,
    level: Level::Warning,
    since: "0.1.0",
    summary: "`mkOption` without a `description`",
    page: r#"
A description is what `nixos-option`, the manual and the editor show of an option. Without one the reader has to
find out from the module's code what it does. NixOS refuses to build its manual with such an option in it.

## Example

```nix
{ lib, ... }:
{
  options.backup.target = lib.mkOption { # error
    type = lib.types.path;
  };
}
```

## Use instead

```nix
{ lib, ... }:
{
  options.backup.target = lib.mkOption {
    type = lib.types.path;
    description = "Where backups go.";
  };
}
```

## When it is fine

With `internal = true` or `visible = false`: nobody is shown the option. A declaration of nothing but a type with a
submodule in it adds to an option from elsewhere, and is left alone.

## Source

The NixOS manual, ["Option declarations"](https://nixos.org/manual/nixos/stable/#sec-option-declarations).
"#,
    check: Check::Exprs(&[ExprKind::Apply], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Some((function, bindings)) = option_declaration(cx, id) else { return };
    let is_excused = bindings.named.iter().any(|it| match (it.name.as_str(), it.value) {
        ("description", _) => true,
        ("internal", BindingValue::Expr(value)) => !is_global_name(cx, value, "false"),
        ("visible", BindingValue::Expr(value)) => !is_global_name(cx, value, "true"),
        ("internal" | "visible", _) => true,
        _ => false,
    });
    // A declaration that only adds a submodule to an option from elsewhere has nothing to describe.
    let is_extension = matches!(bindings.named.as_ref(), [only] if only.name.as_str() == "type"
        && cx.slice(cx.map.entry(only.place)).contains("submodule"));
    if !is_excused && !is_extension {
        let message = "this option has no `description`: say what it does";
        found.push(Diagnostic::new(&LINT, cx.file, cx.range(function), message));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn nobody_is_shown_it() {
        check(
            &super::LINT,
            "{ lib, ... }: { a = lib.mkOption { internal = true; }; b = lib.mkOption { visible = false; }; c = lib.mkOption { type = lib.types.submodule { }; }; }\n",
            expect![""],
        );
        check(
            &super::LINT,
            "{ lib, ... }: { a = lib.mkOption { visible = true; }; }\n",
            expect![[r#"
            1:21 `lib.mkOption` warning: this option has no `description`: say what it does
        "#]],
        );
    }
}
