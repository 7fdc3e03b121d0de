# Derivations as values: their attributes without building or even evaluating
# them.
lib:
let
  inherit (lib.attrsets) genAttrs isDerivation;
  inherit (lib.trivial) throwIf;
in
{
  /**
    A derivation of which the usual attributes are known without evaluating
    it. `meta`, `outputs` and `passthru` may be given.

    # Type
    ```
    lazyDerivation :: { derivation :: Derivation; meta ? AttrSet; passthru ? AttrSet; outputs ? [String]; } -> Derivation
    ```

    # Example
    ```nix
    (lib.lazyDerivation { derivation = throw "not needed"; passthru.tests = 1; }).tests
    => 1
    ```
  */
  lazyDerivation =
    {
      derivation,
      meta ? null,
      passthru ? { },
      outputs ? [ "out" ],
    }@args:
    let
      show = lib.generators.toPretty { multiline = false; };
      checked =
        throwIf (!(isDerivation derivation)) "lazyDerivation: input must be a derivation." throwIf
          (derivation.outputs != outputs)
          "lib.lazyDerivation: the derivation ${derivation.name or "<unknown>"} has the outputs ${show derivation.outputs}, but ${show outputs} were given; the argument `outputs` must name the same ones in the same order."
          derivation;
    in
    {
      type = "derivation";
      inherit outputs;
      inherit (checked)
        drvPath
        name
        outPath
        outputName
        system
        ;
      meta = args.meta or checked.meta;
    }
    // genAttrs outputs (output: checked.${output})
    // passthru;

  /**
    A value for an argument of a derivation, or null, which leaves it out if
    the derivation ignores nulls.

    # Type
    ```
    optionalDrvAttr :: Bool -> a -> (a | null)
    ```

    # Example
    ```nix
    lib.optionalDrvAttr false 1
    => null
    ```
  */
  optionalDrvAttr = condition: value: if condition then value else null;

  /**
    A derivation that warns when it is used, but not when it is only looked
    at.

    # Type
    ```
    warnOnInstantiate :: String -> Derivation -> Derivation
    ```

    # Example
    ```nix
    (lib.warnOnInstantiate "old" { name = "a"; drvPath = "b"; }).name
    => "a"
    ```
  */
  warnOnInstantiate =
    message: drv:
    let
      used = removeAttrs drv [
        "meta"
        "name"
        "outputName"
        "type"
      ];
    in
    drv
    // builtins.mapAttrs (_: lib.trivial.warn message) used
    // lib.attrsets.optionalAttrs (builtins.isFunction (drv.overrideAttrs or null)) {
      overrideAttrs = f: lib.derivations.warnOnInstantiate message (drv.overrideAttrs f);
    };

  inherit (builtins) unsafeDiscardOutputDependency;

  /**
    A string that depends on the outputs of the derivation it names.

    # Type
    ```
    addDrvOutputDependencies :: String -> String
    ```

    # Example
    ```nix
    lib ? addDrvOutputDependencies
    => true
    ```
  */
  addDrvOutputDependencies =
    builtins.addDrvOutputDependencies
      or (_: throw "lib.addDrvOutputDependencies needs Nix 2.20 or newer");
}
