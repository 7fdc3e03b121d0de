//! `unknown-module-argument`: an argument of a module that a host does not provide.

use nixscope_fleet::MissingArgument;
use smol_str::SmolStr;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::{HOSTS, merged};
use crate::lint::{Check, Group, Level, Lint};
use crate::names;
use crate::problems::{own_range, problems};

pub(super) static LINT: Lint = Lint {
    name: "unknown-module-argument",
    group: Group::Modules,
    level: Level::Error,
    since: "0.1.0",
    summary: "an argument of a module that a host does not provide",
    page: r#"
A module asks for an argument that is neither among the host's `specialArgs` nor set by `_module.args`. A host that
imports the module fails to evaluate as soon as the argument is needed: "attribute 'x' missing". A default
(`{ x ? null, ... }`) does not help: the module system passes every argument that a module names.

An argument that is not used is not reported, and where it is not known that the host needs it, it is a warning.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }@inputs: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ ./web.nix ];
    };
  };
}
#- /repo/web.nix
{ domain, ... }: # error
{
  networking.domain = domain;
}
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }@inputs: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      specialArgs = { domain = "example.org"; };
      modules = [ ./web.nix ];
    };
  };
}
#- /repo/web.nix
{ domain, ... }:
{
  networking.domain = domain;
}
```

## Source

nixpkgs, `lib/modules.nix`, `applyModuleArgs`.
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let missing = problems(cx).flat_map(|(host, all)| all.arguments.iter().map(move |it| (host, it)));
    found.extend(merged(missing.filter_map(|(host, it)| Some((&host.name, finding(cx, it)?)))));
}

fn finding(cx: &FleetContext<'_>, missing: &MissingArgument) -> Option<Diagnostic> {
    let (file, range) = own_range(cx, missing.place)?;
    let near = names::nearest(&missing.name, missing.provided.iter().map(SmolStr::as_str));
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "pass it in `specialArgs`, or set `_module.args`".into(),
    };
    let within = missing.within.as_ref().map(|it| format!(" to `{it}`")).unwrap_or_default();
    let message = format!("nothing passes `{}`{within} {HOSTS}: {hint}", missing.name);
    let mut finding = Diagnostic::new(&LINT, file, range, message);
    if !missing.needed {
        finding.level = Level::Warning;
    }
    Some(finding)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_fleet, flake};

    #[test]
    fn used_and_not_given() {
        check_fleet(
            &super::LINT,
            &flake(
                &["db", "web"],
                "{ lib, config, inputs, input ? null, unused, given, maybe, ... }: {
  _module.args.given = 1;
  networking.domain = input.domain;
  networking.hosts.a = [ given ];
  services.x = lib.mkIf false { a = maybe; };
}",
            ),
            expect![[r#"
                m.nix:1:24 `input` error: nothing passes `input` on db and web: did you mean `inputs`?
                    hosts db web
                m.nix:1:53 `maybe` warning: nothing passes `maybe` on db and web: pass it in `specialArgs`, or set `_module.args`
                    hosts db web
            "#]],
        );
    }

    #[test]
    fn others_may_provide_it() {
        check_fleet(
            &super::LINT,
            &flake(
                &["web"],
                "{ inputs, domain, ... }: {
  imports = [ inputs.strangers.nixosModules.default ];
  networking.domain = domain;
}",
            ),
            expect![""],
        );
    }
}
