//! `needless-mk-force`: a `mkForce` that stands against nothing.

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::on_hosts;
use crate::lint::{Check, Group, Level, Lint};
use crate::override_priority::{Override, needless};

pub(super) static LINT: Lint = Lint {
    name: "needless-mk-force",
    group: Group::Modules,
    level: Level::Hint,
    since: "0.1.0",
    summary: "a `mkForce` that stands against no other definition",
    page: r#"
`mkForce` says: whatever others say, this holds. Where nobody else says anything, or only with `mkDefault`, which any
plain definition overrides, it makes readers look for a conflict that is not there; and the next module that has a good
reason to set the option is ignored without a word.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ ./beacon.nix ./web.nix ];
    };
  };
}
#- /repo/beacon.nix
{ lib, ... }:
{
  options.harbour.beacon.port = lib.mkOption { type = lib.types.port; };
  config.harbour.beacon.port = lib.mkDefault 8080;
}
#- /repo/web.nix
{ lib, ... }:
{
  harbour.beacon.port = lib.mkForce 80; # error
}
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ ./beacon.nix ./web.nix ];
    };
  };
}
#- /repo/beacon.nix
{ lib, ... }:
{
  options.harbour.beacon.port = lib.mkOption { type = lib.types.port; };
  config.harbour.beacon.port = lib.mkDefault 8080;
}
#- /repo/web.nix
{ lib, ... }:
{
  harbour.beacon.port = 80;
}
```

## When it is fine

Options of NixOS are not reported, since what nixpkgs defines of them is not known, nor are modules that the flake
exports.

## Source

The NixOS manual, ["Setting priorities"](https://nixos.org/manual/nixos/stable/#sec-option-definitions-setting-priorities).
"#,
    check: Check::Fleet(check),
};

/// What a plain definition has. Source: nixpkgs, `lib/modules.nix`, `defaultOverridePriority`.
const PLAIN: i64 = 100;

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let force =
        Override { function: "mkForce", priority: 50, stands_against: |other| other.priority <= PLAIN };
    found.extend(needless(cx, &force).into_iter().map(|it| {
        let message = format!(
            "nothing else defines `{}` {} so that it had to be overridden: a plain definition does",
            it.path,
            on_hosts(&it.hosts)
        );
        let mut finding = Diagnostic::new(&LINT, it.file, it.range, message).with_fix(it.fix);
        finding.hosts = it.hosts;
        finding
    }));
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_fleet, flake};

    #[test]
    fn what_it_stands_against() {
        check_fleet(
            &super::LINT,
            &flake(
                &["db", "web"],
                "{ lib, config, pkgs, ... }: {
  imports = [ { harbour = { b = 1; c = lib.mkIf false 1; d = lib.mkDefault 1; f = [ 1 ]; }; } ];
  options.harbour = let int = lib.mkOption { type = lib.types.int; }; in {
    a = int; b = int; c = int; d = int; e = int;
    f = lib.mkOption { type = lib.types.listOf lib.types.int; };
    g = lib.mkOption { type = lib.types.attrsOf lib.types.int; };
  };
  config.networking.hostName = lib.mkForce \"web\";
  config.harbour = {
    a = lib.mkForce 2;
    b = lib.mkForce 2;
    c = lib.mkForce 2;
    d = lib.mkOverride 50 (1 + 1);
    e = lib.mkIf config.services.nginx.enable (lib.mkForce 3);
    f = lib.mkForce [ 2 ];
    g = lib.mkForce { };
  };
}",
            ),
            expect![[r#"
                m.nix:10:9 `lib.mkForce` hint: nothing else defines `harbour.a` on db and web so that it had to be overridden: a plain definition does
                    hosts db web
                    safe: Remove `lib.mkForce` => a = 2;
                m.nix:13:9 `lib.mkOverride 50` hint: nothing else defines `harbour.d` on db and web so that it had to be overridden: a plain definition does
                    hosts db web
                    safe: Remove `lib.mkOverride 50` => d = 1 + 1;
            "#]],
        );
    }

    #[test]
    fn what_may_be_defined_elsewhere() {
        check_fleet(
            &super::LINT,
            &flake(
                &["web"],
                "{ lib, inputs, ... }: {
  options.harbour.a = lib.mkOption { type = lib.types.int; };
  options.harbour.b = lib.mkOption { type = lib.types.int; };
  config.harbour = lib.mkMerge [ { b = lib.mkForce 2; } inputs.strangers.settings ];
}",
            ),
            expect![""],
        );
    }
}
