{
  imports = [
    ./berths.nix
    ./known-hosts.nix
    ./manifest.nix
    ./pennant.nix
    ./tides.nix
    ./wireguard.nix
  ];
}
