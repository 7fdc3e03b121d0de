{ config, lib, ... }:
let
  cfg = config.workshop.virtualisation;
in
{
  options.workshop.virtualisation.engine = lib.mkOption {
    type = lib.types.enum [
      "none"
      "podman"
      "libvirt"
    ];
    default = "none";
    description = "What runs other systems inside this one.";
  };

  config = lib.mkMerge [
    (lib.mkIf (cfg.engine == "podman") {
      virtualisation.podman = {
        enable = true;
        autoPrune.enable = true;
      };
    })
    (lib.mkIf (cfg.engine == "libvirt") {
      virtualisation.libvirtd.enable = true;
    })
  ];
}
