//! `global-override`: a core package replaced for every package of a host.

use nixscope_hir::{Expr, ExprId};

use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};
use crate::names::bindings;
use crate::target::target;

pub(super) static LINT: Lint = Lint {
    name: "global-override",
    group: Group::Fleet,
    level: Level::Hint,
    since: "0.1.0",
    summary: "an overlay that replaces a core package, or `packageOverrides`",
    page: r#"
Nearly every package depends on stdenv, glibc, openssl and their like. Whoever replaces one of them in an overlay builds the
whole system anew, on every host, and nothing comes from a binary cache. Give the changed package to the one that needs
it. `nixpkgs.config.packageOverrides` is the old form of an overlay, and only one module can set it.

## Example

```nix
{
  nixpkgs.overlays = [
    (_final: prev: {
      openssl = prev.openssl.override { static = true; }; # error
    })
  ];
}
```

## Use instead

```nix
{
  nixpkgs.overlays = [
    (_final: prev: {
      nginx = prev.nginx.override { openssl = prev.openssl_legacy; };
    })
  ];
}
```

## Source

The nixpkgs manual, ["Overlays"](https://nixos.org/manual/nixpkgs/stable/#chap-overlays).
"#,
    check: Check::Exprs(&[ExprKind::Lambda, ExprKind::Attrs], check),
};

/// What most packages are built from.
const CORE: &[&str] =
    &["bash", "coreutils", "gcc", "glibc", "linux", "openssl", "perl", "python3", "stdenv", "systemd"];

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    match &cx.body.exprs[id] {
        Expr::Lambda(lambda) => {
            let Expr::Lambda(inner) = &cx.body.exprs[lambda.body] else { return };
            if !is_overlay(cx, id) {
                return;
            }
            let mut set = inner.body;
            while let Expr::Let { body, .. } | Expr::With(_, body) = &cx.body.exprs[set] {
                set = *body;
            }
            let Some(bindings) = bindings(&cx.body.exprs[set]) else { return };
            for binding in bindings.named.iter().filter(|it| CORE.contains(&it.name.as_str())) {
                let message = format!(
                    "replacing `{}` in an overlay builds nearly every package anew: \
                     give it to those that need it",
                    binding.name
                );
                found.push(Diagnostic::new(&LINT, cx.file, cx.name_range(binding.place), message));
            }
        }
        Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => {
            let Some(binding) = bindings.named.iter().find(|it| it.name.as_str() == "packageOverrides")
            else {
                return;
            };
            let is_config = target(cx, id).is_some_and(|it| {
                it.in_module && it.option_path().is_some_and(|path| path == "nixpkgs.config")
            });
            if is_config {
                let message = "`packageOverrides` is the old form of an overlay, and only one module can set \
                               it: use `nixpkgs.overlays`";
                found.push(Diagnostic::new(&LINT, cx.file, cx.name_range(binding.place), message));
            }
        }
        _ => {}
    }
}

/// Whether a function is an element of `nixpkgs.overlays`.
fn is_overlay(cx: &FileContext<'_>, id: ExprId) -> bool {
    let Some(list) = cx.outline.parent(id) else { return false };
    matches!(cx.body.exprs[list], Expr::List(_))
        && target(cx, list).is_some_and(|it| it.option_path().is_some_and(|path| path == "nixpkgs.overlays"))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn the_old_form() {
        check(
            &super::LINT,
            "{ ... }: { nixpkgs.config.packageOverrides = pkgs: { }; }\n",
            expect![[r#"
            1:27 `packageOverrides` hint: `packageOverrides` is the old form of an overlay, and only one module can set it: use `nixpkgs.overlays`
        "#]],
        );
    }

    #[test]
    fn other_overlays() {
        check(&super::LINT, "{ overlays.default = final: prev: { openssl = 1; }; }\n", expect![""]);
        check(&super::LINT, "{ nixpkgs.overlays = [ (final: prev: { hello = 1; }) ]; }\n", expect![""]);
    }
}
