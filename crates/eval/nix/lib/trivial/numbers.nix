# Integers and their order.
lib:
let
  inherit (builtins) div elemAt fromTOML;

  # Digits of `i` in `base`, most significant first, in front of `done`.
  digitsBefore =
    base: done: i:
    if i < base then
      [ i ] ++ done
    else
      digitsBefore base ([ (i - base * (div i base)) ] ++ done) (div i base);

  hexDigit = d: builtins.substring d 1 "0123456789ABCDEF";
in
rec {
  /**
    Flips every bit of an integer.

    # Type
    ```
    bitNot :: Int -> Int
    ```

    # Example
    ```nix
    lib.bitNot 5
    => -6
    ```
  */
  bitNot = i: (-1) - i;

  /**
    The smaller of two values.

    # Type
    ```
    min :: a -> a -> a
    ```

    # Example
    ```nix
    lib.min 3 2
    => 2
    ```
  */
  min = left: right: if left < right then left else right;

  /**
    The larger of two values.

    # Type
    ```
    max :: a -> a -> a
    ```

    # Example
    ```nix
    lib.max 3 2
    => 3
    ```
  */
  max = left: right: if left > right then left else right;

  /**
    The remainder of an integer division; it has the sign of the first number.

    # Type
    ```
    mod :: Int -> Int -> Int
    ```

    # Example
    ```nix
    lib.mod 11 4
    => 3
    lib.mod (-11) 4
    => -3
    ```
  */
  mod = dividend: divisor: dividend - divisor * (div dividend divisor);

  /**
    Orders two values: -1, 0 or 1.

    # Type
    ```
    compare :: a -> a -> Int
    ```

    # Example
    ```nix
    lib.compare "a" "b"
    => -1
    ```
  */
  compare =
    left: right:
    if left < right then
      -1
    else if left > right then
      1
    else
      0;

  /**
    Orders values so that those with a property come first. Two values on the
    same side are compared by the function for that side.

    # Type
    ```
    splitByAndCompare :: (a -> Bool) -> (a -> a -> Int) -> (a -> a -> Int) -> a -> a -> Int
    ```

    # Example
    ```nix
    lib.splitByAndCompare (lib.hasPrefix "x") lib.compare lib.compare "xa" "b"
    => -1
    lib.splitByAndCompare (lib.hasPrefix "x") lib.compare lib.compare "b" "a"
    => 1
    ```
  */
  splitByAndCompare =
    first: inFirst: inRest: left: right:
    if first left then
      (if first right then inFirst left right else -1)
    else if first right then
      1
    else
      inRest left right;

  /**
    Reads a hexadecimal number, with or without `0x`.

    # Type
    ```
    fromHexString :: String -> Int
    ```

    # Example
    ```nix
    lib.fromHexString "0xff"
    => 255
    ```
  */
  fromHexString =
    text:
    let
      digits = builtins.match "(0[xX])?([0-9a-fA-F]+)" text;
    in
    if digits == null then
      throw "fromHexString: ${text} is not a hexadecimal number"
    else
      (fromTOML "n = 0x${elemAt digits 1}").n;

  /**
    Writes a number in hexadecimal, with capital letters.

    # Type
    ```
    toHexString :: Int -> String
    ```

    # Example
    ```nix
    lib.toHexString 250
    => "FA"
    ```
  */
  toHexString = i: builtins.concatStringsSep "" (map hexDigit (toBaseDigits 16 i));

  /**
    The digits of a number in a base, most significant first.

    # Type
    ```
    toBaseDigits :: Int -> Int -> [Int]
    ```

    # Example
    ```nix
    lib.toBaseDigits 2 6
    => [ 1 1 0 ]
    ```
  */
  toBaseDigits =
    base: i:
    assert builtins.isInt base && base >= 2;
    assert builtins.isInt i && i >= 0;
    digitsBefore base [ ] i;
}
