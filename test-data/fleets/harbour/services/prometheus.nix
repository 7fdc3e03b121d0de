# Watches the whole harbour. It is a function first: whoever imports it says under which name it
# is known and on which address it listens.
{ fqdn, listen-addr }:
{
  config,
  lib,
  self,
  ...
}:
let
  hosts = self.nixosConfigurations;

  inherit (self.nixosConfigurations.cargo.config.services) postgresql;

  # The yellow pennant is for machines that measure something. The pilots fly none.
  sensors = lib.filterAttrs (
    _name: machine: (machine.config.harbour.pennant.colour or "") == "yellow"
  ) hosts;

  target = address: port: "${address}:${toString port}";
in
{
  services.prometheus = {
    enable = true;
    listenAddress = listen-addr;
    port = 9090;
    webExternalUrl = "https://prometheus.${fqdn}";
    globalConfig.scrape_interval = "30s";

    alertmanagers = [
      {
        static_configs = [
          { targets = [ (target listen-addr config.services.prometheus.alertmanager.port) ]; }
        ];
      }
    ];

    scrapeConfigs = [
      {
        job_name = "node";
        static_configs = [
          {
            targets = [
              "10.61.0.1:${toString self.nixosConfigurations.anchor.config.services.prometheus.exporters.node.port}"
              "10.61.0.2:${toString self.nixosConfigurations.beacon.config.services.prometheus.exporters.node.port}"
              "10.61.0.3:${toString self.nixosConfigurations.cargo.config.services.prometheus.exporters.node.port}"
              "10.61.0.4:${toString self.nixosConfigurations.drydock.config.services.prometheus.exporters.node.port}"
              "10.61.0.10:${toString self.nixosConfigurations.buoy.config.services.prometheus.exporters.node.port}"
              "10.61.0.30:${toString self.nixosConfigurations.pilot.config.services.prometheus.exporters.node.port}"
              # "10.61.0.40:${toString self.nixosConfigurations.schooner.config.services.prometheus.exporters.node.port}"
            ];
          }
        ];
      }
      {
        # The boats: not always within reach.
        job_name = "boats";
        scrape_interval = "5m";
        static_configs = [
          {
            targets = [
              "10.61.0.11:${toString self.nixosConfigurations.ferry.config.services.prometheus.exporters.node.port}"
              "10.61.0.2:${toString self.nixosConfigurations.becon.config.services.prometheus.exporters.node.port}"
              "10.61.0.41:${toString (self.nixosConfigurations.tender.config.services.prometheus.exporters.node.port or 9100)}"
            ];
          }
        ];
      }
      {
        job_name = "web";
        static_configs = [
          {
            targets = [
              "10.61.0.2:${toString self.nixosConfigurations.beacon.config.services.prometheus.exporters.nginx.port}"
            ];
          }
        ];
      }
      {
        job_name = "names";
        static_configs = [
          {
            targets = [
              "10.61.0.1:${toString hosts.anchor.config.services.prometheus.exporters.dnsmasq.port}"
            ];
          }
        ];
      }
      {
        job_name = "yard";
        static_configs = [
          {
            targets = [
              (target "10.61.0.4" hosts.drydock.config.services.prometheus.exporters.systemd.port)
            ];
          }
        ];
      }
      {
        job_name = "database";
        static_configs = [
          {
            labels.listens = toString postgresql.settings.port;
            targets = [
              "10.61.0.3:${toString self.nixosConfigurations.cargo.config.services.prometheus.exporters.postgres.port}"
            ];
          }
        ];
      }
      {
        job_name = "tide";
        static_configs = [
          {
            labels.gauge = hosts.buoy.config.harbour.tideStation.gauge;
            targets = [
              "10.61.0.10:${toString hosts.buoy.config.harbour.tideStation.port}"
            ];
          }
        ];
      }
      {
        job_name = "sensors";
        static_configs = map (machine: {
          labels.hostname = machine.config.networking.hostName;
          targets = [
            "${machine.config.networking.hostName}.${fqdn}:${toString machine.config.services.prometheus.exporters.node.port}"
          ];
        }) (lib.attrValues sensors);
      }
    ];
  };
}
