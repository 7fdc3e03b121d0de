# Configuration files from Nix values: lines of keys and values, INI and its
# relatives. Nix itself and other languages have files of their own.
lib:
let
  inherit (builtins)
    any
    attrNames
    attrValues
    concatLists
    concatStringsSep
    head
    isAttrs
    isFloat
    isInt
    isList
    isString
    length
    replaceStrings
    tail
    zipAttrsWith
    ;

  inherit (lib.attrsets) isDerivation mapAttrsToList;
  inherit (lib.strings) concatMapStringsSep concatStrings escape;

  isPlainSet = value: isAttrs value && !(isDerivation value);

  # Git nests sections by name (`[a "b.c"]`), Nix nests sets. A section with
  # sets inside becomes one section for each of them.
  gitSections =
    config:
    let
      nested = lib.attrsets.filterAttrs (
        _: section: isAttrs section && any isPlainSet (attrValues section)
      ) config;
      leaf = path: value: {
        ${concatStringsSep "." (lib.lists.init path)}.${lib.lists.last path} = value;
      };
      leaves = lib.attrsets.mapAttrsToListRecursiveCond (_: isPlainSet) leaf nested;
    in
    removeAttrs config (attrNames nested)
    // zipAttrsWith (_: lib.attrsets.mergeAttrsList) leaves;

  gitSectionName =
    name:
    let
      parts = lib.strings.splitString "." name;
    in
    # A name with quotes is in the form of Git already.
    if lib.strings.hasInfix "\"" name || length parts == 1 then
      name
    else
      ''${head parts} "${concatStringsSep "." (tail parts)}"'';

  gitString =
    text:
    "\"${
      replaceStrings
        [
          "\\"
          "\""
          "\n"
          "\t"
        ]
        [
          "\\\\"
          "\\\""
          "\\n"
          "\\t"
        ]
        text
    }\"";
