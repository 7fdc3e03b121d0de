# Types of lists and attribute sets.
lib:
let
  inherit (builtins)
    attrNames
    concatLists
    filter
    foldl'
    head
    isAttrs
    isList
    length
    mapAttrs
    zipAttrsWith
    ;

  inherit (lib.lists) imap1;
  inherit (lib.modules) mergeDefinitions;
  inherit (lib.options) getFiles showFiles showOption;
  inherit (lib.strings) escapeNixIdentifier;

  inherit (lib.types)
    addCheck
    defaultFunctor
    mkOptionType
    optionDescriptionPhrase
    ;

  inherit (import ./merging.nix lib) coherent headError merging;

  elementFunctor = import ./element-functor.nix lib;

  describeElements = optionDescriptionPhrase (class: class == "noun" || class == "composite");
in
rec {
  /**
    A list; definitions are joined, and each element has a type.

    # Type
    ```
    listOf :: OptionType -> OptionType
    ```

    # Example
    ```nix
    (lib.types.listOf lib.types.int).merge [ ] [ { file = "f"; value = [ 1 ]; } { file = "g"; value = [ 2 ]; } ]
    => [ 1 2 ]
    (lib.types.listOf lib.types.int).description
    => "list of signed integer"
    ```
  */
  listOf =
    elemType:
    mkOptionType rec {
      name = "listOf";
      description = "list of ${describeElements elemType}";
      descriptionClass = "composite";
      check = coherent isList;
      merge = merging (
        { loc, defs }:
        let
          # Elements may carry properties of their own, `mkIf` above all.
          element =
            file: n: m: value:
            mergeDefinitions (loc ++ [ "[definition ${toString n}-entry ${toString m}]" ]) elemType [
              { inherit file value; }
            ];
          all = concatLists (imap1 (n: def: imap1 (element def.file n) def.value) defs);
          elements = filter (e: e.isDefined) all;
        in
        {
          headError = headError check defs;
          value = map (e: e.mergedValue) elements;
          valueMeta.list = map (e: e.checkedAndMerged.valueMeta) elements;
        }
      );
      emptyValue.value = [ ];
      getSubOptions = prefix: elemType.getSubOptions (prefix ++ [ "*" ]);
      inherit (elemType) getSubModules;
      substSubModules = modules: listOf (elemType.substSubModules modules);
      functor = elementFunctor "listOf" listOf elemType;
      nestedTypes = { inherit elemType; };
    };

  /**
    A list with at least one element.

    # Type
    ```
    nonEmptyListOf :: OptionType -> OptionType
    ```

    # Example
    ```nix
    (lib.types.nonEmptyListOf lib.types.int).check [ ]
    => false
    ```
  */
  nonEmptyListOf =
    elemType:
    let
      list = addCheck (listOf elemType) (value: value != [ ]);
    in
    list
    // {
      description = "non-empty ${optionDescriptionPhrase (class: class == "noun") list}";
      # Without definitions there is no value at all.
      emptyValue = { };
      substSubModules = modules: nonEmptyListOf (elemType.substSubModules modules);
    };

  /**
    Any attribute set. Definitions are merged at the top only, and properties
    inside them are not looked at; `attrsOf anything` does better.

    # Type
    ```
    attrs :: OptionType
    ```

    # Example
    ```nix
    lib.types.attrs.merge [ ] [ { file = "f"; value.a = 1; } { file = "g"; value.b = 2; } ]
    => { a = 1; b = 2; }
    ```
  */
  attrs = mkOptionType {
    name = "attrs";
    description = "attribute set";
    check = isAttrs;
    merge = _: foldl' (merged: def: merged // def.value) { };
    emptyValue.value = { };
  };

  /**
    An attribute set; definitions are merged, and each attribute has a type.

    # Type
    ```
    attrsOf :: OptionType -> OptionType
    ```

    # Example
    ```nix
    (lib.types.attrsOf lib.types.int).merge [ ] [ { file = "f"; value.a = 1; } { file = "g"; value.b = 2; } ]
    => { a = 1; b = 2; }
    (lib.types.attrsOf lib.types.int).description
    => "attribute set of signed integer"
    ```
  */
  attrsOf = elemType: attrsWith { inherit elemType; };

  /**
    Like `attrsOf`, but lazy: conditions on whole attributes are not decided
    when the names are asked for.

    # Type
    ```
    lazyAttrsOf :: OptionType -> OptionType
    ```

    # Example
    ```nix
    (lib.types.lazyAttrsOf lib.types.int).name
    => "lazyAttrsOf"
    ```
  */
  lazyAttrsOf =
    elemType:
    attrsWith {
      inherit elemType;
      lazy = true;
    };

  /**
    The type behind `attrsOf` and `lazyAttrsOf`, with the word that stands for
    the attribute's name in documentation.

    # Type
    ```
    attrsWith :: { elemType :: OptionType; lazy ? Bool; placeholder ? String; } -> OptionType
    ```

    # Example
    ```nix
    (lib.types.attrsWith { elemType = lib.types.int; lazy = true; placeholder = "host"; }).description
    => "lazy attribute set of signed integer"
    ```
  */
  attrsWith =
    {
      elemType,
      lazy ? false,
      placeholder ? "name",
    }:
    mkOptionType rec {
      name = if lazy then "lazyAttrsOf" else "attrsOf";
      description = "${if lazy then "lazy " else ""}attribute set of ${describeElements elemType}";
      descriptionClass = "composite";
      check = coherent isAttrs;
      merge = merging (
        { loc, defs }:
        let
          perName = map (def: mapAttrs (_: value: def // { inherit value; }) def.value) defs;
          all = zipAttrsWith (name: mergeDefinitions (loc ++ [ name ]) elemType) perName;
          results = if lazy then all else lib.attrsets.filterAttrs (_: result: result.isDefined) all;
          lazyValue =
            result:
            if result.isDefined then
              result.mergedValue
            else
              elemType.emptyValue.value or result.mergedValue;
        in
        {
          headError = headError check defs;
          value = mapAttrs (_: if lazy then lazyValue else result: result.mergedValue) results;
          valueMeta.attrs = mapAttrs (_: result: result.checkedAndMerged.valueMeta) results;
        }
      );
      emptyValue.value = { };
      getSubOptions = prefix: elemType.getSubOptions (prefix ++ [ "<${placeholder}>" ]);
      inherit (elemType) getSubModules;
      substSubModules =
        modules:
        attrsWith {
          elemType = elemType.substSubModules modules;
          inherit lazy placeholder;
        };
      functor = defaultFunctor "attrsWith" // {
        type = attrsWith;
        wrapped = elemType;
        payload = { inherit elemType lazy placeholder; };
        binOp =
          left: right:
          let
            merged = left.elemType.typeMerge right.elemType.functor;
            # "name" is what a declaration has that does not care.
            words = lib.lists.unique (
              lib.lists.remove "name" [
                left.placeholder
                right.placeholder
              ]
            );
          in
          if merged == null || left.lazy != right.lazy || length words > 1 then
            null
          else
            {
              elemType = merged;
              inherit (left) lazy;
              placeholder = if words == [ ] then "name" else head words;
            };
      };
      nestedTypes = { inherit elemType; };
    };

  /**
    Was a list or a set, long ago; now the same as `attrsOf`, with a message.

    # Type
    ```
    loaOf :: OptionType -> OptionType
    ```

    # Example
    ```nix
    (lib.types.loaOf lib.types.int).name
    => "loaOf"
    ```
  */
  loaOf =
    elemType:
    attrsOf elemType
    // {
      name = "loaOf";
      deprecationMessage = "Lists and attribute sets can no longer be mixed; use `types.attrsOf` instead.";
    };

  /**
    A set with exactly one attribute, whose name is the choice among several
    options and whose value has that option's type.

    # Type
    ```
    attrTag :: { <name> = Option; } -> OptionType
    ```

    # Example
    ```nix
    (lib.types.attrTag { file = lib.mkOption { type = lib.types.path; }; }).check { file = "/etc/a"; }
    => true
    (lib.types.attrTag { file = lib.mkOption { type = lib.types.path; }; }).check { url = "b"; }
    => false
    ```
  */
  attrTag =
    given:
    let
      place =
        tag:
        let
          position = builtins.unsafeGetAttrPos tag given;
        in
        if position == null then [ ] else [ position ];

      tags = mapAttrs (
        tag: option:
        if option._type or null != "option" then
          throw "In attrTag, each tag value must be an option, but tag ${escapeNixIdentifier tag} ${
            if !(option ? _type) then
              "was not."
            else if option._type == "option-type" then
              "was a bare type, not wrapped in mkOption."
            else
              "was of type ${lib.strings.escapeNixString option._type}."
          }"
        else
          option
          // {
            declarations = option.declarations or (map (position: position.file) (place tag));
            declarationPositions = option.declarationPositions or (place tag);
          }
      ) given;

      choices = lib.strings.concatMapStringsSep ", " escapeNixIdentifier (attrNames tags);

      tagOf =
        loc: value:
        if length (attrNames value) == 1 then
          head (attrNames value)
        else
          throw "The option `${showOption loc}` must have exactly one attribute.";
    in
    mkOptionType {
      name = "attrTag";
      description = "attribute-tagged union with choices: ${choices}";
      descriptionClass = "noun";
      check =
        value: isAttrs value && length (attrNames value) == 1 && tags ? ${head (attrNames value)};
      merge =
        loc: defs:
        let
          tag = tagOf loc (head defs).value;
          ofTag =
            def:
            let
              other = tagOf loc def.value;
            in
            if other == tag then
              def // { value = def.value.${tag}; }
            else
              throw "The option `${showOption loc}` is defined both as `${tag}` and `${other}`, in ${showFiles (getFiles defs)}.";
        in
        if tags ? ${tag} then
          {
            ${tag} = (lib.modules.evalOptionValue (loc ++ [ tag ]) tags.${tag} (map ofTag defs)).value;
          }
        else
          throw "The option `${showOption loc}` is defined as ${escapeNixIdentifier tag}, but ${escapeNixIdentifier tag} is not among the valid choices (${choices}). Value ${tag} was defined in ${showFiles (getFiles defs)}.";
      getSubOptions = prefix: mapAttrs (tag: option: option // { loc = prefix ++ [ tag ]; }) tags;
      nestedTypes = tags;
      functor = defaultFunctor "attrTag" // {
        type = payload: attrTag payload.tags;
        payload = { inherit tags; };
        binOp =
          left: right:
          let
            declare = option: {
              _file = "<attrTag {...}>";
              pos = null;
              options = option;
            };
            both =
              tag: a: b:
              lib.modules.mergeOptionDecls [ tag ] [ (declare a) (declare b) ]
              // {
                declarations = a.declarations ++ b.declarations;
                declarationPositions = a.declarationPositions ++ b.declarationPositions;
              };
          in
          {
            tags =
              left.tags
              // right.tags
              // mapAttrs (tag: both tag left.tags.${tag}) (builtins.intersectAttrs left.tags right.tags);
          };
      };
    };
}
