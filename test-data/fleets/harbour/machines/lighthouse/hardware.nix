{
  boot.loader.systemd-boot.enable = true;
  boot.initrd.availableKernelModules = [
    "ahci"
    "usb_storage"
  ];

  fileSystems."/" = {
    device = "/dev/disk/by-label/lighthouse";
    fsType = "ext4";
  };
}
