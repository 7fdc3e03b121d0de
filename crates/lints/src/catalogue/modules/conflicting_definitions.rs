//! `conflicting-definitions`: definitions of one option that the module system cannot make one value of.

use nixscope_fleet::OptionProblemKind;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::{HOSTS, Merged};
use crate::lint::{Check, Group, Level, Lint};
use crate::problems::{declared_here, option_finding, option_name, option_problems, shown_at};

pub(super) static LINT: Lint = Lint {
    name: "conflicting-definitions",
    group: Group::Modules,
    level: Level::Error,
    since: "0.1.0",
    summary: "an option that is set to several values at one priority",
    page: r#"
Two modules of one host set an option that holds one value, a number or a text, to different values, and neither has
precedence. A host that reads the option fails to evaluate.

What a module proposes for others to change belongs into `mkDefault`; `mkForce` says that a definition stands against
all others.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ ./beacon.nix ./web.nix ];
    };
  };
}
#- /repo/beacon.nix
{ lib, ... }:
{
  options.harbour.beacon.port = lib.mkOption { type = lib.types.port; };
  config.harbour.beacon.port = 8080;
}
#- /repo/web.nix
{
  harbour.beacon.port = 80; # error
}
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ ./beacon.nix ./web.nix ];
    };
  };
}
#- /repo/beacon.nix
{ lib, ... }:
{
  options.harbour.beacon.port = lib.mkOption { type = lib.types.port; };
  config.harbour.beacon.port = lib.mkDefault 8080;
}
#- /repo/web.nix
{
  harbour.beacon.port = 80;
}
```

## Source

The NixOS manual, ["Setting priorities"](https://nixos.org/manual/nixos/stable/#sec-option-definitions-setting-priorities);
nixpkgs, `lib/options.nix`, `mergeEqualOption`.
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let mut merged = Merged::default();
    let both = [OptionProblemKind::Conflict, OptionProblemKind::ReadOnly];
    for (host, problem) in both.into_iter().flat_map(|kind| option_problems(cx, kind)) {
        let mut places: Vec<_> =
            problem.definitions.iter().filter_map(|it| Some((shown_at(cx, it)?, it.text.as_ref()))).collect();
        // The order of the modules is nobody's business; that of the files stays the same.
        places.sort_by_key(|((file, range), _)| (file.path(cx.db).clone(), range.start()));
        let Some((place, text)) = places.pop() else { continue };
        let option = option_name(problem);
        let message = match (problem.kind, text) {
            (OptionProblemKind::ReadOnly, _) => {
                format!("{option} is read-only, and more than one module sets it {HOSTS}")
            }
            (_, Some(text)) => format!(
                "{option} is set to `{text}` here and to something else at the same priority {HOSTS}: \
                 use `mkForce` for the one that holds, or `mkDefault` for the other"
            ),
            (_, None) => format!("{option} is set to several values at the same priority {HOSTS}"),
        };
        let mut finding = option_finding(&LINT, problem, place, message);
        if problem.within.is_some() {
            // Much of what goes into a home comes from home-manager's own side.
            finding.level = finding.level.min(Level::Warning);
        }
        for ((file, range), text) in places {
            let message = text.map_or("also set here".into(), |it| format!("set to `{it}` here"));
            finding = finding.with_related(file, range, message);
        }
        merged.add(Some(&host.name), declared_here(cx, problem, finding));
    }
    found.extend(merged.finish());
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_fleet, flake};

    #[test]
    fn values_and_read_only() {
        check_fleet(
            &super::LINT,
            &flake(
                &["db", "web"],
                "{ lib, ... }: {
  imports = [ { harbour.mode = \"day\"; harbour.id = 1; } ];
  options.harbour.mode = lib.mkOption { type = lib.types.str; };
  options.harbour.id = lib.mkOption { type = lib.types.int; readOnly = true; };
  config.harbour.mode = \"night\";
  config.harbour.id = 2;
}",
            ),
            expect![[r#"
                m.nix:5:25 `"night"` error: `harbour.mode` is set to `"night"` here and to something else at the same priority on db and web: use `mkForce` for the one that holds, or `mkDefault` for the other
                    hosts db web
                    at m.nix:2:32 `"day"`: set to `"day"` here
                    at m.nix:3:19 `mode`: declared here
                m.nix:6:23 `2` error: `harbour.id` is read-only, and more than one module sets it on db and web
                    hosts db web
                    at m.nix:2:52 `1`: set to `1` here
                    at m.nix:4:19 `id`: declared here
            "#]],
        );
    }

    #[test]
    fn priorities_equal_values_and_conditions() {
        check_fleet(
            &super::LINT,
            &flake(
                &["web"],
                "{ lib, config, ... }: {
  imports = [ { harbour = { a = 1; b = 1; c = 1; d = [ 1 ]; }; } ];
  options.harbour = {
    a = lib.mkOption { type = lib.types.int; };
    b = lib.mkOption { type = lib.types.int; };
    c = lib.mkOption { type = lib.types.int; };
    d = lib.mkOption { type = lib.types.listOf lib.types.int; };
  };
  config.harbour = {
    a = 1;
    b = lib.mkForce 2;
    c = lib.mkIf config.services.nginx.enable 2;
    d = [ 2 ];
  };
}",
            ),
            expect![""],
        );
    }
}
