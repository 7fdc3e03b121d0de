# What a library of overlays does: functions that are given what they make, sets that refer to each other, `with`.
let
  fix = f: let x = f x; in x;
  extends = overlay: f: final: let prev = f final; in prev // overlay final prev;
  base = final: { count = 0; names = [ ]; };
  overlay = n: final: prev: with prev; {
    count = count + 1;
    names = if n - (n / 100) * 100 == 0 then names ++ [ "overlay${toString n}" ] else names;
    ${"value${toString n}"} = { inherit n; total = final.count; };
  };
  package = { name, version ? "1.0", inputs ? [ ], ... }@args: {
    full = "${name}-${version}";
    inputs = map (input: input.full) inputs;
    used = builtins.attrNames args;
  };
  packages = builtins.genList (n: package {
    name = "p${toString n}";
    inputs = map package [ { name = "a"; } { name = "b"; version = "2"; } ];
  }) 20000;
  fixed = fix (builtins.foldl' (f: n: extends (overlay n) f) base (builtins.genList (n: n) 1000));
in
[
  fixed.count
  (builtins.length fixed.names)
  fixed.value999.total
  (builtins.foldl' (total: it: total + builtins.stringLength (toString it.inputs)) 0 packages)
]
