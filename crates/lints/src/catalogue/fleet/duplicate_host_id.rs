//! `duplicate-host-id`: two hosts with one `networking.hostId`.

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::facts::{known_hosts, said};
use crate::lint::{Check, Group, Level, Lint};

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
    let ids = said(cx, &hosts, "networking.hostId");
    let mut reported: Vec<_> = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        let Some(other) = ids[..index].iter().find(|other| id.is_taken_by(other)) else { continue };
        if reported.contains(&id.place) {
            continue;
        }
        reported.push(id.place);
        let message = format!("{} has the host id `{}` too", other.by.host.name, id.text);
        let mut finding = id.twin(&LINT, message, other, "id");
        if other.place == id.place {
            finding.level = Level::Hint;
        }
        found.push(finding);
    }
}
