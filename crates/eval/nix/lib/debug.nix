# Looking at values while they are evaluated, and testing.
lib:
let
  inherit (builtins)
    attrNames
    concatMap
    deepSeq
    elem
    isAttrs
    isList
    length
    mapAttrs
    substring
    ;

  # A text that `toPretty` writes as it is, without quotes.
  plain = text: {
    __pretty = _: text;
    val = null;
  };

  # A value with what is below `depth` cut off.
  snip =
    depth: value:
    if isList value then
      if depth == 0 then plain "[…]" else map (snip (depth - 1)) value
    else if isAttrs value then
      if depth == 0 then plain "{…}" else mapAttrs (_: snip (depth - 1)) value
    else
      value;

  pretty = lib.generators.toPretty { allowPrettyValues = true; };
in
rec {
  inherit (builtins) addErrorContext trace unsafeGetAttrPos;

  /**
    Prints a message if a condition holds, and returns the value.

    # Type
    ```
    traceIf :: Bool -> String -> a -> a
    ```

    # Example
    ```nix
    lib.traceIf false "not shown" 1
    => 1
    ```
  */
  traceIf =
    condition: message: value:
    if condition then trace message value else value;

  /**
    Prints what a function makes of a value, and returns the value.

    # Type
    ```
    traceValFn :: (a -> b) -> a -> a
    ```

    # Example
    ```nix
    lib.traceValFn (n: "the number ${toString n}") 1
    => 1
    ```
  */
  traceValFn = f: value: trace (f value) value;

  /**
    Prints a value and returns it.

    # Type
    ```
    traceVal :: a -> a
    ```

    # Example
    ```nix
    lib.traceVal 1
    => 1
    ```
  */
  traceVal = value: trace value value;

  /**
    Prints a value, evaluated deeply, and returns another.

    # Type
    ```
    traceSeq :: a -> b -> b
    ```

    # Example
    ```nix
    lib.traceSeq { a = [ 1 ]; } 1
    => 1
    ```
  */
  traceSeq = shown: trace (deepSeq shown shown);

  /**
    Prints a value down to a depth, and returns another.

    # Type
    ```
    traceSeqN :: Int -> a -> b -> b
    ```

    # Example
    ```nix
    lib.traceSeqN 1 { a.b = 1; } 1
    => 1
    ```
  */
  traceSeqN = depth: shown: trace (pretty (snip depth shown));

  /**
    Prints what a function makes of a value that is evaluated deeply, and
    returns the value.

    # Type
    ```
    traceValSeqFn :: (a -> b) -> a -> a
    ```

    # Example
    ```nix
    lib.traceValSeqFn (set: set.a) { a = 1; }
    => { a = 1; }
    ```
  */
  traceValSeqFn = f: value: traceValFn f (deepSeq value value);

  /**
    Prints a value, evaluated deeply, and returns it.

    # Type
    ```
    traceValSeq :: a -> a
    ```

    # Example
    ```nix
    lib.traceValSeq [ 1 ]
    => [ 1 ]
    ```
  */
  traceValSeq = value: traceSeq value value;

  /**
    Prints what a function makes of a value, down to a depth, and returns the
    value.

    # Type
    ```
    traceValSeqNFn :: (a -> b) -> Int -> a -> a
    ```

    # Example
    ```nix
    lib.traceValSeqNFn (set: set.a) 1 { a = 1; }
    => { a = 1; }
    ```
  */
  traceValSeqNFn =
    f: depth: value:
    traceSeqN depth (f value) value;

  /**
    Prints a value down to a depth, and returns it.

    # Type
    ```
    traceValSeqN :: Int -> a -> a
    ```

    # Example
    ```nix
    lib.traceValSeqN 1 [ 1 ]
    => [ 1 ]
    ```
  */
  traceValSeqN = traceValSeqNFn (value: value);

  /**
    Prints the argument and the result of a call, down to a depth, and returns
    the result.

    # Type
    ```
    traceFnSeqN :: Int -> String -> (a -> b) -> a -> b
    ```

    # Example
    ```nix
    lib.traceFnSeqN 1 "double" (n: 2 * n) 2
    => 4
    ```
  */
  traceFnSeqN =
    depth: name: f: argument:
    let
      result = f argument;
    in
    traceSeqN (depth + 1) {
      fn = name;
      from = argument;
      to = result;
    } result;

  /**
    Runs the tests of a set, which are those whose names begin with `test` or
    that the list `tests` names, and returns those that fail.

    # Type
    ```
    runTests :: { <name> = { expr :: any; expected :: any; }; } -> [{ name :: String; expected :: any; result :: any; }]
    ```

    # Example
    ```nix
    lib.runTests { testGood = { expr = 1; expected = 1; }; testBad = { expr = 1; expected = 2; }; }
    => [ { expected = 2; name = "testBad"; result = 1; } ]
    ```
  */
  runTests =
    tests:
    let
      chosen = tests.tests or [ ];
      isTest = name: if chosen == [ ] then substring 0 4 name == "test" else elem name chosen;
      run =
        name:
        let
          test = tests.${name};
        in
        if isTest name && test.expr != test.expected then
          [
            {
              inherit name;
              inherit (test) expected;
              result = test.expr;
            }
          ]
        else
          [ ];
    in
    concatMap run (attrNames tests);

  /**
    Null if there are no failures; otherwise prints them and throws.

    # Type
    ```
    throwTestFailures :: { failures :: [AttrSet]; description ? String; ... } -> null
    ```

    # Example
    ```nix
    lib.debug.throwTestFailures { failures = [ ]; }
    => null
    ```
  */
  throwTestFailures =
    {
      failures,
      description ? "tests",
      ...
    }:
    let
      show = value: builtins.unsafeDiscardStringContext (pretty value);
      report = failure: ''
        FAIL ${show failure.name}:
        Expected:
        ${show failure.expected}

        Result:
        ${show failure.result}
      '';
      reports = builtins.foldl' (_: failure: traceVal (report failure)) null failures;
      names = lib.strings.concatMapStringsSep "\n- " (failure: failure.name) failures;
    in
    if failures == [ ] then
      null
    else
      throw (
        builtins.seq reports "${toString (length failures)} ${description} failed:\n- ${names}\n\n${builtins.toJSON failures}"
      );

  /**
    A test that wants every element of a list to be true.

    # Type
    ```
    testAllTrue :: [Bool] -> { expr :: [Bool]; expected :: [Bool]; }
    ```

    # Example
    ```nix
    lib.testAllTrue [ true false ]
    => { expected = [ true true ]; expr = [ true false ]; }
    ```
  */
  testAllTrue = expr: {
    inherit expr;
    expected = map (_: true) expr;
  };
}