in
import ./generators/pretty.nix lib
// import ./generators/languages.nix lib
// rec {
  /**
    Writes a simple value: numbers, strings, booleans, null and derivations.
    The first argument is an empty set, for options that may come.

    # Type
    ```
    mkValueStringDefault :: { } -> any -> String
    ```

    # Example
    ```nix
    lib.generators.mkValueStringDefault { } true
    => "true"
    ```
  */
  mkValueStringDefault =
    { }:
    value:
    let
      unsupported =
        what:
        abort "generators.mkValueStringDefault: ${what} not supported: ${lib.generators.toPretty { } value}";
    in
    if isString value then
      value
    else if isInt value || isDerivation value then
      toString value
    else if value == true then
      "true"
    else if value == false then
      "false"
    else if value == null then
      "null"
    else if isFloat value then
      lib.strings.floatToString value
    else if isList value then
      unsupported "lists"
    else if isAttrs value then
      unsupported "attrsets"
    else if lib.trivial.isFunction value then
      unsupported "functions"
    else
      unsupported "this value is";

  /**
    Writes a key, a separator and a value; separators in the key are escaped.

    # Type
    ```
    mkKeyValueDefault :: { mkValueString ? (any -> String); } -> String -> String -> any -> String
    ```

    # Example
    ```nix
    lib.generators.mkKeyValueDefault { } ":" "f:oo" "bar"
    => "f\\:oo:bar"
    ```
  */
  mkKeyValueDefault =
    {
      mkValueString ? mkValueStringDefault { },
    }:
    separator: key: value:
    escape [ separator ] key + separator + mkValueString value;

  /**
    Lines of keys and values.

    # Type
    ```
    toKeyValue :: { mkKeyValue ? (String -> any -> String); listsAsDuplicateKeys ? Bool; indent ? String; } -> AttrSet -> String
    ```

    # Example
    ```nix
    lib.generators.toKeyValue { } { a = 1; b = "x"; }
    => "a=1\nb=x\n"
    ```
  */
  toKeyValue =
    {
      mkKeyValue ? mkKeyValueDefault { } "=",
      listsAsDuplicateKeys ? false,
      indent ? "",
    }:
    let
      line = key: value: "${indent}${mkKeyValue key value}\n";
      values = if listsAsDuplicateKeys then lib.lists.toList else lib.lists.singleton;
      lines = key: value: map (line key) (values value);
    in
    set: concatStrings (concatLists (mapAttrsToList lines set));

  /**
    An INI file: a set of sections, each a set of keys and values.

    # Type
    ```
    toINI :: { mkSectionName ? (String -> String); mkKeyValue ? (String -> any -> String); listsAsDuplicateKeys ? Bool; } -> { <name> = AttrSet; } -> String
    ```

    # Example
    ```nix
    lib.generators.toINI { } { section = { a = 1; }; }
    => "[section]\na=1\n"
    ```
  */
  toINI =
    {
      mkSectionName ? escape [
        "["
        "]"
      ],
      mkKeyValue ? mkKeyValueDefault { } "=",
      listsAsDuplicateKeys ? false,
    }:
    let
      section =
        name: values:
        "[${mkSectionName name}]\n" + toKeyValue { inherit mkKeyValue listsAsDuplicateKeys; } values;
    in
    sections: concatStringsSep "\n" (mapAttrsToList section sections);

  /**
    An INI file with keys and values before the first section.

    # Type
    ```
    toINIWithGlobalSection :: { mkSectionName ? (String -> String); mkKeyValue ? (String -> any -> String); listsAsDuplicateKeys ? Bool; } -> { globalSection :: AttrSet; sections ? AttrSet; } -> String
    ```

    # Example
    ```nix
    lib.generators.toINIWithGlobalSection { } { globalSection.x = 1; sections.s.y = 2; }
    => "x=1\n\n[s]\ny=2\n"
    ```
  */
  toINIWithGlobalSection =
    {
      mkSectionName ? escape [
        "["
        "]"
      ],
      mkKeyValue ? mkKeyValueDefault { } "=",
      listsAsDuplicateKeys ? false,
    }:
    {
      globalSection,
      sections ? { },
    }:
    let
      global = toKeyValue { inherit mkKeyValue listsAsDuplicateKeys; } globalSection;
    in
    (if globalSection == { } then "" else global + "\n")
    + toINI { inherit mkSectionName mkKeyValue listsAsDuplicateKeys; } sections;

  /**
    A configuration file of Git. Sets inside sections are its subsections,
    lists are repeated keys.

    # Type
    ```
    toGitINI :: AttrSet -> String
    ```

    # Example
    ```nix
    lib.generators.toGitINI { remote.origin.url = "x"; }
    => "[remote \"origin\"]\n\turl = \"x\"\n"
    ```
  */
  toGitINI =
    let
      mkValueString = value: mkValueStringDefault { } (if isString value then gitString value else value);
      mkLine = key: value: "\t" + mkKeyValueDefault { inherit mkValueString; } " = " key value;
    in
    config:
    toINI {
      mkSectionName = gitSectionName;
      mkKeyValue =
        key: value: if isList value then concatMapStringsSep "\n" (mkLine key) value else mkLine key value;
    } (gitSections config);

  /**
    Writes a key and a value as dconf wants them.

    # Type
    ```
    mkDconfKeyValue :: String -> any -> String
    ```

    # Example
    ```nix
    lib.generators.mkDconfKeyValue "a" true
    => "a=true"
    ```
  */
  mkDconfKeyValue = mkKeyValueDefault {
    mkValueString = value: toString (lib.gvariant.mkValue value);
  } "=";

  /**
    A key file of dconf.

    # Type
    ```
    toDconfINI :: { <name> = AttrSet; } -> String
    ```

    # Example
    ```nix
    lib.generators.toDconfINI { "org/gnome" = { a = "b"; }; }
    => "[org/gnome]\na='b'\n"
    ```
  */
  toDconfINI = toINI { mkKeyValue = mkDconfKeyValue; };

  /**
    JSON. The first argument is an empty set.

    # Type
    ```
    toJSON :: { } -> any -> String
    ```

    # Example
    ```nix
    lib.generators.toJSON { } { a = [ 1 ]; }
    => "{\"a\":[1]}"
    ```
  */
  toJSON = { }: builtins.toJSON;

  /**
    YAML, of which JSON is a part. The first argument is an empty set.

    # Type
    ```
    toYAML :: { } -> any -> String
    ```

    # Example
    ```nix
    lib.generators.toYAML { } { a = [ 1 ]; }
    => "{\"a\":[1]}"
    ```
  */
  toYAML = { }: builtins.toJSON;
}
