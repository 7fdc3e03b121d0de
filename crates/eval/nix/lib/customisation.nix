# Calling packages with the arguments they ask for, and overriding what they
# were called with. Scopes and cross compilation have a file of their own.
lib:
let
  inherit (builtins)
    attrNames
    concatStringsSep
    filter
    head
    intersectAttrs
    isAttrs
    listToAttrs
    mapAttrs
    ;

  inherit (lib.attrsets) optionalAttrs;

  inherit (lib.trivial)
    functionArgs
    isFunction
    mirrorFunctionArgs
    setFunctionArgs
    ;

  # The function itself, or the one in a file.
  toPackageFunction = f: if isFunction f then f else import f;

  # Who misspells an argument wants to see the name that was meant.
  missingArgument =
    available: wanted: name:
    let
      inherit (lib.strings) levenshtein levenshteinAtMost;
      near = lib.lists.take 3 (
        lib.lists.sortOn (levenshtein name) (filter (levenshteinAtMost 2 name) (attrNames available))
      );
      position = builtins.unsafeGetAttrPos name wanted;
      place =
        if position == null then "<unknown location>" else "${position.file}:${toString position.line}";
      hint =
        if near == [ ] then "" else ", did you mean ${concatStringsSep " or " (map builtins.toJSON near)}?";
    in
    "lib.customisation.callPackageWith: Function called without required argument \"${name}\" at ${place}${hint}";
in
import ./customisation/scopes.nix lib
// rec {
  /**
    A derivation with other arguments, given as a function of the old ones.

    # Type
    ```
    overrideDerivation :: Derivation -> (AttrSet -> AttrSet) -> Derivation
    ```

    # Example
    ```nix
    (lib.overrideDerivation (derivation { name = "a"; system = "s"; builder = "b"; }) (old: { name = old.name + "2"; })).name
    => "a2"
    ```
  */
  overrideDerivation =
    drv: change:
    extendDerivation (builtins.seq drv.drvPath true) (
      {
        meta = drv.meta or { };
        passthru = drv.passthru or { };
      }
      // drv.passthru or { }
      // optionalAttrs (drv ? __spliced) {
        __spliced = mapAttrs (_: spliced: overrideDerivation spliced change) drv.__spliced;
      }
    ) (derivation (drv.drvAttrs // change drv));

  /**
    A function whose results can be overridden: `override` calls it again with
    changed arguments.

    # Type
    ```
    makeOverridable :: (AttrSet -> a) -> AttrSet -> a
    ```

    # Example
    ```nix
    ((lib.makeOverridable ({ a, b }: { sum = a + b; }) { a = 1; b = 2; }).override { a = 10; }).sum
    => 12
    ```
  */
  makeOverridable =
    f:
    let
      mirror = mirrorFunctionArgs f;

      call =
        args:
        let
          result = f args;
          override = mirror (
            new: makeOverridable f (args // (if isFunction new then new args else new))
          );
          # The same call, with something done to each result: overriding the
          # arguments later does it again.
          change = g: makeOverridable (mirror (args: g (f args))) args;
        in
        if isAttrs result then
          result
          // {
            inherit override;
            overrideDerivation = g: change (drv: overrideDerivation drv g);
          }
          // optionalAttrs (result ? overrideAttrs) {
            overrideAttrs = g: change (drv: drv.overrideAttrs g);
          }
        else if isFunction result then
          setFunctionArgs result (functionArgs result) // { inherit override; }
        else
          result;
    in
    if isAttrs f then
      f
      // mirror call
      // optionalAttrs (f ? override) {
        override = new: makeOverridable (f.override new);
      }
    else
      mirror call;

  /**
    Calls a function, or the one in a file, with the arguments that it asks
    for out of a set, and with given ones. The result can be overridden.

    # Type
    ```
    callPackageWith :: AttrSet -> (Path | Function) -> AttrSet -> any
    ```

    # Example
    ```nix
    (lib.callPackageWith { a = 1; c = 3; } ({ a, b }: { sum = a + b; }) { b = 2; }).sum
    => 3
    ```
  */
  callPackageWith =
    auto: fn: args:
    let
      f = toPackageFunction fn;
      wanted = functionArgs f;
      given = intersectAttrs wanted auto // args;
      missing = filter (name: !wanted.${name} && !(given ? ${name})) (attrNames wanted);
    in
    if missing == [ ] then
      makeOverridable f given
    else
      abort (missingArgument (auto // args) wanted (head missing));

  /**
    Like `callPackageWith`, for a function that gives a set of packages; each
    of them can be overridden.

    # Type
    ```
    callPackagesWith :: AttrSet -> (Path | Function) -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    (lib.callPackagesWith { a = 1; } ({ a }: { x = { y = a; }; }) { }).x.y
    => 1
    ```
  */
  callPackagesWith =
    auto: fn: args:
    let
      f = toPackageFunction fn;
      given = intersectAttrs (functionArgs f) auto // args;
      packages = f given;
      one = name: makeOverridable (mirrorFunctionArgs f (new: (f new).${name})) given;
    in
    if lib.attrsets.isDerivation packages then
      throw "function `callPackages` was called on a *single* derivation \"${packages.name or "<unknown-name>"}\"; did you mean to use `callPackage` instead?"
    else
      mapAttrs (name: _: one name) packages;

  /**
    Adds attributes to a derivation and to all its outputs, and a condition
    without which it cannot be built.

    # Type
    ```
    extendDerivation :: Bool -> AttrSet -> Derivation -> Derivation
    ```

    # Example
    ```nix
    (lib.extendDerivation true { extra = 1; } (derivation { name = "a"; system = "s"; builder = "b"; })).out.extra
    => 1
    ```
  */
  extendDerivation =
    condition: passthru: drv:
    let
      guarded =
        value:
        assert condition;
        value;
      names = drv.outputs or [ "out" ];
      output =
        name:
        common
        // {
          inherit (drv.${name}) type outputName;
          outputSpecified = true;
          drvPath = guarded drv.${name}.drvPath;
          outPath = guarded drv.${name}.outPath;
        }
        // optionalAttrs (passthru ? overrideAttrs) {
          overrideAttrs = f: (passthru.overrideAttrs f).${name};
        };
      outputs = listToAttrs (
        map (name: {
          inherit name;
          value = output name;
        }) names
      );
      common =
        drv
        // outputs
        // {
          all = map (name: outputs.${name}) names;
        }
        // passthru
        // {
          drvPath = guarded drv.drvPath;
          outPath = guarded drv.outPath;
        };
    in
    common;

  /**
    A derivation reduced to what a build farm needs of it, fully evaluated.

    # Type
    ```
    hydraJob :: (Derivation | null) -> (Derivation | null)
    ```

    # Example
    ```nix
    lib.hydraJob null
    => null
    ```
  */
  hydraJob =
    drv:
    let
      names = drv.outputs or [ "out" ];
      common = {
        inherit (drv) meta name system;
        outputs = names;
      }
      // optionalAttrs (drv._hydraAggregate or false) {
        _hydraAggregate = true;
        constituents = map hydraJob (lib.lists.flatten drv.constituents);
      }
      // lib.attrsets.genAttrs names output;
      output =
        name:
        common
        // {
          type = "derivation";
          outputName = name;
          inherit (drv.${name}) drvPath outPath;
        };
      first = output (head names);
    in
    if drv == null then null else builtins.deepSeq first first;
}
