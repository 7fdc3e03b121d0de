# References to flakes.
lib: {
  /**
    Reads a flake reference into a set.

    # Type
    ```
    parseFlakeRef :: String -> AttrSet
    ```

    # Example
    ```nix
    lib ? parseFlakeRef
    => true
    ```
  */
  parseFlakeRef =
    builtins.parseFlakeRef or (_: throw "lib.parseFlakeRef needs Nix 2.19 or newer");

  /**
    Writes a flake reference that is a set.

    # Type
    ```
    flakeRefToString :: AttrSet -> String
    ```

    # Example
    ```nix
    lib ? flakeRefToString
    => true
    ```
  */
  flakeRefToString =
    builtins.flakeRefToString or (_: throw "lib.flakeRefToString needs Nix 2.19 or newer");
}
