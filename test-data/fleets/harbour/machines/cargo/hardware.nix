{
  boot = {
    loader.systemd-boot.enable = true;
    initrd.availableKernelModules = [
      "mpt3sas"
      "nvme"
    ];
    supportedFilesystems = [ "zfs" ];
  };

  networking.hostId = "6a0c1d42";
}
