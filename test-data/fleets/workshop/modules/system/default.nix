{ lib, ... }:
{
  imports = [
    ./boot.nix
    ./nix.nix
  ];

  time.timeZone = lib.mkDefault "Europe/Oslo";
  i18n.defaultLocale = lib.mkDefault "nb_NO.UTF-8";
}
