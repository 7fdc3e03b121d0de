{ lib, osConfig, ... }:
{
  imports = [
    ../common
    ../../home/profiles/writer.nix
  ];

  home.username = "mara";
  home.homeDirectory = "/home/mara";
  home.sessionVariables.PRINTING = lib.boolToString osConfig.features.printing.enable;
}
