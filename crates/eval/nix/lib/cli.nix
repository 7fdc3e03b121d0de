# Command lines from attribute sets of options.
lib:
let
  inherit (builtins)
    concatLists
    concatMap
    isBool
    isList
    stringLength
    ;

  inherit (lib.attrsets) mapAttrsToList;
  inherit (lib.strings) escapeShellArgs;

  valueString = lib.generators.mkValueStringDefault { };
in
rec {
  /**
    The arguments for a set of options. A function of the option's name says
    how it is written: `option` is the word, `sep` what joins it to its value
    (null for two words), `explicitBool` whether true and false are values.

    # Type
    ```
    toCommandLine :: (String -> { option :: String; sep :: (String | null); explicitBool :: Bool; formatArg ? (any -> String); }) -> AttrSet -> [String]
    ```

    # Example
    ```nix
    lib.cli.toCommandLine (name: { option = "-${name}"; sep = "="; explicitBool = false; }) { a = true; b = [ 1 2 ]; }
    => [ "-a" "-b=1" "-b=2" ]
    ```
  */
  toCommandLine =
    format: options:
    let
      render =
        {
          option,
          sep,
          explicitBool,
          formatArg ? valueString,
        }:
        value:
        if value == null then
          [ ]
        else if isBool value && !explicitBool then
          lib.lists.optional value option
        else if sep == null then
          [
            option
            (formatArg value)
          ]
        else
          [ (option + sep + formatArg value) ];
      arguments =
        name: value:
        if name == "" then
          throw "lib.cli.toCommandLine: an option without a name"
        else
          concatMap (render (format name)) (lib.lists.toList value);
    in
    concatLists (mapAttrsToList arguments options);

  /**
    Like `toCommandLine`, as one string for a shell.

    # Type
    ```
    toCommandLineShell :: (String -> AttrSet) -> AttrSet -> String
    ```

    # Example
    ```nix
    lib.cli.toCommandLineShell (name: { option = "-${name}"; sep = null; explicitBool = false; }) { a = "x y"; }
    => "-a 'x y'"
    ```
  */
  toCommandLineShell = format: options: escapeShellArgs (toCommandLine format options);

  /**
    The arguments for a set of options as GNU programs take them: `-x` for
    short names, `--name=value` for long ones.

    # Type
    ```
    toCommandLineGNU :: { isLong ? (String -> Bool); explicitBool ? Bool; formatArg ? (any -> String); } -> AttrSet -> [String]
    ```

    # Example
    ```nix
    lib.cli.toCommandLineGNU { } { v = true; data = "x"; }
    => [ "--data=x" "-v" ]
    ```
  */
  toCommandLineGNU =
    {
      isLong ? name: stringLength name > 1,
      explicitBool ? false,
      formatArg ? valueString,
    }:
    toCommandLine (
      name:
      {
        inherit explicitBool formatArg;
      }
      // (
        if isLong name then
          {
            option = "--${name}";
            sep = "=";
          }
        else
          {
            option = "-${name}";
            sep = "";
          }
      )
    );

  /**
    Like `toCommandLineGNU`, as one string for a shell.

    # Type
    ```
    toCommandLineShellGNU :: AttrSet -> AttrSet -> String
    ```

    # Example
    ```nix
    lib.cli.toCommandLineShellGNU { } { v = true; data = "x y"; }
    => "'--data=x y' -v"
    ```
  */
  toCommandLineShellGNU = settings: options: escapeShellArgs (toCommandLineGNU settings options);

  /**
    The older way to make arguments; values are words of their own.

    # Type
    ```
    toGNUCommandLine :: { mkOptionName ? Function; mkBool ? Function; mkList ? Function; mkOption ? Function; optionValueSeparator ? (String | null); } -> AttrSet -> [String]
    ```

    # Example
    ```nix
    lib.cli.toGNUCommandLine { } { X = "PUT"; verbose = true; }
    => [ "-X" "PUT" "--verbose" ]
    ```
  */
  toGNUCommandLine =
    {
      mkOptionName ? name: if stringLength name == 1 then "-${name}" else "--${name}",
      mkBool ? name: value: lib.lists.optional value (mkOptionName name),
      mkList ? name: concatMap (mkOption name),
      mkOption ?
        name: value:
        if value == null then
          [ ]
        else if optionValueSeparator == null then
          [
            (mkOptionName name)
            (valueString value)
          ]
        else
          [ (mkOptionName name + optionValueSeparator + valueString value) ],
      optionValueSeparator ? null,
    }:
    let
      arguments =
        name: value:
        if isBool value then
          mkBool name value
        else if isList value then
          mkList name value
        else
          mkOption name value;
    in
    options: concatLists (mapAttrsToList arguments options);

  /**
    Like `toGNUCommandLine`, as one string for a shell.

    # Type
    ```
    toGNUCommandLineShell :: AttrSet -> AttrSet -> String
    ```

    # Example
    ```nix
    lib.cli.toGNUCommandLineShell { } { url = [ "a b" "c" ]; }
    => "--url 'a b' --url c"
    ```
  */
  toGNUCommandLineShell = settings: options: escapeShellArgs (toGNUCommandLine settings options);
}
