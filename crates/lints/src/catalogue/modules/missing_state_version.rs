//! `missing-state-version`: a system without `stateVersion`.

use nixscope_fleet::HostClass;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::facts::known_hosts;
use crate::fleet::Merged;
use crate::lint::{Check, Group, Level, Lint};
use crate::problems::own_range;

pub(super) static LINT: Lint = Lint {
    name: "missing-state-version",
    group: Group::Modules,
    level: Level::Warning,
    since: "0.1.0",
    summary: "a host, or a home-manager user, without `stateVersion`",
    page: r#"
`system.stateVersion` says with which release a machine was set up: databases and other state keep the form they had then.
Without it NixOS takes the release that it is built from, and an update of nixpkgs changes formats under running
services. home-manager does not evaluate without `home.stateVersion`.

A host that gets modules from outside which may set it is not reported.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { # error
      modules = [ { networking.hostName = "web"; } ];
    };
  };
}
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ { networking.hostName = "web"; system.stateVersion = "25.11"; } ];
    };
  };
}
```

## Source

The NixOS manual, [`system.stateVersion`](https://nixos.org/manual/nixos/stable/options#opt-system.stateVersion); the
home-manager manual, `home.stateVersion`.
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let mut merged = Merged::default();
    for known in known_hosts(cx) {
        let Some((file, range)) = known.host.place.and_then(|it| own_range(cx, it)) else { continue };
        if known.is_image() || !known.knows_all_settings() {
            continue;
        }
        let name = &known.host.name;
        let option = match known.host.class {
            HostClass::Nixos | HostClass::Darwin => "system.stateVersion",
            HostClass::HomeManager => "home.stateVersion",
            HostClass::NixOnDroid | HostClass::SystemManager => continue,
        };
        if known.facts.lacks(option) {
            let message =
                format!("nothing sets `{option}` on {name}: set it to the release it was set up with");
            merged.add(Some(name), Diagnostic::new(&LINT, file, range, message));
        }
        for (kind, user, facts) in &known.facts.nested {
            if kind == "home-manager" && facts.external.is_empty() && facts.lacks("home.stateVersion") {
                let message = format!(
                    "nothing sets `home.stateVersion` for the home of {user} on {name}: it does not evaluate"
                );
                merged.add(Some(name), Diagnostic::new(&LINT, file, range, message));
            }
        }
    }
    found.extend(merged.finish());
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_fleet, flake};

    #[test]
    fn machines_and_homes() {
        check_fleet(
            &super::LINT,
            &flake(&["web"], "{ ... }: { home-manager.users.ada = { programs.git.enable = true; }; }"),
            expect![[r#"
                flake.nix:5:25 `web` warning: nothing sets `system.stateVersion` on web: set it to the release it was set up with
                    hosts web
                flake.nix:5:25 `web` warning: nothing sets `home.stateVersion` for the home of ada on web: it does not evaluate
                    hosts web
            "#]],
        );
    }

    #[test]
    fn set_perhaps_or_from_outside() {
        let silent = [
            "{ lib, ... }: { system.stateVersion = lib.mkDefault \"25.11\"; }",
            "{ lib, pkgs, ... }: { system = lib.mkIf pkgs.stdenv.isLinux { stateVersion = \"25.11\"; }; }",
            "{ inputs, ... }: { imports = [ inputs.strangers.nixosModules.default ]; }",
            "{ inputs, ... }: { imports = inputs.strangers.modules; }",
        ];
        for module in silent {
            check_fleet(&super::LINT, &flake(&["web"], module), expect![""]);
        }
    }
}
