{
  config,
  lib,
  host,
  ...
}:
let
  cfg = config.features.backup;
in
{
  options.features.backup = {
    enable = lib.mkEnableOption "nightly backups";

    schedule = lib.mkOption {
      type = lib.types.str;
      default = "03:00";
      description = "When to run, as a systemd calendar expression.";
    };
  };

  config = lib.mkIf cfg.enable {
    age.secrets = {
      restic-password.file = ../../secrets/restic-password.age;
      restic-environment.file = ../../secrets/restic-environment.age;
    };

    services.restic.backups.studio = {
      paths = [ "/home" ];
      repository = "rest:https://backup.atelier.example/${host}";
      passwordFile = config.age.secrets.restic-password.path;
      environmentFile = config.age.secrets.restic-enviroment.path;
      timerConfig.OnCalendar = cfg.schedule;
      backupPrepareCommand = ''
        # Not a reference: config.age.secrets.restic-key.path was the old name.
        test -s ${config.age.secrets.restic-password.path}
        test -s ${config.age.secrets.restic-environment.path}
      '';
    };
  };
}
