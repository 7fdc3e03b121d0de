//! `missing-assertion`: a nullable option that a module reads as if it were set.

use nixscope_hir::{BinaryOp, BindingValue, Expr, ExprId, StrPart};
use rustc_hash::FxHashSet;

use super::option_without_type::option_declaration;
use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::lint::{Check, Group, Level, Lint};
use crate::names;
use crate::shapes::is_global_name;

pub(super) static LINT: Lint = Lint {
    name: "missing-assertion",
    group: Group::Modules,
    level: Level::Off,
    since: "0.1.0",
    summary: "a nullable option that a module puts into a text without a guard",
    page: r#"
An option of the type `nullOr` may be null, and the module that declares it puts it into a text: for who turns the module on
and forgets the option, Nix says "cannot coerce null to a string", and not what to set. An entry of `assertions` says it.

Off by default: often the option is set wherever the module is used.

## Example

```nix
{ config, lib, ... }:
let
  cfg = config.harbour.beacon;
in
{
  options.harbour.beacon.domain = lib.mkOption {
    type = lib.types.nullOr lib.types.str;
    default = null;
  };
  config.services.nginx.virtualHosts.beacon.serverName = "beacon.${cfg.domain}"; # error
}
```

## Use instead

```nix
{ config, lib, ... }:
let
  cfg = config.harbour.beacon;
in
{
  options.harbour.beacon.domain = lib.mkOption {
    type = lib.types.nullOr lib.types.str;
    default = null;
  };
  config.assertions = [
    { assertion = cfg.domain != null; message = "harbour.beacon.domain must be set."; }
  ];
  config.services.nginx.virtualHosts.beacon.serverName = "beacon.${cfg.domain}";
}
```

## When it is fine

Where the module is only used together with a definition of the option. A file that compares the option with `null`
anywhere, or has `assertions`, is not reported.

## Source

The NixOS manual, ["Warnings and Assertions"](https://nixos.org/manual/nixos/stable/#sec-assertions).
"#,
    check: Check::File(check),
};

fn check(cx: &FileContext<'_>, found: &mut Vec<Diagnostic>) {
    if cx.is_broken() {
        return;
    }
    let mut nullable = nullable(cx);
    if nullable.is_empty() || has_assertions(cx) {
        return;
    }
    for (_, expr) in cx.body.exprs.iter() {
        if let Expr::Binary(BinaryOp::Equal | BinaryOp::NotEqual, left, right) = expr {
            for (side, other) in [(left, right), (right, left)] {
                if is_global_name(cx, *other, "null") {
                    last_name(cx, *side).inspect(|name| {
                        nullable.remove(name);
                    });
                }
            }
        }
    }
    for (_, expr) in cx.body.exprs.iter() {
        let Expr::Interpolated(parts) = expr else { continue };
        for part in parts {
            let StrPart::Expr(read) = part else { continue };
            if !matches!(cx.body.exprs[*read], Expr::Select { default: None, .. }) {
                continue;
            }
            if let Some(name) = last_name(cx, *read).filter(|name| nullable.contains(name)) {
                let message = format!(
                    "`{name}` may be null, and nothing here makes sure that it is set: add an assertion"
                );
                found.push(Diagnostic::new(&LINT, cx.file, cx.range(*read), message));
            }
        }
    }
}

/// The names of the options that the file declares with a type `nullOr` and null as default.
fn nullable(cx: &FileContext<'_>) -> FxHashSet<&'static str> {
    let mut out = FxHashSet::default();
    for (id, _) in cx.body.exprs.iter() {
        let Some((_, bindings)) = option_declaration(cx, id) else { continue };
        let value = |name: &str| match bindings.named.iter().find(|it| it.name.as_str() == name)?.value {
            BindingValue::Expr(value) => Some(value),
            _ => None,
        };
        let is_nullable = value("type")
            .and_then(|it| names::applied(cx.body, it))
            .is_some_and(|(function, _)| function.name() == "nullOr");
        if is_nullable && value("default").is_some_and(|it| is_global_name(cx, it, "null")) {
            out.extend(crate::target::target(cx, id).and_then(|it| it.last()));
        }
    }
    out
}

fn has_assertions(cx: &FileContext<'_>) -> bool {
    cx.body.exprs.iter().any(|(_, expr)| match expr {
        Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => {
            bindings.named.iter().any(|it| it.name.as_str() == "assertions")
        }
        _ => false,
    })
}

/// The last name of a selection of the configuration.
fn last_name(cx: &FileContext<'_>, expr: ExprId) -> Option<&'static str> {
    let access = names::access(cx.body, expr)?;
    let parts = access.parts();
    (parts.first() == Some(&"config") && parts.len() > 1).then(|| parts.last().copied()).flatten()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn guards() {
        check(
            &super::LINT,
            r#"{ config, lib, ... }: let cfg = config.harbour; in {
  options.harbour.a = lib.mkOption { type = lib.types.nullOr lib.types.str; default = null; };
  options.harbour.b = lib.mkOption { type = lib.types.nullOr lib.types.str; default = "b"; };
  options.harbour.c = lib.mkOption { type = lib.types.nullOr lib.types.str; default = null; };
  config = lib.mkIf (cfg.a != null) { x = "${cfg.a} ${cfg.b} ${cfg.c or "c"}"; };
}
"#,
            expect![""],
        );
    }
}
