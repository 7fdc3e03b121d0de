# How far apart two strings are.
lib:
let
  inherit (builtins)
    elemAt
    foldl'
    genList
    stringLength
    substring
    ;

  inherit (lib.trivial) min;

  # The number of steps from 0 on for which `same` holds, at most `limit`.
  countWhile = same: limit: lib.lists.findFirstIndex (i: !(same i)) limit (genList (i: i) limit);
in
rec {
  /**
    The number of characters with which both strings begin.

    # Type
    ```
    commonPrefixLength :: String -> String -> Int
    ```

    # Example
    ```nix
    lib.strings.commonPrefixLength "hello" "hey"
    => 2
    ```
  */
  commonPrefixLength =
    left: right:
    countWhile (i: substring i 1 left == substring i 1 right) (
      min (stringLength left) (stringLength right)
    );

  /**
    The number of characters with which both strings end.

    # Type
    ```
    commonSuffixLength :: String -> String -> Int
    ```

    # Example
    ```nix
    lib.strings.commonSuffixLength "test" "rest"
    => 3
    ```
  */
  commonSuffixLength =
    left: right:
    let
      fromEnd = text: i: substring (stringLength text - 1 - i) 1 text;
    in
    countWhile (i: fromEnd left i == fromEnd right i) (min (stringLength left) (stringLength right));

  /**
    The Levenshtein distance: how many characters have to be added, removed or
    replaced to make one string of the other.

    # Type
    ```
    levenshtein :: String -> String -> Int
    ```

    # Example
    ```nix
    lib.strings.levenshtein "kitten" "sitting"
    => 3
    ```
  */
  levenshtein =
    left: right:
    let
      width = stringLength right;

      # One row of the table from the one above it. The row refers to itself,
      # one place to the left, and is lazy enough for that.
      nextRow =
        above: i:
        let
          c = substring i 1 left;
          row = genList (
            j:
            if j == 0 then
              i + 1
            else
              min (1 + min (elemAt above j) (elemAt row (j - 1))) (
                elemAt above (j - 1) + (if substring (j - 1) 1 right == c then 0 else 1)
              )
          ) (width + 1);
        in
        row;
    in
    elemAt (foldl' nextRow (genList (j: j) (width + 1)) (genList (i: i) (stringLength left))) width;

  /**
    True if the Levenshtein distance is at most `k`; quicker than computing it
    where the strings are much alike or differ much in length.

    # Type
    ```
    levenshteinAtMost :: Int -> String -> String -> Bool
    ```

    # Example
    ```nix
    lib.strings.levenshteinAtMost 2 "kitten" "sitting"
    => false
    lib.strings.levenshteinAtMost 3 "kitten" "sitting"
    => true
    ```
  */
  levenshteinAtMost =
    k: left: right:
    let
      difference = stringLength left - stringLength right;
      prefix = commonPrefixLength left right;
      left' = substring prefix (-1) left;
      right' = substring prefix (-1) right;
      suffix = commonSuffixLength left' right';
      cut = text: substring 0 (stringLength text - suffix) text;
    in
    if k <= 0 then
      left == right
    else if difference > k || difference < -k then
      false
    else
      levenshtein (cut left') (cut right') <= k;
}
