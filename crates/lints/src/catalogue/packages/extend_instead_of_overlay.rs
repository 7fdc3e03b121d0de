//! `extend-instead-of-overlay`: a package set of its own beside the host's.

use nixscope_hir::{Expr, ExprId};

use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};
use crate::names;

pub(super) static LINT: Lint = Lint {
    name: "extend-instead-of-overlay",
    group: Group::Packages,
    level: Level::Hint,
    since: "0.1.0",
    summary: "`pkgs.extend` where an overlay is meant",
    page: r#"
`pkgs.extend` evaluates all of nixpkgs once more, a second or so and some hundred megabytes for each call. Other
modules do not see its result. An overlay in `nixpkgs.overlays` is part of the one package set that all modules
share.

## Example

```nix
{ pkgs, ... }:
let
  mine = pkgs.extend (_final: prev: { hello = prev.hello; }); # error
in
{
  environment.systemPackages = [ mine.hello ];
}
```

## Use instead

```nix
{ pkgs, ... }:
{
  nixpkgs.overlays = [ (_final: prev: { hello = prev.hello; }) ];
  environment.systemPackages = [ pkgs.hello ];
}
```

## Source

The nixpkgs manual, ["Overlays"](https://nixos.org/manual/nixpkgs/stable/#chap-overlays).
"#,
    check: Check::Exprs(&[ExprKind::Apply], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Expr::Apply { function, .. } = &cx.body.exprs[id] else { return };
    // A package set that a flake makes once for its outputs has no module to put an overlay in.
    if cx.relative_path() == "flake.nix" {
        return;
    }
    let Some(access) = names::access(cx.body, *function) else { return };
    let parts = access.parts();
    let [.., "pkgs", name @ ("extend" | "appendOverlays")] = parts.as_slice() else { return };
    let message =
        format!("`pkgs.{name}` evaluates nixpkgs a second time: an overlay in `nixpkgs.overlays` does not");
    found.push(Diagnostic::new(&LINT, cx.file, cx.range(*function), message));
}
