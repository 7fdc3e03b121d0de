# Old ways to merge sets.
lib:
let
  inherit (builtins)
    attrNames
    elem
    filter
    foldl'
    isAttrs
    mapAttrs
    ;

  inherit (lib.attrsets) genAttrs;
  inherit (lib.lists) toList;
  inherit (lib.trivial) concat mergeAttrs;
in
rec {
  /**
    The second argument if it is a set; otherwise it is a function, and this
    is its result for the first.

    # Type
    ```
    defaultMergeArg :: a -> (AttrSet | (a -> AttrSet)) -> AttrSet
    ```

    # Example
    ```nix
    lib.defaultMergeArg { a = 1; } (old: { b = old.a; })
    => { b = 1; }
    ```
  */
  defaultMergeArg = old: new: if isAttrs new then new else new old;

  /**
    Merges a set with another, or with what a function makes of it.

    # Type
    ```
    defaultMerge :: AttrSet -> (AttrSet | (AttrSet -> AttrSet)) -> AttrSet
    ```

    # Example
    ```nix
    lib.defaultMerge { a = 1; } (old: { b = old.a; })
    => { a = 1; b = 1; }
    ```
  */
  defaultMerge = old: new: old // defaultMergeArg old new;

  /**
    Calls a function with arguments that its result lets one add to.

    # Type
    ```
    foldArgs :: Function -> Function -> AttrSet -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    (lib.foldArgs (a: b: a // b) (args: { sum = args.a + args.b; }) { a = 1; b = 2; } { b = 3; }).sum
    => 4
    ```
  */
  foldArgs =
    merge: f: start: new:
    let
      arg = merge start (defaultMergeArg start new);
      again = foldArgs merge f arg;
      addTo =
        passthru:
        passthru
        // {
          function = again;
          # An older layout nests them once more.
          args = passthru.passthru.args or { } // new;
        };
    in
    setAttrMerge "passthru" { } (f arg) addTo // { override = again; };

  /**
    The set with one attribute.

    # Type
    ```
    nvs :: String -> a -> { <name> = a; }
    ```

    # Example
    ```nix
    lib.nvs "a" 1
    => { a = 1; }
    ```
  */
  nvs = name: value: { ${name} = value; };

  /**
    A set with another value for an attribute.

    # Type
    ```
    setAttr :: AttrSet -> String -> any -> AttrSet
    ```

    # Example
    ```nix
    lib.setAttr { a = 1; } "b" 2
    => { a = 1; b = 2; }
    ```
  */
  setAttr =
    set: name: value:
    set // { ${name} = value; };

  /**
    A set with an attribute changed by a function of its value or a default.

    # Type
    ```
    setAttrMerge :: String -> a -> AttrSet -> (a -> b) -> AttrSet
    ```

    # Example
    ```nix
    lib.setAttrMerge "a" [ ] { a = [ 1 ]; } (old: old ++ [ 2 ])
    => { a = [ 1 2 ]; }
    ```
  */
  setAttrMerge =
    name: default: set: f:
    set // { ${name} = f (set.${name} or default); };

  /**
    Merges two sets by a function of the two values of an attribute. Where
    only the second set has it, its value is passed twice.

    # Type
    ```
    mergeAttrsWithFunc :: (a -> b -> c) -> AttrSet -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.mergeAttrsWithFunc (a: b: a + b) { a = 1; } { a = 2; b = 3; }
    => { a = 3; b = 6; }
    ```
  */
  mergeAttrsWithFunc =
    f: left: right:
    left // mapAttrs (name: value: f (left.${name} or value) value) right;

  /**
    Merges two sets; shared attributes become lists, and those are joined.

    # Type
    ```
    mergeAttrsConcatenateValues :: AttrSet -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.mergeAttrsConcatenateValues { a = 1; } { a = [ 2 ]; }
    => { a = [ 1 2 ]; }
    ```
  */
  mergeAttrsConcatenateValues = mergeAttrsWithFunc (a: b: toList a ++ toList b);

  /**
    Merges two sets whose shared attributes are lists of inputs, or phases of
    which the first set's counts.

    # Type
    ```
    mergeAttrsNoOverride :: { mergeLists ? [String]; overrideSnd ? [String]; } -> AttrSet -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.mergeAttrsNoOverride { } { buildInputs = [ 1 ]; } { buildInputs = [ 2 ]; }
    => { buildInputs = [ 2 1 ]; }
    ```
  */
  mergeAttrsNoOverride =
    {
      mergeLists ? [
        "buildInputs"
        "propagatedBuildInputs"
      ],
      overrideSnd ? [ "buildPhase" ],
    }:
    left: right:
    left
    // mapAttrs (
      name: value:
      if !(left ? ${name}) then
        value
      else if elem name mergeLists then
        value ++ left.${name}
      else if elem name overrideSnd then
        left.${name}
      else
        throw "error mergeAttrsNoOverride, attribute ${name} given in both attributes - no merge func defined"
    ) right;

  /**
    Merges two sets, with functions for some attributes that the attribute
    `mergeAttrBy` of either names.

    # Type
    ```
    mergeAttrByFunc :: AttrSet -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    (lib.mergeAttrByFunc { mergeAttrBy.a = x: y: x + y; a = 1; } { a = 2; }).a
    => 3
    ```
  */
  mergeAttrByFunc =
    left: right:
    let
      by = {
        mergeAttrBy = mergeAttrs;
      }
      // left.mergeAttrBy or { }
      // right.mergeAttrBy or { };
      shared = filter (name: left ? ${name} && right ? ${name}) (attrNames by);
    in
    left // right // genAttrs shared (name: by.${name} left.${name} right.${name});

  /**
    Merges a list of sets as arguments of derivations should be merged.

    # Type
    ```
    mergeAttrsByFuncDefaults :: [AttrSet] -> AttrSet
    ```

    # Example
    ```nix
    (lib.mergeAttrsByFuncDefaults [ { patches = [ 1 ]; } { patches = [ 2 ]; } ]).patches
    => [ 1 2 ]
    ```
  */
  mergeAttrsByFuncDefaults = foldl' mergeAttrByFunc { inherit mergeAttrBy; };

  /**
    Like `mergeAttrsByFuncDefaults`, without the functions in the result.

    # Type
    ```
    mergeAttrsByFuncDefaultsClean :: [AttrSet] -> AttrSet
    ```

    # Example
    ```nix
    lib.mergeAttrsByFuncDefaultsClean [ { patches = [ 1 ]; } { patches = [ 2 ]; } ]
    => { patches = [ 1 2 ]; }
    ```
  */
  mergeAttrsByFuncDefaultsClean = sets: removeAttrs (mergeAttrsByFuncDefaults sets) [ "mergeAttrBy" ];

  /**
    How the arguments of derivations are merged: lists are joined, sets
    merged, scripts put one after the other.

    # Type
    ```
    mergeAttrBy :: { <name> = Function; }
    ```

    # Example
    ```nix
    lib.mergeAttrBy.preConfigure "a" "b"
    => "a\nb"
    ```
  */
  mergeAttrBy =
    genAttrs [
      "buildInputs"
      "configureFlags"
      "nativeBuildInputs"
      "patches"
      "postAll"
      "prePhases"
      "propagatedBuildInputs"
    ] (_: concat)
    // genAttrs [
      "cfg"
      "flags"
      "meta"
      "passthru"
    ] (_: mergeAttrs)
    // genAttrs [
      "postInstall"
      "preConfigure"
    ] (
      _: a: b:
      "${a}\n${b}"
    );
}
