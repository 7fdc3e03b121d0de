# lite-config: hosts of a flake-parts flake, with modules that all of them share.
#
# Source: the readme of yelite/lite-config, and the descriptions of its options.
{ lib, darwinSystem, homeManagerConfiguration, ... }:
let
  inherit (lib) mkOption types;
  option = type: default: description: mkOption { inherit type default description; };
  modules = option (types.listOf types.deferredModule) [ ];

  host.options = {
    system = mkOption {
      type = types.str;
      description = "The host's system.";
    };
    hostModule = option (types.nullOr types.raw) null "The host's module, instead of the one in `hostModuleDir`.";
  };

  flakeModule =
    { config, inputs, ... }:
    let
      cfg = config.lite-config;
      homeManager = inputs.home-manager;
      specialArgs = host: {
        inherit inputs;
        hostPlatform = lib.systems.elaborate host.system;
      };
      isDarwin = host: lib.hasSuffix "-darwin" host.system;

      shared =
        class: host:
        cfg.systemModules
        ++ lib.optionals (cfg.homeModules != [ ] || cfg.homeConfigurations != { }) [
          homeManager."${class}Modules".default
          {
            home-manager = {
              sharedModules = cfg.homeModules;
              extraSpecialArgs = specialArgs host;
              useGlobalPkgs = true;
            };
          }
        ];

      system =
        class: builder: name: host:
        builder {
          specialArgs = specialArgs host;
          inherit (host) system;
          modules = [
            (if host.hostModule == null then "${toString cfg.hostModuleDir}/${name}" else host.hostModule)
            { networking.hostName = name; }
          ]
          ++ shared class host;
        };
    in
    {
      key = "lite-config";
      options.lite-config = mkOption {
        default = { };
        description = "Hosts and what they share.";
        type = types.submodule {
          options = {
            hosts = option (types.attrsOf (types.submodule host)) { } "Hosts.";
            systemModules = modules "Modules of every host.";
            homeModules = modules "home-manager modules of every user.";
            homeConfigurations = option (types.attrsOf types.deferredModule) { } "Standalone homes.";
            hostModuleDir = mkOption {
              type = types.raw;
              description = "The directory with a module for each host.";
            };
            nixpkgs = option (types.attrsOf types.raw) { } "The package set.";
            builder = option (types.attrsOf types.raw) { } "Functions that make hosts.";
            homeManagerFlake = option types.raw homeManager "home-manager.";
          };
        };
      };
      config.flake = {
        nixosConfigurations = builtins.mapAttrs (system "nixos" lib.nixosSystem) (
          lib.filterAttrs (_: host: !isDarwin host) cfg.hosts
        );
        darwinConfigurations = builtins.mapAttrs (system "darwin" darwinSystem) (
          lib.filterAttrs (_: isDarwin) cfg.hosts
        );
        homeConfigurations = builtins.mapAttrs (
          name: module:
          homeManagerConfiguration {
            modules = [
              module
              { home.username = lib.mkDefault name; }
            ]
            ++ cfg.homeModules;
            extraSpecialArgs = { inherit inputs; };
          }
        ) cfg.homeConfigurations;
      };
    };
in
{
  flakeModule = flakeModule;
  flakeModules.default = flakeModule;
}
