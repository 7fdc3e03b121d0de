# Options: declaring them, merging what they are defined as, and naming them
# in messages.
lib:
let
  inherit (builtins)
    all
    concatLists
    concatStringsSep
    filter
    foldl'
    head
    isAttrs
    isBool
    isInt
    isList
    isString
    length
    match
    ;

  inherit (lib.attrsets) showAttrPath;
  inherit (lib.lists) toList;

  advice = "Use `lib.mkForce value` or `lib.mkDefault value` to change the priority on any of these definitions.\n";

  text =
    type: name: value:
    if isString value then
      {
        _type = type;
        text = value;
      }
    else
      throw "${name} expects a string.";
in
import ./options/docs.nix lib
// rec {
  /**
    True for the declaration of an option.

    # Type
    ```
    isOption :: any -> Bool
    ```

    # Example
    ```nix
    lib.isOption (lib.mkOption { })
    => true
    lib.isOption 1
    => false
    ```
  */
  isOption = value: value._type or "" == "option";

  /**
    Declares an option. All arguments are optional: `type`, `default`,
    `defaultText`, `example`, `description`, `apply`, `internal`, `visible`,
    `readOnly` and `relatedPackages`.

    # Type
    ```
    mkOption :: { type ? OptionType; default ? any; description ? String; ... } -> Option
    ```

    # Example
    ```nix
    lib.mkOption { default = 1; }
    => { _type = "option"; default = 1; }
    ```
  */
  mkOption =
    {
      apply ? null,
      default ? null,
      defaultText ? null,
      description ? null,
      example ? null,
      internal ? null,
      readOnly ? null,
      relatedPackages ? null,
      type ? null,
      visible ? null,
    }@declaration:
    declaration // { _type = "option"; };

  /**
    Declares a boolean option that is false by default and enables something.

    # Type
    ```
    mkEnableOption :: String -> Option
    ```

    # Example
    ```nix
    (lib.mkEnableOption "the server").description
    => "Whether to enable the server."
    ```
  */
  mkEnableOption =
    name:
    mkOption {
      type = lib.types.bool;
      default = false;
      example = true;
      description = "Whether to enable ${name}.";
    };

  /**
    Declares an option for the package to use, by default the one of that name
    (or path) in the given package set.

    # Type
    ```
    mkPackageOption :: AttrSet -> (String | [String]) -> { nullable ? Bool; default ? (String | [String] | null); example ? any; extraDescription ? String; pkgsText ? String; } -> Option
    ```

    # Example
    ```nix
    (lib.mkPackageOption { hello = 1; } "hello" { }).defaultText
    => { _type = "literalExpression"; text = "pkgs.hello"; }
    (lib.mkPackageOption { hello = 1; } "GNU Hello" { default = "hello"; }).description
    => "The GNU Hello package to use."
    ```
  */
  mkPackageOption =
    packages: name:
    {
      nullable ? false,
      default ? name,
      example ? null,
      extraDescription ? "",
      pkgsText ? "pkgs",
    }:
    let
      title = if isList name then lib.lists.last name else name;
      path = toList default;
      shown = showAttrPath path;
      ofDefault =
        if default != null then
          {
            default = lib.attrsets.attrByPath path (throw "${shown} cannot be found in ${pkgsText}") packages;
            defaultText = literalExpression "${pkgsText}.${shown}";
          }
        else
          lib.attrsets.optionalAttrs nullable { default = null; };
      ofExample = lib.attrsets.optionalAttrs (example != null) {
        example = literalExpression (
          if isList example then "${pkgsText}.${showAttrPath example}" else example
        );
      };
    in
    mkOption (
      {
        type = if nullable then lib.types.nullOr lib.types.package else lib.types.package;
        description = concatStringsSep " " (
          [ "The ${title} package to use." ] ++ lib.lists.optional (extraDescription != "") extraDescription
        );
      }
      // ofDefault
      // ofExample
    );

  /**
    Former name of `mkPackageOption`.

    # Type
    ```
    mkPackageOptionMD :: AttrSet -> (String | [String]) -> AttrSet -> Option
    ```

    # Example
    ```nix
    (lib.mkPackageOptionMD { hello = 1; } "hello" { }).description
    => "The hello package to use."
    ```
  */
  mkPackageOptionMD = mkPackageOption;

  /**
    Declares an option that takes every definition and cannot be read, so that
    definitions for nothing are no error.

    # Type
    ```
    mkSinkUndeclaredOptions :: AttrSet -> Option
    ```

    # Example
    ```nix
    (lib.mkSinkUndeclaredOptions { }).visible
    => false
    ```
  */
  mkSinkUndeclaredOptions =
    more:
    mkOption (
      {
        internal = true;
        visible = false;
        default = false;
        description = "Sink for option definitions.";
        type = lib.types.mkOptionType {
          name = "sink";
          check = _: true;
          merge = _: _: false;
        };
        apply = _: throw "Option value is not readable because the option is not declared.";
      }
      // more
    );

  /**
    Merges definitions by what they are: lists are joined, sets merged,
    booleans combined by "or", strings joined, equal integers kept.

    # Type
    ```
    mergeDefaultOption :: [String] -> [{ file :: String; value :: any; }] -> any
    ```

    # Example
    ```nix
    lib.mergeDefaultOption [ "a" ] [ { file = "f"; value = [ 1 ]; } { file = "g"; value = [ 2 ]; } ]
    => [ 1 2 ]
    ```
  */
  mergeDefaultOption =
    loc: defs:
    let
      values = getValues defs;
    in
    if length values == 1 then
      head values
    else if all lib.trivial.isFunction values then
      argument: mergeDefaultOption loc (map (def: def // { value = def.value argument; }) defs)
    else if all isList values then
      concatLists values
    else if all isAttrs values then
      foldl' (merged: set: merged // set) { } values
    else if all isBool values then
      builtins.any (b: b) values
    else if all isString values then
      concatStringsSep "" values
    else if all isInt values && all (value: value == head values) values then
      head values
    else
      throw "Cannot merge definitions of `${showOption loc}'. Definition values:${showDefs defs}";

  /**
    The value of the only definition; several are an error.

    # Type
    ```
    mergeOneOption :: [String] -> [{ file :: String; value :: a; }] -> a
    ```

    # Example
    ```nix
    lib.mergeOneOption [ "a" ] [ { file = "f"; value = 1; } ]
    => 1
    ```
  */
  mergeOneOption = mergeUniqueOption { message = ""; };

  /**
    Merges an only definition by a function of choice; several are an error
    with a message of choice.

    # Type
    ```
    mergeUniqueOption :: { message :: String; merge ? Function; } -> [String] -> [{ file :: String; value :: a; }] -> a
    ```

    # Example
    ```nix
    lib.mergeUniqueOption { message = "Only one, please."; } [ "a" ] [ { file = "f"; value = 1; } ]
    => 1
    ```
  */
  mergeUniqueOption =
    {
      message,
      merge ? _: defs: (head defs).value,
    }:
    loc: defs:
    assert defs != [ ];
    if length defs == 1 then
      merge loc defs
    else
      throw "The option `${showOption loc}' is defined multiple times while it's expected to be unique.\n${message}\nDefinition values:${showDefs defs}\n${advice}";

  /**
    The value on which all definitions agree.

    # Type
    ```
    mergeEqualOption :: [String] -> [{ file :: String; value :: a; }] -> a
    ```

    # Example
    ```nix
    lib.mergeEqualOption [ "a" ] [ { file = "f"; value = 1; } { file = "g"; value = 1; } ]
    => 1
    ```
  */
  mergeEqualOption =
    loc: defs:
    let
      first = head defs;
      different = filter (def: def.value != first.value) defs;
    in
    if defs == [ ] then
      abort "mergeEqualOption: there are no definitions of `${showOption loc}'."
    # A single definition is not compared: it may be a function.
    else if length defs == 1 || different == [ ] then
      first.value
    else
      throw "The option `${showOption loc}' has conflicting definition values:${
        showDefs [
          first
          (head different)
        ]
      }\n${advice}";

  /**
    The values of definitions.

    # Type
    ```
    getValues :: [{ value :: a; }] -> [a]
    ```

    # Example
    ```nix
    lib.getValues [ { value = 1; } { value = 2; } ]
    => [ 1 2 ]
    ```
  */
  getValues = map (def: def.value);

  /**
    The files of definitions.

    # Type
    ```
    getFiles :: [{ file :: a; }] -> [a]
    ```

    # Example
    ```nix
    lib.getFiles [ { file = "a.nix"; } ]
    => [ "a.nix" ]
    ```
  */
  getFiles = map (def: def.file);

  /**
    Nix code for the documentation of a default or an example.

    # Type
    ```
    literalExpression :: String -> { _type :: String; text :: String; }
    ```

    # Example
    ```nix
    lib.literalExpression "pkgs.hello"
    => { _type = "literalExpression"; text = "pkgs.hello"; }
    ```
  */
  literalExpression = text "literalExpression" "literalExpression";

  /**
    Markdown for the documentation of a default or an example.

    # Type
    ```
    literalMD :: String -> { _type :: String; text :: String; }
    ```

    # Example
    ```nix
    lib.literalMD "The **best** one."
    => { _type = "literalMD"; text = "The **best** one."; }
    ```
  */
  literalMD = text "literalMD" "literalMD";

  /**
    Code in another language for the documentation of a default or an example.

    # Type
    ```
    literalCode :: String -> String -> { _type :: String; text :: String; }
    ```

    # Example
    ```nix
    (lib.options.literalCode "sh" "ls")._type
    => "literalMD"
    ```
  */
  literalCode = language: code: literalMD "```${language}\n${code}\n```\n";

  /**
    Marked a text as Markdown when that was not the only kind.

    # Type
    ```
    mdDoc :: String -> String
    ```

    # Example
    ```nix
    lib.mdDoc "text"
    => "text"
    ```
  */
  mdDoc = text: text;

  /**
    Writes the path of an option, with quotes where they are needed.
    Placeholders stay as they are.

    # Type
    ```
    showOption :: [String] -> String
    ```

    # Example
    ```nix
    lib.showOption [ "users" "users" "<name>" "a b" ]
    => "users.users.<name>.\"a b\""
    ```
  */
  showOption =
    let
      showPart =
        part:
        if part == "*" || match "<.*>" part != null then part else lib.strings.escapeNixIdentifier part;
    in
    path: concatStringsSep "." (map showPart path);

  /**
    Writes a list of files for a message.

    # Type
    ```
    showFiles :: [String] -> String
    ```

    # Example
    ```nix
    lib.showFiles [ "a.nix" "b.nix" ]
    => "`a.nix' and `b.nix'"
    ```
  */
  showFiles = files: concatStringsSep " and " (map (file: "`${file}'") files);

  /**
    Writes definitions for a message: files, and the beginning of the values.

    # Type
    ```
    showDefs :: [{ file :: String; value :: any; }] -> String
    ```

    # Example
    ```nix
    lib.options.showDefs [ { file = "a.nix"; value = 1; } ]
    => "\n- In `a.nix': 1"
    ```
  */
  showDefs =
    let
      # Values may be deep, endless, or throw: nothing of that may hide the
      # message that is being made.
      show =
        value:
        builtins.tryEval (
          lib.generators.toPretty { } (
            lib.generators.withRecursion {
              depthLimit = 10;
              throwOnDepthLimit = false;
            } value
          )
        );
      showDef =
        def:
        let
          shown = show def.value;
          lines = lib.strings.splitString "\n" shown.value;
          few = lib.lists.take 5 lines ++ lib.lists.optional (length lines > 5) "...";
          what =
            if !shown.success then
              ""
            else if length lines > 1 then
              ":\n    " + concatStringsSep "\n    " few
            else
              ": " + head lines;
        in
        "\n- In `${def.file}'${what}";
    in
    defs: concatStringsSep "" (map showDef defs);

  /**
    Writes an option and the files that define it.

    # Type
    ```
    showOptionWithDefLocs :: Option -> String
    ```

    # Example
    ```nix
    lib.showOptionWithDefLocs { loc = [ "a" "b" ]; files = [ "a.nix" ]; }
    => "a.b, with values defined in:\n  - a.nix\n"
    ```
  */
  showOptionWithDefLocs =
    option:
    "${showOption option.loc}, with values defined in:\n"
    + concatStringsSep "\n" (map (file: "  - ${file}") option.files)
    + "\n";

  /**
    The file of a module of which nobody knows the file.

    # Type
    ```
    unknownModule :: String
    ```

    # Example
    ```nix
    lib.unknownModule
    => "<unknown-file>"
    ```
  */
  unknownModule = "<unknown-file>";
}
