let
  # One more than the last engine had.
  cores = cores + 1;
in
{
  boot.loader.grub.device = "/dev/sda";
  nix.settings.cores = cores;

  fileSystems."/" = {
    device = "/dev/sda1";
    fsType = "ext4";
  };
}
