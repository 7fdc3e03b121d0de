# The private half of the tunnel. Peers and addresses come from topology/*.json.
{ config, hostname, ... }:
{
  networking.wireguard.interfaces.wg0.privateKeyFile =
    config.secrix.services.wireguard-wg0.secrets.${hostname}.decrypted.path;

  secrix.services.wireguard-wg0.secrets.${hostname}.encrypted.file =
    ../secrets/wireguard/${hostname};
}
