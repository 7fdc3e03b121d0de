# What a flake-parts module system declares, as far as a reader of a fleet asks for it.
#
# Source: https://flake.parts, "Core options".
{ lib, ... }:
let
  inherit (lib) mkOption types;
  set =
    description:
    mkOption {
      type = types.lazyAttrsOf types.raw;
      default = { };
      inherit description;
    };
in
{
  options = {
    systems = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "The systems that `perSystem` is evaluated for.";
    };
    perSystem = mkOption {
      type = types.deferredModule;
      default = { };
      description = "A module that is evaluated once for each system.";
    };
    flake = mkOption {
      description = "The flake's outputs.";
      default = { };
      # A class of its own: `perSystem` adds outputs that are not known here.
      type = types.submoduleWith {
        class = "flake-outputs";
        modules = [
          {
            options = {
              nixosConfigurations = set "NixOS hosts.";
              darwinConfigurations = set "nix-darwin hosts.";
              homeConfigurations = set "Standalone home-manager configurations.";
              nixosModules = set "NixOS modules.";
              darwinModules = set "nix-darwin modules.";
              homeModules = set "home-manager modules.";
              homeManagerModules = set "home-manager modules.";
              flakeModules = set "flake-parts modules.";
              modules = set "Modules by class.";
              overlays = set "Overlays.";
              templates = set "Templates.";
              lib = set "Functions.";
            };
          }
        ];
      };
    };
  };
}
