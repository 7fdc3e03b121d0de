{ config, ... }:
{
  secrix.system.secrets.wireless.encrypted.file = ../../secrets/ferry-wireless;

  networking.wireless = {
    enable = true;
    secretsFile = config.secrix.system.secrets.wireless.decrypted.path;
    networks = {
      crew.pskRaw = "ext:psk_crew";
      waiting-room.psk = "not-a-real-passphrase";
    };
  };
}
