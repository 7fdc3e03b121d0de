# The manifest: a file on every machine that says what is on board.
{ config, lib, ... }:
let
  cfg = config.harbour.manifest;
in
{
  options.harbour.manifest = {
    owner = lib.mkOption {
      type = lib.types.str;
      default = "harbour office";
      description = "Who answers for this machine.";
    };

    entries = lib.mkOption {
      type = lib.types.attrsOf (
        lib.types.submodule {
          freeformType = lib.types.attrsOf lib.types.str;
          options.summary = lib.mkOption {
            type = lib.types.str;
            description = "What this is, in a few words.";
          };
        }
      );
      default = { };
      description = "What runs on this machine, by name.";
    };
  };

  config = {
    environment.etc."manifest.json".text = builtins.toJSON {
      inherit (cfg) owner entries;
      berths = lib.attrNames config.harbour.berths;
    };
  };
}
