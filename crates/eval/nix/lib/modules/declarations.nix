# Options from their declarations: several become one, and one with its
# definitions gets a value.
lib:
let
  inherit (builtins)
    filter
    foldl'
    head
    length
    ;

  inherit (lib.options) showDefs showFiles showOption;

  # What a second declaration may not give again.
  single = [
    "default"
    "example"
    "description"
    "apply"
  ];
in
rec {
  /**
    Merges several declarations of one option: `{ _file; pos; options; }`,
    where `options` is the declaration.

    # Type
    ```
    mergeOptionDecls :: [String] -> [AttrSet] -> Option
    ```

    # Example
    ```nix
    (lib.mergeOptionDecls [ "a" ] [ { _file = "f"; pos = null; options = lib.mkOption { default = 1; }; } ]).declarations
    => [ "f" ]
    ```
  */
  mergeOptionDecls =
    loc:
    let
      add =
        merged: decl:
        let
          declaration = decl.options;
          clash = throw "The option `${showOption loc}' in `${decl._file}' is already declared in ${showFiles merged.declarations}.";
          twice = filter (name: declaration ? ${name} && merged ? ${name}) single;
          both = merged.type.typeMerge declaration.type.functor;
          ofType =
            if !(declaration ? type && merged ? type) then
              { }
            else if both == null then
              clash
            else
              { type = both; };
          # Modules of a submodule's type name the file that declares them.
          modules = declaration.type.getSubModules or null;
          unknown = {
            file = decl._file;
            line = null;
            column = null;
          };
          position = if decl.pos or null == null then unknown else decl.pos;
        in
        if twice != [ ] then
          clash
        else
          declaration
          // merged
          // {
            declarations = merged.declarations ++ [ decl._file ];
            declarationPositions = merged.declarationPositions ++ [ position ];
            options =
              lib.lists.optionals (modules != null) (
                map (lib.modules.setDefaultModuleLocation decl._file) modules
              )
              ++ merged.options;
          }
          // ofType;
    in
    foldl' add {
      inherit loc;
      declarations = [ ];
      declarationPositions = [ ];
      options = [ ];
    };

  /**
    Gives an option a type if it has none, and the modules of its type the
    files that declare them.

    # Type
    ```
    fixupOptionType :: [String] -> Option -> Option
    ```

    # Example
    ```nix
    (lib.fixupOptionType [ "a" ] { options = [ ]; }).type.name
    => "unspecified"
    ```
  */
  fixupOptionType =
    _: option:
    if option.type.getSubModules or null == null then
      option // { type = option.type or lib.types.unspecified; }
    else
      option
      // {
        type = option.type.substSubModules option.options;
        options = [ ];
      };

  /**
    An option with its value, as its definitions, its default and `apply` have
    it.

    # Type
    ```
    evalOptionValue :: [String] -> Option -> [{ file :: String; value :: any; }] -> Option
    ```

    # Example
    ```nix
    (lib.evalOptionValue [ "a" ] { type = lib.types.int; declarations = [ "f" ]; } [ { file = "g"; value = 2; } ]).value
    => 2
    ```
  */
  evalOptionValue =
    loc: option: defs:
    let
      inherit (lib.modules) mergeDefinitions mkOptionDefault;

      ofDefault = {
        file = head option.declarations;
        value = mkOptionDefault option.default;
      };
      all = lib.lists.optional (option ? default) ofDefault ++ defs;
      alone = def: def // { value = (mergeDefinitions loc option.type [ def ]).mergedValue; };
      merged =
        if option.readOnly or false && length all > 1 then
          throw "The option `${showOption loc}' is read-only, but it's set multiple times. Definition values:${showDefs (map alone all)}"
        else
          mergeDefinitions loc option.type all;
    in
    option
    // {
      value = if option ? apply then option.apply merged.mergedValue else merged.mergedValue;
      inherit (merged.defsFinal') highestPrio;
      definitions = map (def: def.value) merged.defsFinal;
      files = map (def: def.file) merged.defsFinal;
      definitionsWithLocations = merged.defsFinal;
      inherit (merged) isDefined;
      inherit (merged.checkedAndMerged) valueMeta;
      __toString = _: showOption loc;
    };
}
