# "firewall": open ports, for everybody and by interface.
{ lib, ... }:
host:
let
  rules = host.firewall or { };
in
{
  networking.firewall = {
    allowedTCPPorts = rules.tcp or [ ];
    allowedUDPPorts = rules.udp or [ ];
    interfaces = lib.mapAttrs (_interface: ports: {
      allowedTCPPorts = ports.tcp or [ ];
      allowedUDPPorts = ports.udp or [ ];
    }) (rules.interfaces or { });
  };
}
