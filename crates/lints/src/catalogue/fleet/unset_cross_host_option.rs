//! `unset-cross-host-option`: another host's option that nothing there declares or sets.

use nixscope_fleet::ReferenceStatus;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::{Merged, failed_references, systems};
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "unset-cross-host-option",
    group: Group::Fleet,
    level: Level::Warning,
    since: "0.1.0",
    summary: "another host's option that nothing there declares or sets",
    page: r#"
A host reads `self.nixosConfigurations.NAME.config.PATH`, and nothing that `NAME` imports declares or
sets `PATH`: the module is not imported there, or the service is off. What is read is then an error, or
the default of a service that does not run: a scrape target where nothing listens.

Reported are options that the repository declares somewhere, and those of services. A reference with a
default (`… or 9100`) or behind `?` is not reported.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.db = nixpkgs.lib.nixosSystem {
      modules = [ { networking.hostName = "db"; } ];
    };
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      specialArgs = { inherit self; };
      modules = [ ./database.nix ./web.nix ];
    };
  };
}
#- /repo/database.nix
{ lib, ... }:
{
  options.services.database.port = lib.mkOption { type = lib.types.port; default = 5432; };
}
#- /repo/web.nix
{ self, ... }:
{
  services.web.port = self.nixosConfigurations.db.config.services.database.port; # error
}
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.db = nixpkgs.lib.nixosSystem {
      modules = [ ./database.nix ];
    };
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      specialArgs = { inherit self; };
      modules = [ ./database.nix ./web.nix ];
    };
  };
}
#- /repo/database.nix
{ lib, ... }:
{
  options.services.database.port = lib.mkOption { type = lib.types.port; default = 5432; };
}
#- /repo/web.nix
{ self, ... }:
{
  services.web.port = self.nixosConfigurations.db.config.services.database.port;
}
```

## Source

The NixOS manual, ["Option declarations"](https://nixos.org/manual/nixos/stable/#sec-option-declarations).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let mut merged = Merged::default();
    for (reader, reference, host) in failed_references(cx.fleet, ReferenceStatus::MissingOption) {
        if !is_known_completely(cx, &reference.path) {
            continue;
        }
        let message = format!(
            "nothing on `{host}` declares or sets `{}`: import the module there, or say with `or` what \
             holds without it",
            reference.path
        );
        let place = reference.place;
        merged.add(reader, Diagnostic::new(&LINT, place.source, place.range(cx.db), message));
    }
    found.extend(merged.finish());
}

/// Whether a path that the repository neither declares nor sets on a host is certainly not there.
/// Nixpkgs sets much of `system`, `networking` or `boot` on every host; the settings of a service are
/// its own module's affair, and say nothing while the service is off.
fn is_known_completely(cx: &FleetContext<'_>, path: &str) -> bool {
    let mut names = path.split('.');
    if names.next() == Some("services") && names.count() >= 2 {
        return true;
    }
    systems(cx.fleet).iter().any(|(_, index)| index.options.iter().any(|it| it.path == path))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use nixscope_fleet::ReferenceStatus;

    use crate::testing::{FleetFixture, reference};

    #[test]
    fn names_host_and_option() {
        let fixture = FleetFixture::new(
            "#- /repo/m.nix\n{ self }: let db = self.nixosConfigurations.db.config; in [ db.services.x.port db.system.build ]\n",
        );
        let missing =
            |path: &str, text: &str| reference(&fixture, "db", path, text, ReferenceStatus::MissingOption);
        let unset = missing("services.x.port", "db.services.x.port");
        let everywhere = missing("system.build", "db.system.build");
        let mut fleet = fixture.fleet(&["db", "web", "www"]);
        fleet.hosts[1].1.references = vec![unset.clone(), everywhere];
        fleet.hosts[2].1.references = vec![unset];
        fixture.check(&super::LINT, &fleet, expect![[r#"
            1:61 `db.services.x.port` warning: nothing on `db` declares or sets `services.x.port`: import the module there, or say with `or` what holds without it
                hosts web www
        "#]]);
    }
}
