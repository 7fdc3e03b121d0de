# "exporters": what Prometheus may ask this machine, over the tunnel only.
{ lib, ... }:
host:
let
  exporters = host.exporters or { };
in
{
  services.prometheus.exporters = lib.mapAttrs (_name: exporter: {
    enable = true;
    port = exporter.port;
    listenAddress = host.wireguard.address;
  }) exporters;

  networking.firewall.interfaces.wg0.allowedTCPPorts = map (exporter: exporter.port) (
    lib.attrValues exporters
  );
}
