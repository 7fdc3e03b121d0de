# Pictures of what Prometheus knows.
{
  config,
  self,
  domain,
  ...
}:
let
  secrets = config.secrix.system.secrets;
  watch = self.nixosConfigurations.lighthouse.config.services.prometheus;
in
{
  secrix.system.secrets.grafana-admin.encrypted.file = ../secrets/grafana-admin;

  services.grafana = {
    enable = true;
    settings = {
      server = {
        http_addr = "10.61.0.5";
        http_port = 3030;
        root_url = "https://watch.${domain}";
      };
      security.admin_password = "$__file{${secrets.grafana-admin.decrypted.path}}";
      smtp = {
        enabled = true;
        host = "mail.${domain}:465";
        password = "$__file{${config.secrix.system.secrets.grafana-mail.decrypted.path}}";
      };
    };
    provision.datasources.settings.datasources = [
      {
        name = "harbour";
        type = "prometheus";
        url = "http://${watch.listenAddress}:${toString watch.port}";
      }
    ];
  };
}
