//! `zfs-without-host-id`: a host with ZFS and without `networking.hostId`.

use nixscope_fleet::{Fact, FactValue, HostClass};

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::facts::{Known, known_hosts};
use crate::fleet::{HOSTS, Merged};
use crate::lint::{Check, Group, Level, Lint};
use crate::problems::own_range;

pub(super) static LINT: Lint = Lint {
    name: "zfs-without-host-id",
    group: Group::Fleet,
    level: Level::Error,
    since: "0.1.0",
    summary: "a host that uses ZFS and has no `networking.hostId`",
    page: r#"
ZFS imports a pool only on the machine that it belongs to, which it knows by `networking.hostId`. NixOS refuses to build a
host with ZFS that has none: "ZFS requires networking.hostId to be set".

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.beacon = nixpkgs.lib.nixosSystem {
      modules = [ ./beacon.nix ];
    };
  };
}
#- /repo/beacon.nix
{
  fileSystems."/" = { device = "tank/root"; fsType = "zfs"; }; # error
}
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.beacon = nixpkgs.lib.nixosSystem {
      modules = [ ./beacon.nix ];
    };
  };
}
#- /repo/beacon.nix
{
  fileSystems."/" = { device = "tank/root"; fsType = "zfs"; };
  networking.hostId = "8556b001";
}
```

## Source

nixpkgs, `nixos/modules/tasks/filesystems/zfs.nix`.
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let mut merged = Merged::default();
    for known in known_hosts(cx).iter().filter(|it| it.host.class == HostClass::Nixos) {
        if !known.knows_all_settings() || !known.facts.lacks("networking.hostId") {
            continue;
        }
        let place = in_use(known).and_then(|fact| own_range(cx, fact.place?));
        if let Some((file, range)) = place {
            let message =
                format!("ZFS is in use {HOSTS}, and there is no `networking.hostId`: NixOS refuses that");
            merged.add(Some(&known.host.name), Diagnostic::new(&LINT, file, range, message));
        }
    }
    found.extend(merged.finish());
}

/// What brings ZFS in.
fn in_use<'a>(known: &Known<'a>) -> Option<&'a Fact> {
    let is_zfs = |it: &&Fact| it.value == FactValue::Text("zfs".into());
    let named = |it: &&Fact| it.value == FactValue::Bool(true) && it.names.iter().any(|name| name == "zfs");
    let facts = known.facts;
    let of_file_systems = facts.of("fileSystems.*.fsType").find(is_zfs);
    let supported = ["boot.supportedFilesystems.*", "boot.initrd.supportedFilesystems.*"]
        .into_iter()
        .find_map(|option| facts.of(option).find(|it| is_zfs(it) || named(it)));
    of_file_systems.or(supported)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_fleet, flake};

    #[test]
    fn by_its_name_in_a_list_or_a_set() {
        check_fleet(
            &super::LINT,
            &flake(&["a", "b"], "{ boot.supportedFilesystems = [ \"ext4\" \"zfs\" ]; }"),
            expect![[r#"
                m.nix:1:40 `"zfs"` error: ZFS is in use on a and b, and there is no `networking.hostId`: NixOS refuses that
                    hosts a b
            "#]],
        );
        check_fleet(
            &super::LINT,
            &flake(&["a"], "{ boot.supportedFilesystems.zfs = true; }"),
            expect![[r#"
            m.nix:1:29 `zfs` error: ZFS is in use on a, and there is no `networking.hostId`: NixOS refuses that
                hosts a
        "#]],
        );
        check_fleet(&super::LINT, &flake(&["a"], "{ boot.supportedFilesystems.zfs = false; }"), expect![""]);
    }

    #[test]
    fn an_id_may_come_from_outside() {
        check_fleet(
            &super::LINT,
            &flake(
                &["a"],
                "{ inputs, ... }: {
  imports = [ inputs.strangers.nixosModules.default ];
  boot.supportedFilesystems = [ \"zfs\" ];
}",
            ),
            expect![""],
        );
    }
}
