//! `firewall-gap`: a port that one host is asked for by another, and that its firewall keeps closed.

use nixscope_fleet::{Fact, FactValue, HostClass, HostFacts, ReferenceStatus};

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::facts::{Known, known_hosts};
use crate::fleet::{HOSTS, Merged};
use crate::lint::{Check, Group, Level, Lint};
use crate::problems::own_range;

pub(super) static LINT: Lint = Lint {
    name: "firewall-gap",
    group: Group::Fleet,
    level: Level::Hint,
    since: "0.1.0",
    summary: "a port that another host points at and that the host's firewall keeps closed",
    page: r#"
The configuration of one machine names a port of another one: Prometheus scrapes it, a proxy passes requests on to it. The
firewall of that other machine does not open the port, so that the connection is refused.

Compared are ports that are read of the other host's configuration, and targets whose address, or name, is that of a host.
A machine is judged where everything that may open a port is known: with containers, trusted interfaces or rules of its
own it is not.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.beacon = nixpkgs.lib.nixosSystem {
      modules = [ { networking.hostName = "beacon"; services.prometheus.exporters.node.enable = true; } ];
    };
    nixosConfigurations.ferry = nixpkgs.lib.nixosSystem {
      modules = [ ./ferry.nix ];
    };
  };
}
#- /repo/ferry.nix
{
  networking.hostName = "ferry";
  services.prometheus.enable = true;
  services.prometheus.scrapeConfigs = [
    { job_name = "node"; static_configs = [ { targets = [ "beacon:9100" ]; } ]; } # error
  ];
}
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.beacon = nixpkgs.lib.nixosSystem {
      modules = [ {
        networking.hostName = "beacon";
        services.prometheus.exporters.node.enable = true;
        networking.firewall.interfaces.wg0.allowedTCPPorts = [ 9100 ];
      } ];
    };
    nixosConfigurations.ferry = nixpkgs.lib.nixosSystem {
      modules = [ ./ferry.nix ];
    };
  };
}
#- /repo/ferry.nix
{
  networking.hostName = "ferry";
  services.prometheus.enable = true;
  services.prometheus.scrapeConfigs = [
    { job_name = "node"; static_configs = [ { targets = [ "beacon:9100" ]; } ]; }
  ];
}
```

## When it is fine

Where the connection goes through a tunnel that ends on the machine itself, an SSH forwarding, say.

## Source

The NixOS manual, ["Firewall"](https://nixos.org/manual/nixos/stable/#sec-firewall).
"#,
    check: Check::Fleet(check),
};

/// Options whose values name a machine and a port.
const TARGETS: &[&str] = &[
    "services.prometheus.scrapeConfigs.*.static_configs.*.targets.*",
    "services.prometheus.alertmanagers.*.static_configs.*.targets.*",
    "services.prometheus.remoteWrite.*.url",
    "services.nginx.virtualHosts.*.locations.*.proxyPass",
    "services.grafana.provision.datasources.settings.datasources.*.url",
    "services.promtail.configuration.clients.*.url",
    "services.restic.backups.*.repository",
    "services.traefik.dynamicConfigOptions.http.services.*.loadBalancer.servers.*.url",
];

/// Options that say which addresses a machine has.
const ADDRESSES: &[&str] = &[
    "networking.interfaces.*.ipv4.addresses.*.address",
    "networking.wireguard.interfaces.*.ips.*",
    "networking.wg-quick.interfaces.*.address.*",
];

/// Options with which packets pass in ways that are not followed here.
const BYPASSES: &[&str] = &[
    "networking.firewall.trustedInterfaces.*",
    "networking.firewall.extraCommands",
    "networking.firewall.extraInputRules",
    "networking.nftables.ruleset",
    "networking.nftables.rulesetFile",
    "networking.nftables.tables.*.content",
    "virtualisation.oci-containers.containers.*.ports.*",
    "containers.*.forwardPorts.*.hostPort",
];

/// Where a machine's open ports stand, one by one.
const OPEN_PORTS: &[&str] = &[
    "networking.firewall.allowedTCPPorts.*",
    "networking.firewall.interfaces.*.allowedTCPPorts.*",
    "networking.nat.forwardPorts.*.sourcePort",
    "services.openssh.ports.*",
];

/// Where ranges of open ports stand.
const OPEN_RANGES: &[(&str, &str)] = &[
    ("networking.firewall.allowedTCPPortRanges.*.from", "networking.firewall.allowedTCPPortRanges.*.to"),
    (
        "networking.firewall.interfaces.*.allowedTCPPortRanges.*.from",
        "networking.firewall.interfaces.*.allowedTCPPortRanges.*.to",
    ),
];

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let hosts = known_hosts(cx);
    let mut merged = Merged::default();
    for reader in hosts.iter().filter(|it| it.is_machine()) {
        for (place, name, port) in pointed_at(&hosts, reader) {
            let mut named = hosts.iter().filter(|it| it.host.name == name);
            let (Some(target), None) = (named.next(), named.next()) else { continue };
            if target.host.name == reader.host.name
                || target.is_variant_of(reader)
                || !keeps_closed(target, port)
            {
                continue;
            }
            let Some((file, range)) = own_range(cx, place) else { continue };
            let message =
                format!("the firewall of {name} keeps port {port} closed, which this points at {HOSTS}");
            let mut finding = Diagnostic::new(&LINT, file, range, message);
            if let Some((file, range)) = target.host.place.and_then(|it| own_range(cx, it)) {
                finding = finding.with_related(file, range, format!("the host {name}"));
            }
            merged.add(Some(&reader.host.name), finding);
        }
    }
    found.extend(merged.finish());
}

/// The places of a host's configuration that name a port of another one, with the other's name.
fn pointed_at<'a>(
    hosts: &'a [Known<'_>],
    reader: &'a Known<'_>,
) -> Vec<(nixscope_eval::SourcePlace, &'a str, i64)> {
    let mut out = Vec::new();
    let is_settled = |status| matches!(status, ReferenceStatus::Resolved | ReferenceStatus::Default);
    for reference in reader.index.references.iter().filter(|it| is_settled(it.status)) {
        let is_port = reference.path.starts_with("services.")
            && reference.path.rsplit('.').next().is_some_and(|last| matches!(last, "port" | "http_port"));
        let port = reference.value.as_ref().and_then(|it| it.parse().ok());
        if let (true, Some(host), Some(port)) = (is_port, &reference.host, port) {
            out.push((reference.place, host.as_str(), port));
        }
    }
    for fact in TARGETS.iter().flat_map(|option| reader.facts.of(option)) {
        let (FactValue::Text(text), Some(place)) = (&fact.value, fact.place) else { continue };
        let Some((address, port)) = address_and_port(text) else { continue };
        let mut owners =
            hosts.iter().filter(|it| it.host.class == HostClass::Nixos && has(it.facts, address));
        // An address that several have means none of them.
        if let (Some(owner), None) = (owners.next(), owners.next())
            && !out.iter().any(|(_, name, known)| *name == owner.host.name && *known == port)
        {
            out.push((place, owner.host.name.as_str(), port));
        }
    }
    out
}

/// The parts of `http://web.example.org:8080/path` and of `web:8080`.
fn address_and_port(text: &str) -> Option<(&str, i64)> {
    let after_scheme = text.rsplit_once("://").map_or(text, |(_, rest)| rest);
    let authority = after_scheme.split(['/', '?', '#']).next()?;
    let authority = authority.rsplit_once('@').map_or(authority, |(_, rest)| rest);
    let (address, port) = authority.rsplit_once(':')?;
    let port = port.parse().ok().filter(|it| (1..=65_535).contains(it))?;
    // With more colons it is an address of IPv6.
    (!address.is_empty() && !address.contains(':')).then_some((address, port))
}

