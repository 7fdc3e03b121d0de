# Clients of the print server, wherever that listens.
{
  config,
  inputs,
  lib,
  ...
}:
let
  cfg = config.features.printing;
  press = inputs.self.nixosConfigurations.press.config;
in
{
  options.features.printing.enable = lib.mkEnableOption "printing on press";

  config = lib.mkIf cfg.enable {
    services.printing = {
      enable = true;
      clientConf = ''
        ServerName ${press.networking.hostName}:${toString press.atelier.printServer.port}
      '';
    };

    # nixosConfigurations.plotter.config.networking.hostName was the old one.
    environment.variables.PRINTER = lib.head (lib.attrNames press.atelier.printServer.queues);
  };
}
