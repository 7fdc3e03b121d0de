{
  boot.loader.grub.device = "/dev/vda";
  boot.initrd.availableKernelModules = [
    "virtio_blk"
    "virtio_pci"
  ];

  fileSystems."/" = {
    device = "/dev/vda1";
    fsType = "ext4";
  };
}
