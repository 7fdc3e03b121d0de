# Modules about options that were renamed, removed or replaced, and the
# aliases they are made of.
lib:
let
  inherit (builtins)
    any
    filter
    foldl'
    ;

  inherit (lib.attrsets)
    attrByPath
    getAttrFromPath
    optionalAttrs
    setAttrByPath
    ;

  inherit (lib.modules)
    defaultOverridePriority
    mkIf
    mkMerge
    mkOverride
    ;

  inherit (lib.options) mkOption showFiles showOption;

  # The default of an option that was merged into another, by which one can
  # see that nobody defines it.
  untouched = "_mkMergedOptionModule";

  obsolete = from: to: "Obsolete option `${showOption from}' is used. It was renamed to `${showOption to}'.";
in
rec {
  /**
    The definitions of one option as the definition of another.

    # Type
    ```
    mkAliasDefinitions :: Option -> Property
    ```

    # Example
    ```nix
    lib.mkAliasDefinitions { isDefined = true; definitions = [ 1 ]; }
    => { _type = "if"; condition = true; content = { _type = "merge"; contents = [ 1 ]; }; }
    ```
  */
  mkAliasDefinitions = mkAliasAndWrapDefinitions (defs: defs);

  /**
    Like `mkAliasDefinitions`, with a function around the definitions.

    # Type
    ```
    mkAliasAndWrapDefinitions :: (a -> b) -> Option -> Property
    ```

    # Example
    ```nix
    (lib.mkAliasAndWrapDefinitions (defs: { a = defs; }) { isDefined = false; definitions = [ ]; }).condition
    => false
    ```
  */
  mkAliasAndWrapDefinitions =
    wrap: option: mkIf option.isDefined (wrap (mkMerge option.definitions));

  /**
    Like `mkAliasAndWrapDefinitions`, and the definitions keep their priority.

    # Type
    ```
    mkAliasAndWrapDefsWithPriority :: (a -> b) -> Option -> Property
    ```

    # Example
    ```nix
    (lib.modules.mkAliasAndWrapDefsWithPriority lib.id { isDefined = true; definitions = [ 1 ]; highestPrio = 50; }).content.contents
    => [ { _type = "override"; content = 1; priority = 50; } ]
    ```
  */
  mkAliasAndWrapDefsWithPriority =
    wrap: option:
    let
      priority = option.highestPrio or defaultOverridePriority;
    in
    mkIf option.isDefined (wrap (mkMerge (map (mkOverride priority) option.definitions)));

  /**
    A definition that holds if an option is defined; `mkIf option.isDefined`
    says the same.

    # Type
    ```
    mkAliasIfDef :: Option -> a -> Property
    ```

    # Example
    ```nix
    (lib.modules.mkAliasIfDef { isDefined = true; } 1).condition
    => true
    ```
  */
  mkAliasIfDef = lib.trivial.warn "lib.modules.mkAliasIfDef is old; write mkIf option.isDefined." (
    option: mkIf option.isDefined
  );

  /**
    Evaluates modules without the check that every definition has an option.

    # Type
    ```
    fixMergeModules :: [Module] -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib ? fixMergeModules
    => true
    ```
  */
  fixMergeModules =
    modules: args:
    lib.modules.evalModules {
      inherit modules args;
      check = false;
    };

  /**
    A module for an option that was removed: defining it fails, with the given
    advice.

    # Type
    ```
    mkRemovedOptionModule :: [String] -> String -> Module
    ```

    # Example
    ```nix
    builtins.attrNames (lib.mkRemovedOptionModule [ "a" "b" ] "Use c." { options = { }; })
    => [ "config" "options" ]
    ```
  */
  mkRemovedOptionModule =
    path: advice:
    { options, ... }:
    let
      name = showOption path;
      option = getAttrFromPath path options;
    in
    {
      options = setAttrByPath path (mkOption {
        visible = false;
        apply = _: throw "The option `${name}' can no longer be used since it's been removed. ${advice}";
      });
      config.assertions = [
        {
          assertion = !option.isDefined;
          message = ''
            The option definition `${name}' in ${showFiles option.files} no longer has any effect; please remove it.
            ${advice}
          '';
        }
      ];
    };

  /**
    A module for an option that got another name. The old name works and
    warns.

    # Type
    ```
    mkRenamedOptionModule :: [String] -> [String] -> Module
    ```

    # Example
    ```nix
    builtins.isFunction (lib.mkRenamedOptionModule [ "old" ] [ "new" ])
    => true
    ```
  */
  mkRenamedOptionModule =
    from: to:
    doRename {
      inherit from to;
      visible = false;
      warn = true;
      use = builtins.trace (obsolete from to);
    };

  /**
    Like `mkRenamedOptionModule`, but warns only when every supported release
    knows the new name.

    # Type
    ```
    mkRenamedOptionModuleWith :: { from :: [String]; to :: [String]; sinceRelease :: Int; } -> Module
    ```

    # Example
    ```nix
    builtins.isFunction (lib.mkRenamedOptionModuleWith { from = [ "old" ]; to = [ "new" ]; sinceRelease = 2205; })
    => true
    ```
  */
  mkRenamedOptionModuleWith =
    {
      from,
      to,
      sinceRelease,
    }:
    let
      warn = lib.trivial.oldestSupportedReleaseIsAtLeast sinceRelease;
    in
    doRename {
      inherit from to warn;
      visible = false;
      use = lib.trivial.warnIf warn (obsolete from to);
    };

  /**
    A module for options that were merged into one with another type: a
    function of the configuration gives the new value.

    # Type
    ```
    mkMergedOptionModule :: [[String]] -> [String] -> (AttrSet -> any) -> Module
    ```

    # Example
    ```nix
    builtins.isFunction (lib.mkMergedOptionModule [ [ "a" ] [ "b" ] ] [ "c" ] (config: config.a + config.b))
    => true
    ```
  */
  mkMergedOptionModule =
    from: to: merge:
    { config, options, ... }:
    let
      isDefined = path: getAttrFromPath path config != untouched;
      old = mkOption {
        visible = false;
        default = untouched;
      };
      warning =
        path:
        "The option `${showOption path}' defined in ${showFiles (getAttrFromPath path options).files} has been changed to `${showOption to}' that has a different type. Please read `${showOption to}' documentation and update your configuration accordingly.";
    in
    {
      options = foldl' lib.attrsets.recursiveUpdate { } (map (path: setAttrByPath path old) from);
      config = {
        warnings = map warning (filter isDefined from);
      }
      // setAttrByPath to (mkMerge (lib.lists.optional (any isDefined from) (merge config)));
    };

  /**
    A module for an option that was replaced by one with another type: a
    function of the configuration gives the new value.

    # Type
    ```
    mkChangedOptionModule :: [String] -> [String] -> (AttrSet -> any) -> Module
    ```

    # Example
    ```nix
    builtins.isFunction (lib.mkChangedOptionModule [ "a" ] [ "b" ] (config: [ config.a ]))
    => true
    ```
  */
  mkChangedOptionModule = from: mkMergedOptionModule [ from ];

  /**
    A module that makes one option another name of a second.

    # Type
    ```
    mkAliasOptionModule :: [String] -> [String] -> Module
    ```

    # Example
    ```nix
    builtins.isFunction (lib.mkAliasOptionModule [ "alias" ] [ "option" ])
    => true
    ```
  */
  mkAliasOptionModule =
    from: to:
    doRename {
      inherit from to;
      visible = true;
      warn = false;
      use = value: value;
    };

  /**
    Former name of `mkAliasOptionModule`.

    # Type
    ```
    mkAliasOptionModuleMD :: [String] -> [String] -> Module
    ```

    # Example
    ```nix
    builtins.isFunction (lib.mkAliasOptionModuleMD [ "alias" ] [ "option" ])
    => true
    ```
  */
  mkAliasOptionModuleMD = mkAliasOptionModule;

  /**
    The module behind renames and aliases. It declares `from`, reads it from
    `to`, and passes its definitions on.

    # Type
    ```
    doRename :: { from :: [String]; to :: [String]; visible :: Bool; warn :: Bool; use :: a -> a; withPriority ? Bool; condition ? Bool; } -> Module
    ```

    # Example
    ```nix
    builtins.isFunction (lib.doRename { from = [ "a" ]; to = [ "b" ]; visible = true; warn = false; use = lib.id; })
    => true
    ```
  */
  doRename =
    {
      from,
      to,
      visible,
      warn,
      use,
      withPriority ? true,
      condition ? true,
    }:
    { config, options, ... }:
    let
      old = getAttrFromPath from options;
      # What `to` names may be a set of options, which has no type of its own.
      type = (attrByPath to { } options).type or (lib.types.submodule { });
      value = attrByPath to (abort "Renaming error: option `${showOption to}' does not exist.") config;
      forward = if withPriority then mkAliasAndWrapDefsWithPriority else mkAliasAndWrapDefinitions;
    in
    {
      options = setAttrByPath from (
        mkOption {
          inherit visible;
          description = "Alias of {option}`${showOption to}`.";
          apply = _: use value;
        }
        // optionalAttrs (type != null) { inherit type; }
      );
      config = mkIf condition (mkMerge [
        (optionalAttrs (options ? warnings) {
          warnings = lib.lists.optional (warn && old.isDefined)
            "The option `${showOption from}' defined in ${showFiles old.files} has been renamed to `${showOption to}'.";
        })
        (forward (setAttrByPath to) old)
      ]);
    };
}
