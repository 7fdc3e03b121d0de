# How the modules of nixpkgs, home-manager and nix-darwin are listed in their own sources, and what they are called
# with beside `config`, `options`, `lib` and `pkgs`. `kind` says which of them lies at `root`.
{
  kind,
  root,
  lib,
  pkgs,
  config,
}:
let
  # Only what the function asks for: it has asked for different things over the years.
  call = function: arguments: function (builtins.intersectAttrs (builtins.functionArgs function) arguments);
in
{
  nixos =
    let
      utils = import (root + "/nixos/lib/utils.nix");
    in
    {
      modules = import (root + "/nixos/modules/module-list.nix");
      specialArgs = {
        modulesPath = toString (root + "/nixos/modules");
        utils = if builtins.functionArgs utils == { } then utils pkgs else call utils { inherit lib config pkgs; };
      };
    };

  darwin = {
    modules = import (root + "/modules/module-list.nix");
    specialArgs.modulesPath = toString (root + "/modules");
  };

  home-manager =
    let
      extended = import (root + "/modules/lib/stdlib-extended.nix") lib;
    in
    {
      modules = call (import (root + "/modules/modules.nix")) {
        inherit pkgs;
        lib = extended;
        check = true;
      };
      specialArgs = {
        modulesPath = toString (root + "/modules");
        lib = extended;
      };
    };
}
.${kind}
