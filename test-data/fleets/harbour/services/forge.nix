# Where the office keeps its repositories, this one among them.
{
  config,
  lib,
  domain,
  ...
}:
{
  secrix.services.forgejo.secrets.database.encrypted.file = ../secrets/forge-database;

  services.forgejo = {
    enable = true;
    stateDir = "/var/lib/forgejo";
    database = {
      type = "postgres";
      host = "10.61.0.3";
      port = config.services.postgresql.settings.port;
      passwordFile = config.secrix.services.forgejo.secrets.database.decrypted.path;
    };
    settings.server = {
      DOMAIN = "git.${domain}";
      HTTP_ADDR = "10.61.0.3";
      HTTP_PORT = lib.mkDefault 3000;
    };
  };
}
