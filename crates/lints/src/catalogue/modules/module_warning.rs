//! `module-warning`: what a module warns of on a host.

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::lint::{Check, Group, Level, Lint};
use crate::notices::report;
use crate::problems::problems;

pub(super) static LINT: Lint = Lint {
    name: "module-warning",
    group: Group::Modules,
    level: Level::Hint,
    since: "0.1.0",
    summary: "what a module warns of",
    page: r#"
A module of the repository adds to `warnings` on a host. Nix prints the text each time the host is built, between much
else; here it stands at the module, with the hosts that it concerns.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ ./beacon.nix { harbour.beacon.interval = 3; } ];
    };
  };
}
#- /repo/beacon.nix
{ config, lib, ... }:
{
  options.harbour.beacon.interval = lib.mkOption { type = lib.types.int; default = 30; };
  config.warnings =
    lib.optional (config.harbour.beacon.interval < 5) "The beacon sends very often."; # error
}
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ ./beacon.nix { harbour.beacon.interval = 60; } ];
    };
  };
}
#- /repo/beacon.nix
{ config, lib, ... }:
{
  options.harbour.beacon.interval = lib.mkOption { type = lib.types.int; default = 30; };
  config.warnings =
    lib.optional (config.harbour.beacon.interval < 5) "The beacon sends very often.";
}
```

## Source

The NixOS manual, ["Warnings and Assertions"](https://nixos.org/manual/nixos/stable/#sec-assertions).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let notices = problems(cx).flat_map(|(host, all)| all.warnings.iter().map(move |it| (host, it)));
    report(cx, &LINT, "this module warns", notices, found);
}
