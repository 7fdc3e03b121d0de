//! `host-name-mismatch`: a host that calls itself something else.

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::facts::known_hosts;
use crate::fleet::{Merged, folded};
use crate::lint::{Check, Group, Level, Lint};
use crate::problems::own_range;

pub(super) static LINT: Lint = Lint {
    name: "host-name-mismatch",
    group: Group::Fleet,
    level: Level::Hint,
    since: "0.1.0",
    summary: "a `networking.hostName` that differs from the name of the host's attribute",
    page: r#"
`nixos-rebuild` builds the configuration that is called like the machine it runs on. Where the two differ it finds
none, or another host's, unless it is told each time.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.lighthouse = nixpkgs.lib.nixosSystem {
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
    nixosConfigurations.lighthouse = nixpkgs.lib.nixosSystem {
      modules = [ { networking.hostName = "lighthouse"; } ];
    };
  };
}
```

## When it is fine

Images and variants of a machine are called after it (`lighthouse-iso`); they are not reported.

## Source

`man nixos-rebuild`, `--flake`.
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let mut merged = Merged::default();
    for known in known_hosts(cx).iter().filter(|it| it.is_machine() && !it.is_image()) {
        let Some((text, Some(place))) = known.facts.text("networking.hostName") else { continue };
        let Some((file, range)) = own_range(cx, place) else { continue };
        let (own, attribute) = (text.to_lowercase(), known.host.name.to_lowercase());
        let is_part = attribute.contains(&own) || own.contains(&attribute);
        if own.is_empty() || is_part || has_words(&own, &attribute) || has_words(&attribute, &own) {
            continue;
        }
        let message = format!("the host {} calls itself `{text}`", known.host.name);
        merged.add(Some(&known.host.name), Diagnostic::new(&LINT, file, range, message));
    }
    found.extend(folded(merged.finish(), "host"));
}

/// Whether a name consists of words that another has too, in whatever order: `ci-eval04` for `eval04.ci.example.org`.
fn has_words(name: &str, other: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(String::from).collect()
    };
    let known = words(other);
    words(name).iter().all(|word| known.contains(word))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_fleet, flake};

    #[test]
    fn names_and_variants_of_them() {
        check_fleet(
            &super::LINT,
            &flake(&["db", "web", "web-iso", "iso-of.web"], "{ networking.hostName = \"web\"; }"),
            expect![[r#"
                m.nix:1:14 `hostName` hint: the host db calls itself `web`
                    hosts db
            "#]],
        );
    }
}
