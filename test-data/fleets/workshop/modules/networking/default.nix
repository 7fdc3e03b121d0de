{ config, lib, ... }:
let
  cfg = config.workshop.networking;
in
{
  options.workshop.networking = {
    wireless = lib.mkEnableOption "wireless networks";

    trusted = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ "lo" ];
      description = "Interfaces that the firewall lets pass.";
    };
  };

  config = {
    networking.firewall = {
      enable = true;
      trustedInterfaces = cfg.trusted;
    };
    networking.networkmanager = {
      enable = true;
      wifi.powersave = lib.mkIf cfg.wireless false;
    };
  };
}
