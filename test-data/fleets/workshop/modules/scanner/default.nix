# For flatbed scanners. Registered for others, not used by mkSystem.
{
  config,
  lib,
  pkgs,
  ...
}:
{
  imports = [ ./drivers.nix ];

  options.workshop.scanner.enable = lib.mkEnableOption "the scanner";

  config = lib.mkIf config.workshop.scanner.enable {
    hardware.sane = {
      enable = true;
      extraBackends = [ pkgs.sane-backends ];
    };
  };
}
