# Reading the file system while evaluating.
lib:
let
  inherit (builtins)
    attrNames
    concatMap
    filter
    isString
    listToAttrs
    match
    pathExists
    readDir
    ;

  inherit (lib.strings) hasSuffix removeSuffix;
in
rec {
  inherit (builtins)
    baseNameOf
    dirOf
    hashFile
    isPath
    readDir
    ;

  /**
    What a path is: "regular", "directory", "symlink" or "unknown".

    # Type
    ```
    readFileType :: Path -> String
    ```

    # Example
    ```nix
    lib.readFileType /.
    => "directory"
    ```
  */
  readFileType =
    builtins.readFileType or (
      path:
      # The root is in no directory that could be listed.
      if toString path == "/" then
        "directory"
      else
        (readDir (dirOf path)).${baseNameOf path} or (throw "readFileType: ${toString path} does not exist")
    );

  /**
    What a path is; another name of `readFileType`.

    # Type
    ```
    pathType :: Path -> String
    ```

    # Example
    ```nix
    lib.pathType /.
    => "directory"
    ```
  */
  pathType = readFileType;

  /**
    True for a directory that exists.

    # Type
    ```
    pathIsDirectory :: Path -> Bool
    ```

    # Example
    ```nix
    lib.pathIsDirectory /.
    => true
    lib.pathIsDirectory /does/not/exist
    => false
    ```
  */
  pathIsDirectory = path: pathExists path && pathType path == "directory";

  /**
    True for a regular file that exists.

    # Type
    ```
    pathIsRegularFile :: Path -> Bool
    ```

    # Example
    ```nix
    lib.pathIsRegularFile /.
    => false
    ```
  */
  pathIsRegularFile = path: pathExists path && pathType path == "regular";

  /**
    The directories inside one that hold a Cabal file of their own name.

    # Type
    ```
    haskellPathsInDir :: Path -> { <name> = Path; }
    ```

    # Example
    ```nix
    builtins.isFunction lib.filesystem.haskellPathsInDir
    => true
    ```
  */
  haskellPathsInDir =
    root:
    let
      isProject = name: pathExists (root + "/${name}/${name}.cabal");
    in
    lib.attrsets.genAttrs (filter isProject (attrNames (readDir root))) (name: root + "/${name}");

  /**
    The nearest directory, from a file upwards, with entries that match a
    regular expression; null if there is none.

    # Type
    ```
    locateDominatingFile :: String -> Path -> ({ path :: Path; matches :: [[String]]; } | null)
    ```

    # Example
    ```nix
    builtins.isFunction lib.filesystem.locateDominatingFile
    => true
    ```
  */
  locateDominatingFile =
    pattern: file:
    let
      search =
        path:
        let
          matches = filter (found: found != null) (map (match pattern) (attrNames (readDir path)));
        in
        if matches != [ ] then
          { inherit path matches; }
        else if toString path == "/" then
          null
        else
          search (dirOf path);
      isDirectory =
        toString file == "/" || (readDir (dirOf file)).${baseNameOf file} or null == "directory";
    in
    search (if isDirectory then file else dirOf file);

  /**
    All files below a directory.

    # Type
    ```
    listFilesRecursive :: Path -> [Path]
    ```

    # Example
    ```nix
    builtins.isFunction lib.filesystem.listFilesRecursive
    => true
    ```
  */
  listFilesRecursive =
    directory:
    let
      entries = readDir directory;
    in
    concatMap (
      name:
      let
        path = directory + "/${name}";
      in
      if entries.${name} == "directory" then listFilesRecursive path else [ path ]
    ) (attrNames entries);

  /**
    The packages in a directory: a file `package.nix` is one, every other Nix
    file is one by its name, and directories are sets of them, with a scope of
    their own if `newScope` is given.

    # Type
    ```
    packagesFromDirectoryRecursive :: { callPackage :: Function; newScope ? Function; directory :: Path; } -> AttrSet
    ```

    # Example
    ```nix
    builtins.isFunction lib.packagesFromDirectoryRecursive
    => true
    ```
  */
  packagesFromDirectoryRecursive =
    {
      callPackage,
      newScope ? null,
      directory,
    }@args:
    let
      entries = readDir directory;
      package = directory + "/package.nix";

      entry =
        callers: name:
        let
          path = directory + "/${name}";
        in
        if entries.${name} == "directory" then
          [
            {
              inherit name;
              value = packagesFromDirectoryRecursive (args // callers // { directory = path; });
            }
          ]
        else if entries.${name} != "regular" then
          throw "lib.filesystem.packagesFromDirectoryRecursive: Unsupported file type ${entries.${name}} at path ${toString path}"
        else if hasSuffix ".nix" name then
          [
            {
              name = removeSuffix ".nix" name;
              value = callers.callPackage path { };
            }
          ]
        else
          [ ];

      packages = callers: listToAttrs (concatMap (entry callers) (attrNames entries));
    in
    if pathExists package then
      callPackage package { }
    else if args ? newScope then
      lib.attrsets.recurseIntoAttrs (
        lib.customisation.makeScope newScope (self: packages { inherit (self) callPackage newScope; })
      )
    else
      packages { inherit callPackage; };

  /**
    The file that `import` reads for a path: `default.nix` of a directory.

    # Type
    ```
    resolveDefaultNix :: (Path | String) -> (Path | String)
    ```

    # Example
    ```nix
    lib.filesystem.resolveDefaultNix "/does/not/exist/"
    => "/does/not/exist/default.nix"
    ```
  */
  resolveDefaultNix =
    path:
    if pathIsDirectory path then
      path + "/default.nix"
    else if isString path && hasSuffix "/" path then
      path + "default.nix"
    else
      path;
}
