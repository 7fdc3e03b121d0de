# Properties: what is wrapped around a definition to say when it holds, how
# strong it is and where it goes. A property is a set with a `_type`.
lib:
let
  inherit (builtins)
    any
    concatMap
    elem
    filter
    foldl'
    isAttrs
    isBool
    mapAttrs
    sort
    ;

  typeOf = value: value._type or "";
in
rec {
  /**
    The priority of a definition without any property; the lower number wins.

    # Type
    ```
    defaultOverridePriority :: Int
    ```

    # Example
    ```nix
    lib.modules.defaultOverridePriority
    => 100
    ```
  */
  defaultOverridePriority = 100;

  /**
    The order of a definition without any property; lower numbers come first.

    # Type
    ```
    defaultOrderPriority :: Int
    ```

    # Example
    ```nix
    lib.modules.defaultOrderPriority
    => 1000
    ```
  */
  defaultOrderPriority = 1000;

  /**
    A definition that holds only if a condition does. The condition may depend
    on the configuration, which a plain `if` around a definition may not.

    # Type
    ```
    mkIf :: Bool -> a -> Property
    ```

    # Example
    ```nix
    lib.mkIf true { a = 1; }
    => { _type = "if"; condition = true; content = { a = 1; }; }
    ```
  */
  mkIf = condition: content: {
    _type = "if";
    inherit condition content;
  };

  /**
    A definition that throws with a message unless an assertion holds.

    # Type
    ```
    mkAssert :: Bool -> String -> a -> Property
    ```

    # Example
    ```nix
    lib.mkAssert true "never shown" 1
    => { _type = "if"; condition = true; content = 1; }
    ```
  */
  mkAssert =
    assertion: message: mkIf (if assertion then true else throw "\nFailed assertion: ${message}");

  /**
    Several definitions in the place of one.

    # Type
    ```
    mkMerge :: [a] -> Property
    ```

    # Example
    ```nix
    lib.mkMerge [ 1 2 ]
    => { _type = "merge"; contents = [ 1 2 ]; }
    ```
  */
  mkMerge = contents: {
    _type = "merge";
    inherit contents;
  };

  /**
    A definition together with the file it comes from.

    # Type
    ```
    mkDefinition :: { file :: String; value :: a; } -> Property
    ```

    # Example
    ```nix
    lib.mkDefinition { file = "a.nix"; value = 1; }
    => { _type = "definition"; file = "a.nix"; value = 1; }
    ```
  */
  mkDefinition = definition@{ file, value, ... }: definition // { _type = "definition"; };

  /**
    A definition with a priority. Of all definitions of an option only those
    with the lowest number count.

    # Type
    ```
    mkOverride :: Int -> a -> Property
    ```

    # Example
    ```nix
    lib.mkOverride 70 1
    => { _type = "override"; content = 1; priority = 70; }
    ```
  */
  mkOverride = priority: content: {
    _type = "override";
    inherit priority content;
  };

  /**
    The priority of the default in a declaration: everything else is stronger.

    # Type
    ```
    mkOptionDefault :: a -> Property
    ```

    # Example
    ```nix
    (lib.mkOptionDefault 1).priority
    => 1500
    ```
  */
  mkOptionDefault = mkOverride 1500;

  /**
    A definition that gives way to every plain one.

    # Type
    ```
    mkDefault :: a -> Property
    ```

    # Example
    ```nix
    (lib.mkDefault 1).priority
    => 1000
    ```
  */
  mkDefault = mkOverride 1000;

  /**
    A definition for images, which are made of a whole host: stronger than the
    host's own, weaker than `mkForce`.

    # Type
    ```
    mkImageMediaOverride :: a -> Property
    ```

    # Example
    ```nix
    (lib.mkImageMediaOverride 1).priority
    => 60
    ```
  */
  mkImageMediaOverride = mkOverride 60;

  /**
    A definition that beats the plain ones.

    # Type
    ```
    mkForce :: a -> Property
    ```

    # Example
    ```nix
    (lib.mkForce 1).priority
    => 50
    ```
  */
  mkForce = mkOverride 50;

  /**
    A definition for virtual machines built of a host; beats `mkForce`.

    # Type
    ```
    mkVMOverride :: a -> Property
    ```

    # Example
    ```nix
    (lib.mkVMOverride 1).priority
    => 10
    ```
  */
  mkVMOverride = mkOverride 10;

  /**
    Does nothing any more.

    # Type
    ```
    mkFixStrictness :: a -> a
    ```

    # Example
    ```nix
    lib.mkFixStrictness 1
    => 1
    ```
  */
  mkFixStrictness = lib.trivial.warn "lib.mkFixStrictness does nothing; its calls can go." (x: x);

  /**
    A definition with a place in the order in which definitions are merged.

    # Type
    ```
    mkOrder :: Int -> a -> Property
    ```

    # Example
    ```nix
    lib.mkOrder 200 [ "a" ]
    => { _type = "order"; content = [ "a" ]; priority = 200; }
    ```
  */
  mkOrder = priority: content: {
    _type = "order";
    inherit priority content;
  };

  /**
    A definition that comes before the plain ones.

    # Type
    ```
    mkBefore :: a -> Property
    ```

    # Example
    ```nix
    (lib.mkBefore [ "a" ]).priority
    => 500
    ```
  */
  mkBefore = mkOrder 500;

  /**
    A definition that comes after the plain ones.

    # Type
    ```
    mkAfter :: a -> Property
    ```

    # Example
    ```nix
    (lib.mkAfter [ "a" ]).priority
    => 1500
    ```
  */
  mkAfter = mkOrder 1500;

  /**
    A definition by the value of another option, with the priority of that.

    # Type
    ```
    mkDerivedConfig :: Option -> (a -> b) -> Property
    ```

    # Example
    ```nix
    lib.mkDerivedConfig { value = 1; highestPrio = 50; } (n: n + 1)
    => { _type = "override"; content = 2; priority = 50; }
    ```
  */
  mkDerivedConfig =
    option: f: mkOverride (option.highestPrio or defaultOverridePriority) (f option.value);

  /**
    Applies a function to the value inside all properties of a definition.

    # Type
    ```
    mapDefinitionValue :: (a -> b) -> Definition -> Definition
    ```

    # Example
    ```nix
    lib.modules.mapDefinitionValue (n: n + 1) (lib.mkIf true 1)
    => { _type = "if"; condition = true; content = 2; }
    ```
  */
  mapDefinitionValue =
    f: def:
    let
      again = mapDefinitionValue f;
      type = typeOf def;
    in
    if type == "merge" then
      def // { contents = map again def.contents; }
    else if
      elem type [
        "if"
        "order"
        "override"
      ]
    then
      def // { content = again def.content; }
    else if type == "definition" then
      def // { value = again def.value; }
    else
      f def;

  /**
    Moves properties from around a set to its attributes. The result is a list
    of plain sets.

    # Type
    ```
    pushDownProperties :: Definition -> [AttrSet]
    ```

    # Example
    ```nix
    lib.pushDownProperties (lib.mkForce { a = 1; })
    => [ { a = { _type = "override"; content = 1; priority = 50; }; } ]
    ```
  */
  pushDownProperties =
    def:
    let
      type = typeOf def;
      around =
        wrap:
        map (set: if isAttrs set then mapAttrs (_: wrap) set else set) (pushDownProperties def.content);
    in
    if type == "merge" then
      concatMap pushDownProperties def.contents
    else if type == "if" then
      around (mkIf def.condition)
    else if type == "override" then
      around (mkOverride def.priority)
    else
      [ def ];

  /**
    The definitions that are left when conditions are decided and merges taken
    apart.

    # Type
    ```
    dischargeProperties :: Definition -> [any]
    ```

    # Example
    ```nix
    lib.dischargeProperties (lib.mkMerge [ 1 (lib.mkIf false 2) (lib.mkIf true 3) ])
    => [ 1 3 ]
    ```
  */
  dischargeProperties =
    def:
    let
      type = typeOf def;
    in
    if type == "merge" then
      concatMap dischargeProperties def.contents
    else if type == "if" then
      if !(isBool def.condition) then
        throw "the condition of mkIf is not a boolean"
      else if def.condition then
        dischargeProperties def.content
      else
        [ ]
    else
      [ def ];

  /**
    The definitions with the strongest priority, without that property.

    # Type
    ```
    filterOverrides :: [{ file :: String; value :: any; }] -> [{ file :: String; value :: any; }]
    ```

    # Example
    ```nix
    lib.filterOverrides [ { value = lib.mkForce 1; } { value = 2; } ]
    => [ { value = 1; } ]
    ```
  */
  filterOverrides = defs: (filterOverrides' defs).values;

  /**
    Like `filterOverrides`; the result also has the priority that won.

    # Type
    ```
    filterOverrides' :: [AttrSet] -> { values :: [AttrSet]; highestPrio :: Int; }
    ```

    # Example
    ```nix
    lib.modules.filterOverrides' [ { value = lib.mkForce 1; } { value = 2; } ]
    => { highestPrio = 50; values = [ { value = 1; } ]; }
    ```
  */
  filterOverrides' =
    defs:
    let
      isOverride = def: typeOf def.value == "override";
      priority = def: if isOverride def then def.value.priority else defaultOverridePriority;
      strip = def: if isOverride def then def // { value = def.value.content; } else def;
      # Weaker than anything that is in use.
      weakest = 9999;
      highestPrio = foldl' (best: def: lib.trivial.min best (priority def)) weakest defs;
    in
    {
      values = map strip (filter (def: priority def == highestPrio) defs);
      inherit highestPrio;
    };

  /**
    Sorts definitions by `mkOrder` and takes that property off.

    # Type
    ```
    sortProperties :: [{ value :: any; }] -> [{ value :: any; }]
    ```

    # Example
    ```nix
    map (def: def.value) (lib.sortProperties [ { value = 1; } { value = lib.mkBefore 2; } ])
    => [ 2 1 ]
    ```
  */
  sortProperties =
    defs:
    let
      isOrder = def: typeOf def.value == "order";
      strip =
        def:
        if isOrder def then
          def
          // {
            value = def.value.content;
            inherit (def.value) priority;
          }
        else
          def;
      place = def: def.priority or defaultOrderPriority;
    in
    if any isOrder defs then sort (a: b: place a < place b) (map strip defs) else defs;
}
