# press: prints. Sits in the cellar because of the noise.
{ lib, hostTypes, ... }:
{
  imports = hostTypes.server.imports ++ [
    ./hardware-configuration.nix
    ./mail.nix
    ./queues.nix
    ./secrets.nix
  ];

  config = lib.mkMerge [
    hostTypes.server.config
    {
      atelier.printServer = {
        enable = true;
        port = 6310;
      };
    }
  ];
}
