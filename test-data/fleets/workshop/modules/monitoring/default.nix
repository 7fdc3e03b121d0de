{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.workshop.monitoring;

  dashboard = import ./dashboard.nix { inherit pkgs; };
  panels = (builtins.fromJSON (builtins.readFile dashboard)).panels;
in
{
  options.workshop.monitoring = {
    enable = lib.mkEnableOption "measuring of this machine";

    port = lib.mkOption {
      type = lib.types.port;
      default = 9100;
      description = "Port of the exporter.";
    };

    peers = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
      description = "Other machines to ask, as host:port.";
    };
  };

  config = lib.mkIf cfg.enable {
    services.prometheus = {
      enable = cfg.peers != [ ];
      exporters.node = {
        enable = true;
        inherit (cfg) port;
        listenAddress = "127.0.0.1";
      };
      scrapeConfigs = [
        {
          job_name = "peers";
          static_configs = [ { targets = cfg.peers; } ];
        }
      ];
    };

    environment.etc."workshop/panels.json".text = builtins.toJSON panels;
  };
}
