//! Hosts of the frameworks that are modelled: flakes whose inputs are not on this machine.

mod shown;
mod support;

use expect_test::expect;
use shown::check;

#[test]
fn a_clan_has_machines_from_directories_and_modules_from_services() {
    check(
        r#"
#- /flake.nix
{
  inputs.clan-core.url = "https://git.clan.lol/clan/clan-core/archive/main.tar.gz";
  outputs = { self, clan-core, ... }@inputs:
    let
      clan = clan-core.lib.clan {
        inherit self;
        specialArgs = { inherit inputs; };
        modules."@me/greeter" = ./greeter;
        inventory = import ./inventory.nix;
        machines.mac = { imports = [ ./mac.nix ]; };
      };
    in
    { inherit (clan.config) nixosConfigurations darwinConfigurations; };
}
#- /inventory.nix
{
  machines.web.tags = [ "server" ];
  machines.db.tags = [ "server" "storage" ];
  machines.mac.machineClass = "darwin";
  instances.greeter = {
    module = { input = "self"; name = "@me/greeter"; };
    roles.server.tags = [ "server" ];
    roles.server.settings.text = "hello";
    roles.server.machines.db.settings.port = 81;
    roles.server.extraModules = [ ./extra.nix ];
  };
  instances.users = {
    roles.default.tags.storage = { };
    roles.default.extraModules = [ ./users.nix ];
  };
}
#- /greeter/default.nix
{ lib, ... }:
{
  _class = "clan.service";
  manifest.name = "greeter";
  roles.server = {
    interface.options = {
      text = lib.mkOption { type = lib.types.str; };
      port = lib.mkOption { type = lib.types.port; default = 80; };
    };
    perInstance = { settings, machine, roles, ... }: {
      nixosModule = import ./server.nix { inherit settings machine roles; };
    };
  };
  perMachine.nixosModule = ./common.nix;
}
#- /greeter/server.nix
{ settings, machine, roles }: { config, ... }: {
  services.greeter = { inherit (settings) text port; };
}
#- /greeter/common.nix
{ }
#- /extra.nix
{ }
#- /users.nix
{ }
#- /mac.nix
{ }
#- /machines/web/configuration.nix
{ }
#- /machines/web/disko.nix
{ }
#- /machines/db/configuration.nix
{ }
"#,
        expect![[r#"
            nixosConfigurations.db (?) /inventory.nix:3:12
              /machines/db/configuration.nix at /inventory.nix:3:12
              /users.nix at /inventory.nix:14:36
              /greeter/common.nix at /greeter/default.nix:14:14
              /greeter/server.nix at /greeter/default.nix:11:7
              /extra.nix at /inventory.nix:10:35
              external inputs.clan-core.nixosModules.clanCore
              external inputs.clan-core.clan.modules.users
            nixosConfigurations.web (?) /inventory.nix:2:12
              /machines/web/configuration.nix at /inventory.nix:2:12
              /machines/web/disko.nix at /inventory.nix:2:12
              /greeter/common.nix at /greeter/default.nix:14:14
              /greeter/server.nix at /greeter/default.nix:11:7
              /extra.nix at /inventory.nix:10:35
              external inputs.clan-core.nixosModules.clanCore
            darwinConfigurations.mac (?) /inventory.nix:4:12
              /mac.nix at /flake.nix:10:38
              external inputs.clan-core.darwinModules.clanCore
        "#]],
    );
}

#[test]
fn a_clan_in_a_flake_of_flake_parts() {
    check(
        r#"
#- /flake.nix
{
  inputs.flake-parts.url = "github:hercules-ci/flake-parts";
  inputs.clan.url = "git+https://git.clan.lol/clan/clan-core";
  outputs = inputs@{ flake-parts, ... }: flake-parts.lib.mkFlake { inherit inputs; } {
    systems = [ "x86_64-linux" ];
    imports = [ inputs.clan.flakeModules.default ./clan.nix ];
  };
}
#- /clan.nix
{
  clan.inventory.machines.one = { };
  clan.machines.two = ./two.nix;
}
#- /two.nix
{ }
"#,
        expect![[r#"
            nixosConfigurations.one (?) /clan.nix:2:27
              external inputs.clan.nixosModules.clanCore
            nixosConfigurations.two (?) /clan.nix:3:17
              /two.nix at /clan.nix:3:17
              external inputs.clan.nixosModules.clanCore
        "#]],
    );
}

#[test]
fn import_tree_makes_modules_of_a_directory() {
    check(
        r#"
#- /flake.nix
{
  inputs.flake-parts.url = "github:hercules-ci/flake-parts";
  inputs.import-tree.url = "github:vic/import-tree";
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } (inputs.import-tree ./modules);
}
#- /modules/hosts/web.nix
{ config, inputs, ... }: {
  flake.nixosConfigurations.web = inputs.nixpkgs.lib.nixosSystem {
    modules = [ config.flake.modules.nixos.base ((inputs.import-tree.match ".*/x[.]nix") ./_more) ];
  };
}
#- /modules/merged.nix
{ inputs, ... }: { imports = [ inputs.flake-parts.flakeModules.modules ]; }
#- /modules/base.nix
{ flake.modules.nixos.base = ../ssh.nix; }
#- /modules/base-too.nix
{ flake.modules.nixos.base = { networking.domain = "example.org"; }; }
#- /modules/_ignored.nix
{ throw }
#- /modules/hosts/_more/x.nix
{ }
#- /modules/hosts/_more/y.nix
{ }
#- /ssh.nix
{ }
"#,
        expect![[r#"
            nixosConfigurations.web (?) /modules/hosts/web.nix:2:29
              /modules/base-too.nix at /modules/base-too.nix:1:23 inline
              /ssh.nix at /modules/hosts/web.nix:3:17
              /modules/hosts/_more/x.nix at /modules/hosts/web.nix:3:50
        "#]],
    );
}

#[test]
fn snowfall_finds_systems_homes_and_modules() {
    check(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.home-manager.url = "github:nix-community/home-manager";
  inputs.snowfall-lib.url = "github:snowfallorg/lib";
  outputs = inputs: inputs.snowfall-lib.mkFlake {
    inherit inputs;
    src = ./.;
    snowfall.namespace = "mine";
    systems.modules.nixos = [ inputs.home-manager.nixosModules.home-manager ./shared.nix ];
    systems.hosts.web.modules = [ ./only-web.nix ];
  };
}
#- /lib/default.nix
{ lib, ... }: { twice = n: n * 2; }
#- /systems/x86_64-linux/web/default.nix
{ lib, namespace, ... }: { imports = lib.optional (lib.mine.twice 2 == 4) ./${namespace}.nix; }
#- /systems/x86_64-linux/web/mine.nix
{ }
#- /systems/aarch64-darwin/mac/default.nix
{ }
#- /systems/x86_64-iso/installer/default.nix
{ }
#- /homes/x86_64-linux/alice@web/default.nix
{ }
#- /modules/nixos/vpn/default.nix
{ }
#- /modules/home/shell/default.nix
{ }
#- /shared.nix
{ }
#- /only-web.nix
{ }
"#,
        expect![[r#"
            nixosConfigurations.web (x86_64-linux) /flake.nix:5:13
              /systems/x86_64-linux/web/default.nix at /flake.nix:5:13
              /systems/x86_64-linux/web/mine.nix at /systems/x86_64-linux/web/default.nix:1:75
              /modules/nixos/vpn/default.nix at /flake.nix:5:13
              /only-web.nix at /flake.nix:10:35
              /shared.nix at /flake.nix:9:77
              external inputs.home-manager.nixosModules.home-manager
              external inputs.home-manager.nixosModules.home-manager
              home-manager alice: /modules/home/shell/default.nix /homes/x86_64-linux/alice@web/default.nix
            darwinConfigurations.mac (aarch64-darwin) /flake.nix:5:13
              /systems/aarch64-darwin/mac/default.nix at /flake.nix:5:13
              external inputs.home-manager.darwinModules.home-manager
            homeConfigurations.alice@web (?) /flake.nix:5:13
              /homes/x86_64-linux/alice@web/default.nix at /flake.nix:5:13
              /modules/home/shell/default.nix at /flake.nix:5:13
            isoConfigurations.installer (x86_64-linux) -
              /systems/x86_64-iso/installer/default.nix at -
              /modules/nixos/vpn/default.nix at -
              /shared.nix at /flake.nix:9:77
              external inputs.home-manager.nixosModules.home-manager
              external inputs.home-manager.nixosModules.home-manager
        "#]],
    );
}

#[test]
fn blueprint_finds_hosts_and_their_users() {
    check(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.blueprint.url = "github:numtide/blueprint";
  inputs.home-manager.url = "github:nix-community/home-manager";
  outputs = inputs: inputs.blueprint { inherit inputs; prefix = "nix"; };
}
#- /nix/hosts/web/configuration.nix
{ flake, hostName, ... }: { imports = [ flake.nixosModules.vpn ]; networking = { inherit hostName; }; }
#- /nix/hosts/web/users/alice.nix
{ }
#- /nix/hosts/mac/darwin-configuration.nix
{ }
#- /nix/hosts/pi/default.nix
{ flake, inputs, hostName }: {
  class = "nixos";
  value = inputs.nixpkgs.lib.nixosSystem { modules = [ ./pi.nix ]; };
}
#- /nix/hosts/pi/pi.nix
{ }
#- /nix/modules/nixos/vpn.nix
{ flake, ... }: { config, ... }: { }
"#,
        expect![[r#"
            nixosConfigurations.pi (?) /flake.nix:5:13
              /nix/hosts/pi/pi.nix at /nix/hosts/pi/default.nix:3:56
            nixosConfigurations.web (?) /flake.nix:5:13
              /nix/hosts/web/configuration.nix at /flake.nix:5:13
              /nix/modules/nixos/vpn.nix at /nix/hosts/web/configuration.nix:1:41
              external inputs.home-manager.nixosModules.default
              home-manager alice: /nix/hosts/web/users/alice.nix
            darwinConfigurations.mac (?) /flake.nix:5:13
              /nix/hosts/mac/darwin-configuration.nix at /flake.nix:5:13
            homeConfigurations.alice@web (?) /flake.nix:5:13
              /nix/hosts/web/users/alice.nix at /flake.nix:5:13
        "#]],
    );
}

#[test]
fn builders_of_flake_parts_modules() {
    check(
        r#"
#- /flake.nix
{
  inputs.flake-parts.url = "github:hercules-ci/flake-parts";
  inputs.easy-hosts.url = "github:tgirlcloud/easy-hosts";
  inputs.lite-config.url = "github:yelite/lite-config";
  inputs.nixos-unified.url = "github:srid/nixos-unified";
  inputs.home-manager.url = "github:nix-community/home-manager";
  outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } ({ self, ... }: {
    systems = [ "x86_64-linux" ];
    imports = [
      inputs.easy-hosts.flakeModule
      inputs.lite-config.flakeModule
      inputs.nixos-unified.flakeModules.default
      inputs.nixos-unified.flakeModules.autoWire
    ];
    easy-hosts = {
      autoConstruct = true;
      path = ./easy;
      perClass = class: { modules = [ ./${class}.nix ]; };
      hosts.two.tags = [ "x" ];
    };
    lite-config = {
      hosts.lite.system = "x86_64-linux";
      hostModuleDir = ./lite;
      systemModules = [ ./shared.nix ];
    };
    flake.nixosConfigurations.by-hand = self.nixos-unified.lib.mkLinuxSystem { home-manager = true; } ./by-hand.nix;
  });
}
#- /easy/x86_64-nixos/one/default.nix
{ inputs', ... }: { }
#- /easy/aarch64-darwin/two/default.nix
{ }
#- /nixos.nix
{ }
#- /darwin.nix
{ }
#- /lite/lite/default.nix
{ }
#- /shared.nix
{ }
#- /by-hand.nix
{ flake, ... }: { imports = [ flake.self.nixosModules.common ]; }
#- /configurations/nixos/wired.nix
{ }
#- /modules/nixos/common.nix
{ }
"#,
        expect![[r#"
            nixosConfigurations.by-hand (?) /flake.nix:26:31
              /by-hand.nix at /flake.nix:26:103
              /modules/nixos/common.nix at /by-hand.nix:1:31
              external inputs.home-manager.nixosModules.home-manager
            nixosConfigurations.lite (x86_64-linux) /flake.nix:22:13
              /lite/lite/default.nix at /flake.nix:22:13
              /shared.nix at /flake.nix:24:25
            nixosConfigurations.one (x86_64-linux) /flake.nix:26:5
              /easy/x86_64-nixos/one/default.nix at /flake.nix:26:5
              /nixos.nix at /flake.nix:18:39
            nixosConfigurations.wired (?) /flake.nix:26:5
              /configurations/nixos/wired.nix at /flake.nix:26:5
              external inputs.home-manager.nixosModules.home-manager
            darwinConfigurations.two (aarch64-darwin) /flake.nix:7:13
              /easy/aarch64-darwin/two/default.nix at /flake.nix:7:13
              /darwin.nix at /flake.nix:18:39
        "#]],
    );
}

#[test]
fn a_clan_that_says_its_directory_only() {
    check(
        r#"
#- /flake.nix
{
  inputs.clan.url = "git+https://git.clan.lol/clan/clan-core";
  outputs = { self, clan }: {
    inherit (clan.lib.buildClan { directory = self; machines.one = ./one.nix; }) nixosConfigurations;
  };
}
#- /one.nix
{ }
"#,
        expect![[r#"
            nixosConfigurations.one (?) /flake.nix:4:62
              /one.nix at /flake.nix:4:62
              external inputs.clan.nixosModules.clanCore
        "#]],
    );
}

#[test]
fn hosts_of_directories_by_a_module_of_nixos_extra_modules() {
    check(
        r#"
#- /flake.nix
{
  inputs.flake-parts.url = "github:hercules-ci/flake-parts";
  inputs.extra.url = "github:oddlama/nixos-extra-modules";
  inputs.microvm.url = "github:astro/microvm.nix";
  outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } {
    imports = [ inputs.extra.modules.flake.default ];
    node.path = ./hosts;
    globals.optModules = [ ./globals.nix ];
  };
}
#- /globals.nix
{ lib, ... }: { options.globals.domain = lib.mkOption { default = "example.org"; }; }
#- /hosts/web/default.nix
{ }
#- /hosts/README.md
Not a host.
"#,
        expect![[r#"
            nixosConfigurations.web (?) /flake.nix:5:13
              /hosts/web/default.nix at /flake.nix:5:13
              /globals.nix at /flake.nix:8:28
              external inputs.extra.modules.nixos.default
              external inputs.microvm.nixosModules.host
        "#]],
    );
}

#[test]
fn flake_parts_modules_that_nobody_knows_may_make_the_hosts() {
    check(
        r#"
#- /flake.nix
{
  inputs.flake-parts.url = "github:hercules-ci/flake-parts";
  inputs.facets.url = "github:someone/facets";
  outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } {
    imports = [ inputs.facets.flakeModule ];
    facets.hosts.x86_64-linux.web = { };
  };
}
"#,
        expect![[r#"
            gap: inputs.facets.flakeModule (the flake input's source is not on this machine)
        "#]],
    );
}

#[test]
fn partitions_of_flake_parts_make_outputs() {
    check(
        r#"
#- /flake.nix
{
  inputs.flake-parts.url = "github:hercules-ci/flake-parts";
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } {
    imports = [ inputs.flake-parts.flakeModules.partitions ];
    systems = [ "x86_64-linux" ];
    partitions.hosts = { extraInputsFlake = ./hosts; module = ./hosts/module.nix; };
    partitionedAttrs.nixosConfigurations = "hosts";
  };
}
#- /hosts/flake.nix
{
  inputs.home-manager.url = "github:nix-community/home-manager";
  outputs = _: { };
}
#- /hosts/module.nix
{ inputs, config, ... }:
{
  flake.nixosConfigurations.web = inputs.nixpkgs.lib.nixosSystem {
    modules = [ inputs.home-manager.nixosModules.home-manager { home-manager.users.ann = ./ann.nix; } ];
  };
}
#- /hosts/ann.nix
{ }
"#,
        expect![[r#"
            nixosConfigurations.web (?) /hosts/module.nix:3:29
              /hosts/module.nix at /hosts/module.nix:4:63 inline
              external inputs.home-manager.nixosModules.home-manager
              home-manager ann: /hosts/ann.nix
        "#]],
    );
}

#[test]
fn a_flake_module_from_outside_may_patch_nixpkgs() {
    check(
        r#"
#- /flake.nix
{
  inputs.flake-parts.url = "github:hercules-ci/flake-parts";
  inputs.patches.url = "github:example/patches";
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, flake-parts, ... }@inputs: flake-parts.lib.mkFlake { inherit inputs; } {
    imports = [ inputs.patches.flakeModules.default ];
    systems = [ "x86_64-linux" ];
    flake.nixosConfigurations.web =
      let nixpkgs = self.packages.x86_64-linux.nixpkgs-patched;
      in import (nixpkgs + "/nixos/lib/eval-config.nix") {
        system = "x86_64-linux";
        pkgs = self.allSystems.x86_64-linux._module.args.pkgs-patched;
        modules = [ ./web.nix ];
      };
  };
}
#- /web.nix
{ networking.hostName = "web"; }
"#,
        expect![[r#"
            nixosConfigurations.web (x86_64-linux) /flake.nix:8:31
              /web.nix at /flake.nix:13:21
        "#]],
    );
}

/// `flake.flakeModules` and `flake.modules` are options only where flake-parts' own modules for them are imported:
/// elsewhere they are values as they stand.
#[test]
fn outputs_of_flake_parts_that_no_option_declares() {
    check(
        r#"
#- /flake.nix
{
  inputs.flake-parts.url = "github:hercules-ci/flake-parts";
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } {
    systems = [ "x86_64-linux" ];
    imports = [ ./modules.nix ./hosts.nix ];
  };
}
#- /modules.nix
{
  flake.flakeModules.nixos = { ssh = ./ssh.nix; web = ./web.nix; };
  flake.modules.theme = { lib, ... }: { options.theme = lib.mkOption { }; };
}
#- /hosts.nix
{ self, inputs, ... }: {
  flake.nixosConfigurations.web = inputs.nixpkgs.lib.nixosSystem {
    modules = builtins.attrValues self.flakeModules.nixos ++ [ self.modules.theme ];
  };
}
#- /ssh.nix
{ }
#- /web.nix
{ }
"#,
        expect![[r#"
            nixosConfigurations.web (?) /hosts.nix:2:29
              /ssh.nix at /modules.nix:2:38
              /web.nix at /modules.nix:2:55
              /hosts.nix at /hosts.nix:3:64 inline
        "#]],
    );
}
