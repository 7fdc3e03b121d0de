{ config, lib, ... }:
{
  config = lib.mkIf config.workshop.desktop.enable {
    security.rtkit.enable = true;
    services.pipewire = {
      enable = true;
      pulse.enable = true;
    };
  };
}
