# Reads the tide gauge and offers the table over the tunnel.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.harbour.tideStation;
in
{
  options.harbour.tideStation = {
    enable = lib.mkEnableOption "the tide station";

    port = lib.mkOption {
      type = lib.types.port;
      default = 8093;
      description = "Port of the table.";
    };

    gauge = lib.mkOption {
      type = lib.types.str;
      description = "Device of the gauge.";
    };
  };

  config = lib.mkIf cfg.enable {
    secrix.services.tide-station.secrets = {
      token.encrypted.file = ../secrets/tide-station-token;
    }
    // lib.optionalAttrs (builtins.pathExists ../secrets/tide-station-cert) {
      cert.encrypted.file = ../secrets/tide-station-cert;
    };

    systemd.services.tide-station = {
      description = "Tide station";
      wantedBy = [ "multi-user.target" ];
      environment = {
        TOKEN_FILE = config.secrix.services.tide-station.secrets.token.decrypted.path;
        WEATHER_TOKEN = builtins.readFile ../secrets/weather-token;
      };
      serviceConfig = {
        DynamicUser = true;
        ExecStart = "${lib.getExe pkgs.tide-table} --gauge ${cfg.gauge} --port ${toString cfg.port}";
      };
    };
  };
}
