# The database of the office, for the tunnel only.
{ config, pkgs, ... }:
{
  services.postgresql = {
    enable = true;
    package = pkgs.postgresql_17;
    settings = {
      port = 5432;
      listen_addresses = "10.61.0.3";
    };
    ensureDatabases = [ "forgejo" ];
    authentication = ''
      host all all 10.61.0.0/24 scram-sha-256
    '';
  };

  services.prometheus.exporters.postgres = {
    enable = true;
    port = 9187;
    listenAddress = "10.61.0.3";
  };

  networking.firewall.interfaces.wg0.allowedTCPPorts = [
    config.services.prometheus.exporters.postgres.port
  ];
}
