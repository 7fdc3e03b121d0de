# flake-file: writes `flake.nix` from what modules say of inputs; nothing of it concerns hosts.
#
# Source: https://flake-file.oeiuwq.com, "Options".
{ lib, ... }:
let
  module = {
    key = "flake-file";
    options.flake-file = lib.mkOption {
      type = lib.types.lazyAttrsOf lib.types.anything;
      default = { };
      description = "What `flake.nix` will say.";
    };
  };
in
{
  flakeModules = lib.genAttrs [
    "allfollow"
    "default"
    "dendritic"
    "flake-parts"
    "import-tree"
    "inputs"
    "nix-auto-follow"
    "outputs"
    "prune-lock"
  ] (_: module);
  flakeModule = module;
}
