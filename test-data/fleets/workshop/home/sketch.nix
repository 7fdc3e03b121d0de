# Pencil and paper, on the screen. Not finished.
{ pkgs, ... }:
{
  home.packages = with pkgs; [
    inkscape
    krita
  ;

  xdg.enable = true;
}
