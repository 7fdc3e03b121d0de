# Platforms: from a name such as "x86_64-linux" to all that follows from it.
lib:
let
  inherit (builtins) isAttrs;
in
rec {
  /** The names of platforms and what they consist of. */
  parse = import ./systems/parse.nix lib;

  /** Questions to ask of a parsed platform. */
  inspect = import ./systems/inspect.nix lib;

  /** The names of all known platforms, and of groups of them. */
  doubles = import ./systems/doubles.nix lib;

  /** Settings of the compiler for some kinds of machine. */
  platforms = import ./systems/platforms.nix lib;

  /** What processors of a family can do. */
  architectures = import ./systems/architectures.nix lib;

  /** Platforms to compile for, by a handy name. */
  examples = import ./systems/examples.nix lib;

  /**
    The platforms for which flakes usually have packages.

    # Type
    ```
    flakeExposed :: [String]
    ```

    # Example
    ```nix
    builtins.elem "x86_64-linux" lib.systems.flakeExposed
    => true
    ```
  */
  flakeExposed = [
    "x86_64-linux"
    "aarch64-linux"
    "x86_64-darwin"
    "armv6l-linux"
    "armv7l-linux"
    "i686-linux"
    "aarch64-darwin"
    "powerpc64le-linux"
    "riscv64-linux"
    "x86_64-freebsd"
  ];

  /**
    The attributes of a platform that are functions.

    # Type
    ```
    functionNames :: [String]
    ```

    # Example
    ```nix
    builtins.elem "canExecute" lib.systems.functionNames
    => true
    ```
  */
  functionNames = [
    "canExecute"
    "emulator"
    "emulatorAvailable"
    "staticEmulatorAvailable"
  ];

  /**
    The set for a platform that may be given by its name.

    # Type
    ```
    systemToAttrs :: (String | AttrSet) -> AttrSet
    ```

    # Example
    ```nix
    lib.systems.systemToAttrs "x86_64-linux"
    => { system = "x86_64-linux"; }
    ```
  */
  systemToAttrs = system: if isAttrs system then system else { inherit system; };

  /**
    True if two elaborated platforms are the same; their functions, which
    cannot be compared, are left out.

    # Type
    ```
    equals :: AttrSet -> AttrSet -> Bool
    ```

    # Example
    ```nix
    lib.systems.equals (lib.systems.elaborate "x86_64-linux") (lib.systems.elaborate { system = "x86_64-linux"; })
    => true
    ```
  */
  equals = left: right: left._withoutFunctions == right._withoutFunctions;

  /**
    Everything about a platform, given by its name or by a set with `system`
    or `config` and attributes to override.

    # Type
    ```
    elaborate :: (String | AttrSet) -> AttrSet
    ```

    # Example
    ```nix
    (lib.systems.elaborate "aarch64-linux").config
    => "aarch64-unknown-linux-gnu"
    (lib.systems.elaborate "x86_64-linux").isLinux
    => true
    (lib.systems.elaborate "aarch64-darwin").parsed.cpu.name
    => "aarch64"
    ```
  */
  elaborate = import ./systems/elaborate.nix lib;
}
