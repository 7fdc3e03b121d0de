{ config, lib, ... }:
let
  cfg = config.workshop.boot;
in
{
  options.workshop.boot = {
    splash = lib.mkEnableOption "a picture while the machine starts";
    quiet = lib.mkEnableOption "a start without messages";
  };

  config = {
    workshop.boot.quiet = lib.mkIf cfg.splash true;

    boot = {
      plymouth.enable = cfg.splash;
      kernelParams = lib.optional cfg.quiet "quiet";
      loader.systemd-boot.enable = lib.mkDefault true;
    };
  };
}
