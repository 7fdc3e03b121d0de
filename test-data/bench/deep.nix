# Recursion that is deep, not wide.
let
  count = n: if n == 0 then 0 else 1 + count (n - 1);
  chain = builtins.foldl' (list: n: { head = n; tail = list; }) null (builtins.genList (n: n) 100000);
  length = list: if list == null then 0 else 1 + length list.tail;
in
[
  (builtins.foldl' (total: n: total + count 3000) 0 (builtins.genList (n: n) 100))
  (builtins.foldl' (list: n: if list == null then null else list.tail) chain (builtins.genList (n: n) 100001))
  (let take = n: list: if n == 0 then 0 else 1 + take (n - 1) list.tail; in take 3000 chain)
]
