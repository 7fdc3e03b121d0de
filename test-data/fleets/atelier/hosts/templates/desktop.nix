# Everything with a screen.
{ profile }:
{ config, lib, ... }:
{
  imports = [ ../common/base.nix ];

  features.printing.enable = lib.mkIf (profile == "workstation") true;

  services.xserver.xkb.layout = "us";
  services.avahi.enable = config.features.printing.enable;

  powerManagement.cpuFreqGovernor = if profile == "laptop" then "powersave" else "performance";
}
