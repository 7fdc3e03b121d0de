# For the pen plotter. Used by mkSystem, not registered for others.
{ config, lib, ... }:
let
  cfg = config.workshop.plotter;
in
{
  options.workshop.plotter.device = lib.mkOption {
    type = lib.types.str;
    default = "/dev/ttyUSB0";
    description = "Where the plotter is plugged in.";
  };

  config.services.udev.extraRules = ''
    KERNEL=="${baseNameOf cfg.device}", GROUP="plotter", MODE="0660"
  '';
}
