# "wireguard": the hub knows everybody, everybody knows the hub.
{ lib, registry }:
host:
let
  isHub = host.role == "hub";
  others = lib.filter (other: other.name != host.name) (lib.attrValues registry.hosts);

  spoke = other: {
    inherit (other) name;
    publicKey = registry.publicKeyOf other.name;
    allowedIPs = [ "${other.wireguard.address}/32" ];
  };

  hub = spoke registry.hub // {
    allowedIPs = [ "10.61.0.0/24" ];
    endpoint = "${registry.hub.wireguard.endpoint}:${toString registry.hub.wireguard.port}";
    persistentKeepalive = 25;
  };
in
{
  networking.wireguard.interfaces.wg0 = {
    ips = [ "${host.wireguard.address}/${if isHub then "24" else "32"}" ];
    listenPort = host.wireguard.port;
    peers = if isHub then map spoke others else [ hub ];
  };
}
