//! `required-option-unset`: an option without a value that a module reads.

use nixscope_fleet::OptionProblemKind;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::Merged;
use crate::lint::{Check, Group, Level, Lint};
use crate::problems::{declared_here, option_name, option_problems, own_range};

pub(super) static LINT: Lint = Lint {
    name: "required-option-unset",
    group: Group::Modules,
    level: Level::Warning,
    since: "0.1.0",
    summary: "an option without default that a module reads and a host never sets",
    page: r#"
A module declares an option without default and reads it, under a condition that holds on a host, and nothing sets the
option there. Building the host fails: "the option was accessed but has no value defined".

Options that nobody reads (those of a service that is off) need no value.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { # error
      modules = [ ./beacon.nix { harbour.beacon.enable = true; } ];
    };
  };
}
#- /repo/beacon.nix
{ config, lib, ... }:
{
  options.harbour.beacon.enable = lib.mkEnableOption "the beacon";
  options.harbour.beacon.domain = lib.mkOption { type = lib.types.str; };
  config = lib.mkIf config.harbour.beacon.enable {
    networking.domain = config.harbour.beacon.domain;
  };
}
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ ./beacon.nix { harbour.beacon = { enable = true; domain = "example.org"; }; } ];
    };
  };
}
#- /repo/beacon.nix
{ config, lib, ... }:
{
  options.harbour.beacon.enable = lib.mkEnableOption "the beacon";
  options.harbour.beacon.domain = lib.mkOption { type = lib.types.str; };
  config = lib.mkIf config.harbour.beacon.enable {
    networking.domain = config.harbour.beacon.domain;
  };
}
```

## Source

nixpkgs, `lib/modules.nix`, `evalOptionValue`.
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let mut merged = Merged::default();
    for (host, problem) in option_problems(cx, OptionProblemKind::NoValue) {
        let Some((file, range)) = host.place.and_then(|it| own_range(cx, it)) else { continue };
        let message = format!(
            "{} has no default, nothing sets it on {}, and a module reads it there",
            option_name(problem),
            host.name
        );
        let mut finding = declared_here(cx, problem, Diagnostic::new(&LINT, file, range, message));
        let reader = problem.definitions.first().and_then(|it| it.name);
        if let Some((file, range)) = reader.and_then(|it| own_range(cx, it)) {
            finding = finding.with_related(file, range, "read for this definition");
        }
        merged.add(Some(&host.name), finding);
    }
    found.extend(merged.finish());
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_fleet, flake};

    #[test]
    fn only_where_a_module_that_is_on_reads_it() {
        check_fleet(
            &super::LINT,
            &flake(
                &["web"],
                "{ lib, config, ... }: {
  options.harbour = {
    on = lib.mkOption { type = lib.types.bool; default = true; };
    off = lib.mkOption { type = lib.types.bool; default = false; };
    a = lib.mkOption { type = lib.types.str; };
    b = lib.mkOption { type = lib.types.str; };
    c = lib.mkOption { type = lib.types.str; };
    d = lib.mkOption { type = lib.types.str; default = \"x${config.harbour.c}\"; };
  };
  config = lib.mkMerge [
    (lib.mkIf config.harbour.on { networking.domain = \"${config.harbour.a}.org\"; })
    (lib.mkIf config.harbour.off { networking.search = [ config.harbour.b ]; })
    (lib.mkIf config.services.nginx.enable { networking.search = [ config.harbour.b ]; })
  ];
}",
            ),
            expect![[r#"
                flake.nix:5:25 `web` warning: `harbour.a` has no default, nothing sets it on web, and a module reads it there
                    hosts web
                    at m.nix:5:5 `a`: declared here
                    at m.nix:11:35 `networking`: read for this definition
            "#]],
        );
    }
}
