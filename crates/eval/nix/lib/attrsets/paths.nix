# Attribute sets by path: a list of names from the outside in.
lib:
let
  inherit (builtins)
    elemAt
    groupBy
    head
    isAttrs
    length
    mapAttrs
    ;

  inherit (lib.lists) take;

  # Follows `path` from the index `i` on, as far as it leads. `stop` gets the
  # index where it ended and the value there.
  follow =
    path: stop: i: value:
    if i < length path && value ? ${elemAt path i} then
      follow path stop (i + 1) value.${elemAt path i}
    else
      stop i value;
in
rec {
  /**
    The value at a path, or a default if the path does not exist.

    # Type
    ```
    attrByPath :: [String] -> any -> AttrSet -> any
    ```

    # Example
    ```nix
    lib.attrByPath [ "a" "b" ] 0 { a.b = 1; }
    => 1
    lib.attrByPath [ "a" "c" ] 0 { a.b = 1; }
    => 0
    ```
  */
  attrByPath =
    path: default:
    follow path (i: value: if i == length path then value else default) 0;

  /**
    True if there is a value at a path.

    # Type
    ```
    hasAttrByPath :: [String] -> AttrSet -> Bool
    ```

    # Example
    ```nix
    lib.hasAttrByPath [ "a" "b" ] { a.b = 1; }
    => true
    ```
  */
  hasAttrByPath = path: follow path (i: _: i == length path) 0;

  /**
    The longest start of a path that exists in the value.

    # Type
    ```
    longestValidPathPrefix :: [String] -> any -> [String]
    ```

    # Example
    ```nix
    lib.attrsets.longestValidPathPrefix [ "a" "b" "c" ] { a.b = 1; }
    => [ "a" "b" ]
    ```
  */
  longestValidPathPrefix = path: follow path (i: _: take i path) 0;

  /**
    The value at a path that must exist.

    # Type
    ```
    getAttrFromPath :: [String] -> AttrSet -> any
    ```

    # Example
    ```nix
    lib.getAttrFromPath [ "a" "b" ] { a.b = 1; }
    => 1
    ```
  */
  getAttrFromPath =
    path:
    attrByPath path (abort "cannot find attribute '${builtins.concatStringsSep "." path}'");

  /**
    A set with one value at a path.

    # Type
    ```
    setAttrByPath :: [String] -> any -> AttrSet
    ```

    # Example
    ```nix
    lib.setAttrByPath [ "a" "b" ] 1
    => { a = { b = 1; }; }
    ```
  */
  setAttrByPath =
    path: value:
    let
      from = i: if i == length path then value else { ${elemAt path i} = from (i + 1); };
    in
    from 0;

  /**
    Writes a path as Nix would, with quotes where they are needed.

    # Type
    ```
    showAttrPath :: [String] -> String
    ```

    # Example
    ```nix
    lib.showAttrPath [ "a" "b c" ]
    => "a.\"b c\""
    ```
  */
  showAttrPath =
    path:
    if path == [ ] then
      "<root attribute path>"
    else
      lib.strings.concatMapStringsSep "." lib.strings.escapeNixIdentifier path;

  /**
    Updates values at many paths. Longer paths are updated before shorter
    ones, updates of one path in the order of the list; what is missing is
    created, unless the update asks for the old value.

    # Type
    ```
    updateManyAttrsByPath :: [{ path :: [String]; update :: any -> any; }] -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.updateManyAttrsByPath [ { path = [ "a" "b" ]; update = old: old + 1; } ] { a.b = 1; a.c = 2; }
    => { a = { b = 2; c = 2; }; }
    ```
  */
  updateManyAttrsByPath =
    updates: value:
    let
      # The value at `depth` after all updates at or below it. `exists` says
      # whether `old` may be looked at.
      at =
        depth: exists: old: updates:
        let
          parts = builtins.partition (u: length u.path == depth) updates;
          here = parts.right;
          below = mapAttrs (
            name: at (depth + 1) (exists && old ? ${name}) old.${name}
          ) (groupBy (u: elemAt u.path depth) parts.wrong);
          start =
            if parts.wrong == [ ] then
              if exists then
                old
              else
                throw "updateManyAttrsByPath: the first update of '${showAttrPath (head here).path}' uses the old value, and there is none"
            else if !exists then
              below
            else if isAttrs old then
              old // below
            else
              let
                path = (head parts.wrong).path;
              in
              throw "updateManyAttrsByPath: cannot update '${showAttrPath path}', because '${showAttrPath (take depth path)}' is not an attribute set";
        in
        # Not the strict fold: an update may ignore what it is given.
        lib.lists.foldl (acc: u: u.update acc) start here;
    in
    at 0 true value updates;
}
