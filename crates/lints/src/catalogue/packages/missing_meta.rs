//! `missing-meta`: a package without `meta`.

use nixscope_hir::{Expr, ExprId};

use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};
use crate::shapes::derivation;

pub(super) static LINT: Lint = Lint {
    name: "missing-meta",
    group: Group::Packages,
    level: Level::Hint,
    since: "0.1.0",
    summary: "a package without `meta`",
    page: r#"
`meta` says what a package is, under which licence, and with `mainProgram` what `nix run` and `lib.getExe`
start. Reported are packages with a `pname`, which are meant to be found.

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
{ lib, stdenv }:
stdenv.mkDerivation {
  pname = "greeter";
  version = "1.0";
  src = ./.;
  meta = {
    description = "Greets";
    license = lib.licenses.mit;
    mainProgram = "greeter";
  };
}
```

## Source

The nixpkgs manual, ["Meta-attributes"](https://nixos.org/manual/nixpkgs/stable/#chap-meta).
"#,
    check: Check::Exprs(&[ExprKind::Apply], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Some((_, _, bindings)) = derivation(cx, id) else { return };
    let Expr::Apply { function, .. } = &cx.body.exprs[id] else { return };
    let has = |name: &str| bindings.named.iter().any(|it| it.name.as_str() == name);
    if has("meta") || !has("pname") || !bindings.dynamic.is_empty() {
        return;
    }
    let message = "this package has no `meta`: say at least what it is, and its `mainProgram`";
    found.push(Diagnostic::new(&LINT, cx.file, cx.range(*function), message));
}
