//! `firewall-disabled`: a host without a firewall.

use nixscope_fleet::{HostSettings, Known};

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::{HOSTS, Merged, is_installer, settings};
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "firewall-disabled",
    group: Group::Secrets,
    level: Level::Warning,
    since: "0.1.0",
    summary: "a host whose firewall is switched off",
    page: r#"
NixOS closes every port that no service opens. With `networking.firewall.enable = false` whatever listens on the host can
be reached from every network it is in, also what only meant to serve the host itself.

Open the ports that are needed: `networking.firewall.allowedTCPPorts`, `trustedInterfaces` for a VPN, `openFirewall` of a
service.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
  };
}
#- /repo/web.nix
{
  networking.firewall.enable = false; # error
}
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
  };
}
#- /repo/web.nix
{
  networking.firewall.allowedTCPPorts = [ 80 443 ];
}
```

## When it is fine

Where the host has rules of its own (`networking.nftables`), and on installation media: neither is reported. Nor is a
definition that another one overrides.

## Source

The NixOS manual, ["Firewall"](https://nixos.org/manual/nixos/stable/#sec-firewall).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let mut merged = Merged::default();
    for (host, settings) in settings(cx) {
        let setting = settings.get(&["networking", "firewall", "enable"]);
        let Some(winner) = setting.and_then(|it| it.winner()) else { continue };
        if winner.value.known != Known::Bool(false) || has_own_rules(settings) || is_installer(cx, host) {
            continue;
        }
        let Some(place) = winner.name.or(winner.value.place) else { continue };
        let message = format!(
            "the firewall is off {HOSTS}: whatever listens there can be reached from every network; open the ports \
             that are needed instead"
        );
        merged.add(Some(host), Diagnostic::new(&LINT, place.source, place.range(cx.db), message));
    }
    found.extend(merged.finish());
}

/// Whether a host has rules of its own instead of those that NixOS makes.
fn has_own_rules(settings: &HostSettings) -> bool {
    ["ruleset", "rulesetFile", "tables"]
        .iter()
        .any(|name| settings.get(&["networking", "nftables", name]).is_some())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    #[test]
    fn the_definition_that_wins_counts() {
        let text = r#"
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./common.nix ]; };
    nixosConfigurations.db = nixpkgs.lib.nixosSystem { modules = [ ./common.nix ./db.nix ]; };
  };
}
#- /repo/common.nix
{ networking.firewall.enable = false; }
#- /repo/db.nix
{ lib, ... }: { networking.firewall.enable = lib.mkForce true; }
"#;
        check_fleet(
            &super::LINT,
            text,
            expect![[r#"
            common.nix:1:23 `enable` warning: the firewall is off on web: whatever listens there can be reached from every network; open the ports that are needed instead
                hosts web
        "#]],
        );
        let unknown = text.replace("lib.mkForce true", "lib.mkIf lib.unknown (lib.mkForce true)");
        check_fleet(
            &super::LINT,
            &unknown,
            expect![[r#"
            common.nix:1:23 `enable` warning: the firewall is off on web: whatever listens there can be reached from every network; open the ports that are needed instead
                hosts web
        "#]],
        );
        let both = text.replace("lib.mkForce true", "lib.mkDefault true");
        check_fleet(
            &super::LINT,
            &both,
            expect![[r#"
            common.nix:1:23 `enable` warning: the firewall is off on db and web: whatever listens there can be reached from every network; open the ports that are needed instead
                hosts db web
        "#]],
        );
        let rules = text.replace(
            "networking.firewall.enable = false;",
            "networking = { firewall.enable = false; nftables.ruleset = \"\"; };",
        );
        check_fleet(&super::LINT, &rules, expect![""]);
    }
}
