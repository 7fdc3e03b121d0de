//! `duplicate-host-name`: two hosts of one name.

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::facts::{known_hosts, said};
use crate::lint::{Check, Group, Level, Lint};

pub(super) static LINT: Lint = Lint {
    name: "duplicate-host-name",
    group: Group::Fleet,
    level: Level::Warning,
    since: "0.1.0",
    summary: "two hosts that have one `networking.hostName`",
    page: r#"
Two machines of the fleet call themselves the same: as a rule the configuration of one was copied from the other's. In the
network one of them is not found, and `nixos-rebuild` on it builds the other one's configuration.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.beacon = nixpkgs.lib.nixosSystem {
      modules = [ { networking.hostName = "beacon"; } ];
    };
    nixosConfigurations.ferry = nixpkgs.lib.nixosSystem {
      modules = [ { networking.hostName = "beacon"; } ]; # error
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
    nixosConfigurations.ferry = nixpkgs.lib.nixosSystem {
      modules = [ { networking.hostName = "ferry"; } ];
    };
  };
}
```

## When it is fine

Images and variants of a machine (`beacon-iso`), and a configuration that is given out under two names, share its name;
they are not reported.

## Source

`man nixos-rebuild`, `--flake`.
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let hosts = known_hosts(cx);
    let names = said(cx, &hosts, "networking.hostName");
    let mut reported: Vec<_> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        // The machine whose name it is has it by right; what is called after it belongs to it.
        if name.text.is_empty() || name.by.host.name.contains(name.text) || reported.contains(&name.place) {
            continue;
        }
        // One definition that gives one name to all that have it is meant so: images of a machine.
        let alike = || names.iter().filter(|it| it.place == name.place);
        if alike().count() > 1 && alike().all(|it| it.text == name.text) {
            continue;
        }
        let mut others = names.iter().enumerate();
        let other =
            others.find(|(at, it)| name.is_taken_by(it) && (it.by.host.name == it.text || *at < index));
        if let Some((_, other)) = other {
            reported.push(name.place);
            let message =
                format!("{} is called `{}` too: two hosts of one name", other.by.host.name, name.text);
            found.push(name.twin(&LINT, message, other, "name"));
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_fleet, flake};

    #[test]
    fn images_and_second_names() {
        check_fleet(
            &super::LINT,
            &flake(&["web", "web-iso"], "{ networking.hostName = \"web\"; }"),
            expect![""],
        );
        // The same modules from the same place.
        check_fleet(&super::LINT, &flake(&["a", "b"], "{ networking.hostName = \"nixos\"; }"), expect![""]);
    }
}
