{
  flake.overlays.default = final: _prev: {
    calliper = final.callPackage ./calliper { };
    spindle = final.callPackage ./spindle { };
  };

  perSystem =
    { pkgs, ... }:
    {
      packages = {
        calliper = pkgs.callPackage ./calliper { };
        spindle = pkgs.callPackage ./spindle { };
      };
    };
}
