{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.workshop.desktop;
in
{
  imports = [ ./audio.nix ];

  options.workshop.desktop = {
    enable = lib.mkEnableOption "the desktop";

    wallpaper = lib.mkOption {
      type = lib.types.nullOr lib.types.path;
      default = null;
      description = "Picture behind the windows.";
    };
  };

  config = lib.mkIf cfg.enable {
    services.xserver.enable = true;
    programs.foot.enable = true;

    environment.etc = lib.optionalAttrs (cfg.wallpaper != null) {
      "wallpaper".source = cfg.wallpaper;
    };

    environment.systemPackages = with pkgs; [
      firefox
      wl-clipboard
    ];
  };
}
