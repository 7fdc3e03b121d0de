# Tells the world where the harbour is today.
{
  config,
  lib,
  pkgs,
  domain,
  hostname,
  ...
}:
{
  secrix.services.dyndns.secrets.token.encrypted.file = ../secrets/dyndns-token;

  systemd.services.dyndns = {
    description = "Announce the address of ${hostname}";
    startAt = "*:0/15";
    serviceConfig = {
      Type = "oneshot";
      DynamicUser = true;
    };
    environment.ZONE = domain;
    script = ''
      # Text, and nothing but text: self.nixosConfigurations.galleon.config.networking.hostName
      # To try it by hand: nix build .#nixosConfigurations.anchor.config.system.build.toplevel
      token=$(cat ${config.secrix.services.dyndns.secrets.token.decrypted.path})
      name=''${NAME:-${hostname}}
      echo "not a reference either: ''${self.nixosConfigurations.galleon.config.networking.hostName}"
      ${lib.getExe pkgs.curl} --silent --header "Authorization: Bearer $token" \
        "https://dns.$ZONE/update?name=$name"
    '';
  };
}
