# From topology/*.json to NixOS modules. Nothing in here knows about a machine beyond its file.
{ lib, directory }:
let
  registry = import ./registry.nix { inherit lib directory; };

  generators = map (file: import file { inherit lib registry; }) [
    ./network.nix
    ./firewall.nix
    ./exporters.nix
    ./wireguard.nix
  ];
in
{
  inherit (registry) hosts addressOf;

  modules = lib.mapAttrs (_name: host: {
    config = lib.mkMerge (map (generate: generate host) generators);
  }) registry.hosts;
}
