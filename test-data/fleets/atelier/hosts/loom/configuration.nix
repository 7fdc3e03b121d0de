# loom: the big table by the window. Drawing, rendering, building.
{
  config,
  lib,
  pkgs-unstable,
  hostTypes,
  ...
}:
let
  vars = import ./variables.nix;
in
{
  imports =
    hostTypes.workstation.imports
    ++ [
      ./hardware-configuration.nix
      ../../modules/services/render-queue.nix
    ]
    ++ lib.optionals (builtins.pathExists ./local.nix) [ ./local.nix ];

  config = lib.mkMerge [
    hostTypes.workstation.config
    {
      features = {
        development = {
          containers = true;
          languages = [
            "nix"
            "python"
          ];
        };
        desktop.tablet = true;
      };

      atelier.renderQueue = {
        enable = true;
        workers = vars.cores;
        scratch = vars.scratch;
      };

      age.secrets.font-licence.file = ../../secrets/font-licence.age;

      environment.sessionVariables.FONT_LICENCE = "${config.age.secrets.font-licence.path}";
      environment.systemPackages = [ pkgs-unstable.blender ];
    }
  ];
}
