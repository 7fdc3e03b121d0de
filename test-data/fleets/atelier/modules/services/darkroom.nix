# The scanner for negatives. To be finished when it is back from repair.
{ config, lib, pkgs, ... }:
let
  cfg = config.atelier.darkroom;
in
{
  options.atelier.darkroom.enable = lib.mkEnableOption "the scanner for negatives";

  config = lib.mkIf cfg.enable {
    hardware.sane = {
      enable = true;
      extraBackends = [ pkgs.sane-backends ;
    };
  };
}
