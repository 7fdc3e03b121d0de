pkgs: {
  hem = pkgs.callPackage ./hem { };
  swatch = pkgs.callPackage ./swatch { };
}
