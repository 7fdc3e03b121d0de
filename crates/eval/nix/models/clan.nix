# clan-core: machines and services from an inventory.
#
# Source: https://docs.clan.lol, "Clan", "Inventory", "Services", and the reference of `lib.clan`.
{
  lib,
  input,
  rest,
  isKnown,
  darwinSystem,
  ...
}:
let
  clanLib = import ./clan/lib.nix { inherit lib rest; };

  clanModule = import ./clan/module.nix {
    inherit
      lib
      isKnown
      darwinSystem
      clanLib
      ;
    core = input;
  };

  # The user's module comes first, so that a machine is where its owner wrote it.
  clan =
    arguments:
    let
      # Before a clan had to say which flake it is of, it said where that is.
      self = arguments.self or arguments.directory;
    in
    lib.evalModules {
      class = "clan";
      specialArgs = { inherit self; };
      modules = [
        arguments
        clanModule
      ];
    };

  flakeModule =
    {
      self,
      config,
      lib,
      ...
    }:
    {
      key = "clan";
      # `clan` is another way to write `flake.clan`.
      options.clan = lib.mkOption {
        type = lib.types.deferredModule;
        default = { };
        description = "The clan, as `flake.clan`.";
      };
      config._flakeModules = [
        {
          options.clan = lib.mkOption {
            default = { };
            description = "The clan: machines, inventory, services.";
            type = lib.types.submoduleWith {
              class = "clan";
              specialArgs = { inherit self; };
              modules = [
                config.clan
                clanModule
              ];
            };
          };
        }
      ];
      config.flake = {
        inherit (config.flake.clan)
          nixosConfigurations
          nixosModules
          darwinConfigurations
          darwinModules
          ;
      };
    };
in
{
  lib = clanLib // {
    inherit clan;
    # The older name gives the configuration itself.
    buildClan = arguments: (clan arguments).config;
  };
  inherit clanLib;
  flakeModules = {
    default = flakeModule;
    clan = flakeModule;
  };
}
