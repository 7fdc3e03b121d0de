# Warnings and errors, with the value they are about.
lib:
let
  inherit (builtins) trace;
in
rec {
  /**
    Prints a warning when the value is used, and returns the value.

    # Type
    ```
    warn :: String -> a -> a
    ```

    # Example
    ```nix
    lib.warn "this is old" 1
    => 1
    ```
  */
  warn = builtins.warn or (message: value: trace "evaluation warning: ${message}" value);

  /**
    Warns if a condition holds; the value is returned either way.

    # Type
    ```
    warnIf :: Bool -> String -> a -> a
    ```

    # Example
    ```nix
    lib.warnIf false "not shown" 1
    => 1
    ```
  */
  warnIf = condition: message: if condition then warn message else x: x;

  /**
    Warns unless a condition holds; the value is returned either way.

    # Type
    ```
    warnIfNot :: Bool -> String -> a -> a
    ```

    # Example
    ```nix
    lib.warnIfNot true "not shown" 1
    => 1
    ```
  */
  warnIfNot = condition: message: if condition then x: x else warn message;

  /**
    Throws if a condition holds, and returns the value if it does not.

    # Type
    ```
    throwIf :: Bool -> String -> a -> a
    ```

    # Example
    ```nix
    lib.throwIf false "no" 1
    => 1
    ```
  */
  throwIf = condition: message: if condition then throw message else x: x;

  /**
    Throws unless a condition holds, and returns the value if it does.

    # Type
    ```
    throwIfNot :: Bool -> String -> a -> a
    ```

    # Example
    ```nix
    lib.throwIfNot true "no" 1
    => 1
    ```
  */
  throwIfNot = condition: message: if condition then x: x else throw message;

  /**
    Throws if a list has elements that are not among the allowed ones.

    # Type
    ```
    checkListOfEnum :: String -> [a] -> [a] -> b -> b
    ```

    # Example
    ```nix
    lib.checkListOfEnum "colours" [ "red" "blue" ] [ "red" ] "fine"
    => "fine"
    ```
  */
  checkListOfEnum =
    message: allowed: given:
    let
      strange = builtins.filter (x: !(builtins.elem x allowed)) given;
      list = xs: builtins.concatStringsSep ", " (map toString xs);
    in
    throwIf (strange != [ ]) "${message}: ${list strange} unexpected; valid ones: ${list allowed}";

  /**
    Prints a note when the value is used, and returns the value.

    # Type
    ```
    info :: String -> a -> a
    ```

    # Example
    ```nix
    lib.info "a note" 1
    => 1
    ```
  */
  info = message: value: trace "INFO: ${message}" value;

  /**
    Prints a list of warnings and returns the value.

    # Type
    ```
    showWarnings :: [String] -> a -> a
    ```

    # Example
    ```nix
    lib.showWarnings [ ] 1
    => 1
    ```
  */
  showWarnings = warnings: value: lib.lists.foldr warn value warnings;
}
