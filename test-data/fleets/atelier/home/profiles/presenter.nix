{
  imports = [
    ./base.nix
    ./slides.nix
  ];

  services.poweralertd.enable = true;
}
