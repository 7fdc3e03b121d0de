# Values written in other languages: property lists, Dhall and Lua.
lib:
let
  inherit (builtins)
    concatLists
    concatStringsSep
    filter
    attrNames
    isAttrs
    isBool
    isFloat
    isInt
    isList
    isPath
    isString
    match
    toJSON
    typeOf
    ;

  inherit (lib.attrsets) filterAttrs isDerivation mapAttrsToList;

  luaName = "[[:alpha:]_][[:alnum:]_]*";
in
rec {
  /**
    A property list of macOS, as XML. Null and `_module` are left out of sets.
    Texts are escaped only if `escape` says so.

    # Type
    ```
    toPlist :: { escape ? Bool; } -> any -> String
    ```

    # Example
    ```nix
    lib.hasInfix "<key>a</key>" (lib.generators.toPlist { escape = true; } { a = 1; })
    => true
    ```
  */
  toPlist =
    {
      escape ? false,
    }:
    let
      text = if escape then lib.strings.escapeXML else (t: t);
      wrap = tag: content: "<${tag}>${content}</${tag}>";
      lines = concatStringsSep "\n";
      block =
        indent: tag: content:
        lines [
          "${indent}<${tag}>"
          (lines content)
          "${indent}</${tag}>"
        ];
      entry = indent: name: value: [
        (indent + wrap "key" (text name))
        (write indent value)
      ];
      write =
        indent: value:
        let
          deeper = indent + "\t";
        in
        if value == null then
          ""
        else if isBool value then
          indent + (if value then "<true/>" else "<false/>")
        else if isInt value then
          indent + wrap "integer" (toString value)
        else if isFloat value then
          indent + wrap "real" (toString value)
        else if isString value || isPath value then
          indent + wrap "string" (text (toString value))
        else if isList value then
          block indent "array" (map (write deeper) value)
        else if isAttrs value then
          block indent "dict" (
            concatLists (
              mapAttrsToList (entry deeper) (
                filterAttrs (name: child: name != "_module" && child != null) value
              )
            )
          )
        else
          abort "generators.toPlist: a value of type ${typeOf value} is not supported";
    in
    value:
    lines [
      ''<?xml version="1.0" encoding="UTF-8"?>''
      ''<!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">''
      ''<plist version="1.0">''
      (write "" value)
      "</plist>"
    ];

  /**
    An expression of Dhall. The first argument is an empty set.

    # Type
    ```
    toDhall :: { } -> any -> String
    ```

    # Example
    ```nix
    lib.generators.toDhall { } { a = [ 1 true ]; }
    => "{ a = [ +1, True ] }"
    ```
  */
  toDhall =
    { }:
    value:
    let
      again = toDhall { };
      items = concatStringsSep ", ";
    in
    if isAttrs value then
      "{ ${items (mapAttrsToList (name: child: "${name} = ${again child}") value)} }"
    else if isList value then
      "[ ${items (map again value)} ]"
    else if isInt value then
      (if value < 0 then "" else "+") + toString value
    else if isBool value then
      (if value then "True" else "False")
    else if value == null || lib.trivial.isFunction value then
      abort "generators.toDhall: a value of type ${typeOf value} cannot be written in Dhall"
    else
      toJSON value;

  /**
    An expression of Lua, or with `asBindings` a list of assignments.

    # Type
    ```
    toLua :: { multiline ? Bool; indent ? String; asBindings ? Bool; } -> any -> String
    ```

    # Example
    ```nix
    lib.generators.toLua { multiline = false; } { a = [ 1 null ]; }
    => "{ [\"a\"] = { 1, nil } }"
    lib.generators.toLua { asBindings = true; } { x = 1; }
    => "x = 1\n"
    ```
  */
  toLua =
    {
      multiline ? true,
      indent ? "",
      asBindings ? false,
    }:
    value:
    let
      deeper = indent + "  ";
      before = if multiline then "\n${deeper}" else " ";
      after = if multiline then "\n${indent}" else " ";
      table = items: "{${before}${concatStringsSep ",${before}" items}${after}}";
      nested =
        indent:
        toLua {
          inherit multiline indent;
        };
      inner = nested deeper;
      badNames = filter (name: match "${luaName}(\\.${luaName})*" name == null) (attrNames value);
    in
    if asBindings then
      assert lib.asserts.assertMsg (
        badNames == [ ]
      ) "Bad Lua var names: ${lib.generators.toPretty { } badNames}";
      lib.strings.concatStrings (
        mapAttrsToList (name: child: "${indent}${name} = ${nested indent child}\n") value
      )
    else if value == null then
      "nil"
    else if isString value || isInt value || isFloat value || isBool value then
      toJSON value
    else if isPath value || isDerivation value then
      toJSON "${value}"
    else if value == [ ] || value == { } then
      "{}"
    else if isList value then
      table (map inner value)
    else if isAttrs value && value._type or null == "lua-inline" then
      "(${value.expr})"
    else if isAttrs value then
      table (mapAttrsToList (name: child: "[${toJSON name}] = ${inner child}") value)
    else
      abort "generators.toLua: a value of type ${typeOf value} is not supported";

  /**
    Marks a string as a piece of Lua that `toLua` puts in as it is.

    # Type
    ```
    mkLuaInline :: String -> AttrSet
    ```

    # Example
    ```nix
    lib.generators.toLua { } (lib.mkLuaInline "1 + 1")
    => "(1 + 1)"
    ```
  */
  mkLuaInline = expr: {
    _type = "lua-inline";
    inherit expr;
  };
}
