# cargo: the hold. Database, forge, and everybody's copies.
{
  config,
  lib,
  pkgs,
  self,
  ...
}:
{
  imports = [
    ./hardware.nix
    ./disks.nix
  ];

  # The forge moved here from a port that the old one still has in its links.
  services.forgejo.settings.server.HTTP_PORT = 3100;

  harbour = {
    pennant.enable = lib.mkIf config.services.postgresql.enable true;

    berths.forge = {
      path = config.services.forgejo.stateDir;
      schedule = "03:15";
      keyFile = config.secrix.services.berth-forge.secrets.key.decrypted.path;
    };

    manifest = {
      owner = "archive";
      entries.hold.summary = "Keeps ${self.nixosConfigurations.beacon.config.harbour.berths.www.path} of beacon";
    };
  };

  secrix.services.berth-forge.secrets.key.encrypted.file = ../../secrets/berth-key-cargo;

  environment.systemPackages = with pkgs; [
    restic
    smartmontools
  ];
}
