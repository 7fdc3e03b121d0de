{
  imports = [ ../common/hardware/intel.nix ];

  boot.loader.grub.device = "/dev/sda";

  fileSystems."/" = {
    device = "/dev/sda1";
    fsType = "ext4";
  };
}
