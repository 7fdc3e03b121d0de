# The order of lists: reversing, comparing and sorting.
lib:
let
  inherit (builtins)
    elemAt
    filter
    genList
    head
    isList
    length
    partition
    sort
    split
    tail
    ;
in
rec {
  /**
    The list from the end to the beginning.

    # Type
    ```
    reverseList :: [a] -> [a]
    ```

    # Example
    ```nix
    lib.reverseList [ 1 2 3 ]
    => [ 3 2 1 ]
    ```
  */
  reverseList =
    list:
    let
      lastIndex = length list - 1;
    in
    genList (i: elemAt list (lastIndex - i)) (length list);

  /**
    Sorts by a key, which is computed once for every element.

    # Type
    ```
    sortOn :: (a -> b) -> [a] -> [a]
    ```

    # Example
    ```nix
    lib.sortOn builtins.stringLength [ "ccc" "a" "bb" ]
    => [ "a" "bb" "ccc" ]
    ```
  */
  sortOn =
    key: list:
    map (entry: entry.value) (
      sort (left: right: left.key < right.key) (
        map (value: {
          inherit value;
          key = key value;
        }) list
      )
    );

  /**
    Orders two lists by their first different elements: -1, 0 or 1.

    # Type
    ```
    compareLists :: (a -> a -> Int) -> [a] -> [a] -> Int
    ```

    # Example
    ```nix
    lib.compareLists lib.compare [ 1 2 ] [ 1 3 ]
    => -1
    lib.compareLists lib.compare [ 1 ] [ ]
    => 1
    ```
  */
  compareLists =
    compare: left: right:
    let
      shared = lib.trivial.min (length left) (length right);
      from =
        i:
        if i == shared then
          lib.trivial.compare (length left) (length right)
        else
          let
            order = compare (elemAt left i) (elemAt right i);
          in
          if order == 0 then from (i + 1) else order;
    in
    from 0;

  /**
    Sorts strings as people do: numbers in them count by their value.

    # Type
    ```
    naturalSort :: [String] -> [String]
    ```

    # Example
    ```nix
    lib.naturalSort [ "disk11" "disk8" "disk100" ]
    => [ "disk8" "disk11" "disk100" ]
    ```
  */
  naturalSort =
    list:
    let
      # Text and numbers take turns, so that like is compared with like.
      parts =
        text:
        map (part: if isList part then lib.strings.toInt (head part) else part) (
          split "(0|[1-9][0-9]*)" text
        );
      keyed = map (value: {
        inherit value;
        key = parts value;
      }) list;
    in
    map (entry: entry.value) (
      sort (left: right: compareLists lib.trivial.compare left.key right.key < 0) keyed
    );

  /**
    Searches, from the first element on, for one that nothing else must come
    before. The result is `{ minimal, visited, rest }`, or with
    `stopOnCycles` and a cycle `{ cycle, loops, visited, rest }`.

    # Type
    ```
    listDfs :: Bool -> (a -> a -> Bool) -> [a] -> AttrSet
    ```

    # Example
    ```nix
    (lib.listDfs true lib.hasPrefix [ "/home/user" "other" "/" "/home" ]).minimal
    => "/"
    ```
  */
  listDfs =
    stopOnCycles: before: list:
    let
      visit =
        current: visited: rest:
        let
          loops = filter (x: before x current) visited;
          earlier = partition (x: before x current) rest;
        in
        if stopOnCycles && loops != [ ] then
          {
            cycle = current;
            inherit loops visited rest;
          }
        else if earlier.right == [ ] then
          {
            minimal = current;
            inherit visited rest;
          }
        else
          visit (head earlier.right) ([ current ] ++ visited) (tail earlier.right ++ earlier.wrong);
    in
    visit (head list) [ ] (tail list);

  /**
    Sorts by a partial order. The result is `{ result }`, or `{ cycle, loops }`
    if the order goes round in a circle.

    # Type
    ```
    toposort :: (a -> a -> Bool) -> [a] -> AttrSet
    ```

    # Example
    ```nix
    lib.toposort (a: b: a < b) [ 3 2 1 ]
    => { result = [ 1 2 3 ]; }
    ```
  */
  toposort =
    before: list:
    let
      found = listDfs true before list;
      others = toposort before (found.visited ++ found.rest);
    in
    if length list < 2 then
      { result = list; }
    else if found ? cycle then
      {
        cycle = reverseList ([ found.cycle ] ++ found.visited);
        inherit (found) loops;
      }
    else if others ? cycle then
      others
    else
      { result = [ found.minimal ] ++ others.result; };
}
