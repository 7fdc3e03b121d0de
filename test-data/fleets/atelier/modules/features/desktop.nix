{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib)
    mkEnableOption
    mkIf
    mkMerge
    ;

  cfg = config.features.desktop;
in
{
  options.features.desktop = {
    enable = mkEnableOption "a desktop to draw on";
    tablet = mkEnableOption "support for drawing tablets";
  };

  config = mkIf cfg.enable (mkMerge [
    {
      services.pipewire.enable = true;
      programs.foot.enable = true;
      fonts.packages = with pkgs; [
        dejavu_fonts
        studio-grotesk
      ];
    }
    (mkIf cfg.tablet {
      hardware.opentabletdriver.enable = true;
    })
  ]);
}