/// Whether an address, or a name, is a machine's.
fn has(facts: &HostFacts, address: &str) -> bool {
    let text = |option| facts.text(option).map(|(text, _)| text.as_str());
    if let Some(name) = text("networking.hostName").filter(|name| !name.is_empty()) {
        let rest = address.strip_prefix(name).and_then(|rest| match rest {
            "" => Some(rest),
            _ => rest.strip_prefix('.'),
        });
        if rest.is_some_and(|rest| rest.is_empty() || text("networking.domain") == Some(rest)) {
            return true;
        }
    }
    let is_it = |fact: &Fact| match &fact.value {
        FactValue::Text(text) => text.split('/').next() == Some(address),
        _ => false,
    };
    let is_inside = address.starts_with("127.");
    !is_inside && ADDRESSES.iter().flat_map(|option| facts.of(option)).any(is_it)
}

/// Whether a machine's firewall certainly does not let anybody at a port.
fn keeps_closed(target: &Known<'_>, port: i64) -> bool {
    let facts = target.facts;
    let is_off = |option| facts.of(option).all(|it| it.value == FactValue::Bool(false));
    let of = |options: &'static [&'static str]| options.iter().flat_map(|option| facts.of(option));
    if target.host.class != HostClass::Nixos
        || !target.knows_all_settings()
        || !facts.of("networking.firewall.enable").all(|it| it.value == FactValue::Bool(true))
        || of(BYPASSES).next().is_some()
        || !["virtualisation.docker.enable", "virtualisation.podman.enable", "services.k3s.enable"]
            .into_iter()
            .all(is_off)
    {
        return false;
    }
    if of(OPEN_PORTS).any(|it| matches!(it.value, FactValue::Unknown) || it.value == FactValue::Int(port)) {
        return false;
    }
    let is_in_range = |(from, to): &(&'static str, &'static str)| {
        let mut ends = facts.of(from).zip(facts.of(to));
        let different = facts.of(from).count() != facts.of(to).count();
        different
            || ends.any(|ends| match (&ends.0.value, &ends.1.value) {
                (FactValue::Int(from), FactValue::Int(to)) => (*from..=*to).contains(&port),
                _ => true,
            })
    };
    !OPEN_RANGES.iter().any(is_in_range) && port != SSH && !opened_by_service(facts, port)
}

