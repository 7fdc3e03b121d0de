# bandsaw: stands in the corner and measures everybody.
{
  formFactor = "desktop";

  hardware = {
    cpu = "amd";
    ssd = true;
  };

  modules = {
    desktop = true;
    graphics = true;
    monitoring = true;
    plotter = true;
    secrets = true;
  };

  users = [
    "ida"
    "ole"
  ];

  hardwareConfig = ./bandsaw/hardware.nix;
  extraConfig = ./bandsaw/extra.nix;
}
