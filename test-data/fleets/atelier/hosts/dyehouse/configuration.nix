# dyehouse: keeps the recipes of the colours and hands them out.
{ lib, hostTypes, ... }:
{
  imports =
    hostTypes.server.imports
    ++ map (part: ./${part}.nix) [
      "hardware-configuration"
      "secrets"
      "colour-server"
    ];

  config = lib.mkMerge [
    hostTypes.server.config
    { features.backup.schedule = "04:45"; }
  ];
}
