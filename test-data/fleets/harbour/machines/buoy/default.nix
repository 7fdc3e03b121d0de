# buoy: sits in the fairway and measures.
{ hostTopology, ... }:
{
  harbour = {
    pennant.colour = "yellow";
    tideStation = {
      enable = true;
      gauge = "/dev/ttyAMA0";
    };
  };

  # Its topology file names no exporters.
  services.prometheus.exporters.node = {
    enable = true;
    port = 9109;
    listenAddress = hostTopology.wireguard.address;
  };
}
