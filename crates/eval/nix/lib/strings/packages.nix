# Strings that packages are built with: versions, names, search paths, store
# paths and flags of build systems.
lib:
let
  inherit (builtins)
    compareVersions
    concatStringsSep
    elem
    filter
    head
    isBool
    isPath
    isString
    match
    parseDrvName
    split
    storeDir
    stringLength
    substring
    unsafeDiscardStringContext
    ;

  inherit (lib.strings) isStringLike optionalString toUpper;

  # Asserts that the arguments of a flag have the types it needs; passing a
  # package where its name belongs is the usual mistake.
  flag =
    name: value: result:
    assert isString name;
    assert isBool value;
    result;

  cmakeTypes = [
    "BOOL"
    "FILEPATH"
    "INTERNAL"
    "LIST"
    "PATH"
    "STRING"
  ];
in
rec {
  /**
    True if the first version is older than the second.

    # Type
    ```
    versionOlder :: String -> String -> Bool
    ```

    # Example
    ```nix
    lib.versionOlder "1.1" "1.2"
    => true
    ```
  */
  versionOlder = left: right: compareVersions left right < 0;

  /**
    True if the first version is the same as the second, or newer.

    # Type
    ```
    versionAtLeast :: String -> String -> Bool
    ```

    # Example
    ```nix
    lib.versionAtLeast "1.1" "1.2"
    => false
    ```
  */
  versionAtLeast = left: right: compareVersions left right >= 0;

  /**
    The name of a package without its version.

    # Type
    ```
    getName :: (String | Derivation) -> String
    ```

    # Example
    ```nix
    lib.getName "youtube-dl-2016.01.01"
    => "youtube-dl"
    lib.getName { pname = "hello"; }
    => "hello"
    ```
  */
  getName =
    package:
    if isString package then
      (parseDrvName package).name
    else
      package.pname or (parseDrvName package.name).name;

  /**
    The version of a package.

    # Type
    ```
    getVersion :: (String | Derivation) -> String
    ```

    # Example
    ```nix
    lib.getVersion "youtube-dl-2016.01.01"
    => "2016.01.01"
    ```
  */
  getVersion =
    package:
    if isString package then
      (parseDrvName package).version
    else
      package.version or (parseDrvName package.name).version;

  /**
    The name of the file in a URL, up to a separator.

    # Type
    ```
    nameFromURL :: String -> String -> String
    ```

    # Example
    ```nix
    lib.nameFromURL "https://example.org/nix-1.7-x86_64.tar.bz2" "-"
    => "nix"
    ```
  */
  nameFromURL =
    url: separator:
    let
      file = baseNameOf url;
      name = head (lib.strings.splitString separator file);
    in
    assert lib.asserts.assertMsg (name != file) "nameFromURL: there is no ${separator} in ${file}";
    name;

  /**
    A search path for a directory inside each of several paths.

    # Type
    ```
    makeSearchPath :: String -> [(String | Derivation)] -> String
    ```

    # Example
    ```nix
    lib.makeSearchPath "bin" [ "/root" "/usr" ]
    => "/root/bin:/usr/bin"
    ```
  */
  makeSearchPath =
    directory: paths:
    concatStringsSep ":" (map (path: path + "/" + directory) (filter (path: path != null) paths));

  /**
    A search path for a directory inside one output of several packages.

    # Type
    ```
    makeSearchPathOutput :: String -> String -> [Derivation] -> String
    ```

    # Example
    ```nix
    lib.makeSearchPathOutput "dev" "bin" [ { dev = "/dev"; out = "/out"; } ]
    => "/dev/bin"
    ```
  */
  makeSearchPathOutput =
    output: directory: packages:
    makeSearchPath directory (map (lib.attrsets.getOutput output) packages);

  /**
    A search path for the shared libraries of packages.

    # Type
    ```
    makeLibraryPath :: [Derivation] -> String
    ```

    # Example
    ```nix
    lib.makeLibraryPath [ "/usr" "/usr/local" ]
    => "/usr/lib:/usr/local/lib"
    ```
  */
  makeLibraryPath = makeSearchPathOutput "lib" "lib";

  /**
    A search path for the header files of packages.

    # Type
    ```
    makeIncludePath :: [Derivation] -> String
    ```

    # Example
    ```nix
    lib.makeIncludePath [ "/usr" ]
    => "/usr/include"
    ```
  */
  makeIncludePath = makeSearchPathOutput "dev" "include";

  /**
    A search path for the programs of packages.

    # Type
    ```
    makeBinPath :: [Derivation] -> String
    ```

    # Example
    ```nix
    lib.makeBinPath [ "/root" "/usr" ]
    => "/root/bin:/usr/bin"
    ```
  */
  makeBinPath = makeSearchPathOutput "bin" "bin";

  /**
    Reduces every run of slashes in a path to one.

    # Type
    ```
    normalizePath :: String -> String
    ```

    # Example
    ```nix
    lib.strings.normalizePath "/a//b///c/"
    => "/a/b/c/"
    ```
  */
  normalizePath =
    path:
    lib.trivial.warnIf (isPath path)
      "lib.strings.normalizePath: ${toString path} is a path value, which is in its normal form already"
      (lib.strings.addContextFrom path (concatStringsSep "/" (filter isString (split "/+" "${path}"))));

  /**
    True for the path of an object in the Nix store, not of a file inside it.

    # Type
    ```
    isStorePath :: any -> Bool
    ```

    # Example
    ```nix
    lib.isStorePath "/nix/store/d945ibfx9x185xf04b890y4f9g3cbb63-python-2.7.11"
    => true
    lib.isStorePath "/nix/store/d945ibfx9x185xf04b890y4f9g3cbb63-python-2.7.11/bin/python"
    => false
    ```
  */
  isStorePath =
    value:
    isStringLike value
    && (
      let
        path = toString value;
      in
      substring 0 1 path == "/"
      # The second form is that of content-addressed store paths.
      && (dirOf path == storeDir || match "/[0-9a-z]{52}" path != null)
    );

  /**
    Makes a name that a derivation may have.

    # Type
    ```
    sanitizeDerivationName :: String -> String
    ```

    # Example
    ```nix
    lib.strings.sanitizeDerivationName "../hello.bar # foo"
    => "-hello.bar-foo"
    lib.strings.sanitizeDerivationName ""
    => "unknown"
    ```
  */
  sanitizeDerivationName =
    given:
    let
      plain = unsafeDiscardStringContext given;
      # The store wants at most 211 characters, of which ".drv" takes four.
      limit = 207;
      withoutDots = head (match "[.]*(.*)" plain);
      clean = concatStringsSep "-" (filter isString (split "[^[:alnum:]+._?=-]+" withoutDots));
      short = substring (lib.trivial.max 0 (stringLength clean - limit)) (-1) clean;
    in
    if stringLength plain <= limit && match "[[:alnum:]+_?=-][[:alnum:]+._?=-]*" plain != null then
      plain
    else if short == "" then
      "unknown"
    else
      short;

  /**
    An option of CMake with its type.

    # Type
    ```
    cmakeOptionType :: String -> String -> String -> String
    ```

    # Example
    ```nix
    lib.cmakeOptionType "string" "ENGINE" "sdl2"
    => "-DENGINE:STRING=sdl2"
    ```
  */
  cmakeOptionType =
    type: feature: value:
    assert elem (toUpper type) cmakeTypes;
    assert isString feature;
    assert isString value;
    "-D${feature}:${toUpper type}=${value}";

  /**
    A boolean option of CMake.

    # Type
    ```
    cmakeBool :: String -> Bool -> String
    ```

    # Example
    ```nix
    lib.cmakeBool "ENABLE_STATIC_LIBS" false
    => "-DENABLE_STATIC_LIBS:BOOL=FALSE"
    ```
  */
  cmakeBool =
    name: value: flag name value (cmakeOptionType "BOOL" name (if value then "TRUE" else "FALSE"));

  /**
    A string option of CMake.

    # Type
    ```
    cmakeFeature :: String -> String -> String
    ```

    # Example
    ```nix
    lib.cmakeFeature "MODULES" "badblock"
    => "-DMODULES:STRING=badblock"
    ```
  */
  cmakeFeature = cmakeOptionType "STRING";

  /**
    An option of Meson.

    # Type
    ```
    mesonOption :: String -> String -> String
    ```

    # Example
    ```nix
    lib.mesonOption "engine" "opengl"
    => "-Dengine=opengl"
    ```
  */
  mesonOption =
    name: value:
    assert isString name;
    assert isString value;
    "-D${name}=${value}";

  /**
    A boolean option of Meson.

    # Type
    ```
    mesonBool :: String -> Bool -> String
    ```

    # Example
    ```nix
    lib.mesonBool "hardened" true
    => "-Dhardened=true"
    ```
  */
  mesonBool = name: value: flag name value (mesonOption name (if value then "true" else "false"));

  /**
    A feature of Meson, enabled or disabled.

    # Type
    ```
    mesonEnable :: String -> Bool -> String
    ```

    # Example
    ```nix
    lib.mesonEnable "docs" true
    => "-Ddocs=enabled"
    ```
  */
  mesonEnable =
    name: value: flag name value (mesonOption name (if value then "enabled" else "disabled"));

  /**
    The flag of a configure script that enables or disables a feature.

    # Type
    ```
    enableFeature :: Bool -> String -> String
    ```

    # Example
    ```nix
    lib.enableFeature true "shared"
    => "--enable-shared"
    ```
  */
  enableFeature =
    value: name: flag name value (if value then "--enable-${name}" else "--disable-${name}");

  /**
    Like `enableFeature`, with a value if the feature is enabled.

    # Type
    ```
    enableFeatureAs :: Bool -> String -> String -> String
    ```

    # Example
    ```nix
    lib.enableFeatureAs true "shared" "foo"
    => "--enable-shared=foo"
    ```
  */
  enableFeatureAs =
    value: name: as:
    enableFeature value name + optionalString value "=${as}";

  /**
    The flag of a configure script to build with or without something.

    # Type
    ```
    withFeature :: Bool -> String -> String
    ```

    # Example
    ```nix
    lib.withFeature false "shared"
    => "--without-shared"
    ```
  */
  withFeature = value: name: flag name value (if value then "--with-${name}" else "--without-${name}");

  /**
    Like `withFeature`, with a value if it is built with it.

    # Type
    ```
    withFeatureAs :: Bool -> String -> String -> String
    ```

    # Example
    ```nix
    lib.withFeatureAs true "shared" "foo"
    => "--with-shared=foo"
    ```
  */
  withFeatureAs =
    value: name: as:
    withFeature value name + optionalString value "=${as}";
}
