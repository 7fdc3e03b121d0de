{ config, lib, ... }:
let
  cfg = config.workshop.graphics;
in
{
  options.workshop.graphics.vendor = lib.mkOption {
    type = lib.types.enum [
      "amd"
      "intel"
      "none"
    ];
    default = "none";
    description = "Who made the graphics card.";
  };

  config = lib.mkIf (cfg.vendor != "none") {
    hardware.graphics.enable = true;
    services.xserver.videoDrivers = [ (if cfg.vendor == "amd" then "amdgpu" else "modesetting") ];
  };
}
