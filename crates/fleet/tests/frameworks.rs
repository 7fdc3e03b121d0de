//! Hosts of the frameworks that are modelled: flakes whose inputs are not on this machine.

mod support;

use expect_test::expect;
use support::check;

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
        expect![[""]],
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
        expect![[""]],
    );
}

#[test]
fn a_hive_of_colmena_beside_the_hosts_it_is_made_from() {
    check(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.colmena.url = "github:zhaofengli/colmena";
  outputs = { self, nixpkgs, colmena }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
    colmenaHive = colmena.lib.makeHive self.colmena;
    colmena = {
      meta = {
        nixpkgs = import nixpkgs { system = "x86_64-linux"; };
        specialArgs.inputs = { };
        nodeSpecialArgs.db.role = "primary";
      };
      defaults = ./defaults.nix;
      web = ./web.nix;
      db = { name, nodes, role, ... }: {
        imports = [ ./${role}.nix ];
        deployment.tags = [ name ];
        networking.hosts.other = nodes.db.config.deployment.targetHost;
      };
    };
  };
}
#- /web.nix
{ }
#- /defaults.nix
{ }
#- /primary.nix
{ }
"#,
        expect![[""]],
    );
}

#[test]
fn networks_without_a_flake() {
    check(
        r#"
#- /ops/network.nix
{
  network.description = "Home";
  "web" = { config, pkgs, nodes, ... }: {
    imports = [ ../web.nix ];
    deployment.targetHost = "192.0.2.1";
  };
  db = import ../db.nix;
}
#- /web.nix
{ }
#- /db.nix
{ lib, ... }: { }
#- /module.nix
{ network.enable = true; other = 1; }
"#,
        expect![[""]],
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
  outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } (inputs.import-tree ./modules);
}
#- /modules/hosts/web.nix
{ config, inputs, ... }: {
  flake.nixosConfigurations.web = inputs.nixpkgs.lib.nixosSystem {
    modules = [ config.flake.modules.nixos.base ((inputs.import-tree.match ".*/x[.]nix") ./_more) ];
  };
}
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
        expect![[""]],
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
        expect![[""]],
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
{ flake }: { config, ... }: { }
"#,
        expect![[""]],
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
        expect![[""]],
    );
}

#[test]
fn images_and_hosts_that_are_kept_elsewhere() {
    check(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.nixos-generators.url = "github:nix-community/nixos-generators";
  outputs = { self, nixpkgs, nixos-generators }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
    dormantConfigurations.old = nixpkgs.lib.nixosSystem { modules = [ ./old.nix ]; };
    packages.x86_64-linux.iso = nixos-generators.nixosGenerate {
      system = "x86_64-linux";
      format = "iso";
      modules = [ ./iso.nix ];
    };
    packages.x86_64-linux.vm = self.nixosConfigurations.web.config.system.build.vm;
  };
}
#- /web.nix
{
  specialisation.offline.configuration = { imports = [ ./offline.nix ]; };
  microvm.vms.guest.config = { imports = [ ./guest.nix ]; };
  virtualisation.vmVariant = ./vm.nix;
}
#- /offline.nix
{ }
#- /guest.nix
{ }
#- /vm.nix
{ }
#- /old.nix
{ }
#- /iso.nix
{ }
"#,
        expect![[""]],
    );
}

#[test]
fn flake_parts_modules_that_nobody_knows_may_make_the_hosts() {
    check(
        r#"
#- /flake.nix
{
  inputs.flake-parts.url = "github:hercules-ci/flake-parts";
  inputs.den.url = "github:vic/den";
  outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } {
    imports = [ inputs.den.flakeModule ];
    den.hosts.x86_64-linux.web = { };
  };
}
"#,
        expect![[""]],
    );
}
