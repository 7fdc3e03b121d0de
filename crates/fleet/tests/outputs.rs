//! Where hosts are beside `nixosConfigurations`: hives, networks, images, and sets by system.

mod shown;
mod support;

use expect_test::expect;
use shown::check;

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
        expect![[r#"
            nixosConfigurations.web (?) /flake.nix:5:25
              /web.nix at /flake.nix:5:69
            colmenaHive.db (?) /flake.nix:15:7
              /flake.nix at /flake.nix:15:12 inline
              /primary.nix at /flake.nix:16:21
              /defaults.nix at /flake.nix:15:7
              reads nodes.db.config.deployment.targetHost [default] = "db" -> 
        "#]],
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
        expect![[r#"
            ops/network.nix.db (?) /ops/network.nix:7:3
              /db.nix at /ops/network.nix:7:8
            ops/network.nix.web (?) /ops/network.nix:3:3
              /ops/network.nix at /ops/network.nix:3:11 inline
              /web.nix at /ops/network.nix:4:17
        "#]],
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
        expect![[r#"
            nixosConfigurations.web (?) /flake.nix:5:25
              /web.nix at /flake.nix:5:69
              microvm guest: /web.nix /guest.nix
              specialisation offline: /web.nix /offline.nix
              variant vm: /vm.nix
            dormantConfigurations.old (?) /flake.nix:6:27
              /old.nix at /flake.nix:6:71
            packages.x86_64-linux.iso (x86_64-linux) /flake.nix:7:27
              /iso.nix at /flake.nix:10:19
        "#]],
    );
}

#[test]
fn hosts_below_the_name_of_a_system() {
    check(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.darwin.url = "github:nix-darwin/nix-darwin";
  inputs.utils.url = "github:numtide/flake-utils";
  outputs = { self, nixpkgs, darwin, utils }: utils.lib.eachDefaultSystem (system: {
    packages.nixosConfigurations.web = nixpkgs.lib.nixosSystem { inherit system; modules = [ ./web.nix ]; };
    packages.darwinConfigurations.mini = darwin.lib.darwinSystem { inherit system; modules = [ ./mini.nix ]; };
    nixosConfigurations.mail = nixpkgs.lib.nixosSystem { inherit system; modules = [ ./mail.nix ]; };
  }) // {
    darwinConfigurations.aarch64-darwin = darwin.lib.darwinSystem { modules = [ ]; };
  };
}
#- /web.nix
{ }
#- /mini.nix
{ }
#- /mail.nix
{ }
"#,
        expect![[r#"
            nixosConfigurations.mail (x86_64-linux) /flake.nix:8:25
              /mail.nix at /flake.nix:8:86
            darwinConfigurations.aarch64-darwin (?) /flake.nix:10:26
            nixosConfigurations.web (x86_64-linux) /flake.nix:6:34
              /web.nix at /flake.nix:6:94
            darwinConfigurations.mini (aarch64-darwin) /flake.nix:7:35
              /mini.nix at /flake.nix:7:96
        "#]],
    );
}

#[test]
fn a_hive_that_colmena_evaluates_from_a_file() {
    check(
        r#"
#- /flake.nix
{
  inputs.colmena.url = "github:zhaofengli/colmena";
  outputs = { self, colmena }: {
    nixosConfigurations = (import (colmena + "/src/nix/hive/eval.nix") { rawFlake = self; }).nodes;
    colmena = { meta = { }; web = ./web.nix; };
  };
}
#- /web.nix
{ }
"#,
        expect![[r#"
            nixosConfigurations.web (?) /flake.nix:5:29
              /web.nix at /flake.nix:5:35
        "#]],
    );
}

#[test]
fn a_list_of_systems_comes_from_its_name() {
    check(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.systems.url = "github:nix-systems/default-linux";
  outputs = { nixpkgs, systems, ... }: {
    nixosConfigurations = nixpkgs.lib.genAttrs (import systems) (system: nixpkgs.lib.nixosSystem {
      inherit system;
      modules = [ ];
    });
  };
}
"#,
        expect![[r#"
            nixosConfigurations.aarch64-linux (aarch64-linux) /flake.nix:5:5
            nixosConfigurations.x86_64-linux (x86_64-linux) /flake.nix:5:5
        "#]],
    );
}

/// npins and its like are code of the repository: what they fetch is known by where it is fetched from.
#[test]
fn hosts_of_a_repository_that_pins_its_inputs_itself() {
    check(
        r#"
#- /default.nix
let
  sources = import ./npins;
  inherit (sources) nixpkgs;
  lib = import "${nixpkgs}/lib";
  mk = name: import "${nixpkgs}/nixos/lib/eval-config.nix" {
    specialArgs = { inherit sources; };
    modules = [ ./hosts/${name}.nix "${sources.agenix}/modules/age.nix" ];
  };
in
{
  nixosConfigurations = lib.genAttrs [ "web" "db" ] mk // {
    old = import (nixpkgs + "/nixos") { configuration = ./hosts/old.nix; };
  };
}
#- /hive.nix
let outputs = import ./.; in {
  meta.nixpkgs = import (import ./npins).nixpkgs { };
} // builtins.mapAttrs (_: host: { imports = host._module.args.modules; }) outputs.nixosConfigurations // {
  only = ./hosts/only.nix;
}
#- /npins/default.nix
let
  mayOverride = name: path: if builtins.getEnv "NPINS_OVERRIDE_${name}" == "" then path else /. + path;
  data = builtins.fromJSON (builtins.readFile ./sources.json);
in
builtins.mapAttrs (name: pin: pin // {
  outPath = mayOverride name (builtins.fetchTarball { inherit (pin) url; sha256 = pin.hash; });
}) data
#- /npins/sources.json
{
  "nixpkgs": { "url": "https://releases.nixos.org/nixos/unstable/nixos-26.05/nixexprs.tar.xz", "hash": "0000000000000000000000000000000000000000000000000000" },
  "agenix": { "url": "https://github.com/ryantm/agenix/archive/0123.tar.gz", "hash": "0000000000000000000000000000000000000000000000000000" }
}
#- /hosts/web.nix
{ }
#- /hosts/db.nix
{ }
#- /hosts/old.nix
{ }
#- /hosts/only.nix
{ }
"#,
        expect![[r#"
            nixosConfigurations.db (?) /default.nix:11:3
              /hosts/db.nix at /default.nix:7:17
              external inputs.agenix
            nixosConfigurations.old (?) /default.nix:12:5
              /hosts/old.nix at /default.nix:12:57
            nixosConfigurations.web (?) /default.nix:11:3
              /hosts/web.nix at /default.nix:7:17
              external inputs.agenix
            hive.nix.only (?) /hive.nix:4:3
              /hosts/only.nix at /hive.nix:4:10
        "#]],
    );
}

/// A `default.nix` that wants arguments is a module or a package and says nothing of hosts; what nobody knows may.
#[test]
fn a_project_that_is_not_known_may_have_hosts() {
    check(
        r#"
#- /default.nix
{ config, pkgs, ... }: { nixosConfigurations = { }; }
"#,
        expect![[""]],
    );
    check(
        r#"
#- /default.nix
(import (builtins.fetchTarball "https://github.com/someone/framework/archive/main.tar.gz")).create ./config.nix
#- /config.nix
{ }
"#,
        expect![[r#"
            gap: inputs.framework.create … (it is fetched from the network)
        "#]],
    );
}

#[test]
fn a_host_that_only_deploy_rs_mentions() {
    check(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  inputs.flake-input-patcher.url = "github:jfly/flake-input-patcher";
  outputs = unpatchedInputs@{ self, deploy-rs, ... }:
    let
      inputs = unpatchedInputs.flake-input-patcher.lib.x86_64-linux.patch {
        inherit unpatchedInputs;
        patchSpec.nixpkgs.patches = [ ./fix.patch ];
      };
      activate = deploy-rs.lib.x86_64-linux.activate;
      mk = name: inputs.nixpkgs.lib.nixosSystem { modules = [ ./${name}.nix ]; };
    in
    {
      nixosConfigurations.web = mk "web";
      deploy.nodes = {
        web.profiles.system.path = activate.nixos self.nixosConfigurations.web;
        www = { hostname = "www.example.org"; profiles.system.path = activate.nixos self.nixosConfigurations.web; };
        db = { hostname = "db.example.org"; profiles.system.path = activate.nixos (mk "db"); };
      };
    };
}
#- /web.nix
{ }
#- /db.nix
{ }
"#,
        expect![[r#"
            nixosConfigurations.web (?) /flake.nix:15:27
              /web.nix at /flake.nix:12:63
            deploy.nodes.db (?) /flake.nix:19:9
              /db.nix at /flake.nix:12:63
        "#]],
    );
}
