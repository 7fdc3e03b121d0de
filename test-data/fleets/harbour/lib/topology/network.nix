# "lan": a static address on the quay's network.
{ lib, registry }:
host:
lib.optionalAttrs (host ? lan) {
  networking = {
    interfaces.${host.lan.interface}.ipv4.addresses = [
      {
        inherit (host.lan) address;
        prefixLength = host.lan.prefix;
      }
    ];
    defaultGateway = lib.mkIf (host.role != "hub") registry.hub.lan.address;
    nameservers = [ registry.hub.wireguard.address ];
  };
}
