{ config, lib, ... }:
let
  # Samples of paper, not of ink. Nothing to do with age.
  secrets = {
    grain = "long";
    weight = 120;
  };
in
{
  age.secrets = {
    printer-admin = {
      file = ../../secrets/printer-admin.age;
      owner = "cups";
      mode = "0400";
    };
    # scanner.file = ../../secrets/scanner.age;
  }
  // lib.optionalAttrs (builtins.pathExists ../../secrets/archive-key.age) {
    archive-key.file = ../../secrets/archive-key.age;
  };

  systemd.services.cups.environment = {
    ADMIN_FILE = config.age.secrets.printer-admin.path;
    ARCHIVE_KEY = config.age.secrets.archive-key.path or "/dev/null";
    PAPER = "${secrets.grain} ${toString secrets.weight}";
  };
}
