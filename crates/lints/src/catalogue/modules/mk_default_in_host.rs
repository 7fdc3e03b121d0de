//! `mk-default-in-host`: a `mkDefault` that nobody overrides, in the configuration of one host.

use crate::closure_files::own_host;
use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::lint::{Check, Group, Level, Lint};
use crate::override_priority::{Override, needless};

pub(super) static LINT: Lint = Lint {
    name: "mk-default-in-host",
    group: Group::Modules,
    level: Level::Hint,
    since: "0.1.0",
    summary: "a `mkDefault` in the configuration of one host, which nothing overrides",
    page: r#"
`mkDefault` proposes a value that other modules may change. A host's own configuration is where such proposals are decided:
it is of one machine, and nothing there overrides the definition. A plain one says what is meant, and conflicts aloud if a
shared module ever sets the option too.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.db = nixpkgs.lib.nixosSystem { modules = [ ./beacon.nix ]; };
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./beacon.nix ./web.nix ]; };
  };
}
#- /repo/beacon.nix
{ lib, ... }:
{
  options.harbour.beacon.port = lib.mkOption { type = lib.types.port; default = 80; };
}
#- /repo/web.nix
{ lib, ... }:
{
  harbour.beacon.port = lib.mkDefault 8080; # error
}
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.db = nixpkgs.lib.nixosSystem { modules = [ ./beacon.nix ]; };
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./beacon.nix ./web.nix ]; };
  };
}
#- /repo/beacon.nix
{ lib, ... }:
{
  options.harbour.beacon.port = lib.mkOption { type = lib.types.port; default = 80; };
}
#- /repo/web.nix
{ lib, ... }:
{
  harbour.beacon.port = 8080;
}
```

## When it is fine

In modules, also those that only one host has yet, and in what programs write (`hardware-configuration.nix`), it is not reported; nor are
options of NixOS, since what nixpkgs defines of them is not known.

## Source

The NixOS manual, ["Setting priorities"](https://nixos.org/manual/nixos/stable/#sec-option-definitions-setting-priorities).
"#,
    check: Check::Fleet(check),
};

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let default = Override { function: "mkDefault", priority: 1000, stands_against: |_| true };
    // With one host, every file is that host's alone.
    if cx.fleet.hosts.len() < 2 {
        return;
    }
    found.extend(needless(cx, &default).into_iter().filter_map(|it| {
        let host = own_host(cx, it.file)?;
        let message =
            format!("this is the configuration of {host} alone, and nothing overrides `{}`", it.path);
        let mut finding = Diagnostic::new(&LINT, it.file, it.range, message).with_fix(it.fix);
        finding.hosts = it.hosts;
        Some(finding)
    }));
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_fleet, flake};

    #[test]
    fn not_in_what_hosts_share_or_programs_write() {
        let shared = "{ lib, ... }: {
  options.harbour.port = lib.mkOption { type = lib.types.port; default = 1; };
  config.harbour.port = lib.mkDefault 2;
}";
        check_fleet(&super::LINT, &flake(&["db", "web"], shared), expect![""]);
    }
}
