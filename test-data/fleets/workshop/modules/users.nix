{ config, lib, ... }:
let
  inherit (lib) mkOption types;

  person = {
    options = {
      fullName = mkOption {
        type = types.str;
        description = "Name, as people say it.";
      };
      keys = mkOption {
        type = types.listOf types.str;
        default = [ ];
        description = "Public keys that open the door.";
      };
      maker = mkOption {
        type = types.bool;
        default = false;
        description = "Whether to bring the tools of a maker.";
      };
    };
  };
in
{
  options.workshop.users = mkOption {
    type = types.attrsOf (types.submodule person);
    default = { };
    description = "People, by name.";
  };

  config.users.users = lib.mapAttrs (_name: user: {
    isNormalUser = true;
    description = user.fullName;
    openssh.authorizedKeys.keys = user.keys;
  }) config.workshop.users;
}
