# Everything without one.
{ lib, ... }:
{
  imports = [ ../common/base.nix ];

  services.openssh.settings.PermitRootLogin = "no";
  documentation.enable = lib.mkDefault false;
  systemd.enableEmergencyMode = false;
}
