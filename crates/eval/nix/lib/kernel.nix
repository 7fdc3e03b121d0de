# Options of the Linux kernel's configuration.
lib:
let
  inherit (lib.modules) mkIf;
  inherit (lib.strings) versionAtLeast versionOlder;

  tristate = value: {
    tristate = value;
    optional = false;
  };
in
{
  /**
    Marks a setting as one that the kernel may not know.

    # Type
    ```
    option :: AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.kernel.option lib.kernel.yes
    => { optional = true; tristate = "y"; }
    ```
  */
  option = setting: setting // { optional = true; };

  /** Built into the kernel. */
  yes = tristate "y";

  /** Not built. */
  no = tristate "n";

  /** Built as a module. */
  module = tristate "m";

  /** Left to the kernel's own default. */
  unset = tristate null;

  /**
    A setting with a text or a number.

    # Type
    ```
    freeform :: String -> AttrSet
    ```

    # Example
    ```nix
    lib.kernel.freeform "512"
    => { freeform = "512"; optional = false; }
    ```
  */
  freeform = value: {
    freeform = value;
    optional = false;
  };

  /**
    Conditions on the version of the kernel.

    # Type
    ```
    whenHelpers :: String -> { whenAtLeast :: Function; whenOlder :: Function; whenBetween :: Function; }
    ```

    # Example
    ```nix
    ((lib.kernel.whenHelpers "6.1").whenAtLeast "5.0" 1).condition
    => true
    ```
  */
  whenHelpers = version: {
    whenAtLeast = low: mkIf (versionAtLeast version low);
    whenOlder = high: mkIf (versionOlder version high);
    whenBetween = low: high: mkIf (versionAtLeast version low && versionOlder version high);
  };
}
