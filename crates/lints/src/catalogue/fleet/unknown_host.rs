//! `unknown-host`: a reference to a host that the flake does not have.

use nixscope_fleet::ReferenceStatus;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::{Merged, failed_references, rename};
use crate::lint::{Check, Group, Level, Lint};
use crate::names;

pub(super) static LINT: Lint = Lint {
    name: "unknown-host",
    group: Group::Fleet,
    level: Level::Error,
    since: "0.1.0",
    summary: "a reference to a host that the flake does not have",
    page: r#"
`self.nixosConfigurations.NAME` where no host is called `NAME`: a misspelt name, or a host that was
renamed or taken out of service. The host that reads it fails to evaluate.

A reference with a default (`… or 9100`) or behind `?` is not reported: the program says itself what
holds where the host is not there.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.beacon = nixpkgs.lib.nixosSystem {
      modules = [ { networking.hostName = "beacon"; } ];
    };
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [
        { networking.hosts."10.0.0.1" = [ self.nixosConfigurations.becon.config.networking.hostName ]; } # error
      ];
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
      modules = [ { networking.hostName = "beacon"; } ];
    };
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [
        { networking.hosts."10.0.0.1" = [ self.nixosConfigurations.beacon.config.networking.hostName ]; }
      ];
    };
  };
}
```

## Source

The Nix manual, [`nix flake`, "Flake format"](https://nix.dev/manual/nix/latest/command-ref/new-cli/nix3-flake#flake-format).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    // Where the set of hosts is not completely known, any name may be one.
    if !cx.fleet.gaps.is_empty() {
        return;
    }
    let hosts: Vec<&str> = cx.fleet.hosts.iter().map(|(host, _)| host.name.as_str()).collect();
    let mut merged = Merged::default();
    for (reader, reference, name) in failed_references(cx.fleet, ReferenceStatus::MissingHost) {
        let place = reference.host_place.unwrap_or(reference.place);
        let near = names::nearest(name, hosts.iter().copied());
        let message = match near {
            Some(near) => format!("this flake has no host `{name}`; did you mean `{near}`?"),
            None => format!("this flake has no host `{name}`"),
        };
        let mut finding = Diagnostic::new(&LINT, place.source, place.range(cx.db), message);
        finding.fix = near.and_then(|near| rename(cx.db, place, name, near));
        merged.add(reader, finding);
    }
    found.extend(merged.finish());
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use nixscope_fleet::ReferenceStatus;

    use crate::testing::{FleetFixture, reference};

    #[test]
    fn names_the_nearest_host_once() {
        let fixture = FleetFixture::new(
            "#- /repo/m.nix\n{ self }: [ self.nixosConfigurations.becon.config.a self.nixosConfigurations.nowhere ]\n",
        );
        let missing =
            |name: &str, text: &str| reference(&fixture, name, "a", text, ReferenceStatus::MissingHost);
        let first = missing("becon", "becon");
        let second = missing("nowhere", "nowhere");
        let mut guarded = missing("becon", "self.nixosConfigurations.becon.config.a");
        guarded.guarded = true;
        let mut fleet = fixture.fleet(&["beacon", "web"]);
        fleet.hosts[0].1.references = vec![first.clone()];
        fleet.hosts[1].1.references = vec![first, second, guarded];
        fixture.check(&super::LINT, &fleet, expect![[r#"
            1:38 `becon` error: this flake has no host `becon`; did you mean `beacon`?
                hosts beacon web
                unsafe: Write `beacon` => { self }: [ self.nixosConfigurations.beacon.config.a self.nixosConfigurations.nowhere ]
            1:78 `nowhere` error: this flake has no host `nowhere`
                hosts web
        "#]]);
    }

    #[test]
    fn silent_where_hosts_may_be_missing() {
        let fixture = FleetFixture::new("#- /repo/m.nix\n{ self }: self.nixosConfigurations.becon\n");
        let mut fleet = fixture.fleet(&["beacon"]);
        fleet.hosts[0].1.references =
            vec![reference(&fixture, "becon", "", "becon", ReferenceStatus::MissingHost)];
        fleet.gaps.push(nixscope_fleet::Gap { what: "inputs.x".into(), why: "".into(), place: None });
        fixture.check(&super::LINT, &fleet, expect![""]);
    }
}
