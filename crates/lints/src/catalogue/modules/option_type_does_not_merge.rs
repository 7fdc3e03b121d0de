//! `option-type-does-not-merge`: an option that holds one text, and that several modules set.

use std::collections::BTreeSet;

use nixscope_fleet::HostIndex;
use smol_str::SmolStr;

use crate::closure_files::own_host;
use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::fleet::{merged, systems};
use crate::lint::{Check, Group, Level, Lint};
use crate::problems::own_range;

pub(super) static LINT: Lint = Lint {
    name: "option-type-does-not-merge",
    group: Group::Modules,
    level: Level::Hint,
    since: "0.1.0",
    summary: "an option that holds one text, and that several modules set",
    page: r#"
An option of the type `str` holds one text: two definitions of one priority are an error, unless they are equal. Several
modules set this one, each under a condition of its own; the first host for which two of the conditions hold fails.

Where the texts belong together, `types.lines`, `types.commas` or `types.listOf types.str` merge them. Where one is to win,
`mkDefault` and `mkForce` say which.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.db = nixpkgs.lib.nixosSystem { modules = [ ./beacon.nix ./night.nix ]; };
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./beacon.nix ./night.nix ]; };
  };
}
#- /repo/beacon.nix
{ config, lib, ... }:
{
  options.harbour.banner = lib.mkOption { type = lib.types.str; }; # error
  options.harbour.day = lib.mkOption { type = lib.types.bool; default = true; };
  config = lib.mkIf config.harbour.day { harbour.banner = "open"; };
}
#- /repo/night.nix
{ config, lib, ... }:
{
  options.harbour.night = lib.mkOption { type = lib.types.bool; default = false; };
  config = lib.mkIf config.harbour.night { harbour.banner = "lit"; };
}
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.db = nixpkgs.lib.nixosSystem { modules = [ ./beacon.nix ./night.nix ]; };
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./beacon.nix ./night.nix ]; };
  };
}
#- /repo/beacon.nix
{ config, lib, ... }:
{
  options.harbour.banner = lib.mkOption { type = lib.types.lines; };
  options.harbour.day = lib.mkOption { type = lib.types.bool; default = true; };
  config = lib.mkIf config.harbour.day { harbour.banner = "open"; };
}
#- /repo/night.nix
{ config, lib, ... }:
{
  options.harbour.night = lib.mkOption { type = lib.types.bool; default = false; };
  config = lib.mkIf config.harbour.night { harbour.banner = "lit"; };
}
```

## When it is fine

Where the conditions exclude each other for certain. What a host's own configuration sets is not counted.

## Source

nixpkgs, `lib/types.nix`, `str` and `separatedString`; the NixOS manual,
["Options types"](https://nixos.org/manual/nixos/stable/#sec-option-types).
"#,
    check: Check::Fleet(check),
};

/// Types that hold one text, as nixpkgs describes them.
const TEXTS: &[&str] = &["string", "null or string", "non-empty string", "singular string"];

/// What a plain definition has.
const PLAIN: i64 = 100;

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    found.extend(merged(
        systems(cx.fleet)
            .into_iter()
            .flat_map(|(host, index)| findings(cx, index).into_iter().map(move |finding| (host, finding))),
    ));
}

fn findings(cx: &FleetContext<'_>, index: &HostIndex) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut told: Option<&str> = None;
    for alike in index.definitions.chunk_by(|a, b| a.path == b.path) {
        let mut declared = index.options.iter().filter(|it| it.path == alike[0].path);
        let (Some(option), None) = (declared.next(), declared.next()) else { continue };
        if option.type_name.as_deref().is_none_or(|it| !TEXTS.contains(&it)) {
            continue;
        }
        let plain = alike.iter().filter(|it| it.priority == PLAIN);
        let shared: Vec<_> = plain.filter_map(|it| Some((it, own_range(cx, it.place?)?))).collect();
        // Two that hold at once are a conflict, or equal.
        let is_settled = shared.iter().filter(|(it, _)| it.active == Some(true)).count() > 1;
        let shared: Vec<_> =
            shared.into_iter().filter(|(_, place)| own_host(cx, place.0).is_none()).collect();
        let files: BTreeSet<SmolStr> =
            shared.iter().map(|(_, place)| SmolStr::from(place.0.path(cx.db).as_str())).collect();
        let Some((file, range)) = option.place.and_then(|it| own_range(cx, it)) else { continue };
        // Of the options of one set, which the same modules set, the first stands for all.
        let set = option.path.rsplit_once('.').map(|(set, _)| set);
        if files.len() < 2 || is_settled || (set.is_some() && set == told) {
            continue;
        }
        told = set;
        let message = format!(
            "`{}` holds one text, and {} modules set it: where two of them do so at once, the host fails",
            option.path,
            files.len()
        );
        let mut finding = Diagnostic::new(&LINT, file, range, message);
        for (_, (file, range)) in shared {
            finding = finding.with_related(file, range, "set here");
        }
        out.push(finding);
    }
    out
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_fleet, flake};

    #[test]
    fn not_with_priorities_or_in_one_file() {
        check_fleet(
            &super::LINT,
            &flake(
                &["db", "web"],
                "{ lib, config, ... }: {
  options.harbour = let text = lib.mkOption { type = lib.types.str; }; in { a = text; b = text; };
  config.harbour = lib.mkMerge [
    (lib.mkIf config.services.nginx.enable { a = \"1\"; b = lib.mkDefault \"1\"; })
    (lib.mkIf (!config.services.nginx.enable) { a = \"2\"; b = \"2\"; })
  ];
}",
            ),
            expect![""],
        );
    }
}
