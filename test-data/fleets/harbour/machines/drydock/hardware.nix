{
  boot.loader.systemd-boot.enable = true;
  boot.initrd.availableKernelModules = [ "nvme" ];

  fileSystems."/" = {
    device = "/dev/disk/by-label/drydock";
    fsType = "btrfs";
    options = [ "compress=zstd" ];
  };
}
