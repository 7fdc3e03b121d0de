# Lists of attributes: sets whose attributes have an order and may repeat.
lib:
let
  inherit (builtins)
    attrNames
    concatMap
    filter
    foldl'
    groupBy
    head
    isAttrs
    isList
    length
    mapAttrs
    sort
    typeOf
    ;

  inherit (lib.modules)
    defaultOrderPriority
    defaultOverridePriority
    mergeDefinitions
    mkDefinition
    mkOrder
    mkOverride
    ;

  inherit (lib.options) showDefs showOption;
  inherit (lib.types) isType mkOptionType optionDescriptionPhrase;
  inherit (import ./merging.nix lib) coherent headError merging;

  # A value without its order, which counts for the whole list, but with its
  # priority, which the element's own merging wants to see.
  peel =
    value:
    let
      inner = peel value.content;
    in
    if isType "order" value then
      {
        inherit (inner) priority value;
        order = value.priority;
      }
    else if isType "override" value then
      # What is overridden is never looked at.
      {
        inherit (inner) order;
        inherit (value) priority;
        value = mkOverride value.priority inner.value;
      }
    else
      {
        inherit value;
        order = defaultOrderPriority;
        priority = defaultOverridePriority;
      };
in
rec {
  /**
    A list of sets with one attribute each. A plain set is taken for the list
    of its attributes; `mkBefore` and the like move single elements.

    # Type
    ```
    attrListOf :: OptionType -> OptionType
    ```

    # Example
    ```nix
    (lib.types.attrListOf lib.types.int).merge [ ] [ { file = "f"; value = { a = 1; b = lib.mkBefore 2; }; } ]
    => [ { b = 2; } { a = 1; } ]
    ```
  */
  attrListOf = elemType: attrListWith { inherit elemType; };

  /**
    The type behind `attrListOf`. With `asAttrs` the value is a set, to which
    a function of name and values merges the elements.

    # Type
    ```
    attrListWith :: { elemType :: OptionType; asAttrs ? Bool; mergeAttrValues ? (String -> [any] -> any); } -> OptionType
    ```

    # Example
    ```nix
    (lib.types.attrListWith { elemType = lib.types.int; asAttrs = true; }).merge [ ] [ { file = "f"; value = [ { a = 1; } { a = 2; } ]; } ]
    => { a = [ 1 2 ]; }
    ```
  */
  attrListWith =
    {
      elemType,
      asAttrs ? false,
      mergeAttrValues ? _: values: values,
    }:
    let
      description = "attribute list of ${
        optionDescriptionPhrase (class: class == "noun" || class == "composite") elemType
      }";
    in
    mkOptionType rec {
      name = "attrListOf";
      inherit description;
      descriptionClass = "composite";
      check = coherent (value: isList value || isAttrs value);
      merge = merging (
        { loc, defs }:
        let
          wrong =
            def: what:
            throw "A definition for option `${showOption loc}' is not of type `${description}'. Each list element must be ${what}.${showDefs [ def ]}";

          ofElement =
            file: raw:
            let
              outer = isType "order" raw;
              element = if outer then raw.content else raw;
              key = head (attrNames element);
              def = {
                inherit file;
                value = raw;
              };
            in
            if !(isAttrs element) then
              wrong def "an attribute set, but got ${typeOf element}"
            else if length (attrNames element) != 1 then
              wrong def "a single-key attribute set, but got ${toString (length (attrNames element))} keys"
            else
              peel element.${key}
              // {
                inherit file key;
              }
              // lib.attrsets.optionalAttrs outer { order = raw.priority; };

          ofDefinition =
            def:
            if isList def.value then
              map (ofElement def.file) def.value
            else
              map (
                key:
                peel def.value.${key}
                // {
                  inherit (def) file;
                  inherit key;
                }
              ) (attrNames def.value);

          items = concatMap ofDefinition defs;

          # For each name the strongest priority; weaker elements do not count.
          strongest = mapAttrs (
            _: foldl' (best: item: lib.trivial.min best item.priority) defaultOverridePriority
          ) (groupBy (item: item.key) items);
          winners = filter (item: item.priority == strongest.${item.key}) items;

          merged = map (item: {
            inherit (item) file key order;
            result = mergeDefinitions (loc ++ [ item.key ]) elemType [
              { inherit (item) file value; }
            ];
          }) (sort (a: b: a.order < b.order) winners);

          defined = filter (item: item.result.isDefined) merged;
          list = map (item: { ${item.key} = item.result.mergedValue; }) defined;
        in
        {
          headError = headError check defs;
          value = if asAttrs then builtins.zipAttrsWith mergeAttrValues list else list;
          valueMeta = {
            attrList = map (item: item.result.checkedAndMerged.valueMeta) defined;
            attrListValue = list;
            definitions = map (
              item:
              mkDefinition {
                inherit (item) file;
                value = mkOrder item.order { ${item.key} = item.result.mergedValue; };
              }
            ) defined;
          };
        }
      );
      emptyValue.value = if asAttrs then { } else [ ];
      getSubOptions = prefix: elemType.getSubOptions (prefix ++ [ "*" ]);
      inherit (elemType) getSubModules;
      substSubModules =
        modules:
        attrListWith {
          inherit asAttrs mergeAttrValues;
          elemType = elemType.substSubModules modules;
        };
      typeMerge = _: null;
      nestedTypes = { inherit elemType; };
    };
}
