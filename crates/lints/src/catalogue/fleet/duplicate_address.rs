//! `duplicate-address`: two hosts with one static address.

use nixscope_fleet::{Fact, FactValue};

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::facts::{Known, known_hosts};
use crate::lint::{Check, Group, Level, Lint};
use crate::problems::own_range;

pub(super) static LINT: Lint = Lint {
    name: "duplicate-address",
    group: Group::Fleet,
    level: Level::Warning,
    since: "0.1.0",
    summary: "two hosts that have one static or WireGuard address",
    page: r#"
Two machines have the same address in one network: packets for it reach the one or the other. Compared are the addresses
of WireGuard interfaces of one name, and those of other interfaces (as a hint, since machines in different places may
have the same private address).

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.beacon = nixpkgs.lib.nixosSystem {
      modules = [ { networking.wireguard.interfaces.wg0.ips = [ "10.88.0.4/24" ]; } ];
    };
    nixosConfigurations.ferry = nixpkgs.lib.nixosSystem {
      modules = [ { networking.wireguard.interfaces.wg0.ips = [ "10.88.0.4/24" ]; } ]; # error
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
    nixosConfigurations.beacon = nixpkgs.lib.nixosSystem {
      modules = [ { networking.wireguard.interfaces.wg0.ips = [ "10.88.0.4/24" ]; } ];
    };
    nixosConfigurations.ferry = nixpkgs.lib.nixosSystem {
      modules = [ { networking.wireguard.interfaces.wg0.ips = [ "10.88.0.5/24" ]; } ];
    };
  };
}
```

## When it is fine

Addresses inside a machine (bridges, containers, virtual machines) are not compared, nor are images and variants of one
machine.

## Source

The NixOS manual, ["IPv4 Configuration"](https://nixos.org/manual/nixos/stable/#sec-ipv4).
"#,
    check: Check::Fleet(check),
};

/// The options, and whether they are of a private network that all hosts share.
const OPTIONS: &[(&str, bool)] = &[
    ("networking.wireguard.interfaces.*.ips.*", true),
    ("networking.wg-quick.interfaces.*.address.*", true),
    ("networking.interfaces.*.ipv4.addresses.*.address", false),
    ("networking.interfaces.*.ipv6.addresses.*.address", false),
];

/// How interfaces begin that lead nowhere outside.
const INSIDE: &[&str] = &[
    "br", "vbr", "virbr", "docker", "podman", "cni", "veth", "ve-", "vm", "microvm", "lo", "dummy", "tap",
    "lxd", "lan",
];

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let hosts = known_hosts(cx);
    let mut seen: Vec<(&Known<'_>, &Fact, &str)> = Vec::new();
    for known in hosts.iter().filter(|it| it.is_machine()) {
        for (option, shared) in OPTIONS {
            for fact in known.facts.of(option) {
                let FactValue::Text(text) = &fact.value else { continue };
                let address = text.split('/').next().unwrap_or("");
                let Some(interface) = fact.names.first() else { continue };
                if is_local(address) || !shared && INSIDE.iter().any(|it| interface.starts_with(it)) {
                    continue;
                }
                let same = |(other, it, theirs): &&(&Known<'_>, &Fact, &str)| {
                    *theirs == address
                        && it.pattern == *option
                        && (!shared || it.names.first() == Some(interface))
                        // Written once for several hosts, it is meant so.
                        && it.place != fact.place
                        && !known.is_variant_of(other)
                };
                let other = seen.iter().find(same).copied();
                seen.push((known, fact, address));
                let Some((other, theirs, _)) = other else { continue };
                let Some((file, range)) = fact.place.and_then(|it| own_range(cx, it)) else { continue };
                let message = format!("{} has the address {address} too", other.host.name);
                let mut finding = Diagnostic::new(&LINT, file, range, message);
                if !shared {
                    finding.level = Level::Hint;
                }
                if let Some((file, range)) = theirs.place.and_then(|it| own_range(cx, it)) {
                    finding =
                        finding.with_related(file, range, format!("the address of {}", other.host.name));
                }
                finding.hosts = vec![known.host.name.clone(), other.host.name.clone()];
                finding.hosts.sort();
                found.push(finding);
            }
        }
    }
}

/// Whether an address means something else on every machine.
fn is_local(address: &str) -> bool {
    address.is_empty() || address.starts_with("127.") || address.starts_with("fe80:") || address == "::1"
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_fleet, flake};

    #[test]
    fn written_once_for_all() {
        check_fleet(
            &super::LINT,
            &flake(
                &["a", "b"],
                "{ networking.interfaces.eth0.ipv4.addresses = [ { address = \"10.0.0.1\"; prefixLength = 24; } ]; }",
            ),
            expect![""],
        );
    }
}
