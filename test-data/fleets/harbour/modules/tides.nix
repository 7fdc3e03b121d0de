# Machines are upgraded at low tide.
{
  config,
  lib,
  domain,
  ...
}:
let
  cfg = config.harbour.tides;
in
{
  options.harbour.tides = {
    enable = lib.mkEnableOption "upgrades at low tide";

    window = lib.mkOption {
      type = lib.types.str;
      default = "Sun 04:10";
      example = "Mon..Fri 03:00";
      description = "When the tide is low, as a systemd calendar expression.";
    };

    reboot = lib.mkOption {
      type = lib.types.bool;
      default = false;
      description = "Whether the machine may restart by itself.";
    };
  };

  config = lib.mkIf cfg.enable {
    system.autoUpgrade = {
      enable = true;
      dates = cfg.window;
      allowReboot = cfg.reboot;
      flake = "git+https://git.${domain}/office/harbour.git";
    };
  };
}
