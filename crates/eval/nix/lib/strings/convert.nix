# Strings and other values: case, numbers, and what may become a string.
lib:
let
  inherit (builtins)
    all
    concatMap
    concatStringsSep
    elem
    filter
    fromJSON
    head
    isInt
    isList
    isPath
    isString
    match
    replaceStrings
    split
    stringLength
    substring
    tail
    typeOf
    ;

  inherit (lib.strings)
    addContextFrom
    escapeNixString
    replicate
    splitStringBy
    stringToCharacters
    ;

  # The integer that `digits` stand for; too large a number parses as a float.
  parseDigits =
    function: text: digits:
    let
      number = fromJSON digits;
    in
    if isInt number then number else throw "${function}: Could not convert ${escapeNixString text} to int.";

  isLower = c: match "[a-z]" c != null;
  isUpper = c: match "[A-Z]" c != null;

  onlyString =
    function: value: result:
    if isString value then
      result
    else
      throw "${function} only accepts strings, but got a value of type ${typeOf value}";
in
rec {
  /**
    The small letters of ASCII.

    # Type
    ```
    lowerChars :: [String]
    ```

    # Example
    ```nix
    builtins.head lib.lowerChars
    => "a"
    ```
  */
  lowerChars = stringToCharacters "abcdefghijklmnopqrstuvwxyz";

  /**
    The capital letters of ASCII.

    # Type
    ```
    upperChars :: [String]
    ```

    # Example
    ```nix
    builtins.head lib.upperChars
    => "A"
    ```
  */
  upperChars = stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

  /**
    Makes capital letters small; ASCII only.

    # Type
    ```
    toLower :: String -> String
    ```

    # Example
    ```nix
    lib.toLower "HOME"
    => "home"
    ```
  */
  toLower = replaceStrings upperChars lowerChars;

  /**
    Makes small letters capital; ASCII only.

    # Type
    ```
    toUpper :: String -> String
    ```

    # Example
    ```nix
    lib.toUpper "home"
    => "HOME"
    ```
  */
  toUpper = replaceStrings lowerChars upperChars;

  /**
    Makes the first letter capital and all others small.

    # Type
    ```
    toSentenceCase :: String -> String
    ```

    # Example
    ```nix
    lib.toSentenceCase "hello WORLD"
    => "Hello world"
    ```
  */
  toSentenceCase =
    text:
    onlyString "toSentenceCase" text (
      toUpper (substring 0 1 text) + toLower (substring 1 (-1) text)
    );

  /**
    Joins the words of a name in camel case. Words end at dashes, underscores,
    spaces and before a capital letter.

    # Type
    ```
    toCamelCase :: String -> String
    ```

    # Example
    ```nix
    lib.toCamelCase "hello-world_again"
    => "helloWorldAgain"
    ```
  */
  toCamelCase =
    text:
    onlyString "toCamelCase" text (
      let
        separated = filter isString (split "[-_ ]" text);
        words = concatMap (splitStringBy (before: here: isLower before && isUpper here) true) separated;
        name = toLower (head words) + concatStringsSep "" (map toSentenceCase (tail words));
      in
      addContextFrom text name
    );

  /**
    Reads a decimal integer; white space around it is allowed, leading zeros
    are not, since some would read them as octal.

    # Type
    ```
    toInt :: String -> Int
    ```

    # Example
    ```nix
    lib.toInt "1337"
    => 1337
    lib.toInt "  -4 "
    => -4
    ```
  */
  toInt =
    text:
    let
      found = match "[[:space:]]*(-?[[:digit:]]+)[[:space:]]*" text;
    in
    if found == null then
      throw "toInt: Could not convert ${escapeNixString text} to int."
    else if match "0[[:digit:]]+" (head found) != null then
      throw "toInt: ${escapeNixString text} has leading zeros, which may mean an octal number; see toIntBase10."
    else
      parseDigits "toInt" text (head found);

  /**
    Reads a decimal integer; leading zeros are allowed.

    # Type
    ```
    toIntBase10 :: String -> Int
    ```

    # Example
    ```nix
    lib.toIntBase10 "0042"
    => 42
    ```
  */
  toIntBase10 =
    text:
    let
      found = match "[[:space:]]*0*(-?[1-9][[:digit:]]*|-?0)[[:space:]]*" text;
    in
    if found == null then
      throw "toIntBase10: Could not convert ${escapeNixString text} to int."
    else
      parseDigits "toIntBase10" text (head found);

  /**
    Writes a float, and warns if the text does not read back as the same.

    # Type
    ```
    floatToString :: Float -> String
    ```

    # Example
    ```nix
    lib.strings.floatToString 0.5
    => "0.500000"
    ```
  */
  floatToString =
    float:
    let
      text = toString float;
    in
    lib.trivial.warnIf (
      fromJSON text != float
    ) "Imprecise conversion from float to string ${text}" text;

  /**
    Fills a string up on the left to a fixed width.

    # Type
    ```
    fixedWidthString :: Int -> String -> String -> String
    ```

    # Example
    ```nix
    lib.fixedWidthString 5 "0" "15"
    => "00015"
    ```
  */
  fixedWidthString =
    width: filler: text:
    let
      missing = width - stringLength text;
      times = if missing == 0 then 0 else missing / stringLength filler;
    in
    assert lib.asserts.assertMsg (
      missing >= 0 && times * stringLength filler == missing
    ) "fixedWidthString: cannot bring ${toString (stringLength text)} characters to a width of ${toString width}";
    replicate times filler + text;

  /**
    Writes a number with zeros on the left, to a fixed width.

    # Type
    ```
    fixedWidthNumber :: Int -> Int -> String
    ```

    # Example
    ```nix
    lib.fixedWidthNumber 5 15
    => "00015"
    ```
  */
  fixedWidthNumber = width: number: fixedWidthString width "0" (toString number);

  /**
    True for what can stand where a string is expected: strings, paths, and
    sets that say how to become one.

    # Type
    ```
    isStringLike :: any -> Bool
    ```

    # Example
    ```nix
    lib.isStringLike { outPath = "/foo"; }
    => true
    lib.isStringLike 1
    => false
    ```
  */
  isStringLike = value: isString value || isPath value || value ? outPath || value ? __toString;

  /**
    True for what `toString` accepts.

    # Type
    ```
    isConvertibleWithToString :: any -> Bool
    ```

    # Example
    ```nix
    lib.strings.isConvertibleWithToString [ 1 "a" null ]
    => true
    lib.strings.isConvertibleWithToString { }
    => false
    ```
  */
  isConvertibleWithToString =
    value:
    if isList value then
      all isConvertibleWithToString value
    else
      isStringLike value
      || elem (typeOf value) [
        "bool"
        "float"
        "int"
        "null"
      ];
}
