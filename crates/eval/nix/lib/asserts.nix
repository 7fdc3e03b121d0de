# Assertions that say what is wrong.
lib:
let
  inherit (builtins) all elem filter;
  show = lib.generators.toPretty { };
in
rec {
  /**
    True, or throws a message; for use with `assert`.

    # Type
    ```
    assertMsg :: Bool -> String -> Bool
    ```

    # Example
    ```nix
    lib.assertMsg true "never shown"
    => true
    ```
  */
  assertMsg = condition: message: condition || throw message;

  /**
    True if a value is one of a list, and throws otherwise.

    # Type
    ```
    assertOneOf :: String -> a -> [a] -> Bool
    ```

    # Example
    ```nix
    lib.assertOneOf "colour" "red" [ "red" "blue" ]
    => true
    ```
  */
  assertOneOf =
    name: value: allowed:
    assertMsg (elem value allowed) "${name} must be one of ${show allowed}, but is: ${show value}";

  /**
    True if all values are of a list, and throws otherwise.

    # Type
    ```
    assertEachOneOf :: String -> [a] -> [a] -> Bool
    ```

    # Example
    ```nix
    lib.asserts.assertEachOneOf "colours" [ "red" ] [ "red" "blue" ]
    => true
    ```
  */
  assertEachOneOf =
    name: values: allowed:
    assertMsg (all (
      value: elem value allowed
    ) values) "each element in ${name} must be one of ${show allowed}, but is: ${show values}";

  /**
    Returns a value if all assertions hold, and prints the warnings; the lists
    are as in the options `assertions` and `warnings` of NixOS.

    # Type
    ```
    checkAssertWarn :: [{ assertion :: Bool; message :: String; }] -> [String] -> a -> a
    ```

    # Example
    ```nix
    lib.asserts.checkAssertWarn [ { assertion = true; message = "never shown"; } ] [ ] 1
    => 1
    ```
  */
  checkAssertWarn =
    assertions: warnings: value:
    let
      failed = filter (a: !a.assertion) assertions;
    in
    if failed == [ ] then
      lib.trivial.showWarnings warnings value
    else
      throw "\nFailed assertions:\n${lib.strings.concatMapStringsSep "\n" (a: "- ${a.message}") failed}";
}
