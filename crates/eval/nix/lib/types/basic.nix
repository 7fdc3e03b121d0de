# Types without structure: anything goes, booleans and numbers.
lib:
let
  inherit (builtins)
    any
    head
    isAttrs
    isBool
    isFloat
    isInt
    toJSON
    typeOf
    ;

  inherit (lib.options)
    getFiles
    getValues
    mergeEqualOption
    mergeOneOption
    showFiles
    showOption
    ;

  inherit (lib.types) addCheck attrsOf mkOptionType;

  between = show: low: high: "${show low} and ${show high} (both inclusive)";

  ordered =
    function: low: high: type:
    assert lib.asserts.assertMsg (low <= high) "${function}: lowest must be smaller than highest";
    type;
in
rec {
  /**
    Any value, which is not looked at. Only one definition is allowed.

    # Type
    ```
    raw :: OptionType
    ```

    # Example
    ```nix
    lib.types.raw.check null
    => true
    ```
  */
  raw = mkOptionType {
    name = "raw";
    description = "raw value";
    descriptionClass = "noun";
    check = _: true;
    merge = mergeOneOption;
  };

  /**
    Any value. Sets and the results of functions are merged deeply, other
    definitions must be equal.

    # Type
    ```
    anything :: OptionType
    ```

    # Example
    ```nix
    lib.types.anything.merge [ ] [ { file = "f"; value.a = 1; } { file = "g"; value.b = 2; } ]
    => { a = 1; b = 2; }
    ```
  */
  anything = mkOptionType {
    name = "anything";
    description = "anything";
    descriptionClass = "noun";
    check = _: true;
    merge =
      loc: defs:
      let
        # A package is a set, but nothing that could be merged.
        kind =
          value: if isAttrs value && lib.strings.isStringLike value then "stringLikeSet" else typeOf value;
        common = kind (head defs).value;
        mergeFunctions =
          loc: defs: argument:
          anything.merge (loc ++ [ "<function body>" ]) (
            map (def: {
              inherit (def) file;
              value = def.value argument;
            }) defs
          );
        mergers = {
          set = (attrsOf anything).merge;
          stringLikeSet = mergeOneOption;
          lambda = mergeFunctions;
        };
      in
      if any (def: kind def.value != common) defs then
        throw "The option `${showOption loc}' has conflicting option types in ${showFiles (getFiles defs)}"
      else
        (mergers.${common} or mergeEqualOption) loc defs;
  };

  /**
    The type of an option that names none: any value, merged by what it is.

    # Type
    ```
    unspecified :: OptionType
    ```

    # Example
    ```nix
    lib.types.unspecified.merge [ ] [ { file = "f"; value = [ 1 ]; } { file = "g"; value = [ 2 ]; } ]
    => [ 1 2 ]
    ```
  */
  unspecified = mkOptionType {
    name = "unspecified";
    description = "unspecified value";
    descriptionClass = "noun";
  };

  /**
    A boolean. Definitions must agree.

    # Type
    ```
    bool :: OptionType
    ```

    # Example
    ```nix
    lib.types.bool.check true
    => true
    lib.types.bool.check "true"
    => false
    ```
  */
  bool = mkOptionType {
    name = "bool";
    description = "boolean";
    descriptionClass = "noun";
    check = isBool;
    merge = mergeEqualOption;
  };

  /**
    A boolean that is true if any definition is.

    # Type
    ```
    boolByOr :: OptionType
    ```

    # Example
    ```nix
    lib.types.boolByOr.merge [ ] [ { file = "f"; value = false; } { file = "g"; value = true; } ]
    => true
    ```
  */
  boolByOr = mkOptionType {
    name = "boolByOr";
    description = "boolean (merged using or)";
    descriptionClass = "noun";
    check = isBool;
    merge = _: defs: any (value: value) (getValues defs);
  };

  /**
    An integer. Definitions must agree.

    # Type
    ```
    int :: OptionType
    ```

    # Example
    ```nix
    lib.types.int.check 1
    => true
    lib.types.int.check 1.5
    => false
    ```
  */
  int = mkOptionType {
    name = "int";
    description = "signed integer";
    descriptionClass = "noun";
    check = isInt;
    merge = mergeEqualOption;
  };

  /** Types of integers in a range. */
  ints =
    let
      inRange =
        name: description: low: high:
        addCheck int (i: low <= i && i <= high) // {
          inherit name description;
        };

      # Machine integers: `values` is how many there are.
      unsignedOf =
        bits: values:
        inRange "unsignedInt${bits}"
          "${bits} bit unsigned integer; between ${between toString 0 (values - 1)}"
          0
          (values - 1);
      signedOf =
        bits: values:
        let
          half = values / 2;
        in
        inRange "signedInt${bits}"
          "${bits} bit signed integer; between ${between toString (-half) (half - 1)}"
          (-half)
          (half - 1);
    in
    {
      /**
        An integer in a range, both ends included.

        # Type
        ```
        between :: Int -> Int -> OptionType
        ```

        # Example
        ```nix
        (lib.types.ints.between 1 10).check 11
        => false
        ```
      */
      between =
        low: high:
        ordered "ints.between" low high (
          inRange "intBetween" "integer between ${between toString low high}" low high
        );

      /**
        An integer that is not negative.

        # Type
        ```
        unsigned :: OptionType
        ```

        # Example
        ```nix
        lib.types.ints.unsigned.check (-1)
        => false
        ```
      */
      unsigned = addCheck int (i: i >= 0) // {
        name = "unsignedInt";
        description = "unsigned integer, meaning >=0";
        descriptionClass = "nonRestrictiveClause";
      };

      /**
        An integer greater than zero.

        # Type
        ```
        positive :: OptionType
        ```

        # Example
        ```nix
        lib.types.ints.positive.check 0
        => false
        ```
      */
      positive = addCheck int (i: i > 0) // {
        name = "positiveInt";
        description = "positive integer, meaning >0";
        descriptionClass = "nonRestrictiveClause";
      };

      /** An integer of 8 bits without sign. */
      u8 = unsignedOf "8" 256;

      /** An integer of 16 bits without sign. */
      u16 = unsignedOf "16" 65536;

      /** An integer of 32 bits without sign. */
      u32 = unsignedOf "32" 4294967296;

      /** An integer of 8 bits with sign. */
      s8 = signedOf "8" 256;

      /** An integer of 16 bits with sign. */
      s16 = signedOf "16" 65536;

      /** An integer of 32 bits with sign. */
      s32 = signedOf "32" 4294967296;
    };

  /**
    The number of a port: an integer of 16 bits.

    # Type
    ```
    port :: OptionType
    ```

    # Example
    ```nix
    lib.types.port.check 443
    => true
    lib.types.port.check 70000
    => false
    ```
  */
  port = ints.u16;

  /**
    A floating point number. Definitions must agree.

    # Type
    ```
    float :: OptionType
    ```

    # Example
    ```nix
    lib.types.float.check 1.5
    => true
    ```
  */
  float = mkOptionType {
    name = "float";
    description = "floating point number";
    descriptionClass = "noun";
    check = isFloat;
    merge = mergeEqualOption;
  };

  /**
    An integer or a floating point number.

    # Type
    ```
    number :: OptionType
    ```

    # Example
    ```nix
    lib.types.number.check 1.5
    => true
    ```
  */
  number = lib.types.either int float;

  /** Types of numbers in a range, integers or not. */
  numbers = {
    /**
      A number in a range, both ends included.

      # Type
      ```
      between :: Number -> Number -> OptionType
      ```

      # Example
      ```nix
      (lib.types.numbers.between 0 1).check 0.5
      => true
      ```
    */
    between =
      low: high:
      ordered "numbers.between" low high (
        addCheck number (n: low <= n && n <= high)
        // {
          name = "numberBetween";
          description = "integer or floating point number between ${between toJSON low high}";
        }
      );

    /**
      A number that is not negative.

      # Type
      ```
      nonnegative :: OptionType
      ```

      # Example
      ```nix
      lib.types.numbers.nonnegative.check 0.0
      => true
      ```
    */
    nonnegative = addCheck number (n: n >= 0) // {
      name = "numberNonnegative";
      description = "nonnegative integer or floating point number, meaning >=0";
      descriptionClass = "nonRestrictiveClause";
    };

    /**
      A number greater than zero.

      # Type
      ```
      positive :: OptionType
      ```

      # Example
      ```nix
      lib.types.numbers.positive.check 0.1
      => true
      ```
    */
    positive = addCheck number (n: n > 0) // {
      name = "numberPositive";
      description = "positive integer or floating point number, meaning >0";
      descriptionClass = "nonRestrictiveClause";
    };
  };
}
