# Names for the quay: one for every machine of the fleet.
{
  lib,
  self,
  domain,
  ...
}:
let
  addressOf =
    machine: lib.head (lib.splitString "/" (lib.head machine.config.networking.wireguard.interfaces.wg0.ips));

  ours = lib.filterAttrs (
    _name: machine: machine.config.networking.wireguard.interfaces ? wg0
  ) self.nixosConfigurations;
in
{
  services.dnsmasq = {
    enable = true;
    settings = {
      interface = [
        "enp2s0"
        "wg0"
      ];
      dhcp-range = [ "192.168.61.100,192.168.61.200,12h" ];
      address = lib.mapAttrsToList (
        _name: machine: "/${machine.config.networking.hostName}.${domain}/${addressOf machine}"
      ) ours;
    };
  };
}
