# Licences as values, how they are combined, and what follows for the whole.
lib:
let
  inherit (builtins)
    all
    any
    elem
    mapAttrs
    ;

  table = import ./licenses/table.nix;

  simple =
    free: deprecated:
    mapAttrs (
      shortName: license:
      {
        licenseType = "simple";
        inherit shortName free deprecated;
        redistributable = free;
      }
      // license
    );

  licenses =
    simple true false table.free
    // simple true true table.deprecated
    // mapAttrs (_: license: license // { redistributable = true; }) (
      simple false false table.redistributable
    )
    // simple false false table.unfree
    // simple true false table.other;

  compound = operator: licenses: {
    licenseType = "compound";
    inherit operator licenses;
  };

  # Whether a property of simple licences holds for a combined one. With
  # `permissive` one of several to choose from is enough.
  holds =
    permissive: property: license:
    let
      again = holds permissive property;
      choice = if permissive then any else all;
      together = if permissive then all else any;
      kinds = {
        simple = property license;
        plus = again license.license;
        exception = again license.license && again license.exception;
        compound =
          if license.operator == "OR" then
            choice again license.licenses
          else
            together again license.licenses;
      };
    in
    kinds.${license.licenseType} or (throw "Unknown license type or legacy license");
in
licenses
// rec {
  /**
    Several licences of which one may be chosen.

    # Type
    ```
    OR :: [License] -> License
    ```

    # Example
    ```nix
    lib.licenses.toSPDX (lib.licenses.OR [ lib.licenses.mit lib.licenses.asl20 ])
    => "MIT OR Apache-2.0"
    ```
  */
  OR = compound "OR";

  /**
    Several licences that hold together.

    # Type
    ```
    AND :: [License] -> License
    ```

    # Example
    ```nix
    lib.licenses.toSPDX (lib.licenses.AND [ lib.licenses.mit lib.licenses.asl20 ])
    => "MIT AND Apache-2.0"
    ```
  */
  AND = compound "AND";

  /**
    A licence with an exception.

    # Type
    ```
    WITH :: License -> License -> License
    ```

    # Example
    ```nix
    lib.licenses.toSPDX (lib.licenses.WITH lib.licenses.asl20 lib.licenses.llvm-exception)
    => "Apache-2.0 WITH LLVM-exception"
    ```
  */
  WITH = license: exception: {
    licenseType = "exception";
    operator = "WITH";
    inherit license exception;
  };

  /**
    A licence or any later version of it.

    # Type
    ```
    PLUS :: License -> License
    ```

    # Example
    ```nix
    lib.licenses.toSPDX (lib.licenses.PLUS lib.licenses.eupl11)
    => "EUPL-1.1+"
    ```
  */
  PLUS = license: {
    licenseType = "plus";
    operator = "+";
    inherit license;
  };

  /**
    Whether a predicate on simple licences holds for a combined one. If it is
    permissive, one alternative is enough and all parts are needed; otherwise
    it is the other way round.

    # Type
    ```
    evaluateProperty :: (License -> Bool) -> Bool -> License -> Bool
    ```

    # Example
    ```nix
    lib.licenses.evaluateProperty (l: l.free) true (lib.licenses.OR [ lib.licenses.unfree lib.licenses.mit ])
    => true
    ```
  */
  evaluateProperty = predicate: permissive: holds permissive predicate;

  /**
    Like `evaluateProperty`, for an attribute of the licences.

    # Type
    ```
    evaluateNamedProperty :: String -> Bool -> License -> Bool
    ```

    # Example
    ```nix
    lib.licenses.evaluateNamedProperty "free" true lib.licenses.mit
    => true
    ```
  */
  evaluateNamedProperty = name: permissive: holds permissive (license: license.${name});

  /**
    True if software under a licence is free.

    # Type
    ```
    isFree :: License -> Bool
    ```

    # Example
    ```nix
    lib.licenses.isFree (lib.licenses.AND [ lib.licenses.mit lib.licenses.unfree ])
    => false
    ```
  */
  isFree = evaluateNamedProperty "free" true;

  /**
    True if software under a licence may be passed on.

    # Type
    ```
    isRedistributable :: License -> Bool
    ```

    # Example
    ```nix
    lib.licenses.isRedistributable lib.licenses.unfreeRedistributable
    => true
    ```
  */
  isRedistributable = evaluateNamedProperty "redistributable" true;

  /**
    True if a combined licence cannot do without one of the given ones.

    # Type
    ```
    containsLicenses :: [License] -> License -> Bool
    ```

    # Example
    ```nix
    lib.licenses.containsLicenses [ lib.licenses.mit ] (lib.licenses.AND [ lib.licenses.mit lib.licenses.gpl3Only ])
    => true
    ```
  */
  containsLicenses = wanted: holds false (license: elem license wanted);

  /**
    The SPDX expression for a licence.

    # Type
    ```
    toSPDX :: License -> String
    ```

    # Example
    ```nix
    lib.licenses.toSPDX lib.licenses.gpl3Only
    => "GPL-3.0-only"
    lib.licenses.toSPDX lib.licenses.unfree
    => "LicenseRef-nixos-unfree"
    ```
  */
  toSPDX =
    license:
    let
      part =
        inner:
        if
          elem inner.licenseType [
            "compound"
            "exception"
          ]
        then
          "(${toSPDX inner})"
        else
          toSPDX inner;
      kinds = {
        simple = license.spdxId or "LicenseRef-nixos-${license.shortName}";
        plus = part license.license + license.operator;
        exception = "${part license.license} ${license.operator} ${part license.exception}";
        compound = lib.strings.concatMapStringsSep " ${license.operator} " part license.licenses;
      };
    in
    kinds.${license.licenseType} or (throw "Unknown license type");
}
