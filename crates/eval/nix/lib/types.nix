# The types of options. A type says which definitions are good (`check`), how
# several become one value (`merge`), and how two declarations of one option
# go together (`typeMerge`, by way of `functor`).
#
# The well-known types are merged natively, by `name` and `functor.payload`;
# `check` and `merge` here say the same in Nix.
lib:
import ./types/basic.nix lib
// import ./types/strings.nix lib
// import ./types/paths.nix lib
// import ./types/collections.nix lib
// import ./types/attr-list.nix lib
// import ./types/combinators.nix lib
// import ./types/modules.nix lib
// rec {
  /** The types themselves, for `with lib.types; types.str`. */
  types = lib.types;

  /**
    True for a set with the given `_type`.

    # Type
    ```
    isType :: String -> any -> Bool
    ```

    # Example
    ```nix
    lib.isType "option" (lib.mkOption { })
    => true
    ```
  */
  isType = type: value: value._type or "" == type;

  /**
    Gives a set a `_type`.

    # Type
    ```
    setType :: String -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.setType "thing" { a = 1; }
    => { _type = "thing"; a = 1; }
    ```
  */
  setType = type: value: value // { _type = type; };

  /**
    True for the type of an option.

    # Type
    ```
    isOptionType :: any -> Bool
    ```

    # Example
    ```nix
    lib.isOptionType lib.types.str
    => true
    ```
  */
  isOptionType = isType "option-type";

  /**
    Makes a type. Only `name` is needed; the rest has defaults: everything is
    good, and definitions are merged by what they are.

    # Type
    ```
    mkOptionType :: { name :: String; description ? String; check ? (any -> Bool); merge ? Function; ... } -> OptionType
    ```

    # Example
    ```nix
    (lib.mkOptionType { name = "even"; check = n: lib.mod n 2 == 0; }).check 3
    => false
    ```
  */
  mkOptionType =
    {
      name,
      check ? _: true,
      deprecationMessage ? null,
      description ? null,
      descriptionClass ? null,
      emptyValue ? { },
      functor ? defaultFunctor name,
      getSubModules ? null,
      getSubOptions ? _: { },
      merge ? lib.options.mergeDefaultOption,
      nestedTypes ? { },
      substSubModules ? _: null,
      typeMerge ? defaultTypeMerge functor,
    }:
    {
      _type = "option-type";
      description = if description == null then name else description;
      inherit
        name
        check
        deprecationMessage
        descriptionClass
        emptyValue
        functor
        getSubModules
        getSubOptions
        merge
        nestedTypes
        substSubModules
        typeMerge
        ;
    };

  /**
    The functor of a type without parameters: it can be merged with itself.

    # Type
    ```
    defaultFunctor :: String -> AttrSet
    ```

    # Example
    ```nix
    (lib.defaultFunctor "str").payload
    => null
    ```
  */
  defaultFunctor = name: {
    inherit name;
    type = lib.types.${name} or null;
    wrapped = null;
    payload = null;
    binOp = _: _: null;
  };

  /**
    Merges two types by their functors: of the same name, with payloads that
    go together. Null if that fails.

    # Type
    ```
    defaultTypeMerge :: AttrSet -> AttrSet -> (OptionType | null)
    ```

    # Example
    ```nix
    (lib.defaultTypeMerge lib.types.str.functor lib.types.str.functor).name
    => "str"
    lib.defaultTypeMerge lib.types.str.functor lib.types.int.functor
    => null
    ```
  */
  defaultTypeMerge =
    left: right:
    let
      payload = left.binOp left.payload right.payload;
    in
    if left.name != right.name then
      null
    else if left.payload == null then
      assert right.payload == null;
      left.type
    else if payload == null then
      null
    else
      left.type payload;

  /**
    Merges two types, or says so in a set of type `merge-error` if they do not
    go together.

    # Type
    ```
    mergeTypes :: OptionType -> OptionType -> (OptionType | AttrSet)
    ```

    # Example
    ```nix
    (lib.types.mergeTypes (lib.types.enum [ 1 ]) (lib.types.enum [ 2 ])).description
    => "one of 1, 2"
    ```
  */
  mergeTypes =
    left: right:
    assert isOptionType left && isOptionType right;
    let
      merged = left.typeMerge right.functor;
    in
    if merged == null then setType "merge-error" { error = "Cannot merge types"; } else merged;

  /**
    The description of a type as part of another, in parentheses unless its
    class is one that can do without.

    # Type
    ```
    optionDescriptionPhrase :: ((String | null) -> Bool) -> OptionType -> String
    ```

    # Example
    ```nix
    lib.types.optionDescriptionPhrase (class: class == "noun") (lib.types.nullOr lib.types.str)
    => "(null or string)"
    ```
  */
  optionDescriptionPhrase =
    bare: type:
    if bare (type.descriptionClass or null) then type.description else "(${type.description})";

  /** A module without checks, for options that are only to be described. */
  noCheckForDocsModule = {
    _file = "<documentation of options>";
    config._module.check = lib.modules.mkForce false;
  };
}
