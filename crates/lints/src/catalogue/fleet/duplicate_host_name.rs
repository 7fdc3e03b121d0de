//! `duplicate-host-name`: two hosts of one name.

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::facts::known_hosts;
use crate::lint::{Check, Group, Level, Lint};
use crate::problems::own_range;

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
    let named: Vec<_> = hosts
        .iter()
        .filter(|it| it.is_machine())
        .filter_map(|it| {
            let (text, place) = it.facts.text("networking.hostName")?;
            Some((it, text, own_range(cx, place?)?))
        })
        .collect();
    for (index, (known, text, (file, range))) in named.iter().enumerate() {
        let host = known.host.name.as_str();
        // The machine whose name it is has it by right; what is called after it belongs to it.
        if text.is_empty() || host.contains(text.as_str()) {
            continue;
        }
        // One definition that gives one name to all that have it is meant so: images of a machine.
        let mut alike = named.iter().filter(|(_, _, place)| place == &(*file, *range));
        let is_shared = named.iter().filter(|(_, _, place)| place == &(*file, *range)).count() > 1
            && alike.all(|(_, name, _)| name == text);
        if is_shared {
            continue;
        }
        let other = named.iter().enumerate().find(|(at, (other, name, _))| {
            let by_right = other.host.name == **text;
            name == text && !known.is_variant_of(other) && (by_right || (*at < index))
        });
        if let Some((_, (other, _, (other_file, other_range)))) = other {
            // One definition for both: the name is set for everybody.
            let message = format!("{} is called `{text}` too: two hosts of one name", other.host.name);
            let mut finding = Diagnostic::new(&LINT, *file, *range, message);
            if (other_file, other_range) != (file, range) {
                let at = format!("the name of {}", other.host.name);
                finding = finding.with_related(*other_file, *other_range, at);
            }
            finding.hosts = vec![known.host.name.clone(), other.host.name.clone()];
            finding.hosts.sort();
            let known_place =
                |it: &Diagnostic| it.lint.name == LINT.name && (it.file, it.range) == (*file, *range);
            if !found.iter().any(known_place) {
                found.push(finding);
            }
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
