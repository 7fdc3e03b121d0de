# The module system of a clan: what it declares, and the hosts that follow.
{
  lib,
  core,
  isKnown,
  darwinSystem,
  clanLib,
}:
{ config, self, ... }:
let
  inherit (lib) mkOption types;

  directory = toString config.directory;
  inherit (config) inventory;

  subdirectories =
    path:
    if builtins.pathExists path then
      lib.filterAttrs (_: kind: kind == "directory") (builtins.readDir path)
    else
      { };

  inventoryFile = "${directory}/inventory.json";

  services = import ./services.nix {
    inherit
      lib
      core
      isKnown
      clanLib
      config
      self
      directory
      ;
  };

  secretsOf = import ./secrets.nix { inherit lib directory; };

  machineModule = name: class: {
    imports =
      builtins.filter builtins.pathExists (
        map (file: "${directory}/machines/${name}/${file}") (
          [ "configuration.nix" ]
          ++ lib.optionals (class == "nixos") [
            "hardware-configuration.nix"
            "disko.nix"
          ]
        )
      )
      ++ [ core."${class}Modules".clanCore ]
      ++ [ (secretsOf name) ]
      ++ services.modulesOf name class;

    networking.hostName = lib.mkDefault name;
    clan.core.settings = {
      inherit directory;
      inherit (inventory.meta) name;
      machine = { inherit name; };
    };
  };

  moduleOf =
    name: class:
    { ... }:
    {
      imports = [
        (machineModule name class)
      ]
      ++ lib.optional (config.machines ? ${name}) config.machines.${name};
    };

  constructors = {
    nixos = lib.nixosSystem;
    darwin = darwinSystem;
  };

  ofClass = class: lib.filterAttrs (_: machine: machine.machineClass == class) inventory.machines;

  configurations =
    class:
    builtins.mapAttrs (
      name: _:
      constructors.${class} {
        modules = [ (moduleOf name class) ];
        specialArgs = {
          clan-core = core;
          self = config.self;
        }
        // config.specialArgs;
      }
    ) (ofClass class);

  modules =
    class: lib.mapAttrs' (name: _: lib.nameValuePair "clan-machine-${name}" (moduleOf name class)) (ofClass class);

  output =
    default:
    mkOption {
      type = types.lazyAttrsOf types.raw;
      inherit default;
    };
in
{
  options = {
    self = mkOption {
      type = types.raw;
      default = self;
      description = "The flake.";
    };
    directory = mkOption {
      type = types.raw;
      default = toString self;
      description = "The directory that holds `machines`, `vars` and `inventory.json`.";
    };
    specialArgs = mkOption {
      type = types.attrsOf types.raw;
      default = { };
      description = "Further arguments of the machines' modules.";
    };
    machines = mkOption {
      type = types.attrsOf types.deferredModule;
      default = { };
      description = "Machines, with a module each.";
    };
    modules = mkOption {
      type = types.attrsOf types.raw;
      default = { };
      description = "Services that this clan defines.";
    };
    meta = mkOption {
      type = types.attrsOf types.raw;
      default = { };
      description = "The clan's name and description.";
    };
    inventory = mkOption {
      type = types.submodule (import ./inventory.nix { inherit lib; });
      default = { };
      description = "Machines with tags, and instances of services.";
    };
    nixosConfigurations = output (configurations "nixos");
    darwinConfigurations = output (configurations "darwin");
    nixosModules = output (modules "nixos");
    darwinModules = output (modules "darwin");
  };

  config.inventory = lib.mkMerge [
    { inherit (config) meta; }
    { machines = builtins.mapAttrs (_: _: { }) config.machines; }
    { machines = builtins.mapAttrs (_: _: { }) (subdirectories "${directory}/machines"); }
    (if builtins.pathExists inventoryFile then lib.importJSON inventoryFile else { })
  ];
}
