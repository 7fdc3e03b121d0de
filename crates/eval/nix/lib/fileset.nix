# Sets of files. A file set holds its files by their absolute paths, so that
# union, intersection and difference are those of attribute sets. Nothing is
# read from disk before somebody asks for the files.
lib:
let
  inherit (builtins)
    attrNames
    attrValues
    filter
    foldl'
    intersectAttrs
    isList
    isPath
    listToAttrs
    pathExists
    typeOf
    ;

  inherit (lib.filesystem) listFilesRecursive pathIsDirectory pathType;
  inherit (lib.strings) hasSuffix isStringLike;

  make = files: {
    _type = "fileset";
    _files = files;
  };

  ofPaths =
    paths:
    listToAttrs (
      map (path: {
        name = toString path;
        value = path;
      }) paths
    );

  ofPath = path: ofPaths (if pathIsDirectory path then listFilesRecursive path else [ path ]);

  # The files of what people pass for a file set: one, or a path.
  filesOf =
    function: value:
    if value._type or "" == "fileset" then
      value._files
    else if !(isPath value) then
      throw "lib.fileset.${function}: ${
        if value ? _isLibCleanSourceWith then
          "An argument is a `lib.sources`-based value; `lib.fileset.fromSource` makes a file set of it."
        else if isStringLike value then
          "An argument (\"${toString value}\") is a string-like value, but it should be a file set or a path instead."
        else
          "An argument is of type ${typeOf value}, but it should be a file set or a path instead."
      }"
    else if !(pathExists value) then
      throw "lib.fileset.${function}: An argument (${toString value}) is a path that does not exist; `lib.fileset.maybeMissing` allows that."
    else
      ofPath value;

  # All directories above a path.
  above =
    path:
    let
      parent = dirOf path;
    in
    if parent == path then [ ] else [ parent ] ++ above parent;

  onlyPath =
    function: value: result:
    if isPath value then
      result
    else
      throw "lib.fileset.${function}: The argument is of type ${typeOf value}, but it should be a path instead.";
