# kiln: goes to customers.
{
  config,
  lib,
  hostTypes,
  ...
}:
let
  vars = import ./variables.nix;
in
{
  imports = hostTypes.laptop.imports ++ [
    ./hardware-configuration.nix
    # ../../modules/services/render-queue.nix
  ];

  config = lib.mkMerge [
    hostTypes.laptop.config
    {
      features.backup = {
        enable = true;
        schedule = vars.backupAt;
      };

      age.secrets.wifi.file = ../../secrets/wifi-kiln.age;

      networking.networkmanager = {
        enable = true;
        ensureProfiles.environmentFiles = [ config.age.secrets.wifi.path ];
      };

      services.tlp = lib.mkIf true {
        enable = true;
        settings.START_CHARGE_THRESH_BAT0 = vars.chargeFrom;
      };
    }
  ];
}
