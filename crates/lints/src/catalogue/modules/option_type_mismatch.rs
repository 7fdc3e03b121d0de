//! `option-type-mismatch`: a definition that is not of the option's type.

use nixscope_fleet::{OptionProblem, OptionProblemKind, ProblemDefinition};

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::{HOSTS, merged};
use crate::lint::{Check, Group, Level, Lint};
use crate::problems::{declared_here, option_finding, option_name, option_problems, shown_at};

pub(super) static LINT: Lint = Lint {
    name: "option-type-mismatch",
    group: Group::Modules,
    level: Level::Error,
    since: "0.1.0",
    summary: "a definition that is not of the option's type",
    page: r#"
An option of the repository has a type, and a definition is not of it: a string for a port, a word that is not among
those of an enumeration, a list where one value is meant. A host that reads the option fails to evaluate.

Only values that are known are compared, and only with types that are.

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
  options.harbour.beacon.port = lib.mkOption { type = lib.types.port; default = 8080; };
}
#- /repo/web.nix
{
  harbour.beacon.port = "80"; # error
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
  options.harbour.beacon.port = lib.mkOption { type = lib.types.port; default = 8080; };
}
#- /repo/web.nix
{
  harbour.beacon.port = 80;
}
```

## Source

The NixOS manual, ["Options types"](https://nixos.org/manual/nixos/stable/#sec-option-types).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let mismatches = option_problems(cx, OptionProblemKind::TypeMismatch);
    found.extend(merged(mismatches.flat_map(|(host, problem)| {
        let wrong = problem.definitions.iter();
        wrong.filter_map(move |definition| Some((&host.name, finding(cx, problem, definition)?)))
    })));
}

fn finding(
    cx: &FleetContext<'_>,
    problem: &OptionProblem,
    definition: &ProblemDefinition,
) -> Option<Diagnostic> {
    let value = definition.text.as_ref().map_or("this value".into(), |it| format!("`{it}`"));
    let wants = match &problem.expected {
        Some(expected) => format!("is not of the type `{expected}`"),
        None => "is not of its type".into(),
    };
    let message = format!("{} {HOSTS}: {value} {wants}", option_name(problem));
    let finding = option_finding(&LINT, problem, shown_at(cx, definition)?, message);
    Some(declared_here(cx, problem, finding))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_fleet, flake};

    #[test]
    fn values_of_other_types() {
        check_fleet(
            &super::LINT,
            &flake(
                &["db", "web"],
                "{ lib, ... }: {
  options.harbour = {
    mode = lib.mkOption { type = lib.types.enum [ \"day\" \"night\" ]; };
    names = lib.mkOption { type = lib.types.listOf lib.types.str; };
    light = lib.mkOption { type = lib.types.submodule { options.on = lib.mkOption { type = lib.types.bool; }; }; };
  };
  config.harbour = {
    mode = \"dusk\";
    names = [ \"a\" 2 ];
    light.on = \"yes\";
  };
}",
            ),
            expect![[r#"
                m.nix:10:16 `"yes"` error: `harbour.light.on` on db and web: `"yes"` is not of the type `boolean`
                    hosts db web
                    at m.nix:5:5 `light`: declared here
                m.nix:8:12 `"dusk"` error: `harbour.mode` on db and web: `"dusk"` is not of the type `one of "day", "night"`
                    hosts db web
                    at m.nix:3:5 `mode`: declared here
                m.nix:9:19 `2` error: `harbour.names."[definition 1-entry 2]"` on db and web: `2` is not of the type `string`
                    hosts db web
                    at m.nix:4:5 `names`: declared here
            "#]],
        );
    }

    #[test]
    fn what_is_not_known_or_not_set() {
        check_fleet(
            &super::LINT,
            &flake(
                &["web"],
                "{ lib, pkgs, config, ... }: {
  options.harbour = {
    a = lib.mkOption { type = lib.types.str; default = null; };
    b = lib.mkOption { type = lib.types.int; };
    c = lib.mkOption { type = lib.types.int; };
    d = lib.mkOption { type = lib.types.int; };
    e = lib.mkOption { type = lib.types.package; };
  };
  config.harbour = {
    b = pkgs.hello.version;
    c = lib.mkIf config.services.nginx.enable \"1\";
    d = lib.mkIf false \"1\";
    e = pkgs.hello;
  };
}",
            ),
            expect![""],
        );
    }
}
