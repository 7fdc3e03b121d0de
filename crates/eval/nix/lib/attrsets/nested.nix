# Walks through nested attribute sets.
lib:
let
  inherit (builtins)
    attrNames
    attrValues
    concatMap
    elemAt
    head
    isAttrs
    length
    mapAttrs
    ;
in
rec {
  /**
    Filters the attributes of a set and of all sets inside it.

    # Type
    ```
    filterAttrsRecursive :: (String -> any -> Bool) -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.filterAttrsRecursive (name: value: value != null) { a = null; b.c = null; b.d = 1; }
    => { b = { d = 1; }; }
    ```
  */
  filterAttrsRecursive =
    pred: set:
    mapAttrs (_: value: if isAttrs value then filterAttrsRecursive pred value else value) (
      lib.attrsets.filterAttrs pred set
    );

  /**
    All values inside nested sets for which a predicate holds; what is found
    is not searched further.

    # Type
    ```
    collect :: (any -> Bool) -> AttrSet -> [any]
    ```

    # Example
    ```nix
    lib.collect builtins.isInt { a = 1; b.c = 2; b.d = "x"; }
    => [ 1 2 ]
    ```
  */
  collect =
    pred: value:
    if pred value then
      [ value ]
    else if isAttrs value then
      concatMap (collect pred) (attrValues value)
    else
      [ ];

  /**
    Maps the leaves of nested sets by a function of their path and value.

    # Type
    ```
    mapAttrsRecursive :: ([String] -> any -> any) -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.mapAttrsRecursive (path: value: lib.concatStringsSep "." path + value) { a.b = "!"; c = "?"; }
    => { a = { b = "a.b!"; }; c = "c?"; }
    ```
  */
  mapAttrsRecursive = mapAttrsRecursiveCond (_: true);

  /**
    Like `mapAttrsRecursive`, but goes only into sets for which a condition
    holds and takes the others for leaves.

    # Type
    ```
    mapAttrsRecursiveCond :: (AttrSet -> Bool) -> ([String] -> any -> any) -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.mapAttrsRecursiveCond (set: !(set ? leaf)) (path: value: builtins.length path) { a.b = 1; c.leaf = 1; }
    => { a = { b = 2; }; c = 1; }
    ```
  */
  mapAttrsRecursiveCond =
    enter: f:
    let
      below =
        path:
        mapAttrs (
          name: value:
          let
            here = path ++ [ name ];
          in
          if isAttrs value && enter value then below here value else f here value
        );
    in
    below [ ];

  /**
    Makes a list of the leaves of nested sets by a function of path and value.

    # Type
    ```
    mapAttrsToListRecursive :: ([String] -> any -> a) -> AttrSet -> [a]
    ```

    # Example
    ```nix
    lib.mapAttrsToListRecursive (path: value: "${lib.showAttrPath path}=${value}") { a.b = "1"; c = "2"; }
    => [ "a.b=1" "c=2" ]
    ```
  */
  mapAttrsToListRecursive = mapAttrsToListRecursiveCond (_: _: true);

  /**
    Like `mapAttrsToListRecursive`, but goes only into sets for which a
    condition on path and set holds.

    # Type
    ```
    mapAttrsToListRecursiveCond :: ([String] -> AttrSet -> Bool) -> ([String] -> any -> a) -> AttrSet -> [a]
    ```

    # Example
    ```nix
    lib.mapAttrsToListRecursiveCond (path: set: path == [ "a" ]) (path: value: path) { a.b = 1; c.d = 2; }
    => [ [ "a" "b" ] [ "c" ] ]
    ```
  */
  mapAttrsToListRecursiveCond =
    enter: f:
    let
      below =
        path: set:
        concatMap (
          name:
          let
            here = path ++ [ name ];
            value = set.${name};
          in
          if isAttrs value && enter here value then below here value else [ (f here value) ]
        ) (attrNames set);
    in
    below [ ];

  /**
    Merges two sets deeply, down to where a predicate on the path and the two
    values says stop; there the second one wins.

    # Type
    ```
    recursiveUpdateUntil :: ([String] -> any -> any -> Bool) -> AttrSet -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.recursiveUpdateUntil (path: l: r: path == [ "a" ]) { a.b = 1; c = 2; } { a.d = 3; }
    => { a = { d = 3; }; c = 2; }
    ```
  */
  recursiveUpdateUntil =
    stop: left: right:
    let
      merge =
        path:
        # The second set comes first in the list, so that its value is the head.
        builtins.zipAttrsWith (
          name: values:
          let
            here = path ++ [ name ];
          in
          if length values == 1 || stop here (elemAt values 1) (head values) then
            head values
          else
            merge here values
        );
    in
    merge [ ] [
      right
      left
    ];

  /**
    Merges two sets deeply: nested sets are merged, for everything else the
    second one wins.

    # Type
    ```
    recursiveUpdate :: AttrSet -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.recursiveUpdate { a.b = 1; a.c = 2; } { a.b = 3; }
    => { a = { b = 3; c = 2; }; }
    ```
  */
  recursiveUpdate =
    left: right:
    # Only what both have needs a look; `//` is native for the rest.
    left
    // right
    // mapAttrs (
      name: new:
      let
        old = left.${name};
      in
      if isAttrs new && isAttrs old then recursiveUpdate old new else new
    ) (builtins.intersectAttrs left right);
}
