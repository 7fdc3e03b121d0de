//! `missing-strict-deps`: a derivation without `strictDeps`.

use nixscope_hir::{Expr, ExprId};

use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};
use crate::shapes::derivation;

pub(super) static LINT: Lint = Lint {
    name: "missing-strict-deps",
    group: Group::Packages,
    level: Level::Off,
    since: "0.1.0",
    summary: "a derivation without `strictDeps = true`",
    page: r#"
With `strictDeps` the tools of the build and the libraries of the result are kept apart, as cross-compiling
needs it: a tool that stands in `buildInputs` is then not found. nixpkgs asks for it in new packages. Off by
default.

## Example

```nix
{ stdenv }:
stdenv.mkDerivation { # error
  pname = "greeter";
  version = "1.0";
  src = ./.;
}
```

## Use instead

```nix
{ stdenv }:
stdenv.mkDerivation {
  pname = "greeter";
  version = "1.0";
  src = ./.;
  strictDeps = true;
}
```

## Source

The nixpkgs manual, ["stdenv"](https://nixos.org/manual/nixpkgs/stable/#var-stdenv-strictDeps).
"#,
    check: Check::Exprs(&[ExprKind::Apply], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Some(("mkDerivation" | "mkDerivationNoCC", _, bindings)) = derivation(cx, id) else { return };
    let Expr::Apply { function, .. } = &cx.body.exprs[id] else { return };
    let known = bindings.named.iter().any(|it| matches!(it.name.as_str(), "strictDeps" | "buildCommand"));
    if known || !bindings.dynamic.is_empty() {
        return;
    }
    let message = "this derivation does not keep build tools and libraries apart: set `strictDeps = true;`";
    found.push(Diagnostic::new(&LINT, cx.file, cx.range(*function), message));
}
