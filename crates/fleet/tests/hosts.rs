//! Hosts and closures by the idioms that real flakes use.

mod shown;
mod support;

use expect_test::expect;
use nixscope_fleet::{fleet, host_option};
use shown::{check, show};
use support::load;

#[test]
fn curried_builders_and_computed_paths() {
    check(
        r#"
#- /flake.nix
{
  inputs.stable.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.agenix.url = "github:ryantm/agenix";
  outputs = { self, stable, agenix }:
    let
      common = [ agenix.nixosModules.default ./common.nix ];
      mk = system: hostname: { extra ? [ ] }: stable.lib.nixosSystem {
        inherit system;
        specialArgs = { inherit hostname; };
        modules = common ++ extra ++ [ ./machines/${hostname} { networking.hostName = hostname; } ];
      };
    in
    {
      nixosConfigurations = {
        anchor = mk "x86_64-linux" "anchor" { extra = [ ./gpu.nix ]; };
        buoy = mk "aarch64-linux" "buoy" { };
      };
    };
}
#- /common.nix
{ time.timeZone = "UTC"; }
#- /gpu.nix
{ hardware.graphics.enable = true; }
#- /machines/anchor/default.nix
{ lib, hostname, ... }: { imports = [ ./disk.nix ] ++ lib.optional (hostname == "buoy") ./never.nix; }
#- /machines/anchor/disk.nix
{ }
#- /machines/buoy/default.nix
{ pkgs, lib, ... }: { imports = lib.optional pkgs.stdenv.isAarch64 ../../gpu.nix; }
"#,
        expect![[r#"
            nixosConfigurations.anchor (x86_64-linux) /flake.nix:15:9
              /common.nix at /flake.nix:6:46
              /gpu.nix at /flake.nix:15:57
              /machines/anchor/default.nix at /flake.nix:10:40
              /machines/anchor/disk.nix at /machines/anchor/default.nix:1:39
              /flake.nix at /flake.nix:10:63 inline
              external inputs.agenix.nixosModules.default
            nixosConfigurations.buoy (aarch64-linux) /flake.nix:16:9
              /common.nix at /flake.nix:6:46
              /machines/buoy/default.nix at /flake.nix:10:40
              /gpu.nix at /machines/buoy/default.nix:1:68 conditional
              /flake.nix at /flake.nix:10:63 inline
              external inputs.agenix.nixosModules.default
        "#]],
    );
}

#[test]
fn references_through_aliases_strings_and_json() {
    check(
        r#"
#- /flake.nix
{
  outputs = { self, nixpkgs }: {
    nixosConfigurations = builtins.mapAttrs
      (name: _: nixpkgs.lib.nixosSystem {
        modules = [
          ./hosts/${name}.nix
          { _module.args = { inherit self; }; }
          (builtins.fromJSON (builtins.readFile ./topology.json)).${name}
        ];
      })
      { web = null; db = null; };
  };
}
#- /topology.json
{ "web": { }, "db": { "services": { "redis": { "port": 6379 } } } }
#- /hosts/db.nix
{ lib, ... }: { services.postgresql.settings.port = lib.mkForce 5433; }
#- /hosts/web.nix
{ self, ... }:
let
  hosts = self.nixosConfigurations;
  db = hosts.db.config;
in
{
  a = "db:${toString self.nixosConfigurations.db.config.services.postgresql.settings.port}";
  b = hosts.db.config.services.redis.port;
  c = db.services.postgresql.settings.port;
  d = self.nixosConfigurations.bd.config.networking.hostName;
  e = self.nixosConfigurations.db.config.services.mysql.port;
  inherit (self.nixosConfigurations.db.config.services) redis;
}
"#,
        expect![[r#"
            nixosConfigurations.db (?) /flake.nix:11:21
              /hosts/db.nix at /flake.nix:6:11
              /flake.nix at /flake.nix:7:11 inline
              /flake.nix at /flake.nix:8:11 inline
            nixosConfigurations.web (?) /flake.nix:11:9
              /hosts/web.nix at /flake.nix:6:11
              /flake.nix at /flake.nix:7:11 inline
              /flake.nix at /flake.nix:8:11 inline
              reads hosts.db.config [resolved] = ? -> 
              reads self.nixosConfigurations.db.config.services [resolved] = { postgresql = { settings = { port = 5433; }; }; redis = { port = 6379; }; } -> /hosts/db.nix:1:17 /topology.json:1:23
              reads self.nixosConfigurations.db.config.services.postgresql.settings.port [resolved] = 5433 -> /hosts/db.nix:1:46
              reads hosts.db.config.services.redis.port [resolved] = 6379 -> /topology.json:1:48
              reads db.services.postgresql.settings.port [resolved] = 5433 -> /hosts/db.nix:1:46
              reads self.nixosConfigurations.bd.config.networking.hostName [missing-host] = ? -> 
              reads self.nixosConfigurations.db.config.services.mysql.port [missing-option] = ? -> 
              reads self.nixosConfigurations.db.config.services.redis [resolved] = { port = 6379; } -> /topology.json:1:37
        "#]],
    );
}

#[test]
fn home_manager_users_from_a_list() {
    check(
        r#"
#- /flake.nix
{
  inputs.home-manager.url = "github:nix-community/home-manager";
  outputs = { nixpkgs, home-manager, ... }@inputs: {
    nixosConfigurations.desk = nixpkgs.lib.nixosSystem {
      modules = [
        home-manager.nixosModules.home-manager
        {
          home-manager.sharedModules = [ ./shared.nix ];
          home-manager.extraSpecialArgs = { inherit inputs; theme = "dark"; };
          home-manager.users = builtins.listToAttrs (map
            (user: { name = user; value = import (./users + "/${user}.nix"); })
            [ "ann" "ben" ]);
        }
      ];
    };
  };
}
#- /shared.nix
{ }
#- /users/ann.nix
{ theme, lib, ... }: { imports = lib.optional (theme == "dark") ./dark.nix; }
#- /users/ben.nix
{ }
#- /users/dark.nix
{ }
"#,
        expect![[r#"
            nixosConfigurations.desk (?) /flake.nix:4:25
              /flake.nix at /flake.nix:7:9 inline
              external inputs.home-manager.nixosModules.home-manager
              home-manager ann: /shared.nix /users/ann.nix /users/dark.nix
              home-manager ben: /shared.nix /users/ben.nix
        "#]],
    );
}

#[test]
fn flake_parts_registers_modules() {
    check(
        r#"
#- /flake.nix
{
  inputs.flake-parts.url = "github:hercules-ci/flake-parts";
  outputs = inputs@{ flake-parts, nixpkgs, ... }: flake-parts.lib.mkFlake { inherit inputs; } ({ self, ... }: {
    systems = [ "x86_64-linux" ];
    imports = [ ./modules ];
    flake.nixosConfigurations.iso = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [ self.nixosModules.installer "${nixpkgs}/nixos/modules/installer/cd-dvd/iso.nix" ];
    };
  });
}
#- /modules/default.nix
{ flake.nixosModules = { installer = ./installer.nix; desktop = import ./desktop.nix; }; }
#- /modules/installer.nix
{ config, lib, ... }: { options.installer.enable = lib.mkEnableOption "the installer"; }
#- /modules/desktop.nix
{ }
"#,
        expect![[r#"
            nixosConfigurations.iso (x86_64-linux) /flake.nix:6:31
              /modules/installer.nix at /flake.nix:8:19
              external inputs.nixpkgs
        "#]],
    );
}

#[test]
fn a_library_that_call_package_gives_makes_hosts() {
    check(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }:
    let
      pkgs = nixpkgs.legacyPackages.x86_64-linux;
      fleet = pkgs.callPackage ./fleet.nix { inherit nixpkgs; };
      tool = pkgs.callPackage ./tool.nix { };
    in
    {
      nixosConfigurations.web = fleet.host [ ./web.nix { environment.systemPackages = [ tool ]; } ];
    };
}
#- /fleet.nix
{ lib, nixpkgs, hello, flavour ? "plain" }: {
  host = modules: nixpkgs.lib.nixosSystem {
    modules = modules ++ lib.optional (flavour == "plain") ./plain.nix;
  };
}
#- /tool.nix
{ stdenv, fetchurl }: stdenv.mkDerivation { name = "tool"; src = fetchurl { }; }
#- /web.nix
{ }
#- /plain.nix
{ }
"#,
        expect![[r#"
            nixosConfigurations.web (?) /flake.nix:10:27
              /web.nix at /flake.nix:10:46
              /flake.nix at /flake.nix:10:56 inline
              /plain.nix at /fleet.nix:3:60
        "#]],
    );
}

#[test]
fn a_definition_that_is_unknown_may_define_everything_below_it() {
    let (db, project) = load(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.tools.url = "github:example/tools";
  outputs = { self, nixpkgs, tools }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [
      ./options.nix
      { my = tools.lib.settings; }
    ]; };
  };
}
#- /options.nix
{ lib, ... }: {
  options.my.boot.type = lib.mkOption { type = lib.types.enum [ "uefi" "bios" ]; default = null; };
}
"#,
    );
    let found = host_option(&db, project, "nixosConfigurations".into(), "web".into(), "my.boot.type".into());
    expect![[r#"
        Some(
            "it is not fully known, or too long to show",
        )
    "#]]
    .assert_debug_eq(&found.unknown);
}

#[test]
fn what_cannot_be_read_is_a_gap() {
    let (db, project) = load(
        r#"
#- /flake.nix
{
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ./typing.nix ]; };
  };
}
#- /web.nix
{ imports = [ ./gone.nix ]; }
#- /typing.nix
{ imports = [ ./more.nix ; a = }
"#,
    );
    let index = &fleet(&db, project).hosts[0].1;
    let gaps: Vec<String> = index
        .gaps
        .iter()
        .map(|gap| format!("{}: {} at {}", gap.what, gap.why, show(&db, gap.place)))
        .collect();
    expect![[r#"
        /typing.nix: the file has a syntax error at /flake.nix:3:79
        missing file: there is no file /gone.nix at /web.nix:1:15
        missing file: there is no file /more.nix at /typing.nix:1:15
        a module that fails: nothing defines the name `a` at /typing.nix:1:28"#]]
    .assert_eq(&gaps.join("\n"));
}

/// Paths that a function of another file makes are imported where the importer's `imports` say so: the line is one of
/// the file that is named.
#[test]
fn paths_that_another_file_makes_are_imported_by_the_importer() {
    check(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      specialArgs.paths = import ./lib/paths.nix;
      modules = [ ./web ];
    };
  };
}
#- /lib/paths.nix
{
  # A helper, below the line on which it is used.
  below =
    dir: map (name: dir + "/${name}") (builtins.attrNames (removeAttrs (builtins.readDir dir) [ "default.nix" ]));
}
#- /web/default.nix
{ paths, ... }: {
  imports = paths.below ./.;
}
#- /web/a.nix
{ }
#- /web/b.nix
{ }
"#,
        expect![[r#"
            nixosConfigurations.web (?) /flake.nix:4:25
              /web/default.nix at /flake.nix:6:19
              /web/a.nix at /web/default.nix:2:3
              /web/b.nix at /web/default.nix:2:3
        "#]],
    );
}
