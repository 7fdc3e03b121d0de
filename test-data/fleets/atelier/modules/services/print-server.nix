{ config, lib, ... }:
let
  inherit (lib) mkOption types;

  cfg = config.atelier.printServer;

  queue = {
    options = {
      device = mkOption {
        type = types.str;
        description = "Address of the printer.";
      };
      paper = mkOption {
        type = types.enum [
          "A4"
          "A3"
          "A1"
        ];
        default = "A4";
        description = "Largest paper.";
      };
      allow = mkOption {
        type = types.listOf types.str;
        default = [ ];
        description = "Computers that may print.";
      };
    };
  };
in
{
  options.atelier.printServer = {
    enable = lib.mkEnableOption "the print server";

    port = mkOption {
      type = types.port;
      default = 631;
      description = "Port to listen on.";
    };

    queues = mkOption {
      type = types.attrsOf (types.submodule queue);
      default = { };
      description = "Queues, by name.";
    };
  };

  config = lib.mkIf cfg.enable {
    services.printing = {
      enable = true;
      listenAddresses = [ "192.168.40.2:${toString cfg.port}" ];
      allowFrom = lib.unique (lib.concatMap (q: q.allow) (lib.attrValues cfg.queues));
    };

    hardware.printers.ensurePrinters = lib.mapAttrsToList (name: q: {
      inherit name;
      deviceUri = q.device;
      ppdOptions.PageSize = q.paper;
    }) cfg.queues;

    networking.firewall.allowedTCPPorts = [ cfg.port ];
  };
}
