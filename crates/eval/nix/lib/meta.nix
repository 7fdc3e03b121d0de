# The `meta` attributes of packages, their names, licences and programs.
lib:
let
  inherit (builtins)
    any
    isString
    mapAttrs
    match
    parseDrvName
    typeOf
    ;

  inherit (lib.asserts) assertMsg;
  inherit (lib.attrsets) isDerivation;
  inherit (lib.strings) toLower;

  lowercaseLicenses = lib.attrsets.mapAttrs' (id: value: {
    name = toLower id;
    inherit value;
  }) lib.meta.licensesSpdx;
in
rec {
  /**
    A package with more `meta` attributes.

    # Type
    ```
    addMetaAttrs :: AttrSet -> Derivation -> Derivation
    ```

    # Example
    ```nix
    lib.addMetaAttrs { description = "b"; } { name = "a"; }
    => { meta = { description = "b"; }; name = "a"; }
    ```
  */
  addMetaAttrs =
    more: drv:
    let
      extend = old: { meta = old.meta or { } // more; };
    in
    if drv ? overrideAttrs then drv.overrideAttrs extend else drv // extend drv;

  /**
    A package that a build farm does not build.

    # Type
    ```
    dontDistribute :: Derivation -> Derivation
    ```

    # Example
    ```nix
    lib.dontDistribute { name = "a"; }
    => { meta = { hydraPlatforms = [ ]; }; name = "a"; }
    ```
  */
  dontDistribute = addMetaAttrs { hydraPlatforms = [ ]; };

  /**
    A package with another name.

    # Type
    ```
    setName :: String -> Derivation -> Derivation
    ```

    # Example
    ```nix
    lib.setName "b" { name = "a"; }
    => { name = "b"; }
    ```
  */
  setName = name: updateName (_: name);

  /**
    A package with a name that is a function of the old one.

    # Type
    ```
    updateName :: (String -> String) -> Derivation -> Derivation
    ```

    # Example
    ```nix
    lib.updateName (old: old + "-experimental") { name = "a"; }
    => { name = "a-experimental"; }
    ```
  */
  updateName = f: drv: drv // { name = f drv.name; };

  /**
    A package with a suffix to its name, before the version.

    # Type
    ```
    appendToName :: String -> Derivation -> Derivation
    ```

    # Example
    ```nix
    (lib.appendToName "static" { name = "hello-1.0"; }).name
    => "hello-static-1.0"
    ```
  */
  appendToName =
    suffix:
    updateName (
      name:
      let
        parts = parseDrvName name;
      in
      "${parts.name}-${suffix}-${parts.version}"
    );

  /**
    Applies a function to the packages of a set and leaves the rest alone.

    # Type
    ```
    mapDerivationAttrset :: (Derivation -> Derivation) -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.mapDerivationAttrset (drv: drv.name) { a = { type = "derivation"; name = "x"; }; b = 1; }
    => { a = "x"; b = 1; }
    ```
  */
  mapDerivationAttrset = f: mapAttrs (_: value: if isDerivation value then f value else value);

  /** The priority of a package that says nothing about it. */
  defaultPriority = 5;

  /**
    A package with a priority; where two have the same file, the lower number
    wins.

    # Type
    ```
    setPrio :: Int -> Derivation -> Derivation
    ```

    # Example
    ```nix
    (lib.setPrio 3 { }).meta.priority
    => 3
    ```
  */
  setPrio = priority: addMetaAttrs { inherit priority; };

  /**
    A package that gives way to others.

    # Type
    ```
    lowPrio :: Derivation -> Derivation
    ```

    # Example
    ```nix
    (lib.lowPrio { }).meta.priority
    => 10
    ```
  */
  lowPrio = setPrio 10;

  /**
    `lowPrio` for every package of a set.

    # Type
    ```
    lowPrioSet :: AttrSet -> AttrSet
    ```

    # Example
    ```nix
    (lib.lowPrioSet { a.type = "derivation"; }).a.meta.priority
    => 10
    ```
  */
  lowPrioSet = mapDerivationAttrset lowPrio;

  /**
    A package that wins over others.

    # Type
    ```
    hiPrio :: Derivation -> Derivation
    ```

    # Example
    ```nix
    (lib.hiPrio { }).meta.priority
    => -10
    ```
  */
  hiPrio = setPrio (-10);

  /**
    `hiPrio` for every package of a set.

    # Type
    ```
    hiPrioSet :: AttrSet -> AttrSet
    ```

    # Example
    ```nix
    (lib.hiPrioSet { a.type = "derivation"; }).a.meta.priority
    => -10
    ```
  */
  hiPrioSet = mapDerivationAttrset hiPrio;

  /**
    True if a platform is the one an element of `meta.platforms` names, or one
    with the parts it asks for.

    # Type
    ```
    platformMatch :: AttrSet -> (String | AttrSet) -> Bool
    ```

    # Example
    ```nix
    lib.meta.platformMatch { system = "x86_64-linux"; } "x86_64-linux"
    => true
    ```
  */
  platformMatch =
    platform: wanted:
    if isString wanted then
      platform.system or null == wanted
    else
      lib.attrsets.matchAttrs (if wanted ? parsed then wanted else { parsed = wanted; }) platform;

  /**
    True if a package says that it works on a platform, or does not say.

    # Type
    ```
    availableOn :: AttrSet -> Derivation -> Bool
    ```

    # Example
    ```nix
    lib.meta.availableOn { system = "x86_64-linux"; } { meta.platforms = [ "aarch64-linux" ]; }
    => false
    ```
  */
  availableOn =
    platform: pkg:
    let
      matches = any (platformMatch platform);
    in
    (!(pkg ? meta.platforms) || matches pkg.meta.platforms)
    && !(matches (pkg.meta.badPlatforms or [ ]));

  /**
    The licences by their SPDX identifiers.

    # Type
    ```
    licensesSpdx :: { <name> = License; }
    ```

    # Example
    ```nix
    lib.licensesSpdx.MIT.shortName
    => "mit"
    ```
  */
  licensesSpdx = lib.attrsets.mapAttrs' (_: value: {
    name = value.spdxId;
    inherit value;
  }) (lib.attrsets.filterAttrs (_: value: value ? spdxId) lib.licenses);

  /**
    The licence with an SPDX identifier; if there is none, a set with the
    identifier, and a warning.

    # Type
    ```
    getLicenseFromSpdxId :: String -> License
    ```

    # Example
    ```nix
    (lib.getLicenseFromSpdxId "mit").shortName
    => "mit"
    ```
  */
  getLicenseFromSpdxId =
    id:
    getLicenseFromSpdxIdOr id (
      lib.trivial.warn "getLicenseFromSpdxId: No license with the given SPDX ID found: ${id}" {
        shortName = id;
        spdxId = id;
      }
    );

  /**
    The licence with an SPDX identifier, or a default. Upper and lower case
    are the same.

    # Type
    ```
    getLicenseFromSpdxIdOr :: String -> a -> (License | a)
    ```

    # Example
    ```nix
    lib.getLicenseFromSpdxIdOr "no such licence" null
    => null
    ```
  */
  getLicenseFromSpdxIdOr = id: default: lowercaseLicenses.${toLower id} or default;

  /**
    The path of the main program of a package.

    # Type
    ```
    getExe :: Derivation -> String
    ```

    # Example
    ```nix
    lib.getExe { type = "derivation"; name = "a"; outPath = "/out"; meta.mainProgram = "prog"; }
    => "/out/bin/prog"
    ```
  */
  getExe =
    drv:
    getExe' drv (
      drv.meta.mainProgram or (
        lib.trivial.warn
          "getExe: Package ${drv.meta.name or drv.pname or drv.name} does not have the meta.mainProgram attribute; its name is taken for that of its program. Set meta.mainProgram, or use lib.getExe'."
          (lib.strings.getName drv)
      )
    );

  /**
    The path of a program of a package, by the name of the program.

    # Type
    ```
    getExe' :: Derivation -> String -> String
    ```

    # Example
    ```nix
    lib.getExe' { type = "derivation"; outPath = "/out"; } "prog"
    => "/out/bin/prog"
    ```
  */
  getExe' =
    drv: program:
    assert assertMsg (isDerivation drv)
      "lib.meta.getExe': The first argument is of type ${typeOf drv}, but it should be a derivation instead.";
    assert assertMsg (isString program)
      "lib.meta.getExe': The second argument is of type ${typeOf program}, but it should be a string instead.";
    assert assertMsg (match ".*/.*" program == null)
      "lib.meta.getExe': The second argument \"${program}\" should be the name of a program, without any \"/\".";
    "${lib.attrsets.getBin drv}/bin/${program}";

  /**
    The parts of a CPE that a vendor and a full version give.

    # Type
    ```
    cpeFullVersionWithVendor :: String -> String -> AttrSet
    ```

    # Example
    ```nix
    lib.meta.cpeFullVersionWithVendor "gnu" "1.0"
    => { update = "*"; vendor = "gnu"; version = "1.0"; }
    ```
  */
  cpeFullVersionWithVendor = vendor: version: {
    inherit vendor version;
    update = "*";
  };
}
