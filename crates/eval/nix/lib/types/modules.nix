# Types whose values are modules, options or types.
lib:
let
  inherit (builtins)
    attrNames
    head
    intersectAttrs
    isAttrs
    isString
    length
    ;

  inherit (lib.attrsets) optionalAttrs;
  inherit (lib.lists) last toList;
  inherit (lib.options) showOption;

  inherit (lib.types)
    defaultFunctor
    isType
    mkOptionType
    noCheckForDocsModule
    optionDescriptionPhrase
    path
    ;

  inherit (import ./merging.nix lib) coherent headError merging;

  isModule = value: isAttrs value || lib.trivial.isFunction value || path.check value;

  show =
    left: right:
    if isString left && isString right then " \"${left}\" and \"${right}\"." else "";

  # The one that is set, of two settings of which at most one may be; `what`
  # names them for the message.
  agree =
    what: left: right:
    if left == null || left == right then
      right
    else if right == null then
      left
    else
      throw "A submoduleWith option is declared multiple times with conflicting ${what}${show left right}";
in
rec {
  /**
    A set with options of its own, declared by one module or a list of them.

    # Type
    ```
    submodule :: (Module | [Module]) -> OptionType
    ```

    # Example
    ```nix
    (lib.types.submodule { options.a = lib.mkOption { }; }).check { a = 1; }
    => true
    ```
  */
  submodule =
    modules:
    submoduleWith {
      modules = toList modules;
      shorthandOnlyDefinesConfig = true;
    };

  /**
    The type behind `submodule`: definitions that are sets may also be full
    modules, and the modules may get arguments of their own.

    # Type
    ```
    submoduleWith :: { modules :: [Module]; specialArgs ? AttrSet; shorthandOnlyDefinesConfig ? Bool; description ? String; class ? String; } -> OptionType
    ```

    # Example
    ```nix
    (lib.types.submoduleWith { modules = [ ]; description = "a host"; }).description
    => "a host"
    ```
  */
  submoduleWith =
    {
      modules,
      specialArgs ? { },
      shorthandOnlyDefinesConfig ? false,
      description ? null,
      class ? null,
    }@args:
    let
      base = lib.modules.evalModules {
        inherit class specialArgs;
        modules = [
          # What `name` is when nobody has asked for a particular submodule.
          { _module.args.name = lib.modules.mkOptionDefault "‹name›"; }
        ]
        ++ modules;
      };

      documented = base.extendModules { modules = [ noCheckForDocsModule ]; };

      asModule =
        { file, value, ... }:
        {
          _file = file;
        }
        // (
          if shorthandOnlyDefinesConfig && isAttrs value then
            { config = value; }
          else
            { imports = [ value ]; }
        );

      describe = optionDescriptionPhrase (class: class == "noun" || class == "composite");

      check = coherent isModule;
    in
    mkOptionType {
      name = "submodule";
      description =
        if description != null then
          description
        else if documented._module.freeformType ? description then
          "open submodule of ${describe documented._module.freeformType}"
        else
          "submodule";
      inherit check;
      merge = merging (
        { loc, defs }:
        let
          configuration = base.extendModules {
            prefix = loc;
            modules = [ { _module.args.name = last loc; } ] ++ map asModule defs;
          };
        in
        {
          headError = headError check defs;
          value = configuration.config;
          valueMeta = { inherit configuration; };
        }
      );
      emptyValue.value = base.config;
      getSubOptions =
        prefix:
        let
          inner = base.extendModules {
            inherit prefix;
            modules = [ noCheckForDocsModule ];
          };
          inherit (inner._module) freeformType;
        in
        inner.options
        // optionalAttrs (freeformType != null) {
          _freeformOptions = freeformType.getSubOptions prefix;
        };
      getSubModules = modules;
      substSubModules = modules: submoduleWith (args // { inherit modules; });
      nestedTypes = optionalAttrs (base._module.freeformType != null) {
        inherit (base._module) freeformType;
      };
      functor = defaultFunctor "submodule" // {
        type = submoduleWith;
        payload = {
          inherit
            class
            description
            modules
            shorthandOnlyDefinesConfig
            specialArgs
            ;
        };
        binOp =
          left: right:
          let
            shared = intersectAttrs left.specialArgs right.specialArgs;
          in
          {
            modules = left.modules ++ right.modules;
            class = agree "class values" (left.class or null) (right.class or null);
            description = agree "descriptions" left.description right.description;
            shorthandOnlyDefinesConfig =
              agree "shorthandOnlyDefinesConfig values" left.shorthandOnlyDefinesConfig
                right.shorthandOnlyDefinesConfig;
            specialArgs =
              if shared == { } then
                left.specialArgs // right.specialArgs
              else
                throw "A submoduleWith option is declared multiple times with the same specialArgs \"${toString (attrNames shared)}\"";
          };
      };
    };

  /**
    A module that is not evaluated yet, for use in another evaluation. The
    value is one module that imports all definitions.

    # Type
    ```
    deferredModule :: OptionType
    ```

    # Example
    ```nix
    builtins.length (lib.types.deferredModule.merge [ "a" ] [ { file = "f"; value = { }; } ]).imports
    => 1
    ```
  */
  deferredModule = deferredModuleWith { };

  /**
    Like `deferredModule`, with modules that are always part of it.

    # Type
    ```
    deferredModuleWith :: { staticModules ? [Module]; } -> OptionType
    ```

    # Example
    ```nix
    (lib.types.deferredModuleWith { staticModules = [ { } ]; }).description
    => "module"
    ```
  */
  deferredModuleWith =
    {
      staticModules ? [ ],
    }:
    mkOptionType {
      name = "deferredModule";
      description = "module";
      descriptionClass = "noun";
      check = isModule;
      merge =
        loc: defs:
        let
          locate =
            def:
            lib.modules.setDefaultModuleLocation "${def.file}, via option ${showOption loc}" def.value;
        in
        {
          imports = staticModules ++ map locate defs;
        };
      inherit (submoduleWith { modules = staticModules; }) getSubOptions getSubModules;
      substSubModules = modules: deferredModuleWith { staticModules = modules; };
      functor = defaultFunctor "deferredModuleWith" // {
        type = deferredModuleWith;
        payload = { inherit staticModules; };
        binOp = left: right: { staticModules = left.staticModules ++ right.staticModules; };
      };
    };

  /**
    The declaration of an option, as `mkOption` makes it.

    # Type
    ```
    optionDeclaration :: OptionType
    ```

    # Example
    ```nix
    lib.types.optionDeclaration.check (lib.mkOption { })
    => true
    ```
  */
  optionDeclaration = mkOptionType {
    name = "optionDeclaration";
    description = "option declaration";
    descriptionClass = "noun";
    # An option with a value comes out of an evaluation.
    check = value: isType "option" value && !(value ? value);
  };

  /**
    The type of an option; several are merged as declarations of one option
    would be.

    # Type
    ```
    optionType :: OptionType
    ```

    # Example
    ```nix
    lib.types.optionType.check lib.types.str
    => true
    ```
  */
  optionType = mkOptionType {
    name = "optionType";
    description = "optionType";
    descriptionClass = "noun";
    check = isType "option-type";
    merge =
      loc: defs:
      let
        declarations = map (
          { file, value, ... }:
          {
            _file = file;
            options = lib.options.mkOption { type = value; };
          }
        ) defs;
        merged = lib.modules.fixupOptionType loc (lib.modules.mergeOptionDecls loc declarations);
      in
      if length defs == 1 then (head defs).value else merged.type;
  };
}
