//! `build-tool-in-build-inputs`: a tool of the build among the libraries of the result.

use nixscope_hir::{BindingValue, Expr, ExprId};

use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};
use crate::shapes::{derivation, last_name};

pub(super) static LINT: Lint = Lint {
    name: "build-tool-in-build-inputs",
    group: Group::Packages,
    level: Level::Hint,
    since: "0.1.0",
    summary: "a tool of the build in `buildInputs`",
    page: r#"
`nativeBuildInputs` run while the package is built, `buildInputs` are what it is linked with. A tool among the
latter is built for the wrong machine when cross-compiling, and not found at all with `strictDeps`.

## Example

```nix
{ stdenv, cmake, openssl }:
stdenv.mkDerivation {
  pname = "greeter";
  version = "1.0";
  src = ./.;
  buildInputs = [
    cmake # error
    openssl
  ];
}
```

## Use instead

```nix
{ stdenv, cmake, openssl }:
stdenv.mkDerivation {
  pname = "greeter";
  version = "1.0";
  src = ./.;
  nativeBuildInputs = [ cmake ];
  buildInputs = [ openssl ];
}
```

## Source

The nixpkgs manual,
["Specifying dependencies"](https://nixos.org/manual/nixpkgs/stable/#ssec-stdenv-dependencies).
"#,
    check: Check::Exprs(&[ExprKind::Apply], check),
};

/// Packages that only ever run while something is built.
const TOOLS: &[&str] = &[
    "autoPatchelfHook",
    "autoconf",
    "automake",
    "autoreconfHook",
    "cmake",
    "copyDesktopItems",
    "installShellFiles",
    "makeBinaryWrapper",
    "makeWrapper",
    "meson",
    "ninja",
    "pkg-config",
    "scdoc",
    "unzip",
    "wrapGAppsHook",
    "wrapGAppsHook3",
    "wrapGAppsHook4",
];

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Some((_, _, bindings)) = derivation(cx, id) else { return };
    let inputs = bindings.named.iter().find(|it| it.name.as_str() == "buildInputs");
    let Some(BindingValue::Expr(value)) = inputs.map(|it| it.value) else { return };
    let list = match &cx.body.exprs[value] {
        Expr::With(_, body) => *body,
        _ => value,
    };
    let Expr::List(items) = &cx.body.exprs[list] else { return };
    for item in items {
        let Some(name) = last_name(cx, *item).filter(|name| TOOLS.contains(name)) else { continue };
        let message = format!("`{name}` runs while the package is built: it belongs in `nativeBuildInputs`");
        found.push(Diagnostic::new(&LINT, cx.file, cx.range(*item), message));
    }
}
