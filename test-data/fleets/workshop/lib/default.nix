# What other flakes build their machines with.
{
  inputs,
  self,
  lib,
}:
let
  hardwareModules =
    hardware:
    let
      common = inputs.nixos-hardware.nixosModules;
    in
    lib.optional (hardware.cpu or null == "amd") common.common-cpu-amd
    ++ lib.optional (hardware.cpu or null == "intel") common.common-cpu-intel
    ++ lib.optional (hardware.ssd or false) common.common-pc-ssd;

  # The second list of our modules. The first one is in ../modules/default.nix.
  workshopModules =
    hostCfg:
    with self.nixosModules;
    [
      hardware
      users
    ]
    ++ lib.optional (hostCfg.modules.system or true) system
    ++ lib.optional (hostCfg.modules.networking or true) networking
    ++ lib.optional (hostCfg.modules.desktop or false) desktop
    ++ lib.optional (hostCfg.modules.development or false) development
    ++ lib.optional (hostCfg.modules.graphics or false) graphics
    ++ lib.optional (hostCfg.modules.monitoring or false) monitoring
    ++ lib.optional (hostCfg.modules.virtualisation or false) virtualisation
    ++ lib.optional (hostCfg.modules.secrets or false) secrets
    ++ lib.optional (hostCfg.modules.plotter or false) ../modules/plotter.nix
    ++ lib.optional (hostCfg.formFactor or null == "desktop") desktopHardware
    ++ lib.optional (hostCfg.formFactor or null == "laptop") laptopHardware;

  hostModule =
    hostCfg:
    { config, ... }:
    {
      config = lib.mkMerge [
        {
          networking.hostName = hostCfg.hostname;
          nixpkgs.hostPlatform = hostCfg.system or "x86_64-linux";
          system.stateVersion = hostCfg.stateVersion or "25.11";

          home-manager = {
            useGlobalPkgs = true;
            useUserPackages = true;
            sharedModules = [
              self.homeModules.shell
            ]
            ++ lib.optional (hostCfg.modules.desktop or false) self.homeModules.desktop;
            users = lib.mapAttrs (_name: person: {
              imports = lib.optional person.maker self.homeModules.maker;
              home.stateVersion = hostCfg.stateVersion or "25.11";
            }) config.workshop.users;
          };
        }
        (lib.optionalAttrs (hostCfg.modules.desktop or false) {
          workshop.desktop.enable = true;
        })
        (lib.optionalAttrs (hostCfg.modules.development or false) {
          workshop.development.enable = true;
        })
        (lib.optionalAttrs (hostCfg.modules.monitoring or false) {
          workshop.monitoring.enable = true;
        })
      ];
    };

  userModules =
    hostCfg: map (name: hostCfg.configDir + "/users/${name}.nix") (hostCfg.users or [ ]);

  mkSystem =
    hostCfg:
    inputs.nixpkgs.lib.nixosSystem {
      specialArgs = {
        inputs = inputs // (hostCfg.inputs or { });
        nixosConfigurations = hostCfg.fleet or { };
      };
      modules = [
        inputs.home-manager.nixosModules.home-manager
      ]
      ++ hardwareModules (hostCfg.hardware or { })
      ++ workshopModules hostCfg
      ++ [ (hostModule hostCfg) ]
      ++ lib.optional (hostCfg ? hardwareConfig) hostCfg.hardwareConfig
      ++ userModules hostCfg
      ++ lib.optional (hostCfg ? extraConfig) hostCfg.extraConfig;
    };
in
{
  inherit mkSystem hardwareModules workshopModules;
  units = import ./units.nix;
}
