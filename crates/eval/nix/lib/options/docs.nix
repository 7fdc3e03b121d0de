# The documentation of options, as the generators of manuals take it.
lib:
let
  inherit (builtins)
    addErrorContext
    concatMap
    filter
    isAttrs
    isBool
    isList
    mapAttrs
    ;

  inherit (lib.attrsets) collect isDerivation optionalAttrs;

  inherit (lib.options)
    isOption
    literalExpression
    showOption
    unknownModule
    ;
in
rec {
  /**
    A flat list of all options inside a tree of them, sub-options included.

    # Type
    ```
    optionAttrSetToDocList :: AttrSet -> [AttrSet]
    ```

    # Example
    ```nix
    lib.optionAttrSetToDocList { }
    => [ ]
    ```
  */
  optionAttrSetToDocList = optionAttrSetToDocList' [ ];

  /**
    Like `optionAttrSetToDocList`, below the path that is the first argument.

    # Type
    ```
    optionAttrSetToDocList' :: [String] -> AttrSet -> [AttrSet]
    ```

    # Example
    ```nix
    lib.optionAttrSetToDocList' [ "a" ] { }
    => [ ]
    ```
  */
  optionAttrSetToDocList' =
    _: options:
    concatMap (
      option:
      let
        name = showOption option.loc;
        type = option.type or { };
        visible = option.visible or true;
        render =
          what: value:
          addErrorContext "while evaluating the ${what} of option `${name}`" (renderOptionValue value);

        # A type with an empty value has a default without saying so, but for
        # submodules their own options tell more.
        hasEmptyValue = type ? emptyValue.value && type.getSubModules or null == null;

        entry = {
          inherit (option) loc;
          inherit name;
          description = option.description or null;
          declarations = filter (file: file != unknownModule) option.declarations;
          internal = option.internal or false;
          visible = if isBool visible then visible else visible == "shallow";
          readOnly = option.readOnly or false;
          type = type.description or "unspecified";
        }
        // optionalAttrs (option ? example) { example = render "example" option.example; }
        // (
          if option ? defaultText then
            { default = render "defaultText" option.defaultText; }
          else if option ? default then
            { default = render "default value" option.default; }
          else
            optionalAttrs hasEmptyValue { default = render "default value" type.emptyValue.value; }
        )
        // optionalAttrs (option.relatedPackages or null != null) {
          inherit (option) relatedPackages;
        };

        below = option.type.getSubOptions option.loc;
        showBelow = if isBool visible then visible else visible == "transparent";
      in
      [ entry ]
      ++ (if showBelow && below != { } then optionAttrSetToDocList' option.loc below else [ ])
    ) (collect isOption options);

  /**
    Takes out of a value what cannot be written down: a derivation becomes its
    name.

    # Type
    ```
    scrubOptionValue :: any -> any
    ```

    # Example
    ```nix
    lib.scrubOptionValue [ 1 { a = 2; } ]
    => [ 1 { a = 2; } ]
    ```
  */
  scrubOptionValue =
    value:
    if isDerivation value then
      {
        type = "derivation";
        inherit (value) name;
        drvPath = value.name;
        outPath = value.name;
      }
    else if isList value then
      map scrubOptionValue value
    else if isAttrs value then
      mapAttrs (_: scrubOptionValue) (removeAttrs value [ "_args" ])
    else
      value;

  /**
    Writes a value as Nix code, unless it is a text for the documentation
    already.

    # Type
    ```
    renderOptionValue :: any -> { _type :: String; text :: String; }
    ```

    # Example
    ```nix
    lib.options.renderOptionValue [ 1 ]
    => { _type = "literalExpression"; text = "[\n  1\n]"; }
    ```
  */
  renderOptionValue =
    value:
    if value ? _type && value ? text then
      value
    else
      literalExpression (
        lib.generators.toPretty {
          multiline = true;
          allowPrettyValues = true;
        } value
      );
}
