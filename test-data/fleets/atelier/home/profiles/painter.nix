{ pkgs, host, ... }:
{
  imports = [ ./base.nix ];

  home.packages = with pkgs; [
    inkscape
    krita
  ];

  home.sessionVariables.PALETTE = "${host}.gpl";
}
