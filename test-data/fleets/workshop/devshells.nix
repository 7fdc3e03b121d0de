{
  perSystem =
    { pkgs, ... }:
    {
      devShells = {
        default = pkgs.mkShell {
          packages = with pkgs; [
            nixfmt
            statix
          ];
        };
        cad = import ./devshells/cad.nix { inherit pkgs; };
      };
    };
}
