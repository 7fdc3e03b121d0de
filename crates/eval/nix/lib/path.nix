# Paths as values: absolute ones, and subpaths, which are strings that lead
# from a directory downwards.
lib:
let
  inherit (builtins)
    all
    concatMap
    concatStringsSep
    filter
    head
    isPath
    isString
    length
    match
    split
    storeDir
    substring
    typeOf
    ;

  inherit (lib.lists) drop take;

  # Why a value is no subpath, or null if it is one.
  complaint =
    value:
    if !(isString value) then
      "The given value is of type ${typeOf value}, but a string was expected"
    else if value == "" then
      "The given string is empty"
    else if substring 0 1 value == "/" then
      "The given string \"${value}\" starts with a `/`, representing an absolute path"
    else if match "(.*/)?[.][.](/.*)?" value != null then
      "The given string \"${value}\" contains a `..` component, which is not allowed in subpaths"
    else
      null;

  check =
    what: value: result:
    if complaint value == null then result else throw "lib.path.${what} is not a valid subpath string:\n    ${complaint value}";

  checkPath =
    what: value: result:
    if isPath value then
      result
    else
      throw "lib.path.${what} is of type ${typeOf value}, but a path was expected";

  componentsOf = text: filter (part: isString part && part != "" && part != ".") (split "/" text);

  fromComponents = parts: if parts == [ ] then "./." else "./" + concatStringsSep "/" parts;

  # A path as its root and the names that lead down from there.
  takeApart =
    let
      up =
        below: path:
        if path == dirOf path then
          {
            root = path;
            components = below;
          }
        else
          up ([ (baseNameOf path) ] ++ below) (dirOf path);
    in
    up [ ];

  sameRoot =
    what: left: right:
    lib.trivial.throwIf (left.root != right.root)
      "lib.path.${what}: Filesystem roots must be the same for both paths, but they are ${toString left.root} and ${toString right.root}";

  beginsWith = prefix: parts: take (length prefix) parts == prefix;

  storeComponents = componentsOf storeDir;
in
{
  /**
    Appends a subpath to a path.

    # Type
    ```
    append :: Path -> String -> Path
    ```

    # Example
    ```nix
    lib.path.append /foo "bar/baz"
    => /foo/bar/baz
    ```
  */
  append =
    path: subpath:
    checkPath "append: The first argument" path (
      check "append: The second argument" subpath (path + ("/" + subpath))
    );

  /**
    True if the second path is the first or lies below it.

    # Type
    ```
    hasPrefix :: Path -> Path -> Bool
    ```

    # Example
    ```nix
    lib.path.hasPrefix /foo /foo/bar
    => true
    lib.path.hasPrefix /foo /foobar
    => false
    ```
  */
  hasPrefix =
    prefix:
    let
      above = checkPath "hasPrefix: The first argument" prefix (takeApart prefix);
    in
    path:
    let
      below = checkPath "hasPrefix: The second argument" path (takeApart path);
    in
    sameRoot "hasPrefix" above below (beginsWith above.components below.components);

  /**
    The subpath that leads from the first path to the second, which must lie
    below it.

    # Type
    ```
    removePrefix :: Path -> Path -> String
    ```

    # Example
    ```nix
    lib.path.removePrefix /foo /foo/bar/baz
    => "./bar/baz"
    ```
  */
  removePrefix =
    prefix:
    let
      above = checkPath "removePrefix: The first argument" prefix (takeApart prefix);
    in
    path:
    let
      below = checkPath "removePrefix: The second argument" path (takeApart path);
    in
    sameRoot "removePrefix" above below (
      if beginsWith above.components below.components then
        fromComponents (drop (length above.components) below.components)
      else
        throw "lib.path.removePrefix: ${toString path} is not below ${toString prefix}"
    );

  /**
    The root of a path, and the subpath that leads from there to the path.

    # Type
    ```
    splitRoot :: Path -> { root :: Path; subpath :: String; }
    ```

    # Example
    ```nix
    lib.path.splitRoot /foo/bar
    => { root = /; subpath = "./foo/bar"; }
    ```
  */
  splitRoot =
    path:
    let
      parts = takeApart path;
    in
    checkPath "splitRoot: The argument" path {
      inherit (parts) root;
      subpath = fromComponents parts.components;
    };

  /**
    True if a path is an object of the Nix store or lies inside one.

    # Type
    ```
    hasStorePathPrefix :: Path -> Bool
    ```

    # Example
    ```nix
    lib.path.hasStorePathPrefix /nix/store/nvl9ic0pj1fpyln3zaqrf4cclbqdfn1j-foo/bar
    => true
    lib.path.hasStorePathPrefix /home/user
    => false
    ```
  */
  hasStorePathPrefix =
    path:
    let
      parts = checkPath "hasStorePathPrefix: The argument" path (takeApart path);
      rest = drop (length storeComponents) parts.components;
    in
    (
      beginsWith storeComponents parts.components
      && rest != [ ]
      && match ".{32}-.+" (head rest) != null
    )
    # A content-addressed placeholder stands right under the root.
    || (parts.components != [ ] && match "[0-9a-z]{52}" (head parts.components) != null);

  /** Functions on subpaths. */
  subpath = {
    /**
      True for a string that is a subpath: relative, not empty, without `..`.

      # Type
      ```
      isValid :: any -> Bool
      ```

      # Example
      ```nix
      lib.path.subpath.isValid "a/b"
      => true
      lib.path.subpath.isValid "../a"
      => false
      ```
    */
    isValid = value: complaint value == null;

    /**
      Joins subpaths to one.

      # Type
      ```
      join :: [String] -> String
      ```

      # Example
      ```nix
      lib.path.subpath.join [ "a" "b/c" ]
      => "./a/b/c"
      ```
    */
    join =
      subpaths:
      let
        bad = lib.lists.findFirstIndex (part: complaint part != null) 0 subpaths;
      in
      if all (part: complaint part == null) subpaths then
        fromComponents (concatMap componentsOf subpaths)
      else
        throw "lib.path.subpath.join: Element at index ${toString bad} is not a valid subpath string:\n    ${complaint (builtins.elemAt subpaths bad)}";

    /**
      The names in a subpath.

      # Type
      ```
      components :: String -> [String]
      ```

      # Example
      ```nix
      lib.path.subpath.components "a/./b//c"
      => [ "a" "b" "c" ]
      ```
    */
    components =
      value: check "subpath.components: The argument" value (componentsOf value);

    /**
      The shortest way to write a subpath.

      # Type
      ```
      normalise :: String -> String
      ```

      # Example
      ```nix
      lib.path.subpath.normalise "a/./b//c/"
      => "./a/b/c"
      ```
    */
    normalise =
      value:
      check "subpath.normalise: The argument" value (fromComponents (componentsOf value));
  };
}
