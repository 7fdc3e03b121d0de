{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.features.development;

  tools = {
    nix = with pkgs; [
      nil
      nixfmt
    ];
    python = [ pkgs.python3 ];
    web = [ pkgs.nodejs ];
  };
in
{
  options.features.development = {
    enable = lib.mkEnableOption "tools to write programs";

    containers = lib.mkOption {
      type = lib.types.bool;
      default = false;
      description = "Whether to run containers as well.";
    };

    languages = lib.mkOption {
      type = lib.types.listOf (lib.types.enum (lib.attrNames tools));
      default = [ "nix" ];
      description = "Languages to bring tools for.";
    };
  };

  config = lib.mkIf cfg.enable (
    lib.mkMerge [
      {
        environment.systemPackages = lib.concatMap (language: tools.${language}) cfg.languages;
        programs.git.enable = true;
      }
      (lib.mkIf cfg.containers {
        virtualisation.podman = {
          enable = true;
          dockerCompat = lib.mkDefault true;
        };
      })
    ]
  );
}
