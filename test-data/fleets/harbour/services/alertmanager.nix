# Who is called when something sinks.
{ config, ... }:
let
  # Not the machines: the people on watch, under the name that the rota uses for them.
  nixosConfigurations = {
    night-watch.config.mail = "night@harbour.example";
    day-watch.config.mail = "day@harbour.example";
  };
in
{
  secrix.services.alertmanager.secrets.webhook.encrypted.file = ../secrets/alert-webhook;

  services.prometheus.alertmanager = {
    enable = true;
    listenAddress = "10.61.0.5";
    port = 9093;
    configuration = {
      route.receiver = "watch";
      receivers = [
        {
          name = "watch";
          email_configs = [
            { to = nixosConfigurations.night-watch.config.mail; }
            { to = nixosConfigurations.day-watch.config.mail; }
          ];
          webhook_configs = [
            { url_file = config.secrix.services.alertmanager.secrets.webhook.decrypted.path; }
          ];
        }
      ];
    };
  };
}
