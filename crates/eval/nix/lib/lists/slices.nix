# Parts of lists: the first ones, the last ones, what is in between.
lib:
let
  inherit (builtins) elemAt genList length;
  inherit (lib.trivial) max min throwIf;
in
rec {
  /**
    At most `count` elements from an index on.

    # Type
    ```
    sublist :: Int -> Int -> [a] -> [a]
    ```

    # Example
    ```nix
    lib.sublist 1 2 [ "a" "b" "c" "d" ]
    => [ "b" "c" ]
    ```
  */
  sublist =
    start: count: list:
    genList (i: elemAt list (start + i)) (max 0 (min count (length list - start)));

  /**
    The first `n` elements.

    # Type
    ```
    take :: Int -> [a] -> [a]
    ```

    # Example
    ```nix
    lib.take 2 [ "a" "b" "c" ]
    => [ "a" "b" ]
    ```
  */
  take = sublist 0;

  /**
    The last `n` elements.

    # Type
    ```
    takeEnd :: Int -> [a] -> [a]
    ```

    # Example
    ```nix
    lib.takeEnd 2 [ "a" "b" "c" ]
    => [ "b" "c" ]
    ```
  */
  takeEnd = n: list: drop (max 0 (length list - n)) list;

  /**
    The list without its first `n` elements.

    # Type
    ```
    drop :: Int -> [a] -> [a]
    ```

    # Example
    ```nix
    lib.drop 2 [ "a" "b" "c" ]
    => [ "c" ]
    ```
  */
  drop = n: list: sublist n (length list) list;

  /**
    The list without its last `n` elements.

    # Type
    ```
    dropEnd :: Int -> [a] -> [a]
    ```

    # Example
    ```nix
    lib.dropEnd 2 [ "a" "b" "c" ]
    => [ "a" ]
    ```
  */
  dropEnd = n: list: take (length list - n) list;

  /**
    The last element of a list that has one.

    # Type
    ```
    last :: [a] -> a
    ```

    # Example
    ```nix
    lib.last [ 1 2 3 ]
    => 3
    ```
  */
  last =
    list:
    throwIf (list == [ ]) "lib.last: the list is empty" (elemAt list (length list - 1));

  /**
    The list without its last element; it must have one.

    # Type
    ```
    init :: [a] -> [a]
    ```

    # Example
    ```nix
    lib.init [ 1 2 3 ]
    => [ 1 2 ]
    ```
  */
  init = list: throwIf (list == [ ]) "lib.init: the list is empty" (dropEnd 1 list);

  /**
    True if the second list begins with the first.

    # Type
    ```
    hasPrefix :: [a] -> [a] -> Bool
    ```

    # Example
    ```nix
    lib.lists.hasPrefix [ 1 2 ] [ 1 2 3 ]
    => true
    ```
  */
  hasPrefix = prefix: list: take (length prefix) list == prefix;

  /**
    What follows the first list in the second, which must begin with it.

    # Type
    ```
    removePrefix :: [a] -> [a] -> [a]
    ```

    # Example
    ```nix
    lib.lists.removePrefix [ 1 2 ] [ 1 2 3 ]
    => [ 3 ]
    ```
  */
  removePrefix =
    prefix: list:
    if hasPrefix prefix list then
      drop (length prefix) list
    else
      throw "lib.lists.removePrefix: the second list does not begin with the first";

  /**
    The longest list with which two lists begin.

    # Type
    ```
    commonPrefix :: [a] -> [a] -> [a]
    ```

    # Example
    ```nix
    lib.lists.commonPrefix [ 1 2 3 ] [ 1 2 4 ]
    => [ 1 2 ]
    ```
  */
  commonPrefix =
    left: right:
    let
      differs = lib.lists.zipListsWith (a: b: a != b) left right;
    in
    take (lib.lists.findFirstIndex (d: d) (length differs) differs) left;

  /**
    The list with another element at an index that exists.

    # Type
    ```
    replaceElemAt :: [a] -> Int -> a -> [a]
    ```

    # Example
    ```nix
    lib.replaceElemAt [ 1 2 3 ] 1 "two"
    => [ 1 "two" 3 ]
    ```
  */
  replaceElemAt =
    list: index: new:
    throwIf (index < 0 || index >= length list)
      "lib.replaceElemAt: no index ${toString index} in a list of ${toString (length list)}"
      (genList (i: if i == index then new else elemAt list i) (length list));
}
