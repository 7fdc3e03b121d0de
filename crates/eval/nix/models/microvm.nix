# microvm.nix, on the host: machines inside it, each a NixOS system.
#
# Source: https://microvm-nix.github.io/microvm.nix, "Declarative MicroVMs"; `nixos-modules/host/options.nix`.
{ lib, input, ... }:
let
  inherit (lib) mkOption types;

  machine =
    { name, config, ... }:
    {
      # What else there is concerns how the machine is run.
      freeformType = types.lazyAttrsOf types.raw;
      options = {
        config = mkOption {
          default = null;
          description = "The machine's configuration, as a NixOS module; evaluated, a NixOS system.";
          type = types.nullOr (
            lib.mkOptionType {
              name = "Toplevel NixOS config";
              merge =
                _loc: defs:
                lib.nixosSystem {
                  inherit (config) specialArgs;
                  modules = [
                    { networking.hostName = lib.mkDefault name; }
                    input.nixosModules.microvm
                  ]
                  ++ map (def: def.value) defs;
                };
            }
          );
        };
        specialArgs = mkOption {
          type = types.attrsOf types.unspecified;
          default = { };
          description = "Further arguments of the machine's modules.";
        };
      };
    };
in
{
  host = _: {
    key = "microvm.nix#nixosModules.host";
    options.microvm.vms = mkOption {
      type = types.attrsOf (types.submodule machine);
      default = { };
      description = "Machines that are built with the host.";
    };
  };
}
