# lighthouse: watches all the others.
{
  imports = [
    ./hardware.nix
    (import ../../services/prometheus.nix {
      fqdn = "harbour.example";
      listen-addr = "10.61.0.5";
    })
    ../../services/grafana.nix
    ../../services/alertmanager.nix
  ];

  harbour.pennant = {
    enable = true;
    colour = "red";
  };
}
