//! `service-on-all-interfaces`: a metrics exporter for everybody, where its neighbours serve the VPN only.

use nixscope_fleet::{HostSettings, Known, Setting};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::{HOSTS, Merged, settings};
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "service-on-all-interfaces",
    group: Group::Secrets,
    level: Level::Hint,
    since: "0.1.0",
    summary: "a metrics exporter that serves every network, where its neighbours serve one",
    page: r#"
A Prometheus exporter listens on every interface (`0.0.0.0`), or has its port opened in the firewall for all of them, while
other exporters of the host, or the same exporter on other hosts, listen on one address: that of a VPN, say. Metrics tell
much about a host; most likely the address was forgotten here.

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
  services.prometheus.exporters = {
    node = { enable = true; listenAddress = "10.88.0.2"; };
    nginx = { enable = true; listenAddress = "0.0.0.0"; }; # error
  };
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
  services.prometheus.exporters = {
    node = { enable = true; listenAddress = "10.88.0.2"; };
    nginx = { enable = true; listenAddress = "10.88.0.2"; };
  };
}
```

## When it is fine

Where the firewall lets only the right interface in.
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    // Exporters that listen on one address somewhere.
    let mut bound: FxHashSet<SmolStr> = FxHashSet::default();
    for (_, settings) in settings(cx) {
        bound.extend(
            exporters(settings).filter(|it| it.address().is_some_and(is_one)).map(|it| it.name.clone()),
        );
    }
    let mut merged = Merged::default();
    for (host, settings) in settings(cx) {
        let neighbour = exporters(settings).find(|it| it.address().is_some_and(is_one));
        for exporter in exporters(settings) {
            let Some(setting) = exporter.open_to_all() else { continue };
            let like = match &neighbour {
                Some(it) => format!("`{}` listens on `{}` only", it.name, it.address().unwrap_or_default()),
                None if bound.contains(exporter.name) => "elsewhere it listens on one address".to_string(),
                None => continue,
            };
            let Some(place) = setting.winner().and_then(|it| it.name.or(it.value.place)) else { continue };
            let message =
                format!("the exporter `{}` serves every network {HOSTS}, while {like}", exporter.name);
            merged.add(Some(host), Diagnostic::new(&LINT, place.source, place.range(cx.db), message));
        }
    }
    found.extend(merged.finish());
}

/// An exporter that is switched on.
struct Exporter<'a> {
    name: &'a SmolStr,
    address: Option<&'a Setting>,
    firewall: Option<&'a Setting>,
}

impl<'a> Exporter<'a> {
    /// The address it is known to listen on.
    fn address(&self) -> Option<&'a str> {
        self.address?.winner()?.value.known.text()
    }

    /// The setting that opens it to every network.
    fn open_to_all(&self) -> Option<&'a Setting> {
        match self.address {
            Some(setting) => self.address().filter(|it| is_any(it)).map(|_| setting),
            None => {
                self.firewall.filter(|it| it.winner().is_some_and(|it| it.value.known == Known::Bool(true)))
            }
        }
    }
}

/// The exporters of a host that are known to be on.
fn exporters(settings: &HostSettings) -> impl Iterator<Item = Exporter<'_>> {
    const ENABLE: &[&str] = &["services", "prometheus", "exporters", "*", "enable"];
    settings.matching(ENABLE).filter_map(|setting| {
        let name = setting.path.get(3)?;
        let of = |option: &str| settings.get(&["services", "prometheus", "exporters", name.as_str(), option]);
        (setting.winner()?.value.known == Known::Bool(true)).then(|| Exporter {
            name,
            address: of("listenAddress"),
            firewall: of("openFirewall"),
        })
    })
}

fn is_any(address: &str) -> bool {
    matches!(address, "0.0.0.0" | "::" | "[::]" | "*" | "")
}

fn is_one(address: &str) -> bool {
    !is_any(address)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    #[test]
    fn neighbours_on_the_host_and_elsewhere() {
        check_fleet(
            &super::LINT,
            r#"
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
    nixosConfigurations.db = nixpkgs.lib.nixosSystem { modules = [ ./db.nix ]; };
    nixosConfigurations.off = nixpkgs.lib.nixosSystem { modules = [ ./off.nix ]; };
  };
}
#- /repo/web.nix
{
  services.prometheus.exporters.node = { enable = true; listenAddress = "10.0.0.1"; };
  services.prometheus.exporters.smartctl.enable = true;
  services.prometheus.exporters.zfs = { enable = true; openFirewall = true; };
}
#- /repo/db.nix
{ services.prometheus.exporters.node = { enable = true; listenAddress = "::"; }; }
#- /repo/off.nix
{ services.prometheus.exporters.node = { enable = false; listenAddress = "::"; }; }
"#,
            expect![[r#"
                db.nix:1:57 `listenAddress` hint: the exporter `node` serves every network on db, while elsewhere it listens on one address
                    hosts db
                web.nix:4:56 `openFirewall` hint: the exporter `zfs` serves every network on web, while `node` listens on `10.0.0.1` only
                    hosts web
            "#]],
        );
    }
}
