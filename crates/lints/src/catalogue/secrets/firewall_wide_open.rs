//! `firewall-wide-open`: thousands of open ports.

use nixscope_fleet::{HostSettings, Known, SettingValue};

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::{HOSTS, Merged, settings};
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "firewall-wide-open",
    group: Group::Secrets,
    level: Level::Warning,
    since: "0.1.0",
    summary: "a firewall that opens more than a thousand ports at once",
    page: r#"
A range of more than a thousand ports, or ranges that are as many together, are open to every network: whatever happens
to listen there is reachable, also what takes a random port.

Narrow the range to what the service is configured to use, or open it on one interface
(`networking.firewall.interfaces.<name>`).

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
  networking.firewall.allowedTCPPortRanges = [
    { from = 1024; to = 65535; } # error
  ];
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
  networking.firewall.allowedTCPPortRanges = [
    { from = 30000; to = 30100; }
  ];
}
```

## When it is fine

Media servers (WebRTC, TURN, SIP) need many UDP ports; UDP is only a hint therefore.

## Source

The NixOS manual, ["Firewall"](https://nixos.org/manual/nixos/stable/#sec-firewall).
"#,
    check: Check::Fleet(check),
};

/// As many ports as mosh opens are still few.
const MANY: i64 = 1_000;

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let mut merged = Merged::default();
    for (host, settings) in settings(cx) {
        let firewall = settings.get(&["networking", "firewall", "enable"]).and_then(|it| it.winner());
        if firewall.is_some_and(|it| it.value.known != Known::Bool(true)) {
            continue;
        }
        for (protocol, option, level) in
            [("TCP", "allowedTCPPortRanges", Level::Warning), ("UDP", "allowedUDPPortRanges", Level::Hint)]
        {
            let ranges = ranges(settings, option);
            let wide: Vec<_> = ranges.iter().filter(|(_, from, to)| to - from > MANY).collect();
            let all: i64 = ranges.iter().map(|(_, from, to)| to - from + 1).sum();
            let finding = |value: &SettingValue, what: String| {
                let place = value.place?;
                let message =
                    format!("{what} {HOSTS} for every network: narrow this to what the service uses");
                let finding = Diagnostic::new(&LINT, place.source, place.range(cx.db), message);
                Some(Diagnostic { level, ..finding })
            };
            let findings: Vec<Diagnostic> = match wide.as_slice() {
                [] if all > MANY + 1 => {
                    let widest = ranges.iter().max_by_key(|(_, from, to)| to - from);
                    let what = |count: usize| format!("{count} ranges open {all} {protocol} ports");
                    widest.and_then(|(value, ..)| finding(value, what(ranges.len()))).into_iter().collect()
                }
                wide => wide
                    .iter()
                    .filter_map(|(value, from, to)| {
                        finding(
                            value,
                            format!("{} {protocol} ports ({from} to {to}) are open", to - from + 1),
                        )
                    })
                    .collect(),
            };
            findings.into_iter().for_each(|it| merged.add(Some(host), it));
        }
    }
    found.extend(merged.finish());
}

/// The port ranges that an option of a host is known to have.
fn ranges<'a>(settings: &'a HostSettings, option: &str) -> Vec<(&'a SettingValue, i64, i64)> {
    let Some(setting) = settings.get(&["networking", "firewall", option]) else { return Vec::new() };
    let known = setting.definitions.iter().filter(|it| it.winning && it.active);
    let items = known.flat_map(|it| match &it.value.known {
        Known::List(items, _) => items.as_slice(),
        _ => &[],
    });
    items
        .filter_map(|item| {
            let port = |name: &str| match item.known.member(name)?.known {
                Known::Int(port) => Some(port),
                _ => None,
            };
            let (from, to) = (port("from")?, port("to")?);
            (0 <= from && from <= to && to <= 65_535).then_some((item, from, to))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    #[test]
    fn ranges_alone_and_together() {
        check_fleet(
            &super::LINT,
            r#"
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./common.nix ]; };
    nixosConfigurations.db = nixpkgs.lib.nixosSystem { modules = [ ./common.nix ./db.nix ]; };
  };
}
#- /repo/common.nix
{ lib, ... }:
{
  networking.firewall.allowedTCPPortRanges = [ { from = 1714; to = 1764; } ];
  networking.firewall.allowedUDPPortRanges = [ { from = 60000; to = 61000; } ];
  networking.firewall.interfaces.lan.allowedTCPPortRanges = [ { from = 1; to = 65535; } ];
}
#- /repo/db.nix
{ lib, ... }:
{
  networking.firewall.allowedTCPPortRanges = [ { from = 2000; to = 2999; } { from = lib.unknown; to = 65535; } ];
  networking.firewall.allowedUDPPortRanges = [ { from = 49152; to = 65535; } { from = 9; to = 1; } ];
}
"#,
            expect![[r#"
                db.nix:3:48 `{ from = 2000; to = 2999; }` warning: 2 ranges open 1051 TCP ports on db for every network: narrow this to what the service uses
                    hosts db
                db.nix:4:48 `{ from = 49152; to = 65535; }` hint: 16384 UDP ports (49152 to 65535) are open on db for every network: narrow this to what the service uses
                    hosts db
            "#]],
        );
    }
}
