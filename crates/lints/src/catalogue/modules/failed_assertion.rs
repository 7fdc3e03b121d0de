//! `failed-assertion`: an assertion of a module that does not hold on a host.

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::lint::{Check, Group, Level, Lint};
use crate::notices::report;
use crate::problems::problems;

pub(super) static LINT: Lint = Lint {
    name: "failed-assertion",
    group: Group::Modules,
    level: Level::Error,
    since: "0.1.0",
    summary: "an assertion of a module that does not hold",
    page: r#"
A module checks what it needs with `assertions`, and on a host the condition is false. Building the host fails with the
message of the assertion; this says so beforehand.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ ./beacon.nix { harbour.beacon.interval = 0; } ];
    };
  };
}
#- /repo/beacon.nix
{ config, lib, ... }:
{
  options.harbour.beacon.interval = lib.mkOption { type = lib.types.int; default = 30; };
  config.assertions = [
    { assertion = config.harbour.beacon.interval > 0; message = "The beacon needs an interval."; } # error
  ];
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
  config.assertions = [
    { assertion = config.harbour.beacon.interval > 0; message = "The beacon needs an interval."; }
  ];
}
```

## Source

The NixOS manual, ["Warnings and Assertions"](https://nixos.org/manual/nixos/stable/#sec-assertions).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let notices = problems(cx).flat_map(|(host, all)| all.assertions.iter().map(move |it| (host, it)));
    report(cx, &LINT, "this assertion fails", notices, found);
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_fleet, flake};

    #[test]
    fn names_the_hosts() {
        check_fleet(
            &super::LINT,
            &flake(
                &["db", "web"],
                "{ lib, config, ... }: {
  options.harbour.mode = lib.mkOption { type = lib.types.str; default = \"day\"; };
  config.boot.kernelParams = [ \"debug\" ];
  config.networking.firewall.allowedTCPPorts = [ 1 ];
  config.assertions = [
    { assertion = config.harbour.mode == \"night\"; message = \"It must be\\n  night.\"; }
    { assertion = config.services.nginx.enable; message = \"Not known.\"; }
    { assertion = true; message = \"It holds.\"; }
    { assertion = builtins.elem \"quiet\" config.boot.kernelParams; message = \"NixOS adds others.\"; }
    { assertion = let ports = \"allowedTCPPorts\"; in config.networking.firewall.${ports} == [ ]; message = \"So it does.\"; }
  ];
}",
            ),
            expect![[r#"
                m.nix:6:5 `{ assertion = config.harbour.mode == "night"; message = "It must be\n night."; }` error: this assertion fails on db and web: It must be night.
                    hosts db web
                    at flake.nix:5:25 `db`: the host db
                    at flake.nix:9:25 `web`: the host web
            "#]],
        );
    }

    #[test]
    fn not_under_a_condition_that_is_false_or_not_known() {
        check_fleet(
            &super::LINT,
            &flake(
                &["web"],
                "{ lib, config, ... }: {
  config = lib.mkMerge [
    (lib.mkIf false { assertions = [ { assertion = false; message = \"a\"; } ]; })
    (lib.mkIf config.services.nginx.enable { assertions = [ { assertion = false; message = \"b\"; } ]; })
  ];
}",
            ),
            expect![""],
        );
    }
}
