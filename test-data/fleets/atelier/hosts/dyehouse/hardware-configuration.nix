{
  imports = [ ../common/hardware/amd.nix ];

  boot.loader.systemd-boot.enable = true;

  fileSystems."/" = {
    device = "/dev/disk/by-label/dyehouse";
    fsType = "btrfs";
  };
}
