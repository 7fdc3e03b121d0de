# The module system, seen from a module: definitions and the properties around
# them. The evaluation of modules is native; what it offers to other Nix code
# is passed on here, by the names that begin with two underscores.
lib:
let
  missing = name: throw "lib.modules.${name} is part of the native module system";

  inherit (import ./types/merging.nix lib) checkAndMerge;

  # The native merging, told in Nix: for types that are used outside of any
  # evaluation of modules.
  mergeDefinitionsInNix =
    loc: type: defs:
    let
      inherit (lib.modules) dischargeProperties filterOverrides' sortProperties;
      inherit (lib.options) showDefs showOption;

      name = showOption loc;

      discharge =
        def:
        map (value: if value._type or "" == "definition" then value else def // { inherit value; }) (
          dischargeProperties def.value
        );
      filtered = filterOverrides' (builtins.concatMap discharge defs);

      defsFinal = sortProperties filtered.values;
      isDefined = defsFinal != [ ];
      twofold = type.merge ? v2;
      result = checkAndMerge type {
        inherit loc;
        defs = defsFinal;
      };
      checkedAndMerged =
        if twofold then
          result
          // {
            valueMeta = result.valueMeta // {
              _internal = { inherit type; };
            };
          }
        else
          {
            headError = null;
            value = mergedValue;
            valueMeta = { };
          };
      wrong = builtins.filter (def: !(type.check def.value)) defsFinal;
      notOfType =
        what: "A definition for option `${name}' is not of type `${type.description}'. ${what}";
      mergedValue =
        if !isDefined then
          type.emptyValue.value
            or (throw "The option `${name}' was accessed but has no value defined. Try setting the option.")
        else if twofold && result.headError != null then
          throw (notOfType "TypeError: ${result.headError.message}")
        else if !twofold && wrong != [ ] then
          throw (notOfType "Definition values:${showDefs wrong}")
        else
          result.value;
    in
    {
      defsFinal' = filtered // {
        values = defsFinal;
      };
      inherit
        checkedAndMerged
        defsFinal
        isDefined
        mergedValue
        ;
      optionalValue = if isDefined then { value = mergedValue; } else { };
    };
