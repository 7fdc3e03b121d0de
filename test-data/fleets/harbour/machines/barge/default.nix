# barge: laid up until spring.
{
  imports = [
    ./hardware.nix
    ./ballast.nix
  ];

  harbour.tides.enable = false;
}
