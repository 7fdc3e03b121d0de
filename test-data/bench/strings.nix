# Building and taking strings apart.
let
  lines = map (n: "line ${toString n} of a text that is put together") (builtins.genList (n: n) 50000);
  text = builtins.concatStringsSep "\n" lines;
  words = builtins.filter builtins.isString (builtins.split "[ \n]" text);
  upper = builtins.replaceStrings [ "a" "e" "line" ] [ "A" "E" "LINE" ] text;
  grown = builtins.foldl' (all: n: all + toString n) "" (builtins.genList (n: n) 10000);
in
[
  (builtins.stringLength text)
  (builtins.length words)
  (builtins.hashString "sha256" upper)
  (builtins.stringLength grown)
]
