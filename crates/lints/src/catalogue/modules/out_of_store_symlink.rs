//! `out-of-store-symlink`: home-manager's `mkOutOfStoreSymlink`.

use nixscope_hir::{Expr, ExprId};

use crate::context::FileContext;
use crate::diagnostic::Diagnostic;
use crate::kind::ExprKind;
use crate::lint::{Check, Group, Level, Lint};
use crate::shapes::last_name;

pub(super) static LINT: Lint = Lint {
    name: "out-of-store-symlink",
    group: Group::Modules,
    level: Level::Off,
    since: "0.1.0",
    summary: "`mkOutOfStoreSymlink` in a flake",
    page: r#"
The link leads to a file outside of the store, where it is on this one machine: the configuration is not complete without it,
cannot be rolled back, and in a flake a relative path leads into the store all the same. Off by default: for files that are
edited all day it is what one wants.

## Example

```nix
{ config, ... }:
{
  xdg.configFile.nvim.source = config.lib.file.mkOutOfStoreSymlink "/home/alice/nvim"; # error
}
```

## Use instead

```nix
{ config, ... }:
{
  xdg.configFile.nvim.source = ./nvim;
}
```
"#,
    check: Check::Exprs(&[ExprKind::Apply], check),
};

fn check(cx: &FileContext<'_>, id: ExprId, found: &mut Vec<Diagnostic>) {
    let Expr::Apply { function, .. } = &cx.body.exprs[id] else { return };
    if last_name(cx, *function) == Some("mkOutOfStoreSymlink") {
        let message = "this link leads out of the store: the configuration is incomplete without that file";
        found.push(Diagnostic::new(&LINT, cx.file, cx.range(*function), message));
    }
}
