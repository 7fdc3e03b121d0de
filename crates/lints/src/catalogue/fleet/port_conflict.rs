//! `port-conflict`: two services of one host on one port.

use nixscope_fleet::{Fact, FactValue, HostFacts};
use smol_str::SmolStr;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::facts::known_hosts;
use crate::fleet::{HOSTS, Merged};
use crate::lint::{Check, Group, Level, Lint};
use crate::problems::own_range;

pub(super) static LINT: Lint = Lint {
    name: "port-conflict",
    group: Group::Fleet,
    level: Level::Warning,
    since: "0.1.0",
    summary: "two services of one host on one port",
    page: r#"
Two services that are on, on one host, listen on the same port of the same address: the one that comes second does not
start.

Compared are ports that are written out. Services with different addresses, and those of which it is not known whether they
are on, are not reported.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ ./web.nix ];
    };
  };
}
#- /repo/web.nix
{
  services.prometheus = { enable = true; port = 9090; };
  services.cockpit = { enable = true; port = 9090; }; # error
}
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ ./web.nix ];
    };
  };
}
#- /repo/web.nix
{
  services.prometheus = { enable = true; port = 9090; };
  services.cockpit = { enable = true; port = 9091; };
}
```

## Source

`man 2 bind`, `EADDRINUSE`.
"#,
    check: Check::Fleet(check),
};

/// Where a service has its port, whether it is on, and its address.
const PORTS: &[(&str, &str, &[&str])] = &[
    (
        "services.*.port",
        "services.*.enable",
        &["services.*.listenAddress", "services.*.address", "services.*.host"],
    ),
    ("services.*.settings.port", "services.*.enable", &[]),
    ("services.*.settings.server.http_port", "services.*.enable", &["services.*.settings.server.http_addr"]),
    (
        "services.prometheus.exporters.*.port",
        "services.prometheus.exporters.*.enable",
        &["services.prometheus.exporters.*.listenAddress"],
    ),
];

/// Services whose `port` is one that they call, or none of TCP.
const CLIENTS: &[&str] =
    &["ddclient", "nullmailer", "postsrsd", "ssmtp", "unbound", "dnsmasq", "ntp", "chrony", "tftpd"];

/// A port that a service listens on.
struct Listening<'a> {
    service: &'a SmolStr,
    port: i64,
    /// None where it listens on an address that is not known, or on the one that it comes with.
    address: Option<&'a SmolStr>,
    fact: &'a Fact,
}

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let mut merged = Merged::default();
    for known in known_hosts(cx).iter().filter(|it| it.is_machine()) {
        let mut all = listening(known.facts);
        // Of two, the one that is written further down is said to be wrong.
        all.sort_by_cached_key(|it| {
            let place = it.fact.place.and_then(|it| own_range(cx, it));
            place.map(|(file, range)| (file.path(cx.db).clone(), range.start()))
        });
        for (index, second) in all.iter().enumerate() {
            let same = |first: &&Listening<'_>| {
                first.port == second.port
                    && first.service != second.service
                    && first.address == second.address
            };
            let Some(first) = all[..index].iter().find(same) else { continue };
            let Some((file, range)) = second.fact.place.and_then(|it| own_range(cx, it)) else { continue };
            let message = format!(
                "`{}` and `{}` both listen on port {} {HOSTS}",
                second.service, first.service, second.port
            );
            let mut finding = Diagnostic::new(&LINT, file, range, message);
            if let Some((file, range)) = first.fact.place.and_then(|it| own_range(cx, it)) {
                finding = finding.with_related(file, range, format!("the port of `{}`", first.service));
            }
            merged.add(Some(&known.host.name), finding);
        }
    }
    found.extend(merged.finish());
}

fn listening(facts: &HostFacts) -> Vec<Listening<'_>> {
    let mut out: Vec<Listening<'_>> = Vec::new();
    for (port, enable, addresses) in PORTS {
        for fact in facts.of(port) {
            let (FactValue::Int(number @ 1..), Some(service)) = (&fact.value, fact.names.first()) else {
                continue;
            };
            let of_service = |it: &&Fact| it.names == fact.names;
            let is_on = facts.of(enable).find(of_service).is_some_and(|it| it.value == FactValue::Bool(true));
            let address: Vec<&Fact> =
                addresses.iter().flat_map(|option| facts.of(option).filter(of_service)).collect();
            let known = match address.as_slice() {
                [] => Some(None),
                [Fact { value: FactValue::Text(text), .. }] => Some(Some(text)),
                _ => None,
            };
            if let Some(address) = known.filter(|_| is_on && !CLIENTS.contains(&service.as_str())) {
                out.push(Listening { service, port: *number, address, fact });
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_fleet, flake};

    #[test]
    fn on_and_at_one_address() {
        check_fleet(
            &super::LINT,
            &flake(
                &["a", "b"],
                "{ pkgs, ... }: {
  services.grafana = { enable = true; settings.server.http_port = 3000; };
  services.gitea = { enable = false; settings.server.http_port = 3000; };
  services.adguardhome = { enable = true; port = 3000; host = \"10.0.0.1\"; };
  services.maybe = { enable = pkgs.stdenv.isLinux; port = 3000; };
  services.prometheus.exporters.node = { enable = true; port = 9100; };
  services.prometheus.exporters.zfs = { enable = true; port = 9100; };
}",
            ),
            expect![[r#"
                m.nix:7:56 `port` warning: `zfs` and `node` both listen on port 9100 on a and b
                    hosts a b
                    at m.nix:6:57 `port`: the port of `node`
            "#]],
        );
    }
}
