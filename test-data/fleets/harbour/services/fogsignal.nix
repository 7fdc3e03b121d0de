# The horn on the mole. Taken out of service, see flake.nix.
{ lib, pkgs, ... }:
{
  systemd.services.fogsignal = {
    description = "Fog signal";
    startAt = "*:*:0/30";
    serviceConfig = {
      DynamicUser = true;
      ExecStart = lib.getExe' pkgs.alsa-utils "aplay";
    };
  };
}
