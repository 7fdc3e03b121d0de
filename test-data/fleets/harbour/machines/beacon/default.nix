# beacon: the public web.
{ config, ... }:
{
  imports = [ ./hardware.nix ];

  harbour = {
    berths.www = {
      path = "/var/lib/www";
      keyFile = config.secrix.services.berth-www.secrets.key.decrypted.path;
    };
    manifest.entries.www = {
      summary = "Timetables and notices";
      language = "en, pt";
    };
  };

  secrix.services.berth-www.secrets.key.encrypted.file = ../../secrets/berth-key-beacon;
}
