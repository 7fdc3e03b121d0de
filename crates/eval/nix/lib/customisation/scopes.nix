# Sets of packages that call each other, with cross compilation and without,
# and the way to build functions like `mkDerivation`.
lib:
let
  inherit (lib.attrsets) optionalAttrs;
  inherit (lib.fixedPoints) extends;
  inherit (lib.trivial) functionArgs isFunction;

  # The pairs of platforms: where a package is built by, and where it runs.
  cross = [
    "BuildBuild"
    "BuildHost"
    "BuildTarget"
    "HostHost"
    "HostTarget"
    "TargetTarget"
  ];

  decapitalise =
    name:
    lib.strings.toLower (builtins.substring 0 1 name) + builtins.substring 1 (-1) name;
in
rec {
  /**
    A set of packages with a `callPackage` that finds them in the set itself.
    It has `newScope`, `overrideScope` for overlays, and `packages`.

    # Type
    ```
    makeScope :: (AttrSet -> Function) -> (AttrSet -> AttrSet) -> AttrSet
    ```

    # Example
    ```nix
    (lib.makeScope lib.callPackageWith (self: { a = 1; b = self.callPackage ({ a }: { sum = a + 1; }) { }; })).b.sum
    => 2
    ```
  */
  makeScope =
    newScope: packages:
    let
      self = {
        # First, so that the packages may bring one of their own.
        callPackage = self.newScope { };
      }
      // packages self
      // {
        inherit packages;
        newScope = scope: newScope (self // scope);
        overrideScope = overlay: makeScope newScope (extends overlay packages);
      };
    in
    self;

  /**
    `makeScopeWithSplicing'` with its arguments in a row.

    # Type
    ```
    makeScopeWithSplicing :: Function -> Function -> AttrSet -> Function -> Function -> Function -> AttrSet
    ```

    # Example
    ```nix
    builtins.isFunction lib.makeScopeWithSplicing
    => true
    ```
  */
  makeScopeWithSplicing =
    splicePackages: newScope: otherSplices: keep: extra: f:
    makeScopeWithSplicing' { inherit splicePackages newScope; } {
      inherit
        otherSplices
        keep
        extra
        f
        ;
    };

  /**
    Like `makeScope` for cross compilation: packages are found for the platform
    on which they are needed.

    # Type
    ```
    makeScopeWithSplicing' :: { splicePackages :: Function; newScope :: Function; } -> { otherSplices :: AttrSet; keep ? Function; extra ? Function; f :: Function; } -> AttrSet
    ```

    # Example
    ```nix
    builtins.isFunction lib.makeScopeWithSplicing'
    => true
    ```
  */
  makeScopeWithSplicing' =
    builders@{ splicePackages, newScope }:
    args@{
      otherSplices,
      keep ? _: { },
      extra ? _: { },
      f,
    }:
    let
      others = renameCrossIndexTo "pkgs" (renameCrossIndexFrom "self" otherSplices);
      # The set itself is the one for host and target.
      spliced0 = splicePackages (others // { pkgsHostTarget = self; });
      spliced = extra spliced0 // spliced0 // keep self;
      self = f self // {
        newScope = scope: newScope (spliced // scope);
        callPackage = newScope spliced;
        overrideScope = overlay: makeScopeWithSplicing' builders (args // { f = extends overlay f; });
        packages = f;
      };
    in
    self;

  /**
    A function like `mkDerivation` on top of another one: `extendDrvArgs` gives
    further arguments of the final and the given ones.

    # Type
    ```
    extendMkDerivation :: { constructDrv :: Function; extendDrvArgs :: Function; excludeDrvArgNames ? [String]; excludeFunctionArgNames ? [String]; inheritFunctionArgs ? Bool; transformDrv ? Function; } -> AttrSet
    ```

    # Example
    ```nix
    (lib.extendMkDerivation { constructDrv = f: lib.fix f; extendDrvArgs = final: { a, ... }: { b = a; }; } { a = 1; }).b
    => 1
    ```
  */
  extendMkDerivation =
    {
      constructDrv,
      excludeDrvArgNames ? [ ],
      excludeFunctionArgNames ? [ ],
      extendDrvArgs,
      inheritFunctionArgs ? true,
      transformDrv ? drv: drv,
    }:
    let
      inherited = optionalAttrs inheritFunctionArgs (
        removeAttrs (functionArgs constructDrv) excludeDrvArgNames
      );
    in
    {
      inherit
        constructDrv
        excludeDrvArgNames
        extendDrvArgs
        transformDrv
        ;
      __functionArgs = removeAttrs (
        inherited // functionArgs (extendDrvArgs { })
      ) excludeFunctionArgNames;
      __functor =
        _: given:
        let
          arguments =
            final:
            let
              prev = if isFunction given then given final else given;
            in
            removeAttrs prev excludeDrvArgNames // extendDrvArgs final prev;
        in
        transformDrv (constructDrv arguments);
    };

  /**
    Takes a prefix off the names of the six sets of cross compilation.

    # Type
    ```
    renameCrossIndexFrom :: String -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    (lib.renameCrossIndexFrom "pkgs" { pkgsBuildBuild = 1; pkgsBuildHost = 2; pkgsBuildTarget = 3; pkgsHostHost = 4; pkgsHostTarget = 5; pkgsTargetTarget = 6; }).hostTarget
    => 5
    ```
  */
  renameCrossIndexFrom =
    prefix: sets:
    lib.attrsets.genAttrs' cross (pair: {
      name = decapitalise pair;
      value = sets.${prefix + pair};
    });

  /**
    Puts a prefix before the names of the six sets of cross compilation.

    # Type
    ```
    renameCrossIndexTo :: String -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    (lib.renameCrossIndexTo "self" { buildBuild = 1; buildHost = 2; buildTarget = 3; hostHost = 4; hostTarget = 5; targetTarget = 6; }).selfHostTarget
    => 5
    ```
  */
  renameCrossIndexTo =
    prefix: sets:
    lib.attrsets.genAttrs' cross (pair: {
      name = prefix + pair;
      value = sets.${decapitalise pair};
    });

  /**
    Applies a function to each of the six sets of cross compilation.

    # Type
    ```
    mapCrossIndex :: (a -> b) -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    (lib.mapCrossIndex (n: n * 10) { buildBuild = 1; buildHost = 2; buildTarget = 3; hostHost = 4; hostTarget = 5; targetTarget = 6; }).hostTarget
    => 50
    ```
  */
  mapCrossIndex = f: sets: lib.attrsets.genAttrs (map decapitalise cross) (pair: f sets.${pair});
}
