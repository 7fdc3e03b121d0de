# Sorting 100,000 elements that are in no order, by the builtin comparison and by a function.
let
  shuffled = builtins.genList (n: let m = n * 7919 + 13; in m - (m / 100003) * 100003) 100000;
  at = list: map (builtins.elemAt list) [ 0 1 50000 99999 ];
in
[
  (at (builtins.sort builtins.lessThan shuffled))
  (at (builtins.sort (a: b: a > b) shuffled))
  (at (builtins.sort (a: b: a.key < b.key) (map (key: { inherit key; }) shuffled)))
]
