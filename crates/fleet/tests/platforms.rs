//! What follows from the platform of a host: conditions on it, and names that are made of it.

mod support;

use expect_test::{Expect, expect};
use nixscope_fleet::{fleet, host_option};
use support::load;

/// What the options below `own` are on each host; `?` where that is not known.
fn check(fixture: &str, expected: Expect) {
    let names = ["a", "b", "built", "c", "cpu", "linux", "mac", "name", "older", "other"];
    let options: String = names
        .iter()
        .map(|name| format!("  options.own.{name} = mkOption {{ type = types.raw; }};\n"))
        .collect();
    let (db, project) =
        load(&format!("{fixture}#- /options.nix\n{{ lib, ... }}: with lib; {{\n{options}}}\n"));
    let mut out = String::new();
    for (host, index) in &fleet(&db, project).hosts {
        let nested = index.nested.iter().map(|it| (format!("{} {}", host.name, it.name), &it.index));
        for (name, index) in std::iter::once((host.name.to_string(), index)).chain(nested) {
            out.push_str(&format!("{name} ({})\n", index.system.as_deref().unwrap_or("?")));
            for definition in index.definitions.iter().filter(|it| it.path.starts_with("own")) {
                let active = match definition.active {
                    Some(true) => "",
                    Some(false) => " off",
                    None => " perhaps",
                };
                out.push_str(&format!("  {}{active}", definition.path));
                if name == host.name {
                    let of = (host.output.clone(), host.name.clone());
                    let option = host_option(&db, project, of.0, of.1, definition.path.clone());
                    out.push_str(&format!(" = {}", option.value.as_deref().unwrap_or("?")));
                }
                out.push('\n');
            }
        }
    }
    expected.assert_eq(&out);
}

/// A configuration says its platform itself, or its builder is told. The configuration is stronger.
#[test]
fn conditions_on_the_platform_of_a_host() {
    check(
        r#"
#- /flake.nix
{
  inputs.darwin.url = "github:LnL7/nix-darwin";
  outputs = { nixpkgs, darwin, ... }: {
    nixosConfigurations.argument = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ./common.nix ]; };
    nixosConfigurations.both = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [ ./common.nix { nixpkgs.hostPlatform = "riscv64-linux"; } ];
    };
    nixosConfigurations.cross = nixpkgs.lib.nixosSystem {
      modules = [ ./common.nix { nixpkgs.hostPlatform = { system = "aarch64-linux"; }; nixpkgs.buildPlatform = "x86_64-linux"; } ];
    };
    nixosConfigurations.none = nixpkgs.lib.nixosSystem { modules = [ ./common.nix ]; };
    darwinConfigurations.mac = darwin.lib.darwinSystem {
      modules = [ ./common.nix { nixpkgs.hostPlatform = "aarch64-darwin"; } ];
    };
  };
}
#- /common.nix
{ lib, pkgs, ... }: {
  imports = [ ./options.nix ];
  own.linux = lib.mkIf pkgs.stdenv.isLinux 1;
  own.mac = lib.mkIf pkgs.stdenv.hostPlatform.isDarwin 1;
  own.name = pkgs.system;
  own.cpu = pkgs.stdenv.hostPlatform.parsed.cpu.name;
  own.built = pkgs.stdenv.buildPlatform.system;
  own.other = pkgs.stdenv.hostPlatform.noSuchThing or 3;
}
"#,
        expect![[r#"
            argument (x86_64-linux)
              own.built = "x86_64-linux"
              own.cpu = "x86_64"
              own.linux = 1
              own.mac off = ?
              own.name = "x86_64-linux"
              own.other = ?
            both (riscv64-linux)
              own.built = "riscv64-linux"
              own.cpu = "riscv64"
              own.linux = 1
              own.mac off = ?
              own.name = "riscv64-linux"
              own.other = ?
            cross (aarch64-linux)
              own.built = "x86_64-linux"
              own.cpu = "aarch64"
              own.linux = 1
              own.mac off = ?
              own.name = "aarch64-linux"
              own.other = ?
            none (?)
              own.built = ?
              own.cpu = ?
              own.linux perhaps = 1
              own.mac perhaps = 1
              own.name = ?
              own.other = ?
            mac (aarch64-darwin)
              own.built = "aarch64-darwin"
              own.cpu = "aarch64"
              own.linux off = ?
              own.mac = 1
              own.name = "aarch64-darwin"
              own.other = ?
        "#]],
    );
}

/// Other package sets, and those of systems inside others.
#[test]
fn package_sets_that_say_their_platform() {
    check(
        r#"
#- /flake.nix
{
  inputs.home-manager.url = "github:nix-community/home-manager";
  outputs = { nixpkgs, home-manager, ... }:
    let arm = nixpkgs.legacyPackages.aarch64-linux; in
    {
      homeConfigurations.a = home-manager.lib.homeManagerConfiguration {
        pkgs = import nixpkgs { system = "x86_64-darwin"; config.allowUnfree = true; };
        modules = [ ./common.nix ];
      };
      homeConfigurations.b = home-manager.lib.homeManagerConfiguration {
        pkgs = arm.extend (final: prev: { });
        modules = [ ./common.nix ];
      };
      nixosConfigurations.c = nixpkgs.lib.nixosSystem {
        modules = [
          ({ config, ... }: {
            nixpkgs.hostPlatform.system = "x86_64-linux";
            imports = [ home-manager.nixosModules.home-manager ];
            home-manager.users.me = ./common.nix;
            _module.args.older = import nixpkgs { inherit (config.nixpkgs.hostPlatform) system; };
          })
          ({ older, ... }: { imports = [ ./options.nix ]; own.older = older.pkgs.hostPlatform.isAarch64; })
        ];
      };
    };
}
#- /common.nix
{ lib, pkgs, ... }: {
  imports = [ ./options.nix ];
  own.linux = lib.mkIf pkgs.stdenv.isLinux 1;
  own.mac = lib.mkIf pkgs.stdenv.hostPlatform.isDarwin 1;
}
"#,
        expect![[r#"
            c (x86_64-linux)
              own.older = false
            c me (?)
              own.linux
              own.mac off
            a (x86_64-darwin)
              own.linux off = ?
              own.mac = 1
            b (aarch64-linux)
              own.linux = 1
              own.mac off = ?
        "#]],
    );
}

/// What the platform itself depends on is asked while it is looked for: no answer, and no error.
#[test]
fn a_platform_that_depends_on_packages() {
    check(
        r#"
#- /flake.nix
{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.a = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [
        ./options.nix
        ({ pkgs, lib, ... }: if pkgs.stdenv.isLinux then { own.a = 1; } else { own.b = 1; })
        ({ pkgs, lib, ... }: { own.c = lib.mkIf pkgs.stdenv.isDarwin 1; })
      ];
    };
  };
}
"#,
        expect![[r#"
            a (x86_64-linux)
              own.a perhaps = 1
              own.b perhaps = 1
              own.c off = ?
        "#]],
    );
}
