//! `duplicate-host-id`: two hosts with one `networking.hostId`.

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::facts::known_hosts;
use crate::lint::{Check, Group, Level, Lint};
use crate::problems::own_range;

pub(super) static LINT: Lint = Lint {
    name: "duplicate-host-id",
    group: Group::Fleet,
    level: Level::Warning,
    since: "0.1.0",
    summary: "two hosts that have one `networking.hostId`",
    page: r#"
By `networking.hostId` ZFS knows which machine a pool belongs to: a pool of another machine is not imported. Where two
machines have the same id, usually because a configuration was copied, nothing keeps the one from importing, and
destroying, the pool of the other.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.beacon = nixpkgs.lib.nixosSystem {
      modules = [ { networking.hostId = "8556b001"; } ];
    };
    nixosConfigurations.ferry = nixpkgs.lib.nixosSystem {
      modules = [ { networking.hostId = "8556b001"; } ]; # error
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
      modules = [ { networking.hostId = "8556b001"; } ];
    };
    nixosConfigurations.ferry = nixpkgs.lib.nixosSystem {
      modules = [ { networking.hostId = "c0ffee42"; } ];
    };
  };
}
```

## When it is fine

Images and variants of one machine have its id; they are not reported. One definition that several hosts share is a
hint: it may be that only one of them has a pool.

## Source

The NixOS manual, [`networking.hostId`](https://nixos.org/manual/nixos/stable/options#opt-networking.hostId).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let hosts = known_hosts(cx);
    let with_id: Vec<_> = hosts
        .iter()
        .filter(|it| it.is_machine())
        .filter_map(|it| {
            let (text, place) = it.facts.text("networking.hostId")?;
            Some((it, text, own_range(cx, place?)?))
        })
        .collect();
    let mut reported: Vec<_> = Vec::new();
    for (index, (known, text, place)) in with_id.iter().enumerate() {
        let mut before = with_id[..index].iter();
        let other = before.find(|(other, id, _)| id == text && !known.is_variant_of(other));
        let Some((other, _, other_place)) = other else { continue };
        if reported.contains(place) {
            continue;
        }
        reported.push(*place);
        let message = format!("{} has the host id `{text}` too", other.host.name);
        let mut finding = Diagnostic::new(&LINT, place.0, place.1, message);
        if other_place == place {
            finding.level = Level::Hint;
        } else {
            let at = format!("the id of {}", other.host.name);
            finding = finding.with_related(other_place.0, other_place.1, at);
        }
        finding.hosts = vec![known.host.name.clone(), other.host.name.clone()];
        finding.hosts.sort();
        found.push(finding);
    }
}
