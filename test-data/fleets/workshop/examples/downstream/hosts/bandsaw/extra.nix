{ config, nixosConfigurations, ... }:
let
  addressOf =
    machine:
    "${machine.config.networking.hostName}.workshop.example:${toString machine.config.workshop.monitoring.port}";
in
{
  age.secrets.plotter-key.file = ../../secrets/plotter-key.age;

  workshop = {
    graphics.vendor = "amd";

    monitoring = {
      port = 9105;
      peers = [
        (addressOf nixosConfigurations.bandsaw)
        "chisel.workshop.example:${toString nixosConfigurations.chisel.config.workshop.monitoring.port}"
        "${nixosConfigurations.chizel.config.networking.hostName}.workshop.example:9100"
      ];
    };

    plotter.device = "/dev/plotter";
  };

  systemd.services.plotter = {
    description = "Pen plotter";
    serviceConfig.DynamicUser = true;
    environment = {
      KEY_FILE = config.age.secrets.plotter-key.path;
      SPINDLE_KEY_FILE = config.age.secrets.spindle-key.path;
    };
    script = "exec plotterd --device ${config.workshop.plotter.device}";
  };
}
