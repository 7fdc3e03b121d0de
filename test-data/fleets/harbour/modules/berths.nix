# Berths: directories that are brought ashore every night.
{
  config,
  lib,
  pkgs,
  self,
  ...
}:
let
  inherit (lib) mkOption types;

  cfg = config.harbour.berths;

  berth =
    { name, ... }:
    {
      options = {
        path = mkOption {
          type = types.path;
          default = "/srv/${name}";
          description = "The directory to save.";
        };
        target = mkOption {
          type = types.str;
          default = "cargo";
          description = "Name of the machine that keeps the copies.";
        };
        schedule = mkOption {
          type = types.str;
          default = "02:30";
          description = "When to save it, as a systemd calendar expression.";
        };
        keyFile = mkOption {
          type = types.path;
          description = "Path of the key that opens the repository, at run time.";
        };
      };
    };

  hostNameOf = target: self.nixosConfigurations.${target}.config.networking.hostName;
in
{
  options.harbour.berths = mkOption {
    type = types.attrsOf (types.submodule berth);
    default = { };
    description = "Directories to save, by name.";
  };

  config = {
    systemd.services = lib.mapAttrs' (
      name: saved:
      lib.nameValuePair "berth-${name}" {
        description = "Bring ${saved.path} ashore";
        startAt = saved.schedule;
        serviceConfig = {
          Type = "oneshot";
          DynamicUser = true;
          LoadCredential = "key:${saved.keyFile}";
        };
        script = ''
          ${lib.getExe pkgs.restic} backup ${saved.path} \
            --password-file "$CREDENTIALS_DIRECTORY/key" \
            --repo sftp:berth@${hostNameOf saved.target}.harbour.example:/hold/${name}
        '';
      }
    ) cfg;
  };
}
