# The inventory: machines, tags, and which service runs in which role on which machine.
{ lib }:
{ config, ... }:
let
  inherit (lib) mkOption types;

  settings = mkOption {
    type = types.deferredModule;
    default = { };
  };
  withSettings = types.submodule { options = { inherit settings; }; };

  role = {
    options = {
      inherit settings;
      machines = mkOption {
        type = types.attrsOf withSettings;
        default = { };
      };
      tags = mkOption {
        type = types.coercedTo (types.listOf types.str) (names: lib.genAttrs names (_: { })) (
          types.attrsOf withSettings
        );
        default = { };
      };
      extraModules = mkOption {
        type = types.listOf types.raw;
        default = [ ];
      };
    };
  };

  instance =
    { name, ... }:
    {
      options = {
        module.input = mkOption {
          type = types.nullOr types.str;
          default = null;
        };
        module.name = mkOption {
          type = types.str;
          default = name;
        };
        roles = mkOption {
          type = types.attrsOf (types.submodule role);
          default = { };
        };
      };
    };

  machine =
    { name, ... }:
    {
      options = {
        name = mkOption {
          type = types.str;
          default = name;
        };
        description = mkOption {
          type = types.nullOr types.str;
          default = null;
        };
        machineClass = mkOption {
          type = types.str;
          default = "nixos";
        };
        tags = mkOption {
          type = types.listOf types.str;
          default = [ ];
        };
        deploy = mkOption {
          type = types.attrsOf types.raw;
          default = { };
        };
      };
      config.tags = builtins.attrNames (
        lib.filterAttrs (_: members: builtins.elem name members) config.tags
      );
    };

  namesOf =
    class: builtins.attrNames (lib.filterAttrs (_: machine: machine.machineClass == class) config.machines);
  members =
    default:
    mkOption {
      type = types.listOf types.str;
      inherit default;
    };
in
{
  options = {
    meta = mkOption {
      type = types.attrsOf types.raw;
      default = { };
    };
    machines = mkOption {
      type = types.lazyAttrsOf (types.submodule machine);
      default = { };
    };
    tags = mkOption {
      default = { };
      type = types.submoduleWith {
        specialArgs = { inherit (config) machines; };
        modules = [
          {
            freeformType = types.lazyAttrsOf (types.listOf types.str);
            options = {
              all = members (builtins.attrNames config.machines);
              nixos = members (namesOf "nixos");
              darwin = members (namesOf "darwin");
            };
          }
        ];
      };
    };
    instances = mkOption {
      type = types.attrsOf (types.submodule instance);
      default = { };
    };
    modules = mkOption {
      type = types.attrsOf types.raw;
      default = { };
    };
  };
}
