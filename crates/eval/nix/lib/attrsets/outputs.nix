# Derivations as attribute sets, and their outputs.
lib:
let
  inherit (builtins) filter head;

  # `pkgs.foo.dev` has said itself which output it means.
  isChosen = pkg: pkg.outputSpecified or false;
in
rec {
  /**
    True for derivations, that is sets whose `type` is "derivation".

    # Type
    ```
    isDerivation :: any -> Bool
    ```

    # Example
    ```nix
    lib.isDerivation { type = "derivation"; }
    => true
    lib.isDerivation "no"
    => false
    ```
  */
  isDerivation = value: value.type or null == "derivation";

  /**
    Makes something that looks like a derivation of a store path.

    # Type
    ```
    toDerivation :: Path -> Derivation
    ```

    # Example
    ```nix
    builtins.isFunction lib.toDerivation
    => true
    ```
  */
  toDerivation =
    path:
    let
      stored = builtins.storePath path;
      # A store name is 32 characters of hash, a dash and the name proper.
      name = builtins.substring 33 (-1) (baseNameOf stored);
      drv = {
        type = "derivation";
        name = lib.strings.sanitizeDerivationName name;
        outPath = stored;
        outputs = [ "out" ];
        out = drv;
        outputName = "out";
      };
    in
    drv;

  /**
    An output of a package; if it has no such output, `out` or the package
    itself.

    # Type
    ```
    getOutput :: String -> Derivation -> Derivation
    ```

    # Example
    ```nix
    lib.getOutput "dev" { dev = "the dev output"; out = "the main output"; }
    => "the dev output"
    ```
  */
  getOutput = output: pkg: if isChosen pkg then pkg else pkg.${output} or pkg.out or pkg;

  /**
    The first output of a list that a package has, or the package itself.

    # Type
    ```
    getFirstOutput :: [String] -> Derivation -> Derivation
    ```

    # Example
    ```nix
    lib.getFirstOutput [ "include" "dev" ] { dev = "the dev output"; }
    => "the dev output"
    ```
  */
  getFirstOutput =
    candidates: pkg:
    let
      present = filter (output: pkg ? ${output}) candidates;
    in
    if isChosen pkg || present == [ ] then pkg else pkg.${head present};

  /**
    The output with the programs.

    # Type
    ```
    getBin :: Derivation -> Derivation
    ```

    # Example
    ```nix
    lib.getBin { bin = "the programs"; }
    => "the programs"
    ```
  */
  getBin = getOutput "bin";

  /**
    The output with the shared libraries.

    # Type
    ```
    getLib :: Derivation -> Derivation
    ```

    # Example
    ```nix
    lib.getLib { lib = "the libraries"; }
    => "the libraries"
    ```
  */
  getLib = getOutput "lib";

  /**
    The output with the static libraries.

    # Type
    ```
    getStatic :: Derivation -> Derivation
    ```

    # Example
    ```nix
    lib.getStatic { lib = "the libraries"; }
    => "the libraries"
    ```
  */
  getStatic = getFirstOutput [
    "static"
    "lib"
    "out"
  ];

  /**
    The output for development, with headers and the like.

    # Type
    ```
    getDev :: Derivation -> Derivation
    ```

    # Example
    ```nix
    lib.getDev { dev = "the headers"; }
    => "the headers"
    ```
  */
  getDev = getOutput "dev";

  /**
    The output with the header files.

    # Type
    ```
    getInclude :: Derivation -> Derivation
    ```

    # Example
    ```nix
    lib.getInclude { dev = "the headers"; }
    => "the headers"
    ```
  */
  getInclude = getFirstOutput [
    "include"
    "dev"
    "out"
  ];

  /**
    The output with the manual pages.

    # Type
    ```
    getMan :: Derivation -> Derivation
    ```

    # Example
    ```nix
    lib.getMan { man = "the manual"; }
    => "the manual"
    ```
  */
  getMan = getOutput "man";

  /**
    The development outputs of a list of packages.

    # Type
    ```
    chooseDevOutputs :: [Derivation] -> [Derivation]
    ```

    # Example
    ```nix
    lib.chooseDevOutputs [ { dev = "the headers"; } ]
    => [ "the headers" ]
    ```
  */
  chooseDevOutputs = map getDev;
}
