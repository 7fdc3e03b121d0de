# snowfall-lib: a flake's outputs from its directories.
#
# Source: https://snowfall.org/reference/lib, "Flake structure", "mkFlake".
{
  lib,
  rest,
  isKnown,
  darwinSystem,
  homeManagerConfiguration,
  ...
}:
let
  mkLib =
    settings:
    import ./snowfall/library.nix {
      inherit
        lib
        rest
        isKnown
        settings
        ;
    };

  mkFlake =
    options:
    import ./snowfall/flake.nix {
      inherit
        lib
        rest
        darwinSystem
        homeManagerConfiguration
        options
        ;
      library = mkLib options;
    };
in
{
  inherit mkFlake;
  mkLib =
    settings:
    mkLib settings
    // {
      mkFlake = options: mkFlake (settings // options);
    };
}
