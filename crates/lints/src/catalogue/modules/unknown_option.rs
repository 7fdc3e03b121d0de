//! `unknown-option`: a definition of an option that no module declares.

use nixscope_fleet::{OptionProblem, OptionProblemKind, parse_option_path};
use smol_str::SmolStr;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::{HOSTS, merged, rename};
use crate::lint::{Check, Group, Level, Lint};
use crate::names;
use crate::problems::{option_problems, own_range};

pub(super) static LINT: Lint = Lint {
    name: "unknown-option",
    group: Group::Modules,
    level: Level::Error,
    since: "0.1.0",
    summary: "a definition of an option that no module declares",
    page: r#"
A module sets an option that does not exist on a host: its name is misspelt, or the module that declares it is not
imported there. The host fails to evaluate, also where a `mkIf` that is false is around the definition.

Reported is what certainly does not exist: something in a name space that only the repository declares, and in
submodules. What a module from outside may declare is not reported.

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
  options.harbour.beacon.interval = lib.mkOption { type = lib.types.int; default = 30; };
}
#- /repo/web.nix
{
  harbour.beacon.intervall = 60; # error
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
  options.harbour.beacon.interval = lib.mkOption { type = lib.types.int; default = 30; };
}
#- /repo/web.nix
{
  harbour.beacon.interval = 60;
}
```

## Source

nixpkgs, `lib/modules.nix`, `checkUnmatched`; the NixOS manual,
["Option declarations"](https://nixos.org/manual/nixos/stable/#sec-option-declarations).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let undeclared = option_problems(cx, OptionProblemKind::Undeclared);
    found.extend(merged(undeclared.filter_map(|(host, it)| Some((&host.name, finding(cx, it)?)))));
}

fn finding(cx: &FleetContext<'_>, problem: &OptionProblem) -> Option<Diagnostic> {
    let place = problem.definitions.first()?.name?;
    let (file, range) = own_range(cx, place)?;
    let wanted = last(&problem.path)?;
    let names: Vec<SmolStr> = problem.nearest.iter().filter_map(|it| last(it)).collect();
    let near = names::nearest(&wanted, names.iter().map(SmolStr::as_str));
    let hint = match (near, problem.nearest.as_slice()) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, []) => "import the module that declares it, or take the definition out".into(),
        (None, others) => {
            let shown: Vec<String> = others.iter().map(|it| format!("`{it}`")).collect();
            format!("there are {}", shown.join(", "))
        }
    };
    let within = problem.within.as_ref().map(|it| format!(" of `{it}`")).unwrap_or_default();
    let message = format!("no module declares `{}`{within} {HOSTS}; {hint}", problem.path);
    let mut finding = Diagnostic::new(&LINT, file, range, message);
    finding.fix = near.and_then(|near| rename(cx.db, place, &wanted, near));
    Some(finding)
}

/// The last name of a path.
fn last(path: &str) -> Option<SmolStr> {
    parse_option_path(path).last().map(|name| name.as_str().into())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_fleet, flake};

    #[test]
    fn one_finding_for_all_hosts() {
        check_fleet(
            &super::LINT,
            &flake(
                &["db", "web"],
                "{ lib, ... }: {
  options.harbour.port = lib.mkOption { type = lib.types.port; default = 1; };
  config.harbour.port = 2;
  config.harbour.prot = lib.mkIf false 2;
  config.services.openssh.enabel = true;
  config.dock.port = 2;
}",
            ),
            expect![[r#"
                m.nix:4:18 `prot` error: no module declares `harbour.prot` on db and web; did you mean `port`?
                    hosts db web
                    unsafe: Write `port` => config.harbour.port = lib.mkIf false 2;
            "#]],
        );
    }

    #[test]
    fn a_submodule_is_known_completely() {
        check_fleet(
            &super::LINT,
            &flake(
                &["web"],
                "{ lib, ... }: {
  options.services.ferries = lib.mkOption {
    description = \"The ferries.\";
    type = lib.types.attrsOf (lib.types.submodule { options.berth = lib.mkOption { type = lib.types.int; }; });
  };
  config.services.ferries.anna = { berth = 1; bert = 2; };
}",
            ),
            expect![[r#"
                m.nix:6:47 `bert` error: no module declares `services.ferries.anna.bert` on web; did you mean `berth`?
                    hosts web
                    unsafe: Write `berth` => config.services.ferries.anna = { berth = 1; berth = 2; };
            "#]],
        );
    }

    #[test]
    fn a_type_that_adds_to_one_from_outside() {
        check_fleet(
            &super::LINT,
            &flake(
                &["web"],
                "{ lib, ... }: {
  options.users.users = lib.mkOption {
    type = lib.types.attrsOf (lib.types.submodule { options.pier = lib.mkOption { type = lib.types.int; }; });
  };
  config.users.users.anna = { pier = 1; isNormalUser = true; };
}",
            ),
            expect![""],
        );
    }

    #[test]
    fn what_may_be_declared_elsewhere_is_not_reported() {
        check_fleet(
            &super::LINT,
            &flake(
                &["web"],
                "{ lib, inputs, ... }: {
  imports = [ inputs.strangers.nixosModules.default ];
  options.harbour.port = lib.mkOption { type = lib.types.port; default = 1; };
  config.harbour.lights = true;
  config.services.nginx.enabel = true;
}",
            ),
            expect![""],
        );
    }

    #[test]
    fn not_where_a_condition_leaves_it_out() {
        check_fleet(
            &super::LINT,
            &flake(
                &["web"],
                "{ lib, options, pkgs, ... }: {
  options.harbour.port = lib.mkOption { type = lib.types.port; default = 1; };
  config.harbour = { port = 2; } // lib.optionalAttrs (options ? harbour.lights) { lights = true; }
    // lib.optionalAttrs pkgs.stdenv.isLinux { lamp = true; };
}",
            ),
            expect![""],
        );
    }
}
