//! `failed-assertion`: an assertion of a module that does not hold on a host.

use nixscope_fleet::{Host, Notice};
use rustc_hash::FxHashMap;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::on_hosts;
use crate::lint::{Check, Group, Level, Lint};
use crate::problems::{own_range, problems};

pub(super) static LINT: Lint = Lint {
    name: "failed-assertion",
    group: Group::Modules,
    level: Level::Error,
    since: "0.1.0",
    summary: "an assertion of a module that does not hold",
    page: r#"
A module checks what it needs with `assertions`, and on a host the condition is false. Building the host fails with the
message of the assertion; this says so beforehand.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ ./beacon.nix { harbour.beacon.interval = 0; } ];
    };
  };
}
#- /repo/beacon.nix
{ config, lib, ... }:
{
  options.harbour.beacon.interval = lib.mkOption { type = lib.types.int; default = 30; };
  config.assertions = [
    { assertion = config.harbour.beacon.interval > 0; message = "The beacon needs an interval."; } # error
  ];
}
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ ./beacon.nix { harbour.beacon.interval = 60; } ];
    };
  };
}
#- /repo/beacon.nix
{ config, lib, ... }:
{
  options.harbour.beacon.interval = lib.mkOption { type = lib.types.int; default = 30; };
  config.assertions = [
    { assertion = config.harbour.beacon.interval > 0; message = "The beacon needs an interval."; }
  ];
}
```

## Source

The NixOS manual, ["Warnings and Assertions"](https://nixos.org/manual/nixos/stable/#sec-assertions).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let notices = problems(cx).flat_map(|(host, all)| all.assertions.iter().map(move |it| (host, it)));
    report(cx, &LINT, "this assertion fails", notices, found);
}

/// One finding for each place, with the hosts that it concerns as further places. What stands in a module from
/// outside is reported at the host.
pub(super) fn report<'a>(
    cx: &FleetContext<'_>,
    lint: &'static Lint,
    what: &str,
    notices: impl Iterator<Item = (&'a Host, &'a Notice)>,
    found: &mut Vec<Diagnostic>,
) {
    let mut known: FxHashMap<_, usize> = FxHashMap::default();
    let mut all: Vec<(Diagnostic, &Notice)> = Vec::new();
    for (host, notice) in notices {
        let at_host = host.place.and_then(|it| own_range(cx, it));
        let own = notice.place.and_then(|it| own_range(cx, it));
        let Some((file, range)) = own.or(at_host) else { continue };
        // At one host several assertions may fail.
        let key = (file, range, own.is_none().then_some(&notice.message));
        let index = *known.entry(key).or_insert_with(|| {
            all.push((Diagnostic::new(lint, file, range, ""), notice));
            all.len() - 1
        });
        let (finding, first) = &mut all[index];
        if finding.hosts.contains(&host.name) {
            continue;
        }
        finding.hosts.push(host.name.clone());
        if let Some((file, range)) = at_host.filter(|_| own.is_some()) {
            let message = match notice.message == first.message {
                true => format!("the host {}", host.name),
                false => format!("the host {}: {}", host.name, line(&notice.message)),
            };
            finding.related.push(crate::Related { file, range, message });
        }
    }
    for (mut finding, notice) in all {
        finding.hosts.sort();
        let within = notice.within.as_ref().map(|it| format!(" (`{it}`)")).unwrap_or_default();
        finding.message = format!("{what} {}{within}: {}", on_hosts(&finding.hosts), line(&notice.message));
        found.push(finding);
    }
}

/// A message on one line, and not too long.
fn line(message: &str) -> String {
    const MAX: usize = 300;
    let mut text = message.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((at, _)) = text.char_indices().nth(MAX) {
        text.truncate(at);
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_fleet, flake};

    #[test]
    fn names_the_hosts() {
        check_fleet(
            &super::LINT,
            &flake(
                &["db", "web"],
                "{ lib, config, ... }: {
  options.harbour.mode = lib.mkOption { type = lib.types.str; default = \"day\"; };
  config.assertions = [
    { assertion = config.harbour.mode == \"night\"; message = \"It must be\\n  night.\"; }
    { assertion = config.services.nginx.enable; message = \"Not known.\"; }
    { assertion = true; message = \"It holds.\"; }
  ];
}",
            ),
            expect![[r#"
                m.nix:4:5 `{ assertion = config.harbour.mode == "night"; message = "It must be\n night."; }` error: this assertion fails on db and web: It must be night.
                    hosts db web
                    at flake.nix:5:25 `db`: the host db
                    at flake.nix:9:25 `web`: the host web
            "#]],
        );
    }

    #[test]
    fn not_under_a_condition_that_is_false_or_not_known() {
        check_fleet(
            &super::LINT,
            &flake(
                &["web"],
                "{ lib, config, ... }: {
  config = lib.mkMerge [
    (lib.mkIf false { assertions = [ { assertion = false; message = \"a\"; } ]; })
    (lib.mkIf config.services.nginx.enable { assertions = [ { assertion = false; message = \"b\"; } ]; })
  ];
}",
            ),
            expect![""],
        );
    }
}
