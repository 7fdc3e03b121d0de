//! `no-garbage-collection`: a host whose store only grows.

use nixscope_fleet::FactValue;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::facts::known_hosts;
use crate::fleet::{HOSTS, Merged};
use crate::lint::{Check, Group, Level, Lint};
use crate::problems::own_range;

pub(super) static LINT: Lint = Lint {
    name: "no-garbage-collection",
    group: Group::Fleet,
    level: Level::Hint,
    since: "0.1.0",
    summary: "a host without `nix.gc` or something like it",
    page: r#"
Every update leaves the generation before it in the store. Nothing takes the old ones out unless `nix.gc.automatic` or
`programs.nh.clean.enable` is on, and one day the disk is full.

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
      modules = [
        { networking.hostName = "web"; }
        { nix.gc = { automatic = true; options = "--delete-older-than 30d"; }; }
      ];
    };
  };
}
```

## Source

The NixOS manual, ["Cleaning the Nix Store"](https://nixos.org/manual/nixos/stable/#sec-nix-gc).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let mut merged = Merged::default();
    for known in known_hosts(cx).iter().filter(|it| it.is_machine()) {
        let Some((file, range)) = known.host.place.and_then(|it| own_range(cx, it)) else { continue };
        let facts = known.facts;
        let cleans = facts.may_be_on("nix.gc.automatic")
            || facts.may_be_on("programs.nh.clean.enable")
            || facts.nested.iter().any(|(_, _, inner)| {
                inner.incomplete
                    || inner.may_be_on("nix.gc.automatic")
                    || inner.may_be_on("programs.nh.clean.enable")
            });
        // Something else manages Nix there.
        let without_nix = facts.of("nix.enable").any(|it| it.value == FactValue::Bool(false));
        if known.is_image() || !known.knows_all_settings() || cleans || without_nix {
            continue;
        }
        let message = format!("nothing collects garbage {HOSTS}: turn `nix.gc.automatic` on");
        merged.add(Some(&known.host.name), Diagnostic::new(&LINT, file, range, message));
    }
    found.extend(merged.finish());
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_fleet, flake};

    #[test]
    fn however_it_is_done() {
        check_fleet(
            &super::LINT,
            &flake(&["web"], "{ nix.gc.automatic = false; }"),
            expect![[r#"
            flake.nix:5:25 `web` hint: nothing collects garbage on web: turn `nix.gc.automatic` on
                hosts web
        "#]],
        );
        let silent = [
            "{ programs.nh = { enable = true; clean.enable = true; }; }",
            "{ pkgs, ... }: { nix.gc.automatic = pkgs.stdenv.isLinux; }",
            "{ home-manager.users.ada = { ... }: { nix.gc.automatic = true; }; }",
            "{ nix.enable = false; }",
        ];
        for module in silent {
            check_fleet(&super::LINT, &flake(&["web"], module), expect![""]);
        }
    }
}
