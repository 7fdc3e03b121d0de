{
  boot.initrd.luks.devices.root.device = "/dev/disk/by-label/chisel-crypt";

  fileSystems."/" = {
    device = "/dev/mapper/root";
    fsType = "btrfs";
  };
}
