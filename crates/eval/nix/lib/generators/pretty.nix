# Values written as Nix, for people to read.
lib:
let
  inherit (builtins)
    addErrorContext
    concatStringsSep
    elem
    isAttrs
    isFloat
    isInt
    isList
    isPath
    isString
    length
    mapAttrs
    replaceStrings
    ;

  inherit (lib.strings) escape escapeNixIdentifier splitString;

  # What makes a set callable or printable; it stays as it is at any depth.
  special = [
    "__functionArgs"
    "__functor"
    "__pretty"
    "__toString"
  ];

  quoted =
    lines:
    "\"${
      concatStringsSep "\\n" (
        map (escape [
          "\\"
          "\""
          "\${"
        ]) lines
      )
    }\"";

  showFunction =
    f:
    let
      args = lib.trivial.functionArgs f;
      show = name: optional: if optional then "${name}?" else name;
    in
    if args == { } then
      "<function>"
    else
      "<function, args: {${concatStringsSep ", " (lib.attrsets.mapAttrsToList show args)}}>";
in
{
  /**
    Writes a value as Nix would. With `allowPrettyValues` a set with `__pretty`
    and `val` says itself how.

    # Type
    ```
    toPretty :: { allowPrettyValues ? Bool; multiline ? Bool; indent ? String; } -> any -> String
    ```

    # Example
    ```nix
    lib.generators.toPretty { multiline = false; } { a = [ 1 "x" ]; }
    => "{ a = [ 1 \"x\" ]; }"
    ```
  */
  toPretty =
    {
      allowPrettyValues ? false,
      multiline ? true,
      indent ? "",
    }:
    let
      write =
        indent: value:
        let
          before = if multiline then "\n${indent}  " else " ";
          after = if multiline then "\n${indent}" else " ";
          inner = write (indent + "  ");
          between = open: items: close: open + before + concatStringsSep before items + after + close;
          attribute =
            name: attr:
            "${escapeNixIdentifier name} = ${
              addErrorContext "while evaluating an attribute `${name}`" (inner attr)
            };";
          lines = splitString "\n" value;
          indentedLines = map (replaceStrings [ "\${" "''" ] [ "''\${" "'''" ]) lines;
          # The last line ends the string: if it is empty, so that the string
          # ends with a newline, the quotes stand on it.
          indented =
            "''"
            + before
            + concatStringsSep before (lib.lists.init indentedLines)
            + (if lib.lists.last lines == "" then after else before + lib.lists.last indentedLines)
            + "''";
        in
        if isString value then
          if multiline && length lines > 1 then indented else quoted lines
        else if isInt value then
          toString value
        else if isFloat value then
          builtins.toJSON value
        else if value == true then
          "true"
        else if value == false then
          "false"
        else if value == null then
          "null"
        else if isPath value then
          toString value
        else if value == [ ] then
          "[ ]"
        else if isList value then
          between "[" (map inner value) "]"
        else if lib.trivial.isFunction value then
          showFunction value
        else if allowPrettyValues && value ? __pretty && value ? val then
          value.__pretty value.val
        else if value == { } then
          "{ }"
        else if value.type or null == "derivation" then
          "<derivation ${value.name or "???"}>"
        else
          between "{" (lib.attrsets.mapAttrsToList attribute value) "}";
    in
    write indent;

  /**
    Cuts a value off below a depth, so that endless ones can be printed: there
    it throws, or has the text `<unevaluated>`.

    # Type
    ```
    withRecursion :: { depthLimit :: Int; throwOnDepthLimit ? Bool; } -> any -> any
    ```

    # Example
    ```nix
    lib.generators.withRecursion { depthLimit = 1; throwOnDepthLimit = false; } { a.b.c = 1; }
    => { a = { b = "<unevaluated>"; }; }
    ```
  */
  withRecursion =
    {
      depthLimit,
      throwOnDepthLimit ? true,
    }:
    assert isInt depthLimit;
    let
      cut =
        depth: value:
        if depth <= depthLimit then
          value
        else if throwOnDepthLimit then
          throw "Exceeded maximum eval-depth limit of ${toString depthLimit} while trying to evaluate with `generators.withRecursion'!"
        else
          "<unevaluated>";

      walk =
        depth: value:
        let
          below = child: walk (depth + 1) (cut (depth + 1) child);
        in
        if isAttrs value then
          mapAttrs (name: child: if elem name special then child else below child) value
        else if isList value then
          map below value
        else
          cut (depth + 1) value;
    in
    walk 0;
}
