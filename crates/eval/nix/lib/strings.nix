# Functions on strings: joining, taking apart, prefixes and suffixes. Escaping,
# conversion, distances and the strings of packages have files of their own.
lib:
let
  inherit (builtins)
    attrValues
    concatMap
    concatStringsSep
    filter
    genList
    head
    isPath
    isString
    length
    mapAttrs
    match
    replaceStrings
    split
    stringLength
    substring
    tail
    ;

  inherit (lib.lists) imap1;

  # A path where a string belongs is copied to the store and never compares
  # equal to what people think of; say so, once, in one place.
  noPath =
    function: argument: value:
    if isPath argument then
      lib.trivial.warn "lib.strings.${function}: the first argument (${toString argument}) is a path value, but only strings are supported" value
    else
      value;

  trimStart = text: head (match "[ \t\r\n]*(.*)" text);

  trimEnd =
    text:
    let
      found = match "(.*[^ \t\r\n])[ \t\r\n]*" text;
    in
    if found == null then "" else head found;
in
import ./strings/convert.nix lib
// import ./strings/distance.nix lib
// import ./strings/escape.nix lib
// import ./strings/packages.nix lib
// rec {
  inherit (builtins)
    appendContext
    compareVersions
    concatStringsSep
    elem
    elemAt
    filter
    fromJSON
    genList
    head
    isAttrs
    isInt
    isList
    isPath
    isString
    match
    parseDrvName
    readFile
    replaceStrings
    split
    storeDir
    stringLength
    substring
    tail
    toJSON
    typeOf
    unsafeDiscardStringContext
    ;

  /**
    Joins strings with a separator; another name of `concatStringsSep`.

    # Type
    ```
    join :: String -> [String] -> String
    ```

    # Example
    ```nix
    lib.join ", " [ "a" "b" ]
    => "a, b"
    ```
  */
  join = concatStringsSep;

  /**
    Joins strings without anything in between.

    # Type
    ```
    concatStrings :: [String] -> String
    ```

    # Example
    ```nix
    lib.concatStrings [ "a" "b" ]
    => "ab"
    ```
  */
  concatStrings = concatStringsSep "";

  /**
    Makes strings of the elements of a list and joins them.

    # Type
    ```
    concatMapStrings :: (a -> String) -> [a] -> String
    ```

    # Example
    ```nix
    lib.concatMapStrings (x: "a" + x) [ "foo" "bar" ]
    => "afooabar"
    ```
  */
  concatMapStrings = f: list: concatStrings (map f list);

  /**
    Like `concatMapStrings`, and the function gets the index too, from 1 on.

    # Type
    ```
    concatImapStrings :: (Int -> a -> String) -> [a] -> String
    ```

    # Example
    ```nix
    lib.concatImapStrings (i: x: "${toString i}${x}") [ "a" "b" ]
    => "1a2b"
    ```
  */
  concatImapStrings = f: list: concatStrings (imap1 f list);

  /**
    Puts a separator between the elements of a list.

    # Type
    ```
    intersperse :: a -> [a] -> [a]
    ```

    # Example
    ```nix
    lib.intersperse "/" [ "usr" "local" "bin" ]
    => [ "usr" "/" "local" "/" "bin" ]
    ```
  */
  intersperse =
    separator: list:
    if length list < 2 then
      list
    else
      [ (head list) ]
      ++ concatMap (x: [
        separator
        x
      ]) (tail list);

  /**
    Makes strings of the elements of a list and joins them with a separator.

    # Type
    ```
    concatMapStringsSep :: String -> (a -> String) -> [a] -> String
    ```

    # Example
    ```nix
    lib.concatMapStringsSep "-" lib.toUpper [ "foo" "bar" ]
    => "FOO-BAR"
    ```
  */
  concatMapStringsSep =
    separator: f: list:
    concatStringsSep separator (map f list);

  /**
    Like `concatMapStringsSep`, and the function gets the index too, from 1 on.

    # Type
    ```
    concatImapStringsSep :: String -> (Int -> a -> String) -> [a] -> String
    ```

    # Example
    ```nix
    lib.concatImapStringsSep "-" (i: x: toString (x / i)) [ 6 6 6 ]
    => "6-3-2"
    ```
  */
  concatImapStringsSep =
    separator: f: list:
    concatStringsSep separator (imap1 f list);

  /**
    Makes strings of the attributes of a set and joins them with a separator.

    # Type
    ```
    concatMapAttrsStringSep :: String -> (String -> a -> String) -> { <name> = a; } -> String
    ```

    # Example
    ```nix
    lib.concatMapAttrsStringSep " " (name: value: "${name}=${value}") { a = "1"; b = "2"; }
    => "a=1 b=2"
    ```
  */
  concatMapAttrsStringSep =
    separator: f: set:
    concatStringsSep separator (attrValues (mapAttrs f set));

  /**
    Joins lines and ends every one of them with a newline.

    # Type
    ```
    concatLines :: [String] -> String
    ```

    # Example
    ```nix
    lib.concatLines [ "a" "b" ]
    => "a\nb\n"
    ```
  */
  concatLines = concatMapStrings (line: line + "\n");

  /**
    Replaces every occurrence of one string by another.

    # Type
    ```
    replaceString :: String -> String -> String -> String
    ```

    # Example
    ```nix
    lib.replaceString "world" "Nix" "Hello, world!"
    => "Hello, Nix!"
    ```
  */
  replaceString = from: to: replaceStrings [ from ] [ to ];

  /**
    The string `n` times in a row.

    # Type
    ```
    replicate :: Int -> String -> String
    ```

    # Example
    ```nix
    lib.strings.replicate 3 "v"
    => "vvv"
    ```
  */
  replicate = n: text: concatStrings (genList (_: text) n);

  /**
    The string without white space at its beginning and end.

    # Type
    ```
    trim :: String -> String
    ```

    # Example
    ```nix
    lib.trim "   hello, world!   "
    => "hello, world!"
    ```
  */
  trim = text: trimEnd (trimStart text);

  /**
    Removes white space at the beginning, at the end, or both.

    # Type
    ```
    trimWith :: { start ? Bool; end ? Bool; } -> String -> String
    ```

    # Example
    ```nix
    lib.trimWith { start = true; } " hello "
    => "hello "
    ```
  */
  trimWith =
    {
      start ? false,
      end ? false,
    }:
    text:
    let
      startDone = if start then trimStart text else text;
    in
    if end then trimEnd startDone else startDone;

  /**
    The string, or an empty one if the condition is false.

    # Type
    ```
    optionalString :: Bool -> String -> String
    ```

    # Example
    ```nix
    lib.optionalString true "some"
    => "some"
    lib.optionalString false "some"
    => ""
    ```
  */
  optionalString = condition: text: if condition then text else "";

  /**
    True if the second string begins with the first.

    # Type
    ```
    hasPrefix :: String -> String -> Bool
    ```

    # Example
    ```nix
    lib.hasPrefix "foo" "foobar"
    => true
    ```
  */
  hasPrefix =
    prefix: text: noPath "hasPrefix" prefix (substring 0 (stringLength prefix) text == prefix);

  /**
    True if the second string ends with the first.

    # Type
    ```
    hasSuffix :: String -> String -> Bool
    ```

    # Example
    ```nix
    lib.hasSuffix "bar" "foobar"
    => true
    ```
  */
  hasSuffix =
    suffix: text:
    let
      before = stringLength text - stringLength suffix;
    in
    noPath "hasSuffix" suffix (before >= 0 && substring before (-1) text == suffix);

  /**
    True if the first string occurs in the second.

    # Type
    ```
    hasInfix :: String -> String -> Bool
    ```

    # Example
    ```nix
    lib.hasInfix "ob" "foobar"
    => true
    ```
  */
  hasInfix =
    infix: content:
    let
      text = "${content}";
    in
    # Taking every occurrence out is one native call and needs no escaping.
    noPath "hasInfix" infix (infix == "" || replaceStrings [ infix ] [ "" ] text != text);

  /**
    The list of the characters of a string.

    # Type
    ```
    stringToCharacters :: String -> [String]
    ```

    # Example
    ```nix
    lib.stringToCharacters "abc"
    => [ "a" "b" "c" ]
    ```
  */
  stringToCharacters = text: genList (i: substring i 1 text) (stringLength text);

  /**
    Replaces every character of a string by the result of a function.

    # Type
    ```
    stringAsChars :: (String -> String) -> String -> String
    ```

    # Example
    ```nix
    lib.stringAsChars (c: if c == "a" then "i" else c) "nax"
    => "nix"
    ```
  */
  stringAsChars = f: text: concatMapStrings f (stringToCharacters text);

  /**
    The second string with the store references of the first as well.

    # Type
    ```
    addContextFrom :: String -> String -> String
    ```

    # Example
    ```nix
    lib.addContextFrom "source" "target"
    => "target"
    ```
  */
  addContextFrom = source: target: substring 0 0 source + target;

  /**
    Splits a string at every occurrence of a separator.

    # Type
    ```
    splitString :: String -> String -> [String]
    ```

    # Example
    ```nix
    lib.splitString "." "foo.bar.baz"
    => [ "foo" "bar" "baz" ]
    lib.splitString "/" "/usr/local"
    => [ "" "usr" "local" ]
    ```
  */
  splitString =
    separator: text:
    map (addContextFrom text) (
      filter isString (split (lib.strings.escapeRegex (toString separator)) (toString text))
    );

  /**
    Splits a string where a predicate on two neighbouring characters holds.
    The second of them begins the new part, or is left out.

    # Type
    ```
    splitStringBy :: (String -> String -> Bool) -> Bool -> String -> [String]
    ```

    # Example
    ```nix
    lib.splitStringBy (before: here: here == "." || here == "-") false "foo.bar-baz"
    => [ "foo" "bar" "baz" ]
    ```
  */
  splitStringBy =
    pred: keep: text:
    let
      end = stringLength text;
      character = i: if i < 0 then "" else substring i 1 text;
      cuts = filter (i: pred (character (i - 1)) (character i)) (genList (i: i) end);
      starts = [ 0 ] ++ map (i: if keep then i else i + 1) cuts;
    in
    lib.lists.zipListsWith (from: to: substring from (to - from) text) starts (cuts ++ [ end ]);

  /**
    The string without a prefix; unchanged if it does not begin with it.

    # Type
    ```
    removePrefix :: String -> String -> String
    ```

    # Example
    ```nix
    lib.removePrefix "foo." "foo.bar"
    => "bar"
    ```
  */
  removePrefix =
    prefix: text:
    noPath "removePrefix" prefix (
      if substring 0 (stringLength prefix) text == prefix then
        substring (stringLength prefix) (-1) text
      else
        text
    );

  /**
    The string without a suffix; unchanged if it does not end with it.

    # Type
    ```
    removeSuffix :: String -> String -> String
    ```

    # Example
    ```nix
    lib.removeSuffix ".nix" "default.nix"
    => "default"
    ```
  */
  removeSuffix =
    suffix: text:
    noPath "removeSuffix" suffix (
      if hasSuffix suffix text then
        substring 0 (stringLength text - stringLength suffix) text
      else
        text
    );

  /**
    The content of a file without the newline at its end.

    # Type
    ```
    fileContents :: Path -> String
    ```

    # Example
    ```nix
    builtins.isFunction lib.fileContents
    => true
    ```
  */
  fileContents = file: removeSuffix "\n" (builtins.readFile file);
}
