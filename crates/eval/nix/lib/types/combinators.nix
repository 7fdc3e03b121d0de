# Types made of other types: alternatives, conversions and restrictions.
lib:
let
  inherit (builtins)
    all
    any
    elem
    elemAt
    foldl'
    head
    isBool
    isInt
    isString
    length
    tail
    typeOf
    ;

  inherit (lib.options)
    getFiles
    mergeEqualOption
    mergeOneOption
    mergeUniqueOption
    showDefs
    showFiles
    showOption
    ;

  inherit (lib.types)
    defaultFunctor
    mkOptionType
    optionDescriptionPhrase
    ;

  inherit (import ./merging.nix lib)
    checkAndMerge
    coherent
    coherently
    headError
    merging
    ;

  elementFunctor = import ./element-functor.nix lib;

  isClass = classes: class: elem class classes;
in
rec {
  /**
    Null, or a value of a type. Definitions are all null or all not.

    # Type
    ```
    nullOr :: OptionType -> OptionType
    ```

    # Example
    ```nix
    (lib.types.nullOr lib.types.int).check null
    => true
    (lib.types.nullOr lib.types.int).description
    => "null or signed integer"
    ```
  */
  nullOr =
    elemType:
    mkOptionType {
      name = "nullOr";
      description = "null or ${
        optionDescriptionPhrase (isClass [
          "noun"
          "conjunction"
        ]) elemType
      }";
      descriptionClass = "conjunction";
      check = value: value == null || elemType.check value;
      merge =
        loc: defs:
        if all (def: def.value == null) defs then
          null
        else if any (def: def.value == null) defs then
          throw "The option `${showOption loc}` is defined both null and not null, in ${showFiles (getFiles defs)}."
        else
          elemType.merge loc defs;
      emptyValue.value = null;
      inherit (elemType) getSubOptions getSubModules;
      substSubModules = modules: nullOr (elemType.substSubModules modules);
      functor = elementFunctor "nullOr" nullOr elemType;
      nestedTypes = { inherit elemType; };
    };

  /**
    One type or another. The first is tried first.

    # Type
    ```
    either :: OptionType -> OptionType -> OptionType
    ```

    # Example
    ```nix
    (lib.types.either lib.types.int lib.types.str).check "a"
    => true
    (lib.types.either lib.types.int lib.types.str).description
    => "signed integer or string"
    ```
  */
  either =
    left: right:
    let
      # "a, meaning b, or c": a clause in commas needs one more before "or".
      afterClause = left.descriptionClass or null == "nonRestrictiveClause";
      described =
        if afterClause then
          "${left.description}, or ${
            optionDescriptionPhrase (isClass [
              "noun"
              "conjunction"
            ]) right
          }"
        else
          "${
            optionDescriptionPhrase (isClass [
              "noun"
              "conjunction"
            ]) left
          } or ${
            optionDescriptionPhrase (isClass [
              "noun"
              "conjunction"
              "composite"
            ]) right
          }";
    in
    mkOptionType rec {
      name = "either";
      description = described;
      descriptionClass = "conjunction";
      check = coherent (value: left.check value || right.check value);
      merge = merging (
        { loc, defs }@args:
        let
          asLeft = checkAndMerge left args;
          asRight = checkAndMerge right args;
          message = "The option `${showOption loc}` is neither a value of type `${left.description}` nor `${right.description}`, Definition values: ${showDefs defs}";
        in
        if asLeft.headError == null then
          asLeft
        else if asRight.headError == null then
          asRight
        else
          rec {
            headError = { inherit message; };
            valueMeta = { inherit headError; };
            # Whoever checks never gets here; a freeform type does not.
            value = lib.trivial.warn ''
              One or more definitions did not pass the type-check of the 'either' type.
              ${message}
              In a freeform type, put `either`, `oneOf` and their like inside an `attrsOf`.
            '' (mergeOneOption loc defs);
          }
      );
      typeMerge =
        other:
        let
          mergedLeft = left.typeMerge (elemAt other.payload.elemType 0).functor;
          mergedRight = right.typeMerge (elemAt other.payload.elemType 1).functor;
        in
        if other.name != name || mergedLeft == null || mergedRight == null then
          null
        else
          either mergedLeft mergedRight;
      functor = defaultFunctor name // {
        type = either;
        wrapped = [
          left
          right
        ];
        payload.elemType = [
          left
          right
        ];
      };
      nestedTypes = { inherit left right; };
    };

  /**
    One of several types, tried in their order.

    # Type
    ```
    oneOf :: [OptionType] -> OptionType
    ```

    # Example
    ```nix
    (lib.types.oneOf [ lib.types.int lib.types.bool lib.types.str ]).description
    => "signed integer or boolean or string"
    ```
  */
  oneOf =
    types:
    if types == [ ] then
      throw "types.oneOf needs to get at least one type in its argument"
    else
      foldl' either (head types) (tail types);

  /**
    One of the given values. Declarations of one option add up.

    # Type
    ```
    enum :: [any] -> OptionType
    ```

    # Example
    ```nix
    (lib.types.enum [ "left" "right" ]).check "middle"
    => false
    (lib.types.enum [ "left" "right" ]).description
    => "one of \"left\", \"right\""
    ```
  */
  enum =
    values:
    let
      show =
        value:
        if isString value then
          ''"${value}"''
        else if isInt value then
          toString value
        else if isBool value then
          lib.trivial.boolToString value
        else
          "<${typeOf value}>";
    in
    mkOptionType {
      name = "enum";
      description =
        if values == [ ] then
          "impossible (empty enum)"
        else if length values == 1 then
          "value ${show (head values)} (singular enum)"
        else
          "one of ${lib.strings.concatMapStringsSep ", " show values}";
      descriptionClass = if length values < 2 then "noun" else "conjunction";
      check = value: elem value values;
      merge = mergeEqualOption;
      functor = defaultFunctor "enum" // {
        type = payload: enum payload.values;
        payload = { inherit values; };
        binOp = left: right: { values = lib.lists.unique (left.values ++ right.values); };
      };
    };

  /**
    A type whose definitions may also have another type, from which a function
    converts them.

    # Type
    ```
    coercedTo :: OptionType -> (any -> any) -> OptionType -> OptionType
    ```

    # Example
    ```nix
    (lib.types.coercedTo lib.types.int toString lib.types.str).merge [ ] [ { file = "f"; value = 1; } ]
    => "1"
    (lib.types.coercedTo lib.types.int toString lib.types.str).description
    => "string or signed integer convertible to it"
    ```
  */
  coercedTo =
    coercedType: coerceFunc: finalType:
    assert lib.asserts.assertMsg (
      coercedType.getSubModules == null
    ) "coercedTo: coercedType must not have submodules (it’s a ${coercedType.description})";
    let
      describe = optionDescriptionPhrase (class: class == "noun");
      convert =
        loc: def:
        let
          result = checkAndMerge coercedType {
            inherit loc;
            defs = [ def ];
          };
        in
        if result.headError == null then def // { value = coerceFunc def.value; } else def;
    in
    mkOptionType rec {
      name = "coercedTo";
      description = "${describe finalType} or ${describe coercedType} convertible to it";
      check = coherent (
        value: (coercedType.check value && finalType.check (coerceFunc value)) || finalType.check value
      );
      merge = merging (
        { loc, defs }:
        let
          final = {
            inherit loc;
            defs = map (convert loc) defs;
          };
          result = checkAndMerge finalType final;
        in
        if finalType.merge ? v2 then result else result // { headError = headError check defs; }
      );
      inherit (finalType) emptyValue getSubOptions getSubModules;
      substSubModules = modules: coercedTo coercedType coerceFunc (finalType.substSubModules modules);
      # Functions cannot be compared, so two of these never merge.
      typeMerge = _: null;
      functor = defaultFunctor "coercedTo" // {
        payload = { inherit coercedType coerceFunc finalType; };
      };
      nestedTypes = { inherit coercedType finalType; };
    };

  /**
    A type of which only one definition is allowed.

    # Type
    ```
    uniq :: OptionType -> OptionType
    ```

    # Example
    ```nix
    (lib.types.uniq lib.types.int).merge [ ] [ { file = "f"; value = 1; } ]
    => 1
    ```
  */
  uniq = unique { message = ""; };

  /**
    Like `uniq`, with a message for the case that there are more definitions.

    # Type
    ```
    unique :: { message :: String; } -> OptionType -> OptionType
    ```

    # Example
    ```nix
    (lib.types.unique { message = "There is only one."; } lib.types.int).description
    => "signed integer"
    ```
  */
  unique =
    { message }:
    type:
    mkOptionType {
      name = "unique";
      inherit (type)
        check
        description
        descriptionClass
        emptyValue
        getSubModules
        getSubOptions
        ;
      merge = mergeUniqueOption {
        inherit message;
        inherit (type) merge;
      };
      substSubModules = modules: unique { inherit message; } (type.substSubModules modules);
      functor = elementFunctor "unique" (unique { inherit message; }) type;
      nestedTypes.elemType = type;
    };

  /**
    A function whose results have a type; those of several definitions are
    merged.

    # Type
    ```
    functionTo :: OptionType -> OptionType
    ```

    # Example
    ```nix
    (lib.types.functionTo (lib.types.listOf lib.types.int)).merge [ ] [ { file = "f"; value = n: [ n ]; } ] 1
    => [ 1 ]
    ```
  */
  functionTo =
    elemType:
    mkOptionType {
      name = "functionTo";
      description = "function that evaluates to a(n) ${
        optionDescriptionPhrase (isClass [
          "noun"
          "composite"
        ]) elemType
      }";
      descriptionClass = "composite";
      check = lib.trivial.isFunction;
      merge =
        loc: defs:
        let
          # An argument may be left out if every definition has a default.
          args = builtins.zipAttrsWith (_: all (optional: optional)) (
            map (def: lib.trivial.functionArgs def.value) defs
          );
          call =
            argument:
            lib.modules.mergeDefinitions (loc ++ [ "<function body>" ]) elemType (
              map (def: def // { value = def.value argument; }) defs
            );
        in
        lib.trivial.setFunctionArgs (argument: (call argument).mergedValue) args;
      getSubOptions = prefix: elemType.getSubOptions (prefix ++ [ "<function body>" ]);
      inherit (elemType) getSubModules;
      substSubModules = modules: functionTo (elemType.substSubModules modules);
      functor = elementFunctor "functionTo" functionTo elemType;
      nestedTypes = { inherit elemType; };
    };

  /**
    Restricts a type to values for which a predicate holds.

    # Type
    ```
    addCheck :: OptionType -> (any -> Bool) -> OptionType
    ```

    # Example
    ```nix
    (lib.types.addCheck lib.types.int (n: n < 10)).check 11
    => false
    ```
  */
  addCheck =
    type: pred:
    let
      check = value: type.check value && pred value;
    in
    type
    // (
      if type.merge ? v2 then
        {
          # What hides behind another check stays known to.
          check = if type.check.isV2MergeCoherent or false then coherent check else check;
          merge = merging (
            { loc, defs }@args:
            let
              result = coherently loc type (type.merge.v2 args);
            in
            result
            // {
              headError = if result.headError != null then result.headError else headError pred defs;
            }
          );
        }
      else
        { inherit check; }
    );

  /**
    Any value that a format such as JSON can hold.

    # Type
    ```
    serializableValueWith :: { typeName :: String; nullable ? Bool; } -> OptionType
    ```

    # Example
    ```nix
    (lib.types.serializableValueWith { typeName = "INI"; }).description
    => "INI value"
    ```
  */
  serializableValueWith =
    {
      typeName,
      nullable ? true,
    }:
    let
      t = lib.types;
      plain = oneOf [
        t.bool
        t.int
        t.float
        t.str
        t.path
        (t.attrsOf value)
        (t.listOf value)
      ];
      value = (if nullable then nullOr plain else plain) // {
        description = "${typeName} value";
      };
    in
    value;

  /**
    Any value that JSON can hold.

    # Type
    ```
    json :: OptionType
    ```

    # Example
    ```nix
    lib.types.json.check { a = [ 1 null ]; }
    => true
    ```
  */
  json = serializableValueWith { typeName = "JSON"; };

  /**
    Any value that TOML can hold, so everything but null.

    # Type
    ```
    toml :: OptionType
    ```

    # Example
    ```nix
    lib.types.toml.check null
    => false
    ```
  */
  toml = serializableValueWith {
    typeName = "TOML";
    nullable = false;
  };
}
