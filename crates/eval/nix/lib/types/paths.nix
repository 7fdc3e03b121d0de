# Types of paths, packages and sets of files.
lib:
let
  inherit (builtins)
    isPath
    isString
    substring
    ;

  inherit (lib.attrsets) isDerivation toDerivation;
  inherit (lib.options) getValues mergeEqualOption mergeOneOption;
  inherit (lib.strings) isStorePath isStringLike;

  inherit (lib.types)
    addCheck
    attrs
    defaultFunctor
    mkOptionType
    unique
    ;
in
rec {
  /**
    A path, with a say in whether it is absolute and in the Nix store.

    # Type
    ```
    pathWith :: { absolute ? (Bool | null); inStore ? (Bool | null); } -> OptionType
    ```

    # Example
    ```nix
    (lib.types.pathWith { absolute = false; }).check "a/b"
    => true
    (lib.types.pathWith { inStore = true; }).description
    => "path in the Nix store"
    ```
  */
  pathWith =
    {
      inStore ? null,
      absolute ? null,
    }:
    let
      kind =
        if absolute == null then
          "path"
        else if absolute then
          "absolute path"
        else
          "relative path";
      place =
        if inStore == null then
          ""
        else if inStore then
          " in the Nix store"
        else
          " not in the Nix store";

      # A path value that must stay out of the store may not even be one: as
      # soon as it is used as a string it would be copied there.
      isRightKind = if inStore == false then isString else isStringLike;
      isAbsolute = value: substring 0 1 (toString value) == "/";
      # A flake's files are in the store when Nix reads them: a path value is
      # one of them, wherever the checkout lies that is looked at here.
      isInStore =
        value:
        isPath value || lib.path.hasStorePathPrefix (/. + builtins.unsafeDiscardStringContext value);
    in
    if inStore == true && absolute == false then
      throw "In pathWith, inStore means the path must be absolute"
    else
      mkOptionType {
        name = "path";
        description = kind + place;
        descriptionClass = "noun";
        check =
          value:
          isRightKind value
          && (inStore == null || isInStore value == inStore)
          && (absolute == null || isAbsolute value == absolute);
        merge = mergeEqualOption;
        functor = defaultFunctor "path" // {
          type = pathWith;
          payload = { inherit inStore absolute; };
          binOp = left: right: if left == right then left else null;
        };
      };

  /**
    An absolute path: a path value, or a string that begins with a slash.

    # Type
    ```
    path :: OptionType
    ```

    # Example
    ```nix
    lib.types.path.check "/etc"
    => true
    lib.types.path.check "etc"
    => false
    ```
  */
  path = pathWith { absolute = true; };

  /**
    A path in the Nix store.

    # Type
    ```
    pathInStore :: OptionType
    ```

    # Example
    ```nix
    lib.types.pathInStore.check "/etc"
    => false
    ```
  */
  pathInStore = pathWith { inStore = true; };

  /**
    An absolute path outside the Nix store, as for secrets; a string, since a
    path value would be copied there.

    # Type
    ```
    externalPath :: OptionType
    ```

    # Example
    ```nix
    lib.types.externalPath.check "/run/secrets/key"
    => true
    ```
  */
  externalPath = pathWith {
    absolute = true;
    inStore = false;
  };

  /**
    A package: a derivation or a store path. Only one definition is allowed.

    # Type
    ```
    package :: OptionType
    ```

    # Example
    ```nix
    lib.types.package.check { type = "derivation"; }
    => true
    lib.types.package.check "hello"
    => false
    ```
  */
  package = mkOptionType {
    name = "package";
    descriptionClass = "noun";
    check = value: isDerivation value || isStorePath value;
    merge =
      loc: defs:
      let
        value = mergeOneOption loc defs;
      in
      if isPath value || (isString value && !(builtins.hasContext value)) then
        toDerivation value
      else
        value;
  };

  /**
    A package that is a shell, and says where in it the program is.

    # Type
    ```
    shellPackage :: OptionType
    ```

    # Example
    ```nix
    lib.types.shellPackage.check { type = "derivation"; shellPath = "/bin/sh"; }
    => true
    ```
  */
  shellPackage = package // {
    check = value: isDerivation value && value ? shellPath;
  };

  /**
    A whole package set, such as `pkgs`. Only one definition is allowed.

    # Type
    ```
    pkgs :: OptionType
    ```

    # Example
    ```nix
    lib.types.pkgs.check { _type = "pkgs"; }
    => true
    ```
  */
  pkgs =
    addCheck (
      unique { message = "A Nixpkgs pkgs set can not be merged with another pkgs set."; } attrs
      // {
        name = "pkgs";
        description = "Nixpkgs package set";
        descriptionClass = "noun";
      }
    ) (value: value._type or null == "pkgs");

  /**
    A set of files; definitions are united.

    # Type
    ```
    fileset :: OptionType
    ```

    # Example
    ```nix
    lib.types.fileset.check 1
    => false
    ```
  */
  fileset = mkOptionType {
    name = "fileset";
    description = "fileset";
    descriptionClass = "noun";
    check = lib.fileset.isFileset;
    merge = _: defs: lib.fileset.unions (getValues defs);
    emptyValue.value = lib.fileset.empty;
  };
}
