# Escaping for shells, regular expressions, URLs, XML and Nix itself.
lib:
let
  inherit (builtins)
    attrNames
    attrValues
    elem

    isAttrs
    isList
    listToAttrs
    mapAttrs
    match
    removeAttrs
    replaceStrings
    toJSON
    ;

  inherit (lib.strings)
    concatMapStringsSep
    fixedWidthString
    isStringLike
    lowerChars
    replaceString
    stringToCharacters
    upperChars
    ;

  # Every printable character of ASCII, in order, from the space (32) on.
  printable = stringToCharacters (
    " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
    + "abcdefghijklmnopqrstuvwxyz{|}~"
  );

  codes =
    listToAttrs (
      lib.lists.imap0 (i: name: {
        inherit name;
        value = i + 32;
      }) printable
    )
    // {
      "\t" = 9;
      "\n" = 10;
      "\r" = 13;
    };

  # The characters that RFC 3986 lets stand in a URL as they are.
  unreserved =
    upperChars
    ++ lowerChars
    ++ stringToCharacters "0123456789-_.~";

  inUrl = mapAttrs (_: code: "%" + twoDigits code) (removeAttrs codes unreserved);

  twoDigits = code: fixedWidthString 2 "0" (lib.trivial.toHexString code);

  keywords = [
    "assert"
    "else"
    "if"
    "in"
    "inherit"
    "let"
    "or"
    "rec"
    "then"
    "with"
  ];
in
rec {
  /**
    The ASCII code of a character.

    # Type
    ```
    charToInt :: String -> Int
    ```

    # Example
    ```nix
    lib.strings.charToInt "A"
    => 65
    ```
  */
  charToInt = character: codes.${character};

  /**
    Puts a backslash before every occurrence of the given strings.

    # Type
    ```
    escape :: [String] -> String -> String
    ```

    # Example
    ```nix
    lib.escape [ "(" ")" ] "(foo)"
    => "\\(foo\\)"
    ```
  */
  escape = characters: replaceStrings characters (map (c: "\\" + c) characters);

  /**
    Writes the given characters as hexadecimal escapes of C.

    # Type
    ```
    escapeC :: [String] -> String -> String
    ```

    # Example
    ```nix
    lib.strings.escapeC [ " " ] "foo bar"
    => "foo\\x20bar"
    ```
  */
  escapeC =
    characters:
    replaceStrings characters (
      map (c: "\\x" + lib.strings.toLower (twoDigits (charToInt c))) characters
    );

  /**
    Escapes a string for use in a URL.

    # Type
    ```
    escapeURL :: String -> String
    ```

    # Example
    ```nix
    lib.escapeURL "foo/bar baz"
    => "foo%2Fbar%20baz"
    ```
  */
  escapeURL = replaceStrings (attrNames inUrl) (attrValues inUrl);

  /**
    Quotes an argument for a POSIX shell, if it needs it.

    # Type
    ```
    escapeShellArg :: String -> String
    ```

    # Example
    ```nix
    lib.escapeShellArg "esc'ape\nme"
    => "'esc'\\''ape\nme'"
    lib.escapeShellArg "plain"
    => "plain"
    ```
  */
  escapeShellArg =
    argument:
    let
      text = toString argument;
    in
    if match "[[:alnum:],._+:@%/-]+" text != null then
      text
    else
      "'${replaceString "'" "'\\''" text}'";

  /**
    Quotes arguments for a POSIX shell and joins them with spaces.

    # Type
    ```
    escapeShellArgs :: [String] -> String
    ```

    # Example
    ```nix
    lib.escapeShellArgs [ "one" "two three" ]
    => "one 'two three'"
    ```
  */
  escapeShellArgs = concatMapStringsSep " " escapeShellArg;

  /**
    True if a string may be the name of a shell variable.

    # Type
    ```
    isValidPosixName :: String -> Bool
    ```

    # Example
    ```nix
    lib.isValidPosixName "foo_bar000"
    => true
    lib.isValidPosixName "0-bad"
    => false
    ```
  */
  isValidPosixName = name: match "[a-zA-Z_][a-zA-Z0-9_]*" name != null;

  /**
    An assignment for bash: of a string, or of a list or set as an array.

    # Type
    ```
    toShellVar :: String -> (String | [String] | { <name> = String; }) -> String
    ```

    # Example
    ```nix
    lib.toShellVar "foo" "some string"
    => "foo='some string'"
    lib.toShellVar "foo" [ "a" "b c" ]
    => "declare -a foo=(a 'b c')"
    lib.toShellVar "foo" { a = "b"; }
    => "declare -A foo=([a]=b)"
    ```
  */
  toShellVar =
    name: value:
    let
      entry = key: "[${escapeShellArg key}]=${escapeShellArg value.${key}}";
    in
    if !(isValidPosixName name) then
      throw "toShellVar: ${name} is not a valid shell variable name"
    else if isList value then
      "declare -a ${name}=(${escapeShellArgs value})"
    else if isAttrs value && !(isStringLike value) then
      "declare -A ${name}=(${concatMapStringsSep " " entry (attrNames value)})"
    else
      "${name}=${escapeShellArg value}";

  /**
    Assignments for bash, one line for each attribute.

    # Type
    ```
    toShellVars :: { <name> = (String | [String] | AttrSet); } -> String
    ```

    # Example
    ```nix
    lib.toShellVars { a = "1"; b = [ "x" "y" ]; }
    => "a=1\ndeclare -a b=(x y)"
    ```
  */
  toShellVars = vars: builtins.concatStringsSep "\n" (attrValues (mapAttrs toShellVar vars));

  /**
    Writes a string as a Nix expression, quotes included.

    # Type
    ```
    escapeNixString :: String -> String
    ```

    # Example
    ```nix
    lib.strings.escapeNixString "hello\${}\n"
    => "\"hello\\\${}\\n\""
    ```
  */
  escapeNixString = text: escape [ "$" ] (toJSON text);

  /**
    Quotes an attribute name of Nix, if it needs it.

    # Type
    ```
    escapeNixIdentifier :: String -> String
    ```

    # Example
    ```nix
    lib.strings.escapeNixIdentifier "hello"
    => "hello"
    lib.strings.escapeNixIdentifier "0abc"
    => "\"0abc\""
    ```
  */
  escapeNixIdentifier =
    name:
    if match "[a-zA-Z_][a-zA-Z0-9_'-]*" name != null && !(elem name keywords) then
      name
    else
      escapeNixString name;

  /**
    Escapes what has a meaning in regular expressions.

    # Type
    ```
    escapeRegex :: String -> String
    ```

    # Example
    ```nix
    lib.escapeRegex "[^a-z]*"
    => "\\[\\^a-z]\\*"
    ```
  */
  escapeRegex = escape (stringToCharacters "\\[{()^$?*+|.");

  /**
    Escapes a string for XML text and attributes.

    # Type
    ```
    escapeXML :: String -> String
    ```

    # Example
    ```nix
    lib.escapeXML "<a href=\"b\">"
    => "&lt;a href=&quot;b&quot;&gt;"
    ```
  */
  escapeXML =
    replaceStrings
      [
        "&"
        "<"
        ">"
        "\""
        "'"
      ]
      [
        "&amp;"
        "&lt;"
        "&gt;"
        "&quot;"
        "&apos;"
      ];
}
