{
  imports = [ ../common/hardware/intel.nix ];

  boot.loader.systemd-boot.enable = true;
  boot.initrd.luks.devices.root.device = "/dev/disk/by-label/kiln-crypt";

  fileSystems."/" = {
    device = "/dev/mapper/root";
    fsType = "ext4";
  };
}
