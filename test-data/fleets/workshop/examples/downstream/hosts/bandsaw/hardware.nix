{
  boot.initrd.availableKernelModules = [ "nvme" ];

  fileSystems."/" = {
    device = "/dev/disk/by-label/bandsaw";
    fsType = "ext4";
  };
}