/// NixOS opens it where the server is on.
const SSH: i64 = 22;

/// Whether a service that opens its own ports may open this one.
fn opened_by_service(facts: &HostFacts, port: i64) -> bool {
    const SERVICES: &[(&str, &str)] = &[
        ("services.*.openFirewall", "services.*.port"),
        ("services.prometheus.exporters.*.openFirewall", "services.prometheus.exporters.*.port"),
    ];
    SERVICES.iter().any(|(option, ports)| {
        let opening = facts.of(option).filter(|it| it.value != FactValue::Bool(false));
        // SSH has its ports elsewhere.
        opening.filter(|it| it.names.first().is_none_or(|name| name != "openssh")).any(|opening| {
            let mut own = facts.of(ports).filter(|it| it.names == opening.names).peekable();
            own.peek().is_none() || own.any(|it| !matches!(it.value, FactValue::Int(other) if other != port))
        })
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    const FLEET: &str = r#"
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations = builtins.mapAttrs (name: module: nixpkgs.lib.nixosSystem {
      specialArgs = { inherit self; };
      modules = [ module { networking.hostName = name; networking.domain = "example.org"; } ];
    }) { db = ./db.nix; web = ./web.nix; };
  };
}
#- /repo/web.nix
{ self, ... }: let
  db = self.nixosConfigurations.db.config;
in {
  services.nginx.virtualHosts.a.locations = {
    "/".proxyPass = "http://${db.networking.hostName}:${toString db.services.gitea.port}/";
    "/b".proxyPass = "http://10.0.0.3:8080";
    "/c".proxyPass = "http://db.example.org:8081/c";
    "/d".proxyPass = "http://db.elsewhere.org:8082";
    "/e".proxyPass = "http://db:8091";
    "/f".proxyPass = "http://127.0.0.1:8083";
    "/g".proxyPass = "http://db:9200";
    "/h".proxyPass = "http://db";
  };
}
#- /repo/db.nix
"#;

    #[test]
    fn what_points_at_a_closed_port() {
        let db = r#"{
  services.gitea.port = 3000;
  networking.interfaces.eth0.ipv4.addresses = [ { address = "10.0.0.3"; prefixLength = 24; } ];
  networking.firewall.allowedTCPPorts = [ 80 ];
  networking.firewall.allowedTCPPortRanges = [ { from = 8090; to = 8099; } ];
  services.prometheus.exporters.node = { enable = true; openFirewall = true; port = 9200; };
}
"#;
        check_fleet(
            &super::LINT,
            &format!("{FLEET}{db}"),
            expect![[r#"
            web.nix:5:66 `db.services.gitea.port` hint: the firewall of db keeps port 3000 closed, which this points at on web
                hosts web
                at flake.nix:7:10 `db`: the host db
            web.nix:6:10 `proxyPass` hint: the firewall of db keeps port 8080 closed, which this points at on web
                hosts web
                at flake.nix:7:10 `db`: the host db
            web.nix:7:10 `proxyPass` hint: the firewall of db keeps port 8081 closed, which this points at on web
                hosts web
                at flake.nix:7:10 `db`: the host db
        "#]],
        );
    }

    #[test]
    fn what_may_open_it() {
        for line in [
            "networking.firewall.enable = false;",
            "networking.firewall.trustedInterfaces = [ \"wg0\" ];",
            "networking.firewall.extraCommands = \"iptables -A nixos-fw -j ACCEPT\";",
            "services.jellyfin.openFirewall = true;",
            "networking.firewall.allowedTCPPorts = config.services.other.ports;",
            "virtualisation.docker.enable = true;",
            "imports = [ self.inputs.nixpkgs.nixosModules.other ];",
        ] {
            let db = format!("{{ self, config, ... }}: {{ services.gitea.port = 3000; {line} }}\n");
            check_fleet(&super::LINT, &format!("{FLEET}{db}"), expect![""]);
        }
    }

    #[test]
    fn reads_addresses() {
        let parts = super::address_and_port;
        assert_eq!(parts("http://web:80/x:1"), Some(("web", 80)));
        assert_eq!(parts("rest:http://user:pass@web:8000/"), Some(("web", 8000)));
        assert_eq!(parts("web"), None);
        assert_eq!(parts("[::1]:80"), None);
        assert_eq!(parts("web:http"), None);
        assert_eq!(parts("web:70000"), None);
    }
}
