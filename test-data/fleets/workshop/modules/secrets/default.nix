{
  inputs,
  lib,
  config,
  ...
}:
{
  imports = [ inputs.agenix.nixosModules.default ];

  options.workshop.secrets.directory = lib.mkOption {
    type = lib.types.str;
    default = "/run/agenix";
    description = "Where secrets are put at run time.";
  };

  config.age.secretsDir = config.workshop.secrets.directory;
}
