//! `config-in-options-module`: definitions beside `options` and `config`.

use nixscope_hir::{Expr, spine};

use crate::closure_files::closure_files;
use crate::context::{FileContext, FleetContext};
use crate::diagnostic::Diagnostic;
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "config-in-options-module",
    group: Group::Modules,
    level: Level::Error,
    since: "0.1.0",
    summary: "bare definitions beside `options` or `config`",
    page: r#"
A module is either a set of definitions, or one with `imports`, `options` and `config`. As soon as it has `options` or
`config` at the top, the module system refuses everything else there: definitions must be inside `config`.

## Example

```nix
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
  };
}
#- /web.nix
{ lib, ... }:
{
  options.web.enable = lib.mkEnableOption "the web server";
  services.nginx.enable = true; # error
}
```

## Use instead

```nix
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
  };
}
#- /web.nix
{ lib, ... }:
{
  options.web.enable = lib.mkEnableOption "the web server";
  config.services.nginx.enable = true;
}
```

## Source

nixpkgs, `lib/modules.nix`, `unifyModuleSyntax`.
"#,
    check: Check::Fleet(check),
};

/// What may stand beside `options` and `config`.
const STRUCTURE: &[&str] =
    &["_class", "_file", "config", "disabledModules", "freeformType", "imports", "key", "meta", "options"];

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    for (file, hosts) in closure_files(cx) {
        let cx = FileContext::new(cx.db, cx.project, *file);
        let Some(set) = spine(cx.body).last() else { continue };
        let (Expr::Attrs(bindings) | Expr::RecAttrs(bindings)) = &cx.body.exprs[set] else { continue };
        let structure = bindings.named.iter().find(|it| matches!(it.name.as_str(), "options" | "config"));
        let Some(structure) = structure else { continue };
        for bare in bindings.named.iter().filter(|it| !STRUCTURE.contains(&it.name.as_str())) {
            let message = format!(
                "`{}` stands beside `{}`, which the module system refuses: put it into `config`",
                bare.name, structure.name
            );
            let mut finding = Diagnostic::new(&LINT, *file, cx.name_range(bare.place), message).with_related(
                *file,
                cx.name_range(structure.place),
                "because of this",
            );
            finding.hosts.clone_from(hosts);
            found.push(finding);
        }
    }
}
