# One file per feature, each with features.<name>.enable.
let
  names = [
    "backup"
    "desktop"
    "development"
    "printing"
  ];
in
{
  imports = map (name: ./${name}.nix) names;
}
