{
  imports = [
    ./features
    ./services/print-server.nix
  ];
}
