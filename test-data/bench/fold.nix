# A strict fold over many elements, twice: of integers, and building a set that is looked into.
let
  numbers = builtins.genList (n: n) 100000;
  sum = builtins.foldl' (total: n: total + n) 0;
  step = state: n: let count = state.count + 1; in builtins.seq count { inherit count; last = n; };
  steps = builtins.foldl' step { count = 0; last = null; };
in
[
  (sum numbers)
  (sum (builtins.genList (n: n * 2) 1000000))
  (steps numbers)
]
