{ pkgs, ... }:
{
  home.packages = [ pkgs.imagemagick ];
  home.sessionVariables.UNITS = "metric";
}
