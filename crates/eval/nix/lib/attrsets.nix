# Functions on attribute sets. Those that follow a path, walk nested sets or
# deal with the outputs of packages have files of their own.
lib:
let
  inherit (builtins)
    attrNames
    attrValues
    catAttrs
    concatMap
    elemAt
    filter
    foldl'
    isAttrs
    length
    listToAttrs
    mapAttrs
    ;

  # Merges the sets from `start` up to `end`. Halving keeps the number of
  # copies of an attribute logarithmic, where a fold copies it every time.
  mergeRange =
    sets: start: end:
    if end - start == 1 then
      elemAt sets start
    else
      let
        middle = start + (end - start) / 2;
      in
      mergeRange sets start middle // mergeRange sets middle end;
in
import ./attrsets/paths.nix lib
// import ./attrsets/nested.nix lib
// import ./attrsets/outputs.nix lib
// rec {
  inherit (builtins)
    attrNames
    attrValues
    catAttrs
    getAttr
    hasAttr
    intersectAttrs
    isAttrs
    listToAttrs
    mapAttrs
    removeAttrs
    zipAttrsWith
    ;

  /**
    The values of the named attributes, in the order of the names.

    # Type
    ```
    attrVals :: [String] -> AttrSet -> [any]
    ```

    # Example
    ```nix
    lib.attrVals [ "b" "a" ] { a = 1; b = 2; c = 3; }
    => [ 2 1 ]
    ```
  */
  attrVals = names: set: map (name: set.${name}) names;

  /**
    The set with only the named attributes, all of which must be there.

    # Type
    ```
    getAttrs :: [String] -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.getAttrs [ "a" ] { a = 1; b = 2; }
    => { a = 1; }
    ```
  */
  getAttrs = names: set: genAttrs names (name: set.${name});

  /**
    The attributes for which a predicate on name and value holds.

    # Type
    ```
    filterAttrs :: (String -> any -> Bool) -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.filterAttrs (name: value: value > 1) { a = 1; b = 2; }
    => { b = 2; }
    ```
  */
  filterAttrs =
    pred: set: removeAttrs set (filter (name: !(pred name set.${name})) (attrNames set));

  /**
    Folds over the attributes from the left, in the order of their names.

    # Type
    ```
    foldlAttrs :: (a -> String -> b -> a) -> a -> { <name> = b; } -> a
    ```

    # Example
    ```nix
    lib.foldlAttrs (sum: name: value: sum + value) 0 { a = 1; b = 2; }
    => 3
    ```
  */
  foldlAttrs =
    op: start: set:
    foldl' (acc: name: op acc name set.${name}) start (attrNames set);

  /**
    Folds, attribute by attribute, from the right over a list of sets.

    # Type
    ```
    foldAttrs :: (a -> b -> b) -> b -> [{ <name> = a; }] -> { <name> = b; }
    ```

    # Example
    ```nix
    lib.foldAttrs (value: rest: [ value ] ++ rest) [ ] [ { a = 1; } { a = 2; b = 3; } ]
    => { a = [ 1 2 ]; b = [ 3 ]; }
    ```
  */
  foldAttrs =
    op: start: sets:
    builtins.zipAttrsWith (_: values: lib.lists.foldr op start values) sets;

  /**
    A name and a value as `listToAttrs` takes them.

    # Type
    ```
    nameValuePair :: String -> a -> { name :: String; value :: a; }
    ```

    # Example
    ```nix
    lib.nameValuePair "a" 1
    => { name = "a"; value = 1; }
    ```
  */
  nameValuePair = name: value: { inherit name value; };

  /**
    Maps attributes to new names and values.

    # Type
    ```
    mapAttrs' :: (String -> a -> { name :: String; value :: b; }) -> { <name> = a; } -> { <name> = b; }
    ```

    # Example
    ```nix
    lib.mapAttrs' (name: value: lib.nameValuePair "x-${name}" (value + 1)) { a = 1; }
    => { x-a = 2; }
    ```
  */
  mapAttrs' = f: set: listToAttrs (mapAttrsToList f set);

  /**
    Makes a list of the attributes by a function of name and value.

    # Type
    ```
    mapAttrsToList :: (String -> a -> b) -> { <name> = a; } -> [b]
    ```

    # Example
    ```nix
    lib.mapAttrsToList (name: value: "${name}=${value}") { a = "1"; b = "2"; }
    => [ "a=1" "b=2" ]
    ```
  */
  mapAttrsToList = f: set: attrValues (mapAttrs f set);

  /**
    The list of name and value pairs from which `listToAttrs` makes the set.

    # Type
    ```
    attrsToList :: { <name> = a; } -> [{ name :: String; value :: a; }]
    ```

    # Example
    ```nix
    lib.attrsToList { a = 1; }
    => [ { name = "a"; value = 1; } ]
    ```
  */
  attrsToList = mapAttrsToList nameValuePair;

  /**
    Maps every attribute to a set and merges those; for equal names the later
    attribute wins.

    # Type
    ```
    concatMapAttrs :: (String -> a -> AttrSet) -> { <name> = a; } -> AttrSet
    ```

    # Example
    ```nix
    lib.concatMapAttrs (name: value: { ${name} = value; "${name}2" = value; }) { a = 1; }
    => { a = 1; a2 = 1; }
    ```
  */
  concatMapAttrs = f: set: mergeAttrsList (mapAttrsToList f set);

  /**
    Makes a set from names and a function that gives the value for a name.

    # Type
    ```
    genAttrs :: [String] -> (String -> a) -> { <name> = a; }
    ```

    # Example
    ```nix
    lib.genAttrs [ "a" "b" ] (name: "value of ${name}")
    => { a = "value of a"; b = "value of b"; }
    ```
  */
  genAttrs =
    names: f:
    listToAttrs (
      map (name: {
        inherit name;
        value = f name;
      }) names
    );

  /**
    Makes a set from a list and a function that gives name and value for an
    element.

    # Type
    ```
    genAttrs' :: [a] -> (a -> { name :: String; value :: b; }) -> { <name> = b; }
    ```

    # Example
    ```nix
    lib.genAttrs' [ 1 2 ] (n: lib.nameValuePair "n${toString n}" n)
    => { n1 = 1; n2 = 2; }
    ```
  */
  genAttrs' = list: f: listToAttrs (map f list);

  /**
    The set, or an empty one if the condition is false.

    # Type
    ```
    optionalAttrs :: Bool -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.optionalAttrs true { a = 1; }
    => { a = 1; }
    lib.optionalAttrs false { a = 1; }
    => { }
    ```
  */
  optionalAttrs = condition: set: if condition then set else { };

  /**
    Merges the given attributes of several sets by a function of the name and
    the list of values.

    # Type
    ```
    zipAttrsWithNames :: [String] -> (String -> [any] -> a) -> [AttrSet] -> { <name> = a; }
    ```

    # Example
    ```nix
    lib.zipAttrsWithNames [ "a" ] (name: values: values) [ { a = 1; b = 0; } { a = 2; } ]
    => { a = [ 1 2 ]; }
    ```
  */
  zipAttrsWithNames =
    names: f: sets:
    genAttrs names (name: f name (catAttrs name sets));

  /**
    Collects, for every name, the values it has in several sets.

    # Type
    ```
    zipAttrs :: [AttrSet] -> { <name> = [any]; }
    ```

    # Example
    ```nix
    lib.zipAttrs [ { a = 1; } { a = 2; b = 3; } ]
    => { a = [ 1 2 ]; b = [ 3 ]; }
    ```
  */
  zipAttrs = builtins.zipAttrsWith (_: values: values);

  /**
    Merges a list of sets as `//` would, in less time; the last one wins.

    # Type
    ```
    mergeAttrsList :: [AttrSet] -> AttrSet
    ```

    # Example
    ```nix
    lib.mergeAttrsList [ { a = 1; } { b = 2; } { a = 3; } ]
    => { a = 3; b = 2; }
    ```
  */
  mergeAttrsList = sets: if sets == [ ] then { } else mergeRange sets 0 (length sets);

  /**
    Updates attributes that exist already; new names are left out.

    # Type
    ```
    overrideExisting :: AttrSet -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.overrideExisting { a = 1; b = 2; } { b = 3; c = 4; }
    => { a = 1; b = 3; }
    ```
  */
  overrideExisting = old: new: old // builtins.intersectAttrs old new;

  /**
    Merges two sets that must have no name in common: a shared attribute
    throws when it is used.

    # Type
    ```
    unionOfDisjoint :: AttrSet -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.attrsets.unionOfDisjoint { a = 1; } { b = 2; }
    => { a = 1; b = 2; }
    ```
  */
  unionOfDisjoint =
    left: right:
    let
      shared = builtins.intersectAttrs left right;
      names = builtins.concatStringsSep " " (attrNames shared);
    in
    left
    // right
    // mapAttrs (name: _: throw "unionOfDisjoint: both sets have ${name}; all shared names: ${names}") shared;

  /**
    All ways of taking one element from each list of a set of lists. The last
    name changes fastest.

    # Type
    ```
    cartesianProduct :: { <name> = [any]; } -> [AttrSet]
    ```

    # Example
    ```nix
    lib.cartesianProduct { a = [ 1 2 ]; b = [ 3 ]; }
    => [ { a = 1; b = 3; } { a = 2; b = 3; } ]
    ```
  */
  cartesianProduct =
    lists:
    foldl' (
      combinations: name:
      concatMap (
        combination: map (value: combination // { ${name} = value; }) lists.${name}
      ) combinations
    ) [ { } ] (attrNames lists);

  /**
    Maps a function over a cartesian product.

    # Type
    ```
    mapCartesianProduct :: (AttrSet -> a) -> { <name> = [any]; } -> [a]
    ```

    # Example
    ```nix
    lib.mapCartesianProduct ({ a, b }: "${a}-${b}") { a = [ "1" "2" ]; b = [ "x" ]; }
    => [ "1-x" "2-x" ]
    ```
  */
  mapCartesianProduct = f: lists: map f (cartesianProduct lists);

  /**
    Marks a set of packages as one to look into for packages.

    # Type
    ```
    recurseIntoAttrs :: AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.recurseIntoAttrs { a = 1; }
    => { a = 1; recurseForDerivations = true; }
    ```
  */
  recurseIntoAttrs = set: set // { recurseForDerivations = true; };

  /**
    Takes back the mark of `recurseIntoAttrs`.

    # Type
    ```
    dontRecurseIntoAttrs :: AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.dontRecurseIntoAttrs { a = 1; }
    => { a = 1; recurseForDerivations = false; }
    ```
  */
  dontRecurseIntoAttrs = set: set // { recurseForDerivations = false; };

  /**
    True if a set contains another, compared deeply: everything in the
    pattern must be in the set.

    # Type
    ```
    matchAttrs :: AttrSet -> AttrSet -> Bool
    ```

    # Example
    ```nix
    lib.matchAttrs { a.b = 1; } { a.b = 1; a.c = 2; }
    => true
    ```
  */
  matchAttrs =
    pattern: set:
    let
      matches =
        wanted: found: if isAttrs wanted then isAttrs found && matchAttrs wanted found else wanted == found;
    in
    assert isAttrs pattern;
    builtins.all (name: set ? ${name} && matches pattern.${name} set.${name}) (attrNames pattern);
}
