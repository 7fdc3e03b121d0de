# Attribute sets: many small updates, updates of a large set, and what maps over large ones.
let
  names = builtins.genList (n: "attribute${toString n}") 20000;
  large = builtins.listToAttrs (map (name: { inherit name; value = 1; }) names);
  other = builtins.mapAttrs (name: value: value + 1) large;
  small = builtins.foldl' (set: n: set // { "${toString (n - (n / 50) * 50)}" = n; }) { } (builtins.genList (n: n) 60000);
  grown = builtins.foldl' (set: n: set // { "grown${toString n}" = n; }) { } (builtins.genList (n: n) 3000);
  merged = builtins.foldl' (set: n: set // large // other) { } (builtins.genList (n: n) 100);
in
[
  (builtins.length (builtins.attrNames merged))
  (builtins.length (builtins.attrNames grown))
  (builtins.foldl' (total: n: total + n) 0 (builtins.attrValues small))
  (builtins.foldl' (total: n: total + n) 0 (builtins.attrValues (builtins.intersectAttrs large other)))
]
