# Functions on lists: making, mapping, folding and searching. Parts of lists
# and their order have files of their own.
lib:
let
  inherit (builtins)
    attrNames
    concatLists
    concatMap
    elem
    elemAt
    filter
    genList
    groupBy
    head
    isList
    length
    ;
in
import ./lists/slices.nix lib
// import ./lists/order.nix lib
// rec {
  inherit (builtins)
    all
    any
    concatLists
    concatMap
    elem
    elemAt
    filter
    genList
    groupBy
    head
    isList
    length
    map
    partition
    sort
    tail
    ;

  /**
    The list with one element.

    # Type
    ```
    singleton :: a -> [a]
    ```

    # Example
    ```nix
    lib.singleton 1
    => [ 1 ]
    ```
  */
  singleton = x: [ x ];

  /**
    `map` with the list first, which reads better before a long function.

    # Type
    ```
    forEach :: [a] -> (a -> b) -> [b]
    ```

    # Example
    ```nix
    lib.forEach [ 1 2 ] (n: n * 10)
    => [ 10 20 ]
    ```
  */
  forEach = list: f: map f list;

  /**
    Folds from the right: `op x1 (op x2 (op x3 start))`.

    # Type
    ```
    foldr :: (a -> b -> b) -> b -> [a] -> b
    ```

    # Example
    ```nix
    lib.foldr (x: rest: "${x}(${rest})") "" [ "a" "b" ]
    => "a(b())"
    ```
  */
  foldr =
    op: start: list:
    let
      end = length list;
      from = i: if i == end then start else op (elemAt list i) (from (i + 1));
    in
    from 0;

  /**
    Former name of `foldr`.

    # Type
    ```
    fold :: (a -> b -> b) -> b -> [a] -> b
    ```

    # Example
    ```nix
    lib.fold (x: rest: x + rest) 0 [ 1 2 ]
    => 3
    ```
  */
  fold = lib.trivial.warn "lib.fold was renamed to lib.foldr." foldr;

  /**
    Folds from the left without forcing what is in between; `foldl'` is
    nearly always the better choice.

    # Type
    ```
    foldl :: (b -> a -> b) -> b -> [a] -> b
    ```

    # Example
    ```nix
    lib.foldl (acc: x: "(${acc})${x}") "" [ "a" "b" ]
    => "(()a)b"
    ```
  */
  foldl =
    op: start: list:
    let
      upTo = i: if i == 0 then start else op (upTo (i - 1)) (elemAt list (i - 1));
    in
    upTo (length list);

  /**
    Folds from the left, forcing every intermediate result and the start.

    # Type
    ```
    foldl' :: (b -> a -> b) -> b -> [a] -> b
    ```

    # Example
    ```nix
    lib.foldl' builtins.add 0 [ 1 2 3 ]
    => 6
    ```
  */
  foldl' = op: start: builtins.seq start (builtins.foldl' op start);

  /**
    Maps with the index, which counts from 0.

    # Type
    ```
    imap0 :: (Int -> a -> b) -> [a] -> [b]
    ```

    # Example
    ```nix
    lib.imap0 (i: x: "${x}${toString i}") [ "a" "b" ]
    => [ "a0" "b1" ]
    ```
  */
  imap0 = f: list: genList (i: f i (elemAt list i)) (length list);

  /**
    Maps with the index, which counts from 1.

    # Type
    ```
    imap1 :: (Int -> a -> b) -> [a] -> [b]
    ```

    # Example
    ```nix
    lib.imap1 (i: x: "${x}${toString i}") [ "a" "b" ]
    => [ "a1" "b2" ]
    ```
  */
  imap1 = f: list: genList (i: f (i + 1) (elemAt list i)) (length list);

  /**
    Filters with the index, which counts from 0.

    # Type
    ```
    ifilter0 :: (Int -> a -> Bool) -> [a] -> [a]
    ```

    # Example
    ```nix
    lib.ifilter0 (i: x: i != 1) [ "a" "b" "c" ]
    => [ "a" "c" ]
    ```
  */
  ifilter0 =
    pred: list:
    map (elemAt list) (filter (i: pred i (elemAt list i)) (genList (i: i) (length list)));

  /**
    Makes one flat list of nested ones; a value that is no list becomes a list.

    # Type
    ```
    flatten :: any -> [any]
    ```

    # Example
    ```nix
    lib.flatten [ 1 [ 2 [ 3 ] ] ]
    => [ 1 2 3 ]
    ```
  */
  flatten = x: if isList x then concatMap flatten x else [ x ];

  /**
    The list without the elements that equal a value.

    # Type
    ```
    remove :: a -> [a] -> [a]
    ```

    # Example
    ```nix
    lib.remove 2 [ 1 2 3 2 ]
    => [ 1 3 ]
    ```
  */
  remove = unwanted: filter (x: x != unwanted);

  /**
    The only element for which a predicate holds; a default if there is none,
    another if there are several.

    # Type
    ```
    findSingle :: (a -> Bool) -> b -> b -> [a] -> (a | b)
    ```

    # Example
    ```nix
    lib.findSingle (n: n > 2) "none" "many" [ 1 2 3 ]
    => 3
    ```
  */
  findSingle =
    pred: none: many: list:
    let
      found = filter pred list;
    in
    if found == [ ] then
      none
    else if length found == 1 then
      head found
    else
      many;

  /**
    The index of the first element for which a predicate holds, or a default.

    # Type
    ```
    findFirstIndex :: (a -> Bool) -> b -> [a] -> (Int | b)
    ```

    # Example
    ```nix
    lib.lists.findFirstIndex (n: n > 1) null [ 1 2 3 ]
    => 1
    ```
  */
  findFirstIndex =
    pred: default: list:
    let
      # A fold, not a recursion: lists may be longer than the stack is deep.
      # A negative number -n-1 says that n elements were looked at in vain.
      seen = builtins.foldl' (
        i: x:
        if i >= 0 then
          i
        else if pred x then
          (-1) - i
        else
          i - 1
      ) (-1) list;
    in
    if seen >= 0 then seen else default;

  /**
    The first element for which a predicate holds, or a default.

    # Type
    ```
    findFirst :: (a -> Bool) -> b -> [a] -> (a | b)
    ```

    # Example
    ```nix
    lib.findFirst (n: n > 1) 0 [ 1 2 3 ]
    => 2
    ```
  */
  findFirst =
    pred: default: list:
    let
      i = findFirstIndex pred (-1) list;
    in
    if i == -1 then default else elemAt list i;

  /**
    The number of elements for which a predicate holds.

    # Type
    ```
    count :: (a -> Bool) -> [a] -> Int
    ```

    # Example
    ```nix
    lib.count (n: n > 1) [ 1 2 3 ]
    => 2
    ```
  */
  count = pred: list: length (filter pred list);

  /**
    A list of the one element, or an empty one if the condition is false.

    # Type
    ```
    optional :: Bool -> a -> [a]
    ```

    # Example
    ```nix
    lib.optional true "a"
    => [ "a" ]
    lib.optional false "a"
    => [ ]
    ```
  */
  optional = condition: element: if condition then [ element ] else [ ];

  /**
    The list, or an empty one if the condition is false.

    # Type
    ```
    optionals :: Bool -> [a] -> [a]
    ```

    # Example
    ```nix
    lib.optionals true [ "a" "b" ]
    => [ "a" "b" ]
    lib.optionals false [ "a" "b" ]
    => [ ]
    ```
  */
  optionals = condition: elements: if condition then elements else [ ];

  /**
    Leaves a list as it is and makes a list of one of everything else.

    # Type
    ```
    toList :: (a | [a]) -> [a]
    ```

    # Example
    ```nix
    lib.toList "a"
    => [ "a" ]
    ```
  */
  toList = x: if isList x then x else [ x ];

  /**
    The integers from the first to the last, both included.

    # Type
    ```
    range :: Int -> Int -> [Int]
    ```

    # Example
    ```nix
    lib.range 2 4
    => [ 2 3 4 ]
    lib.range 4 2
    => [ ]
    ```
  */
  range = first: last: if last < first then [ ] else genList (i: first + i) (last - first + 1);

  /**
    A list of `n` times the same element.

    # Type
    ```
    replicate :: Int -> a -> [a]
    ```

    # Example
    ```nix
    lib.replicate 3 "a"
    => [ "a" "a" "a" ]
    ```
  */
  replicate = n: x: genList (_: x) n;

  /**
    Groups the elements by a key and folds every group from the left.

    # Type
    ```
    groupBy' :: (b -> a -> b) -> b -> (a -> String) -> [a] -> { <name> = b; }
    ```

    # Example
    ```nix
    lib.groupBy' builtins.add 0 (n: if n > 2 then "big" else "small") [ 1 2 3 4 ]
    => { big = 7; small = 3; }
    ```
  */
  groupBy' =
    op: start: key: list:
    builtins.mapAttrs (_: foldl op start) (groupBy key list);

  /**
    Combines two lists element by element, as far as the shorter one goes.

    # Type
    ```
    zipListsWith :: (a -> b -> c) -> [a] -> [b] -> [c]
    ```

    # Example
    ```nix
    lib.zipListsWith (a: b: a + b) [ 1 2 ] [ 10 20 30 ]
    => [ 11 22 ]
    ```
  */
  zipListsWith =
    f: left: right:
    genList (i: f (elemAt left i) (elemAt right i)) (lib.trivial.min (length left) (length right));

  /**
    Makes pairs of the elements of two lists, as far as the shorter one goes.

    # Type
    ```
    zipLists :: [a] -> [b] -> [{ fst :: a; snd :: b; }]
    ```

    # Example
    ```nix
    lib.zipLists [ 1 2 ] [ "a" "b" "c" ]
    => [ { fst = 1; snd = "a"; } { fst = 2; snd = "b"; } ]
    ```
  */
  zipLists = zipListsWith (fst: snd: { inherit fst snd; });

  /**
    Applies a function to every combination of the elements of several lists;
    `mapCartesianProduct` says the same with names.

    # Type
    ```
    crossLists :: (a -> b -> ... -> c) -> [[any]] -> [c]
    ```

    # Example
    ```nix
    lib.crossLists (a: b: "${a}${b}") [ [ "1" "2" ] [ "x" "y" ] ]
    => [ "1x" "1y" "2x" "2y" ]
    ```
  */
  crossLists = f: builtins.foldl' (fs: list: concatMap (g: map g list) fs) [ f ];

  /**
    The list without repetitions; the first of equal elements stays.

    # Type
    ```
    unique :: [a] -> [a]
    ```

    # Example
    ```nix
    lib.unique [ 3 2 3 4 ]
    => [ 3 2 4 ]
    ```
  */
  unique = builtins.foldl' (seen: x: if elem x seen then seen else seen ++ [ x ]) [ ];

  /**
    The different strings of a list, sorted; faster than `unique`.

    # Type
    ```
    uniqueStrings :: [String] -> [String]
    ```

    # Example
    ```nix
    lib.uniqueStrings [ "b" "a" "b" ]
    => [ "a" "b" ]
    ```
  */
  uniqueStrings = list: attrNames (groupBy (x: x) list);

  /**
    True if no two elements are equal.

    # Type
    ```
    allUnique :: [a] -> Bool
    ```

    # Example
    ```nix
    lib.allUnique [ 1 2 1 ]
    => false
    ```
  */
  allUnique = list: length (unique list) == length list;

  /**
    The elements of the second list that are in the first one too.

    # Type
    ```
    intersectLists :: [a] -> [a] -> [a]
    ```

    # Example
    ```nix
    lib.intersectLists [ 1 2 3 ] [ 6 3 2 ]
    => [ 3 2 ]
    ```
  */
  intersectLists = wanted: filter (x: elem x wanted);

  /**
    The elements of the second list that are not in the first one.

    # Type
    ```
    subtractLists :: [a] -> [a] -> [a]
    ```

    # Example
    ```nix
    lib.subtractLists [ 3 2 ] [ 1 2 3 4 ]
    => [ 1 4 ]
    ```
  */
  subtractLists = unwanted: filter (x: !(elem x unwanted));

  /**
    True if two lists have no element in common.

    # Type
    ```
    mutuallyExclusive :: [a] -> [a] -> Bool
    ```

    # Example
    ```nix
    lib.mutuallyExclusive [ 1 2 ] [ 3 ]
    => true
    ```
  */
  mutuallyExclusive = left: right: left == [ ] || !(builtins.any (x: elem x left) right);

  /**
    Joins the lists that are the values of a set.

    # Type
    ```
    concatAttrValues :: { <name> = [a]; } -> [a]
    ```

    # Example
    ```nix
    lib.concatAttrValues { a = [ 1 ]; b = [ 2 3 ]; }
    => [ 1 2 3 ]
    ```
  */
  concatAttrValues = set: concatLists (builtins.attrValues set);
}
