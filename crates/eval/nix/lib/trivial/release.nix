# The release the library stands for, and the evaluation it runs in.
lib:
let
  inherit (lib.trivial) warn;
in
rec {
  /**
    The release of Nixpkgs whose library this one stands for.

    # Type
    ```
    release :: String
    ```

    # Example
    ```nix
    lib.trivial.release
    => "26.05"
    ```
  */
  release = "26.05";

  /**
    What follows the release in the full version; empty here.

    # Type
    ```
    versionSuffix :: String
    ```

    # Example
    ```nix
    builtins.isString lib.trivial.versionSuffix
    => true
    ```
  */
  versionSuffix = "";

  /**
    The full version: the release and its suffix.

    # Type
    ```
    version :: String
    ```

    # Example
    ```nix
    lib.versionAtLeast lib.version "26.05"
    => true
    ```
  */
  version = release + versionSuffix;

  /**
    Former name of `version`.

    # Type
    ```
    nixpkgsVersion :: String
    ```

    # Example
    ```nix
    lib.nixpkgsVersion == lib.version
    => true
    ```
  */
  nixpkgsVersion = warn "lib.nixpkgsVersion was renamed to lib.version." version;

  /**
    The animal after which the release is named.

    # Type
    ```
    codeName :: String
    ```

    # Example
    ```nix
    builtins.isString lib.trivial.codeName
    => true
    ```
  */
  codeName = "Yarara";

  /**
    The oldest release that still gets updates, as the number YYMM.

    # Type
    ```
    oldestSupportedRelease :: Int
    ```

    # Example
    ```nix
    lib.trivial.oldestSupportedRelease
    => 2511
    ```
  */
  oldestSupportedRelease = 2511;

  /**
    True if the oldest supported release is at least the given one, so that
    what was kept for older ones may go.

    # Type
    ```
    oldestSupportedReleaseIsAtLeast :: Int -> Bool
    ```

    # Example
    ```nix
    lib.oldestSupportedReleaseIsAtLeast 2405
    => true
    ```
  */
  oldestSupportedReleaseIsAtLeast = wanted: oldestSupportedRelease >= wanted;

  /**
    Former name of `oldestSupportedReleaseIsAtLeast`.

    # Type
    ```
    isInOldestRelease :: Int -> Bool
    ```

    # Example
    ```nix
    lib.isInOldestRelease 2405
    => true
    ```
  */
  isInOldestRelease = warn "lib.isInOldestRelease was renamed to lib.oldestSupportedReleaseIsAtLeast." oldestSupportedReleaseIsAtLeast;

  /**
    The Git revision of the library, or the default: an embedded library has
    no repository to ask.

    # Type
    ```
    revisionWithDefault :: a -> (String | a)
    ```

    # Example
    ```nix
    lib.trivial.revisionWithDefault "unknown"
    => "unknown"
    ```
  */
  revisionWithDefault = default: default;

  /**
    True in an evaluation that `nix-shell` started.

    # Type
    ```
    inNixShell :: Bool
    ```

    # Example
    ```nix
    lib.inNixShell
    => false
    ```
  */
  inNixShell = builtins.getEnv "IN_NIX_SHELL" != "";

  /**
    True in a pure evaluation, where the current system is not known.

    # Type
    ```
    inPureEvalMode :: Bool
    ```

    # Example
    ```nix
    builtins.isBool lib.inPureEvalMode
    => true
    ```
  */
  inPureEvalMode = !(builtins ? currentSystem);
}
