# anchor: the router. Everything else hangs on it.
{
  imports = [
    ./hardware.nix
    ./dns.nix
    # ./old-firewall.nix
  ];

  boot.kernel.sysctl."net.ipv4.ip_forward" = 1;

  networking = {
    interfaces.enp1s0.useDHCP = true;
    nat = {
      enable = true;
      externalInterface = "enp1s0";
      internalInterfaces = [ "enp2s0" ];
    };
  };

  harbour = {
    pennant.enable = true;
    tides = {
      window = "Sun 05:00";
      reboot = true;
    };
    manifest.entries.router.summary = "Way in and way out";
  };
}
