# Two disks, one pool.
let
  layout = rec {
    pool = "hold";
    forge = "${pool}/forge";
    copies = "${pool}/copies";
  };

  disk = device: {
    type = "disk";
    inherit device;
    content = {
      type = "gpt";
      partitions.zfs = {
        size = "100%";
        content = {
          type = "zfs";
          inherit (layout) pool;
        };
      };
    };
  };
in
{
  disko.devices.disk = {
    port = disk "/dev/disk/by-id/ata-fixture-port";
    starboard = disk "/dev/disk/by-id/ata-fixture-starboard";
  };

  fileSystems = {
    "/" = {
      device = "/dev/disk/by-label/cargo";
      fsType = "ext4";
    };
    "/hold" = {
      device = layout.copies;
      fsType = "zfs";
    };
    "/var/lib/forgejo" = {
      device = layout.forge;
      fsType = "zfs";
    };
  };
}
