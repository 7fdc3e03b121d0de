# Version numbers and their parts.
lib:
let
  inherit (builtins) concatStringsSep elemAt genList;
  inherit (lib.lists) take;
in
{
  inherit (builtins) compareVersions splitVersion;

  /**
    The first part of a version.

    # Type
    ```
    major :: String -> String
    ```

    # Example
    ```nix
    lib.versions.major "1.2.3"
    => "1"
    ```
  */
  major = version: elemAt (builtins.splitVersion version) 0;

  /**
    The second part of a version.

    # Type
    ```
    minor :: String -> String
    ```

    # Example
    ```nix
    lib.versions.minor "1.2.3"
    => "2"
    ```
  */
  minor = version: elemAt (builtins.splitVersion version) 1;

  /**
    The third part of a version.

    # Type
    ```
    patch :: String -> String
    ```

    # Example
    ```nix
    lib.versions.patch "1.2.3"
    => "3"
    ```
  */
  patch = version: elemAt (builtins.splitVersion version) 2;

  /**
    The first two parts of a version.

    # Type
    ```
    majorMinor :: String -> String
    ```

    # Example
    ```nix
    lib.versions.majorMinor "1.2.3"
    => "1.2"
    ```
  */
  majorMinor = version: concatStringsSep "." (take 2 (builtins.splitVersion version));

  /**
    Brings a version to `n` parts, with zeros or by cutting; what follows a
    dash stays.

    # Type
    ```
    pad :: Int -> String -> String
    ```

    # Example
    ```nix
    lib.versions.pad 3 "1.2-rc1"
    => "1.2.0-rc1"
    ```
  */
  pad =
    n: version:
    let
      numbers = builtins.head (lib.strings.splitString "-" version);
      rest = lib.strings.removePrefix numbers version;
    in
    concatStringsSep "." (take n (builtins.splitVersion numbers ++ genList (_: "0") n)) + rest;
}