in
import ./modules/properties.nix lib
// import ./modules/renames.nix lib
// import ./modules/declarations.nix lib
// {
  # For the native module system.
  ownOptions = import ./modules/internal.nix lib false;
  ownOptionsInside = import ./modules/internal.nix lib true;
}
// rec {
  /**
    Evaluates modules to a configuration: `config`, `options`, `type`,
    `extendModules` and more.

    # Type
    ```
    evalModules :: { modules :: [Module]; specialArgs ? AttrSet; prefix ? [String]; class ? String; } -> AttrSet
    ```

    # Example
    ```nix
    lib ? evalModules
    => true
    ```
  */
  evalModules = builtins.__evalModules or (_: missing "evalModules");

  /**
    Merges the definitions of one option, by its type.

    # Type
    ```
    mergeDefinitions :: [String] -> OptionType -> [{ file :: String; value :: any; }] -> AttrSet
    ```

    # Example
    ```nix
    lib ? mergeDefinitions
    => true
    ```
  */
  mergeDefinitions = mergeDefinitionsInNix;

  /**
    Merges modules into one tree of options and definitions.

    # Type
    ```
    mergeModules :: [String] -> [Module] -> AttrSet
    ```

    # Example
    ```nix
    lib ? mergeModules
    => true
    ```
  */
  mergeModules = builtins.__mergeModules or (missing "mergeModules");

  /**
    Like `mergeModules`, with declarations and definitions given apart.

    # Type
    ```
    mergeModules' :: [String] -> [AttrSet] -> [AttrSet] -> AttrSet
    ```

    # Example
    ```nix
    lib ? mergeModules'
    => true
    ```
  */
  mergeModules' = builtins.__mergeModules' or (missing "mergeModules'");

  /**
    Follows the imports of modules and brings all of them into one form.

    # Type
    ```
    collectModules :: (String | null) -> String -> [Module] -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.modules ? collectModules
    => true
    ```
  */
  collectModules = builtins.__collectModules or (missing "collectModules");

  /**
    Brings a module into the long form: `_file`, `key`, `disabledModules`,
    `imports`, `options`, `config`.

    # Type
    ```
    unifyModuleSyntax :: String -> String -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    (lib.unifyModuleSyntax "file" "key" { a = 1; }).config
    => { a = 1; }
    ```
  */
  unifyModuleSyntax =
    file: key: module:
    let
      isLong = module ? config || module ? options;
      common = {
        _file = toString (module._file or file);
        _class = module._class or null;
        key = toString (module.key or key);
        disabledModules = module.disabledModules or [ ];
        imports = module.imports or module.require or [ ];
      };
      config =
        if isLong then
          module.config or { }
        else
          removeAttrs module [
            "_class"
            "_file"
            "disabledModules"
            "freeformType"
            "imports"
            "key"
            "require"
          ];
      withFreeform =
        c:
        if module ? freeformType then
          lib.modules.mkMerge [
            c
            { _module.freeformType = module.freeformType; }
          ]
        else
          c;
      withMeta =
        c:
        if isLong && module ? meta then
          lib.modules.mkMerge [
            c
            { inherit (module) meta; }
          ]
        else
          c;
    in
    common
    // {
      options = if isLong then module.options or { } else { };
      config = withFreeform (withMeta config);
    };

  /**
    Calls a module that is a function, with the arguments it asks for.

    # Type
    ```
    applyModuleArgsIfFunction :: String -> Module -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.applyModuleArgsIfFunction "key" ({ a, ... }: { b = a; }) { a = 1; config = { }; }
    => { b = 1; }
    ```
  */
  applyModuleArgsIfFunction =
    key: module: args:
    if !(lib.trivial.isFunction module) then
      module
    else
      let
        wanted = lib.trivial.functionArgs module;
        # What is not passed directly comes out of the configuration itself.
        found = builtins.mapAttrs (
          name: _: args.${name} or args.config._module.args.${name}
        ) wanted;
      in
      module (args // found);

  /**
    Wraps a module that is not a file of its own, so that messages about it
    name the given file.

    # Type
    ```
    setDefaultModuleLocation :: Path -> Module -> Module
    ```

    # Example
    ```nix
    lib.setDefaultModuleLocation "here.nix" { a = 1; }
    => { _file = "here.nix"; imports = [ { a = 1; } ]; }
    ```
  */
  setDefaultModuleLocation = file: module: {
    _file = file;
    imports = [ module ];
  };

  /**
    The merged attributes of a defined option of type `attrsOf`, each with the
    priority that won.

    # Type
    ```
    mergeAttrDefinitionsWithPrio :: Option -> { <name> = { value :: any; highestPrio :: Int; }; }
    ```

    # Example
    ```nix
    lib.modules ? mergeAttrDefinitionsWithPrio
    => true
    ```
  */
  mergeAttrDefinitionsWithPrio =
    option:
    let
      # One set for every definition and attribute, so that zipping them
      # collects the definitions of each attribute.
      single =
        def: name: value: { ${name} = def // { inherit value; }; };
      ofDefinition =
        def:
        builtins.concatMap (lib.attrsets.mapAttrsToList (single def)) (
          lib.modules.pushDownProperties def.value
        );
      merged =
        name: defs:
        let
          result = lib.modules.mergeDefinitions (option.loc ++ [ name ]) option.type.nestedTypes.elemType defs;
        in
        {
          value = result.mergedValue;
          inherit (result.defsFinal') highestPrio;
        };
    in
    assert builtins.elem option.type.name [
      "attrsOf"
      "lazyAttrsOf"
    ];
    builtins.mapAttrs merged (
      lib.attrsets.zipAttrs (builtins.concatMap ofDefinition option.definitionsWithLocations)
    );

  /**
    A module from a file that is a function of static arguments: those are
    applied first, and messages still name the file.

    # Type
    ```
    importApply :: Path -> any -> Module
    ```

    # Example
    ```nix
    builtins.isFunction lib.modules.importApply
    => true
    ```
  */
  importApply = file: args: setDefaultModuleLocation file (import file args);

  /**
    A module whose definitions are those of a JSON file.

    # Type
    ```
    importJSON :: Path -> Module
    ```

    # Example
    ```nix
    builtins.isFunction lib.modules.importJSON
    => true
    ```
  */
  importJSON = file: {
    _file = file;
    config = lib.trivial.importJSON file;
  };

  /**
    A module whose definitions are those of a TOML file.

    # Type
    ```
    importTOML :: Path -> Module
    ```

    # Example
    ```nix
    builtins.isFunction lib.modules.importTOML
    => true
    ```
  */
  importTOML = file: {
    _file = file;
    config = lib.trivial.importTOML file;
  };
}
