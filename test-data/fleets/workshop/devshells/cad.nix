{ pkgs }:
pkgs.mkShell rec {
  name = "cad";
  packages = [ pkgs.imagemagick ];
  UNITS = "metric";
}
