# Marine radio. Half written: the squelch has still to be found out.
{ config, lib, ... }:
let
  cfg = config.harbour.radio;
in
{
  options.harbour.radio = {
    enable = lib.mkEnableOption "the marine radio";

    channel = lib.mkOption {
      type = lib.types.ints.between 1 88;
      default = 16
      description = "Channel to listen on.";
    };
  };

  config = lib.mkIf cfg.enable {
    hardware.rtl-sdr.enable = true;
  };
}
