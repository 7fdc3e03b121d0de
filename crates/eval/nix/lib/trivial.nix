# Small helpers that need nothing else: combinators, logic and data files.
# Numbers, functions, warnings and the release have files of their own.
lib:
let
  inherit (builtins)
    foldl'
    fromJSON
    fromTOML
    readFile
    ;
in
import ./trivial/functions.nix lib
// import ./trivial/numbers.nix lib
// import ./trivial/release.nix lib
// import ./trivial/warnings.nix lib
// {
  inherit (builtins)
    add
    bitAnd
    bitOr
    bitXor
    ceil
    deepSeq
    div
    floor
    genericClosure
    isBool
    isFloat
    isInt
    lessThan
    mul
    pathExists
    readFile
    seq
    sub
    ;

  /**
    Returns its argument unchanged.

    # Type
    ```
    id :: a -> a
    ```

    # Example
    ```nix
    lib.id 3
    => 3
    ```
  */
  id = x: x;

  /**
    Returns its first argument and ignores the second.

    # Type
    ```
    const :: a -> b -> a
    ```

    # Example
    ```nix
    lib.const 1 2
    => 1
    ```
  */
  const = x: _: x;

  /**
    Sends a value through a list of functions, first function first.

    # Type
    ```
    pipe :: a -> [(any -> any)] -> any
    ```

    # Example
    ```nix
    lib.pipe 2 [ (n: n + 1) (n: n * 10) toString ]
    => "30"
    ```
  */
  pipe = value: steps: foldl' (acc: step: step acc) value steps;

  /**
    Joins two lists; the function behind `++`.

    # Type
    ```
    concat :: [a] -> [a] -> [a]
    ```

    # Example
    ```nix
    lib.concat [ 1 ] [ 2 ]
    => [ 1 2 ]
    ```
  */
  concat = left: right: left ++ right;

  /**
    Logical "or" as a function.

    # Type
    ```
    or :: Bool -> Bool -> Bool
    ```

    # Example
    ```nix
    lib."or" false true
    => true
    ```
  */
  "or" = left: right: left || right;

  /**
    Logical "and" as a function.

    # Type
    ```
    and :: Bool -> Bool -> Bool
    ```

    # Example
    ```nix
    lib.and false true
    => false
    ```
  */
  and = left: right: left && right;

  /**
    True if exactly one of two booleans is.

    # Type
    ```
    xor :: Bool -> Bool -> Bool
    ```

    # Example
    ```nix
    lib.xor true true
    => false
    ```
  */
  xor = left: right: left != right && (left || right);

  /**
    The words `"true"` and `"false"`, where `toString` would give `"1"` and `""`.

    # Type
    ```
    boolToString :: Bool -> String
    ```

    # Example
    ```nix
    lib.boolToString false
    => "false"
    ```
  */
  boolToString = b: if b then "true" else "false";

  /**
    The words `"yes"` and `"no"`, as many configuration files want them.

    # Type
    ```
    boolToYesNo :: Bool -> String
    ```

    # Example
    ```nix
    lib.boolToYesNo true
    => "yes"
    ```
  */
  boolToYesNo = b: if b then "yes" else "no";

  /**
    The function behind `//`: the second set wins.

    # Type
    ```
    mergeAttrs :: AttrSet -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.mergeAttrs { a = 1; b = 2; } { b = 3; }
    => { a = 1; b = 3; }
    ```
  */
  mergeAttrs = left: right: left // right;

  /**
    Swaps the first two arguments of a function.

    # Type
    ```
    flip :: (a -> b -> c) -> b -> a -> c
    ```

    # Example
    ```nix
    lib.flip builtins.sub 1 10
    => 9
    ```
  */
  flip =
    f: second: first:
    f first second;

  /**
    Replaces null by a default.

    # Type
    ```
    defaultTo :: a -> (null | a) -> a
    ```

    # Example
    ```nix
    lib.defaultTo "none" null
    => "none"
    ```
  */
  defaultTo = default: value: if value == null then default else value;

  /**
    Applies a function, unless the value is null.

    # Type
    ```
    mapNullable :: (a -> b) -> (null | a) -> (null | b)
    ```

    # Example
    ```nix
    lib.mapNullable (n: n + 1) null
    => null
    ```
  */
  mapNullable = f: value: if value == null then null else f value;

  /**
    Reads a JSON file.

    # Type
    ```
    importJSON :: Path -> any
    ```

    # Example
    ```nix
    builtins.isFunction lib.importJSON
    => true
    ```
  */
  importJSON = file: fromJSON (readFile file);

  /**
    Reads a TOML file.

    # Type
    ```
    importTOML :: Path -> AttrSet
    ```

    # Example
    ```nix
    builtins.isFunction lib.importTOML
    => true
    ```
  */
  importTOML = file: fromTOML (readFile file);
}
