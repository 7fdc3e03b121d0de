{ inputs }:
[
  (import ./fonts.nix)
  (final: _prev: import ../pkgs final)
  (final: _prev: {
    inherit (inputs.nixpkgs-unstable.legacyPackages.${final.stdenv.hostPlatform.system}) krita;
  })
]
