# The web server in front of everything that people may see.
{
  config,
  lib,
  self,
  domain,
  ...
}:
let
  inherit (self.nixosConfigurations) cargo lighthouse;

  # Over the tunnel, to whatever port the machine says.
  forge = "http://10.61.0.3:${toString cargo.config.services.forgejo.settings.server.HTTP_PORT}";
  watch = "http://10.61.0.5:${toString lighthouse.config.services.grafana.settings.server.http_port}";

  proxy = upstream: {
    forceSSL = true;
    useACMEHost = domain;
    locations."/".proxyPass = upstream;
  };
in
{
  services.nginx = {
    enable = true;
    statusPage = true;
    recommendedTlsSettings = true;

    virtualHosts = {
      ${domain} = {
        forceSSL = true;
        useACMEHost = domain;
        root = config.harbour.berths.www.path;
        locations."/status".extraConfig = ''
          # Only the tunnel may look at this.
          allow ${lib.head self.nixosConfigurations.anchor.config.networking.wireguard.interfaces.wg0.ips};
          deny all;
          stub_status;
        '';
      };
      "git.${domain}" = proxy forge;
      "watch.${domain}" = proxy watch;
    };
  };

  services.prometheus.exporters.nginx = {
    enable = true;
    port = 9113;
    listenAddress = "10.61.0.2";
  };

  networking.firewall.interfaces.wg0.allowedTCPPorts = [
    config.services.prometheus.exporters.nginx.port
  ];
}
