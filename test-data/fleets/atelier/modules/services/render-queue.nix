{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.atelier.renderQueue;
in
{
  options.atelier.renderQueue = {
    enable = lib.mkEnableOption "the render queue";

    port = lib.mkOption {
      type = lib.types.port;
      default = 7070;
      description = "Port to listen on.";
    };

    workers = lib.mkOption {
      type = lib.types.ints.positive;
      default = 1;
      description = "How many pictures to render at a time.";
    };

    scratch = lib.mkOption {
      type = lib.types.path;
      description = "Where the pieces go until they are done.";
    };
  };

  config = lib.mkIf cfg.enable {
    systemd.services.render-queue = {
      description = "Render queue";
      wantedBy = [ "multi-user.target" ];
      serviceConfig = {
        DynamicUser = true;
        ReadWritePaths = [ cfg.scratch ];
        ExecStart = "${lib.getExe pkgs.swatch} render --port ${toString cfg.port} --workers ${toString cfg.workers}";
      };
    };

    networking.firewall.allowedTCPPorts = [ cfg.port ];
  };
}
