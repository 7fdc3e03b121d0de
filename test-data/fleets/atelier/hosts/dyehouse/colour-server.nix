{
  config,
  inputs,
  lib,
  pkgs,
  ...
}:
let
  inherit (inputs.self.nixosConfigurations) kiln loom;
in
{
  users.users.colour = {
    isSystemUser = true;
    group = "colour";
  };
  users.groups.colour = { };

  systemd.services.colour-server = {
    description = "Hands out recipes of colours";
    wantedBy = [ "multi-user.target" ];
    environment = {
      LOOM = "${loom.config.networking.hostName}:${toString loom.config.atelier.renderQueue.port}";
      KILN = "${kiln.config.networking.hostName}:${toString kiln.config.atelier.renderQueue.port}";
      KEY_FILE = config.sops.secrets."recipes/key".path;
      SALT_FILE = config.sops.secrets."recipes/salt".path;
      PEPPER_FILE = config.sops.secrets."recipes/pepper".path;
    };
    serviceConfig = {
      User = "colour";
      EnvironmentFile = config.sops.templates."colour.env".path;
      ExecStart = "${lib.getExe pkgs.swatch} serve";
    };
  };
}
