{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.workshop.development;
in
{
  options.workshop.development = {
    enable = lib.mkEnableOption "tools to write programs";

    extraTools = lib.mkOption {
      type = lib.types.listOf lib.types.package;
      default = [ ];
      description = "More of them.";
    };
  };

  config = lib.mkIf cfg.enable {
    environment.systemPackages = [
      pkgs.git
      pkgs.gnumake
      pkgs.just
    ]
    ++ cfg.extraTools;
    programs.git.enable = true;
  };
}
