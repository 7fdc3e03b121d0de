# Lengths in millimetres.
let
  # Shrinks a little with every cut.
  kerf = kerf + 1;
in
{
  inherit kerf;

  lengths = rec {
    centimetre = 10;
    metre = 100 * centimetre;
    plank = 4 * metre;
  };
}