in
rec {
  /** The file set without files. */
  empty = make { };

  /**
    True for what may stand for a file set: one, or a path that exists.

    # Type
    ```
    isFileset :: any -> Bool
    ```

    # Example
    ```nix
    lib.fileset.isFileset lib.fileset.empty
    => true
    lib.fileset.isFileset "a"
    => false
    ```
  */
  isFileset = value: value._type or "" == "fileset" || (isPath value && pathExists value);

  /**
    The file set of a path, which is empty if the path does not exist.

    # Type
    ```
    maybeMissing :: Path -> FileSet
    ```

    # Example
    ```nix
    lib.fileset.toList (lib.fileset.maybeMissing /does/not/exist)
    => [ ]
    ```
  */
  maybeMissing =
    path: onlyPath "maybeMissing" path (if pathExists path then make (ofPath path) else empty);

  /**
    The files of a file set.

    # Type
    ```
    toList :: (FileSet | Path) -> [Path]
    ```

    # Example
    ```nix
    lib.fileset.toList (lib.fileset.unions [ ])
    => [ ]
    ```
  */
  toList = fileset: attrValues (filesOf "toList" fileset);

  /**
    The files of two file sets.

    # Type
    ```
    union :: (FileSet | Path) -> (FileSet | Path) -> FileSet
    ```

    # Example
    ```nix
    lib.fileset.toList (lib.fileset.union lib.fileset.empty lib.fileset.empty)
    => [ ]
    ```
  */
  union = left: right: make (filesOf "union" left // filesOf "union" right);

  /**
    The files of all file sets in a list.

    # Type
    ```
    unions :: [(FileSet | Path)] -> FileSet
    ```

    # Example
    ```nix
    lib.fileset.toList (lib.fileset.unions [ lib.fileset.empty ])
    => [ ]
    ```
  */
  unions =
    filesets:
    if isList filesets then
      make (foldl' (files: fileset: files // filesOf "unions" fileset) { } filesets)
    else
      throw "lib.fileset.unions: The argument is of type ${typeOf filesets}, but it should be a list instead.";

  /**
    The files that are in both of two file sets.

    # Type
    ```
    intersection :: (FileSet | Path) -> (FileSet | Path) -> FileSet
    ```

    # Example
    ```nix
    lib.fileset.toList (lib.fileset.intersection lib.fileset.empty lib.fileset.empty)
    => [ ]
    ```
  */
  intersection =
    left: right: make (intersectAttrs (filesOf "intersection" left) (filesOf "intersection" right));

  /**
    The files of the first file set that are not in the second.

    # Type
    ```
    difference :: (FileSet | Path) -> (FileSet | Path) -> FileSet
    ```

    # Example
    ```nix
    lib.fileset.toList (lib.fileset.difference lib.fileset.empty lib.fileset.empty)
    => [ ]
    ```
  */
  difference =
    positive: negative:
    make (removeAttrs (filesOf "difference" positive) (attrNames (filesOf "difference" negative)));

  /**
    The files below a path for which a predicate holds. It gets a set with
    `name`, `type` and `hasExt`.

    # Type
    ```
    fileFilter :: ({ name :: String; type :: String; hasExt :: String -> Bool; ... } -> Bool) -> Path -> FileSet
    ```

    # Example
    ```nix
    builtins.isFunction lib.fileset.fileFilter
    => true
    ```
  */
  fileFilter =
    pred: path:
    let
      keep =
        file:
        let
          name = baseNameOf file;
        in
        pred {
          inherit name;
          type = pathType file;
          hasExt = extension: hasSuffix ".${extension}" name;
        };
    in
    onlyPath "fileFilter" path (make (ofPaths (filter keep (attrValues (filesOf "fileFilter" path)))));

  /**
    The files that a filtered source leaves in.

    # Type
    ```
    fromSource :: (Path | Source) -> FileSet
    ```

    # Example
    ```nix
    builtins.isFunction lib.fileset.fromSource
    => true
    ```
  */
  fromSource =
    source:
    let
      root = source.origSrc or source;
      walk =
        directory:
        let
          entries = builtins.readDir directory;
          kept = filter (name: source.filter (toString (directory + "/${name}")) entries.${name}) (
            attrNames entries
          );
        in
        builtins.concatMap (
          name:
          let
            path = directory + "/${name}";
          in
          if entries.${name} == "directory" then walk path else [ path ]
        ) kept;
    in
    if source ? _isLibCleanSourceWith && pathIsDirectory root then
      make (ofPaths (walk root))
    else
      make (filesOf "fromSource" root);

  /**
    A source of the files of a file set, as a directory in the store.

    # Type
    ```
    toSource :: { root :: Path; fileset :: (FileSet | Path); } -> Source
    ```

    # Example
    ```nix
    builtins.isFunction lib.fileset.toSource
    => true
    ```
  */
  toSource =
    { root, fileset }:
    let
      files = filesOf "toSource" fileset;
      # Directories are kept only for the files below them.
      directories = listToAttrs (
        map (name: {
          inherit name;
          value = true;
        }) (builtins.concatMap above (attrNames files))
      );
      outside = filter (file: !(lib.path.hasPrefix root file)) (attrValues files);
    in
    if !(isPath root) then
      throw "lib.fileset.toSource: `root` is of type ${typeOf root}, but it should be a path instead."
    else if !(pathIsDirectory root) then
      throw "lib.fileset.toSource: `root` (${toString root}) is not a directory that exists."
    else if outside != [ ] then
      throw "lib.fileset.toSource: `fileset` has ${toString (builtins.head outside)}, which is not under the `root` (${toString root})."
    else
      lib.sources.cleanSourceWith {
        name = "source";
        src = root;
        filter = path: type: if type == "directory" then directories ? ${path} else files ? ${path};
      };

  /**
    The files of a repository. Which of them Git tracks is not looked up: all
    are in, but for the directory of Git itself.

    # Type
    ```
    gitTracked :: Path -> FileSet
    ```

    # Example
    ```nix
    builtins.isFunction lib.fileset.gitTracked
    => true
    ```
  */
  gitTracked =
    path:
    let
      git = path + "/.git";
    in
    onlyPath "gitTracked" path (
      if pathExists git then difference path git else make (filesOf "gitTracked" path)
    );

  /**
    Like `gitTracked`, with the question whether submodules belong to it.

    # Type
    ```
    gitTrackedWith :: { recurseSubmodules ? Bool; } -> Path -> FileSet
    ```

    # Example
    ```nix
    builtins.isFunction (lib.fileset.gitTrackedWith { })
    => true
    ```
  */
  gitTrackedWith =
    {
      recurseSubmodules ? false,
    }:
    gitTracked;

  /**
    Prints the files of a file set, and returns the second argument.

    # Type
    ```
    trace :: (FileSet | Path) -> a -> a
    ```

    # Example
    ```nix
    lib.fileset.trace lib.fileset.empty 1
    => 1
    ```
  */
  trace =
    fileset: result:
    let
      names = attrNames (filesOf "trace" fileset);
    in
    builtins.trace (if names == [ ] then "(empty)" else builtins.concatStringsSep "\n" names) result;

  /**
    Prints the files of a file set and returns it.

    # Type
    ```
    traceVal :: (FileSet | Path) -> (FileSet | Path)
    ```

    # Example
    ```nix
    lib.fileset.toList (lib.fileset.traceVal lib.fileset.empty)
    => [ ]
    ```
  */
  traceVal = fileset: trace fileset fileset;
}
