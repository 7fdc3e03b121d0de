# Everything that may be used from outside, by name.
{
  flake.nixosModules = {
    system = ./system;
    desktop = ./desktop;
    development = ./development;
    graphics = ./graphics;
    networking = ./networking;
    monitoring = ./monitoring;
    virtualisation = ./virtualisation;
    users = ./users.nix;
    hardware = ./hardware;
    desktopHardware = ./hardware/desktop.nix;
    laptopHardware = ./hardware/laptop.nix;
    secrets = ./secrets;
    installer = ./installer;
    scanner = ./scanner;
  };
}
