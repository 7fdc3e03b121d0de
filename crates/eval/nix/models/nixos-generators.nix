# nixos-generators: an image is a derivation made from a NixOS configuration.
#
# Source: the readme of nix-community/nixos-generators, "Using as a nixos-module", "nixosGenerate".
{ lib, rest, ... }:
{
  nixosGenerate =
    arguments:
    lib.nixosSystem {
      system = arguments.system or null;
      specialArgs = arguments.specialArgs or { };
      modules = arguments.modules or [ ];
    }
    // {
      type = "derivation";
      name = "nixos-image";
      outPath = rest "image";
    };
}
