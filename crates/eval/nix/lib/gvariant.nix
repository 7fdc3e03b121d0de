# Values of GVariant, the types of GNOME's settings. A value is a set that
# knows its type and how to write itself.
lib:
let
  inherit (builtins)
    all
    filter
    head
    isAttrs
    isBool
    isFloat
    isInt
    isList
    isString
    typeOf
    ;

  inherit (lib.strings) concatMapStringsSep escape;

  # Written as "@type value", unless `show` says otherwise.
  make = type: value: show: {
    _type = "gvariant";
    inherit type value;
    __toString = show;
  };

  tagged = self: "@${self.type} ${toString self.value}";
  bare = self: toString self.value;
  commas = concatMapStringsSep "," toString;
in
rec {
  /** The names of the types, and of the types made of others. */
  type = {
    boolean = "b";
    double = "d";
    int16 = "n";
    int32 = "i";
    int64 = "x";
    string = "s";
    uchar = "y";
    uint16 = "q";
    uint32 = "u";
    uint64 = "t";
    variant = "v";
    /**
      The type of arrays.

      # Type
      ```
      arrayOf :: String -> String
      ```

      # Example
      ```nix
      lib.gvariant.type.arrayOf "s"
      => "as"
      ```
    */
    arrayOf = element: "a${element}";
    /**
      The type of a dictionary's entry.

      # Type
      ```
      dictionaryEntryOf :: String -> String -> String
      ```

      # Example
      ```nix
      lib.gvariant.type.dictionaryEntryOf "s" "i"
      => "{si}"
      ```
    */
    dictionaryEntryOf = name: value: "{${name}${value}}";
    /**
      The type of a value that may be missing.

      # Type
      ```
      maybeOf :: String -> String
      ```

      # Example
      ```nix
      lib.gvariant.type.maybeOf "s"
      => "ms"
      ```
    */
    maybeOf = element: "m${element}";
    /**
      The type of tuples.

      # Type
      ```
      tupleOf :: [String] -> String
      ```

      # Example
      ```nix
      lib.gvariant.type.tupleOf [ "s" "i" ]
      => "(si)"
      ```
    */
    tupleOf = elements: "(${builtins.concatStringsSep "" elements})";
  };

  /**
    The functions that make integers, with the ranges of their types.

    # Type
    ```
    intConstructors :: [{ name :: String; type :: String; min :: (Int | null); max :: (Int | null); }]
    ```

    # Example
    ```nix
    (builtins.head lib.gvariant.intConstructors).name
    => "mkInt32"
    ```
  */
  intConstructors =
    let
      integer = name: type: min: max: {
        inherit
          name
          type
          min
          max
          ;
      };
    in
    [
      (integer "mkInt32" type.int32 (-2147483648) 2147483647)
      (integer "mkUint32" type.uint32 0 4294967295)
      (integer "mkInt64" type.int64 null null)
      (integer "mkUint64" type.uint64 0 null)
      (integer "mkInt16" type.int16 (-32768) 32767)
      (integer "mkUint16" type.uint16 0 65535)
      (integer "mkUchar" type.uchar 0 255)
    ];

  /**
    True for a value of GVariant.

    # Type
    ```
    isGVariant :: any -> Bool
    ```

    # Example
    ```nix
    lib.gvariant.isGVariant (lib.gvariant.mkString "a")
    => true
    ```
  */
  isGVariant = value: value._type or "" == "gvariant";

  /**
    The value of GVariant for a Nix value whose type is clear. Integers need
    one of the functions for them, since there are many types.

    # Type
    ```
    mkValue :: any -> GVariant
    ```

    # Example
    ```nix
    toString (lib.gvariant.mkValue [ "a" "b" ])
    => "@as ['a','b']"
    ```
  */
  mkValue =
    value:
    let
      fits = { min, max, ... }: (min == null || min <= value) && (max == null || value <= max);
      choices = concatMapStringsSep "\n" ({ name, type, ... }: "- `lib.gvariant.${name}` for `${type}`") (
        filter fits intConstructors
      );
    in
    if isGVariant value then
      value
    else if isBool value then
      mkBoolean value
    else if isFloat value then
      mkDouble value
    else if isString value then
      mkString value
    else if isList value then
      mkArray value
    else if isInt value then
      throw "The GVariant type of the number ${toString value} is unclear; use one of\n${choices}"
    else if isAttrs value then
      throw "An attribute set is no GVariant value; a dictionary is an array of `lib.gvariant.mkDictionaryEntry`."
    else
      throw "There is no GVariant type for a value of type ${typeOf value}.";

  /**
    An array with at least one element; all have the same type.

    # Type
    ```
    mkArray :: [any] -> GVariant
    ```

    # Example
    ```nix
    toString (lib.gvariant.mkArray [ true false ])
    => "@ab [true,false]"
    ```
  */
  mkArray =
    elements:
    let
      values = map mkValue elements;
      element = (head values).type;
    in
    if elements == [ ] then
      throw "Please create empty array with mkEmptyArray."
    else if !(all (value: value.type == element) values) then
      throw "Elements in a list should have same type."
    else
      make (type.arrayOf element) values (self: "@${self.type} [${commas self.value}]");

  /**
    An array without elements, for which the type must be given.

    # Type
    ```
    mkEmptyArray :: String -> GVariant
    ```

    # Example
    ```nix
    toString (lib.gvariant.mkEmptyArray lib.gvariant.type.string)
    => "@as []"
    ```
  */
  mkEmptyArray = element: make (type.arrayOf element) [ ] (self: "@${self.type} []");

  /**
    A value in a box that hides its type.

    # Type
    ```
    mkVariant :: any -> GVariant
    ```

    # Example
    ```nix
    toString (lib.gvariant.mkVariant "a")
    => "<'a'>"
    ```
  */
  mkVariant = value: make type.variant (mkValue value) (self: "<${toString self.value}>");

  /**
    One entry of a dictionary.

    # Type
    ```
    mkDictionaryEntry :: any -> any -> GVariant
    ```

    # Example
    ```nix
    toString (lib.gvariant.mkDictionaryEntry "a" true)
    => "@{sb} {'a',true}"
    ```
  */
  mkDictionaryEntry =
    name: value:
    let
      key = mkValue name;
      content = mkValue value;
    in
    make (type.dictionaryEntryOf key.type content.type) { inherit name value; } (
      self: "@${self.type} {${key},${content}}"
    );

  /**
    A value that may be missing, which is null.

    # Type
    ```
    mkMaybe :: String -> (GVariant | null) -> GVariant
    ```

    # Example
    ```nix
    toString (lib.gvariant.mkMaybe "s" null)
    => "@ms nothing"
    ```
  */
  mkMaybe =
    element: value:
    make (type.maybeOf element) value (
      self: if self.value == null then "@${self.type} nothing" else "just ${toString self.value}"
    );

  /**
    The missing value of a type.

    # Type
    ```
    mkNothing :: String -> GVariant
    ```

    # Example
    ```nix
    toString (lib.gvariant.mkNothing "s")
    => "@ms nothing"
    ```
  */
  mkNothing = element: mkMaybe element null;

  /**
    A value that could be missing and is not.

    # Type
    ```
    mkJust :: any -> GVariant
    ```

    # Example
    ```nix
    toString (lib.gvariant.mkJust "a")
    => "just 'a'"
    ```
  */
  mkJust =
    value:
    let
      inner = mkValue value;
    in
    mkMaybe inner.type inner;

  /**
    A tuple; every element has its own type.

    # Type
    ```
    mkTuple :: [any] -> GVariant
    ```

    # Example
    ```nix
    toString (lib.gvariant.mkTuple [ "a" true ])
    => "@(sb) ('a',true)"
    ```
  */
  mkTuple =
    elements:
    let
      values = map mkValue elements;
    in
    make (type.tupleOf (map (value: value.type) values)) values (
      self: "@${self.type} (${commas self.value})"
    );

  /**
    A boolean.

    # Type
    ```
    mkBoolean :: Bool -> GVariant
    ```

    # Example
    ```nix
    toString (lib.gvariant.mkBoolean true)
    => "true"
    ```
  */
  mkBoolean = value: make type.boolean value (self: lib.trivial.boolToString self.value);

  /**
    A string.

    # Type
    ```
    mkString :: String -> GVariant
    ```

    # Example
    ```nix
    toString (lib.gvariant.mkString "it's")
    => "'it\\'s'"
    ```
  */
  mkString =
    value:
    let
      quote =
        text:
        "'${
          builtins.replaceStrings
            [
              "\n"
              "'"
              "\\"
            ]
            [
              "\\n"
              "\\'"
              "\\\\"
            ]
            text
        }'";
    in
    make type.string value (self: quote self.value);

  /**
    The path of an object.

    # Type
    ```
    mkObjectpath :: String -> GVariant
    ```

    # Example
    ```nix
    toString (lib.gvariant.mkObjectpath "/a/b")
    => "objectpath '/a/b'"
    ```
  */
  mkObjectpath = value: make type.string value (self: "objectpath '${escape [ "'" ] self.value}'");

  /**
    An integer of 8 bits without sign.

    # Type
    ```
    mkUchar :: Int -> GVariant
    ```

    # Example
    ```nix
    toString (lib.gvariant.mkUchar 1)
    => "@y 1"
    ```
  */
  mkUchar = value: make type.uchar value tagged;

  /**
    An integer of 16 bits with sign.

    # Type
    ```
    mkInt16 :: Int -> GVariant
    ```

    # Example
    ```nix
    toString (lib.gvariant.mkInt16 1)
    => "@n 1"
    ```
  */
  mkInt16 = value: make type.int16 value tagged;

  /**
    An integer of 16 bits without sign.

    # Type
    ```
    mkUint16 :: Int -> GVariant
    ```

    # Example
    ```nix
    toString (lib.gvariant.mkUint16 1)
    => "@q 1"
    ```
  */
  mkUint16 = value: make type.uint16 value tagged;

  /**
    An integer of 32 bits with sign, the one that is written without its type.

    # Type
    ```
    mkInt32 :: Int -> GVariant
    ```

    # Example
    ```nix
    toString (lib.gvariant.mkInt32 1)
    => "1"
    ```
  */
  mkInt32 = value: make type.int32 value bare;

  /**
    An integer of 32 bits without sign.

    # Type
    ```
    mkUint32 :: Int -> GVariant
    ```

    # Example
    ```nix
    toString (lib.gvariant.mkUint32 1)
    => "@u 1"
    ```
  */
  mkUint32 = value: make type.uint32 value tagged;

  /**
    An integer of 64 bits with sign.

    # Type
    ```
    mkInt64 :: Int -> GVariant
    ```

    # Example
    ```nix
    toString (lib.gvariant.mkInt64 1)
    => "@x 1"
    ```
  */
  mkInt64 = value: make type.int64 value tagged;

  /**
    An integer of 64 bits without sign.

    # Type
    ```
    mkUint64 :: Int -> GVariant
    ```

    # Example
    ```nix
    toString (lib.gvariant.mkUint64 1)
    => "@t 1"
    ```
  */
  mkUint64 = value: make type.uint64 value tagged;

  /**
    A floating point number.

    # Type
    ```
    mkDouble :: Float -> GVariant
    ```

    # Example
    ```nix
    toString (lib.gvariant.mkDouble 0.5)
    => "0.500000"
    ```
  */
  mkDouble = value: make type.double value bare;
}
