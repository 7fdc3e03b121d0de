{
  description = "Two machines, built with the workshop";

  inputs = {
    workshop.url = "path:../..";
    nixpkgs.follows = "workshop/nixpkgs";
  };

  outputs =
    { self, workshop, ... }:
    let
      mkHost =
        hostname:
        workshop.lib.mkSystem (
          import ./hosts/${hostname}.nix
          // {
            inherit hostname;
            configDir = self.outPath;
            fleet = self.nixosConfigurations;
          }
        );
    in
    {
      nixosConfigurations = {
        bandsaw = mkHost "bandsaw";
        chisel = mkHost "chisel";
      };
    };
}
