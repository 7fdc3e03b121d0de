//! `unset-cross-host-option`: another host's option that nothing there declares or sets.

use nixscope_fleet::ReferenceStatus;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::{Merged, references};
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

A reference with a default (`… or 9100`) or behind `?` is not reported.

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
    for (reader, reference) in references(cx.fleet) {
        if reference.status != ReferenceStatus::MissingOption || reference.guarded {
            continue;
        }
        let Some(host) = reference.host.as_deref() else { continue };
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

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use nixscope_fleet::ReferenceStatus;

    use crate::testing::{FleetFixture, reference};

    #[test]
    fn names_host_and_option() {
        let fixture = FleetFixture::new(
            "#- /repo/m.nix\n{ self }: self.nixosConfigurations.db.config.fleet.port\n",
        );
        let text = "self.nixosConfigurations.db.config.fleet.port";
        let unset = reference(&fixture, "db", "fleet.port", text, ReferenceStatus::MissingOption);
        let mut fleet = fixture.fleet(&["db", "web", "www"]);
        fleet.hosts[1].1.references = vec![unset.clone()];
        fleet.hosts[2].1.references = vec![unset];
        fixture.check(&super::LINT, &fleet, expect![[r#"
            1:11 `self.nixosConfigurations.db.config.fleet.port` warning: nothing on `db` declares or sets `fleet.port`: import the module there, or say with `or` what holds without it
                hosts web www
        "#]]);
    }
}
