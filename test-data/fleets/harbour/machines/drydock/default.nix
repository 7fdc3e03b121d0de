# drydock: builds for everybody else.
{ lib, unstable, ... }:
{
  imports = [
    ./hardware.nix
    ./motd.nix
    ../../services/cache.nix
  ];

  # The topology says 9100, but a tool of the yard has taken that.
  services.prometheus.exporters.node.port = lib.mkForce 9200;

  boot.binfmt.emulatedSystems = [ "aarch64-linux" ];
  nix.settings.max-jobs = 8;

  environment.systemPackages = [ unstable.nix-output-monitor ];

  harbour.tides.enable = false;
}
