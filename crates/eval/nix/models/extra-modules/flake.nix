# nixos-extra-modules' module for flake-parts: a host for each directory of `node.path`, their guests, and
# what they agree on.
#
# Source: github.com/oddlama/nixos-extra-modules, `flake-modules`.
{ lib, input, ... }:
let
  inherit (lib) mkOption types;

  modules =
    description:
    mkOption {
      type = types.listOf types.deferredModule;
      default = [ ];
      inherit description;
    };

  guestsOf =
    node:
    lib.mapAttrs' (
      name: guest:
      lib.nameValuePair guest.nodeName (
        if guest.backend == "microvm" then
          node.config.microvm.vms.${name}.config
        else
          node.config.containers.${name}.nixosConfiguration
      )
    ) (node.config.guests or { });
in
{
  inputs,
  config,
  ...
}:
let
  inherit (config) globals node;
in
{
  key = "nixos-extra-modules#flake";
  options = {
    node.path = mkOption {
      type = types.path;
      description = "The directory that has one for each host.";
    };
    node.nixpkgs = mkOption {
      type = types.path;
      default = inputs.nixpkgs;
      description = "The nixpkgs of the hosts.";
    };
    globals = {
      optModules = modules "Modules that declare what the hosts agree on.";
      defModules = modules "Modules that set what the hosts agree on.";
      attrkeys = mkOption {
        type = types.listOf types.str;
        default = [ ];
        description = "The names of what the hosts agree on.";
      };
    };
  };

  config.flake =
    { config, ... }:
    let
      names = builtins.attrNames (lib.filterAttrs (_: kind: kind == "directory") (builtins.readDir node.path));
      own = [ input.modules.nixos.default ] ++ globals.optModules;

      host =
        minimal: name:
        lib.nixosSystem {
          system = null;
          specialArgs = {
            inherit lib minimal;
            inherit (config) nodes globals;
            extraModules = own;
            inputs = inputs // {
              inherit (node) nixpkgs;
            };
          };
          modules = [
            {
              node.name = name;
              node.secretsDir = node.path + "/${name}/secrets";
            }
            (node.path + "/${name}")
          ]
          ++ own;
        };

      agreed = lib.evalModules {
        prefix = [ "globals" ];
        specialArgs = {
          inherit inputs;
          inherit (config) nodes;
        };
        modules =
          globals.optModules
          ++ globals.defModules
          ++ [
            {
              globals = lib.mkMerge (lib.concatMap (it: it.config._globalsDefs or [ ]) (builtins.attrValues config.nodes));
            }
          ];
      };
    in
    {
      nixosConfigurations = lib.genAttrs names (host false);
      minimalConfigurations = lib.genAttrs names (host true);
      guestConfigurations = lib.concatMapAttrs (_: guestsOf) config.nixosConfigurations;
      nodes = config.nixosConfigurations // config.guestConfigurations;
      globals = lib.genAttrs globals.attrkeys (name: agreed.config.globals.${name});
    };
}
