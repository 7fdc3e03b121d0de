{
  imports = [ ../common/hardware/amd.nix ];

  boot.loader.systemd-boot.enable = true;
  boot.initrd.availableKernelModules = [ "nvme" ];

  fileSystems = {
    "/" = {
      device = "/dev/disk/by-label/loom";
      fsType = "ext4";
    };
    "/mnt/canvas" = {
      device = "/dev/disk/by-label/canvas";
      fsType = "xfs";
    };
  };
}
