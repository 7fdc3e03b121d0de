//! `duplicate-package`: a package that a user has from the system already.

use nixscope_db::SourceFile;
use nixscope_fleet::{Fact, FactValue};
use nixscope_syntax::TextRange;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::context::FleetContext;
use crate::diagnostic::Diagnostic;
use crate::facts::{Known, known_hosts};
use crate::fleet::on_hosts;
use crate::lint::{Check, Group, Level, Lint};
use crate::problems::own_range;

pub(super) static LINT: Lint = Lint {
    name: "duplicate-package",
    group: Group::Modules,
    level: Level::Hint,
    since: "0.1.0",
    summary: "a package that is in `environment.systemPackages` and in a user's `home.packages`",
    page: r#"
Every user has what is in `environment.systemPackages`. A user's `home.packages` on the same machine has the package again:
one of the two is forgotten when it is to be changed.

Graphical applications in `systemPackages` are reported where users have most of theirs in `home.packages`.

## Example

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.home-manager.url = "github:nix-community/home-manager";
  outputs = { self, nixpkgs, home-manager }: {
    nixosConfigurations.desk = nixpkgs.lib.nixosSystem {
      modules = [ home-manager.nixosModules.home-manager ./desk.nix ];
    };
  };
}
#- /repo/desk.nix
{ pkgs, ... }:
{
  environment.systemPackages = [ pkgs.htop ];
  home-manager.users.ida = { pkgs, ... }: {
    home.packages = [
      pkgs.htop # error
      pkgs.jq
    ];
  };
}
```

## Use instead

```nix
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.home-manager.url = "github:nix-community/home-manager";
  outputs = { self, nixpkgs, home-manager }: {
    nixosConfigurations.desk = nixpkgs.lib.nixosSystem {
      modules = [ home-manager.nixosModules.home-manager ./desk.nix ];
    };
  };
}
#- /repo/desk.nix
{ pkgs, ... }:
{
  environment.systemPackages = [ pkgs.htop ];
  home-manager.users.ida = { pkgs, ... }: {
    home.packages = [
      pkgs.jq
    ];
  };
}
```

## When it is fine

Where the user's configuration is also used on a machine whose system has not got the package, it is not reported.

## Source

The NixOS manual, ["Package Management"](https://nixos.org/manual/nixos/stable/#sec-package-management); the
[home-manager manual](https://nix-community.github.io/home-manager/).
"#,
    check: Check::Fleet(check),
};

/// Graphical applications that many have.
const GRAPHICAL: &[&str] = &[
    "pkgs.audacity",
    "pkgs.blender",
    "pkgs.brave",
    "pkgs.chromium",
    "pkgs.discord",
    "pkgs.element-desktop",
    "pkgs.firefox",
    "pkgs.gimp",
    "pkgs.google-chrome",
    "pkgs.inkscape",
    "pkgs.keepassxc",
    "pkgs.libreoffice",
    "pkgs.obs-studio",
    "pkgs.obsidian",
    "pkgs.signal-desktop",
    "pkgs.slack",
    "pkgs.spotify",
    "pkgs.telegram-desktop",
    "pkgs.thunderbird",
    "pkgs.vlc",
    "pkgs.vscode",
    "pkgs.zoom-us",
];

const OF_SYSTEM: &str = "environment.systemPackages.*";
const OF_HOME: &str = "home.packages.*";

type Place = (SourceFile, TextRange);

/// Where a package is in vain; none where another host, or home, needs it there.
type Vain = FxHashMap<Place, Option<(SmolStr, Place, Vec<SmolStr>)>>;

fn check(cx: &FleetContext<'_>, found: &mut Vec<Diagnostic>) {
    let mut twice: Vain = FxHashMap::default();
    let mut graphical: Vain = FxHashMap::default();
    for known in known_hosts(cx) {
        // A home of its own has what it names.
        for fact in known.facts.of(OF_HOME) {
            note(&mut twice, cx, &known, fact, None);
        }
        let homes: Vec<_> = known.facts.nested.iter().filter(|(kind, _, _)| kind == "home-manager").collect();
        for fact in homes.iter().flat_map(|(_, _, facts)| facts.of(OF_HOME)) {
            let same = |it: &&Fact| it.value == fact.value && it.place != fact.place;
            note(&mut twice, cx, &known, fact, known.facts.of(OF_SYSTEM).find(same));
        }
        let kept: Vec<&Fact> =
            homes.iter().flat_map(|(_, _, facts)| facts.of(OF_HOME)).filter(is_graphical).collect();
        let is_habit = kept.len() > known.facts.of(OF_SYSTEM).filter(is_graphical).count();
        for fact in known.facts.of(OF_SYSTEM).filter(is_graphical) {
            let other = kept.iter().copied().find(|it| is_habit && it.value != fact.value);
            note(&mut graphical, cx, &known, fact, other);
        }
    }
    report(cx, twice, found, |package, hosts| {
        (format!("{package} is in `environment.systemPackages` {} already", on_hosts(hosts)), "the system's")
    });
    report(cx, graphical, found, |package, hosts| {
        let on = on_hosts(hosts);
        (
            format!("{package} is for every user {on}, where users have such applications of their own"),
            "a user's",
        )
    });
}

fn is_graphical(fact: &&Fact) -> bool {
    matches!(&fact.value, FactValue::Package(path) if GRAPHICAL.contains(&path.as_str()))
}

fn note(vain: &mut Vain, cx: &FleetContext<'_>, known: &Known<'_>, fact: &Fact, other: Option<&Fact>) {
    let (Some(place), FactValue::Package(path)) = (fact.place.and_then(|it| own_range(cx, it)), &fact.value)
    else {
        return;
    };
    let other = other.and_then(|it| own_range(cx, it.place?));
    match (vain.entry(place).or_insert_with(|| Some((path.clone(), place, Vec::new()))), other) {
        (Some((known_path, first, hosts)), Some(other)) if known_path == path => {
            *first = other;
            hosts.push(known.host.name.clone());
        }
        (entry, _) => *entry = None,
    }
}

fn report(
    cx: &FleetContext<'_>,
    vain: Vain,
    found: &mut Vec<Diagnostic>,
    message: impl Fn(&str, &[SmolStr]) -> (String, &'static str),
) {
    let mut all: Vec<_> = vain.into_iter().filter_map(|(place, it)| Some((place, it?))).collect();
    all.sort_by_key(|((file, range), _)| (file.path(cx.db).clone(), range.start()));
    for ((file, range), (path, other, mut hosts)) in all {
        hosts.sort();
        hosts.dedup();
        let (message, whose) = message(&format!("`{path}`"), &hosts);
        let mut finding = Diagnostic::new(&LINT, file, range, message).with_related(other.0, other.1, whose);
        finding.hosts = hosts;
        found.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_fleet;

    #[test]
    fn not_where_a_host_needs_it() {
        check_fleet(
            &super::LINT,
            r#"
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.home-manager.url = "github:nix-community/home-manager";
  outputs = { self, nixpkgs, home-manager }: {
    nixosConfigurations = builtins.mapAttrs (_: module: nixpkgs.lib.nixosSystem {
      modules = [ home-manager.nixosModules.home-manager module { home-manager.users.ida = ./ida.nix; } ];
    }) {
      desk = { pkgs, ... }: { environment.systemPackages = with pkgs; [ htop jq gimp ]; };
      lap = { pkgs, ... }: { environment.systemPackages = with pkgs; [ htop ]; };
    };
  };
}
#- /repo/ida.nix
{ pkgs, ... }: {
  home.packages = with pkgs; [ htop jq vlc firefox (htop.override { a = 1; }) ];
}
"#,
            expect![[r#"
                ida.nix:2:32 `htop` hint: `pkgs.htop` is in `environment.systemPackages` on desk and lap already
                    hosts desk lap
                    at flake.nix:9:72 `htop`: the system's
                flake.nix:8:81 `gimp` hint: `pkgs.gimp` is for every user on desk, where users have such applications of their own
                    hosts desk
                    at ida.nix:2:40 `vlc`: a user's
            "#]],
        );
    }
}
