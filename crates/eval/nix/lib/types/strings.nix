# Types of strings.
lib:
let
  inherit (builtins)
    concatStringsSep
    isString
    match
    toJSON
    ;

  inherit (lib.options) getValues mergeEqualOption;

  inherit (lib.types)
    addCheck
    defaultFunctor
    mkOptionType
    optionDescriptionPhrase
    ;
in
rec {
  /**
    A string. Definitions must agree.

    # Type
    ```
    str :: OptionType
    ```

    # Example
    ```nix
    lib.types.str.check "a"
    => true
    lib.types.str.check 1
    => false
    ```
  */
  str = mkOptionType {
    name = "str";
    description = "string";
    descriptionClass = "noun";
    check = isString;
    merge = mergeEqualOption;
  };

  /**
    A string with more in it than white space.

    # Type
    ```
    nonEmptyStr :: OptionType
    ```

    # Example
    ```nix
    lib.types.nonEmptyStr.check " "
    => false
    ```
  */
  nonEmptyStr = mkOptionType {
    name = "nonEmptyStr";
    description = "non-empty string";
    descriptionClass = "noun";
    check = value: isString value && match "[ \t\n]*" value == null;
    inherit (str) merge;
  };

  /**
    A string of one line. A newline at the end is taken off.

    # Type
    ```
    singleLineStr :: OptionType
    ```

    # Example
    ```nix
    lib.types.singleLineStr.merge [ ] [ { file = "f"; value = "a\n"; } ]
    => "a"
    lib.types.singleLineStr.check "a\nb"
    => false
    ```
  */
  singleLineStr = mkOptionType {
    name = "singleLineStr";
    description = "(optionally newline-terminated) single-line string";
    descriptionClass = "noun";
    check = value: isString value && match "[^\n\r]*\n?" value != null;
    merge = loc: defs: lib.strings.removeSuffix "\n" (mergeEqualOption loc defs);
  };

  /**
    A string that a regular expression matches as a whole.

    # Type
    ```
    strMatching :: String -> OptionType
    ```

    # Example
    ```nix
    (lib.types.strMatching "[a-z]+").check "abc"
    => true
    (lib.types.strMatching "[a-z]+").check "abc1"
    => false
    ```
  */
  strMatching =
    pattern:
    mkOptionType {
      name = "strMatching ${lib.strings.escapeNixString pattern}";
      description = "string matching the pattern ${pattern}";
      descriptionClass = "noun";
      check = value: isString value && match pattern value != null;
      inherit (str) merge;
      functor = defaultFunctor "strMatching" // {
        type = payload: strMatching payload.pattern;
        payload = { inherit pattern; };
        binOp = left: right: if left == right then left else null;
      };
    };

  /**
    A string whose definitions are joined with a separator.

    # Type
    ```
    separatedString :: String -> OptionType
    ```

    # Example
    ```nix
    (lib.types.separatedString "; ").merge [ ] [ { file = "f"; value = "a"; } { file = "g"; value = "b"; } ]
    => "a; b"
    ```
  */
  separatedString =
    sep:
    mkOptionType {
      name = "separatedString";
      description = "strings concatenated with ${toJSON sep}";
      descriptionClass = "noun";
      check = isString;
      merge = _: defs: concatStringsSep sep (getValues defs);
      functor = defaultFunctor "separatedString" // {
        type = payload: separatedString payload.sep;
        payload = { inherit sep; };
        binOp = left: right: if left.sep == right.sep then { inherit (left) sep; } else null;
      };
    };

  /**
    A string whose definitions are joined as lines.

    # Type
    ```
    lines :: OptionType
    ```

    # Example
    ```nix
    lib.types.lines.merge [ ] [ { file = "f"; value = "a"; } { file = "g"; value = "b"; } ]
    => "a\nb"
    ```
  */
  lines = separatedString "\n";

  /**
    A string whose definitions are joined with commas.

    # Type
    ```
    commas :: OptionType
    ```

    # Example
    ```nix
    lib.types.commas.merge [ ] [ { file = "f"; value = "a"; } { file = "g"; value = "b"; } ]
    => "a,b"
    ```
  */
  commas = separatedString ",";

  /**
    A string whose definitions are joined with colons, like `PATH`.

    # Type
    ```
    envVar :: OptionType
    ```

    # Example
    ```nix
    lib.types.envVar.merge [ ] [ { file = "f"; value = "/a"; } { file = "g"; value = "/b"; } ]
    => "/a:/b"
    ```
  */
  envVar = separatedString ":";

  /**
    A type of strings, restricted to what fits into a field of `/etc/passwd`.

    # Type
    ```
    passwdEntry :: OptionType -> OptionType
    ```

    # Example
    ```nix
    (lib.types.passwdEntry lib.types.str).check "a:b"
    => false
    ```
  */
  passwdEntry =
    type:
    addCheck type (value: match "[^:\n]*" value != null)
    // {
      name = "passwdEntry ${type.name}";
      description = "${
        optionDescriptionPhrase (class: class == "noun") type
      }, not containing newlines or colons";
      descriptionClass = "nonRestrictiveClause";
    };

  /**
    A piece of Lua, as `lib.mkLuaInline` makes it.

    # Type
    ```
    luaInline :: OptionType
    ```

    # Example
    ```nix
    lib.types.luaInline.check (lib.mkLuaInline "1 + 1")
    => true
    ```
  */
  luaInline = mkOptionType {
    name = "luaInline";
    description = "inline lua";
    descriptionClass = "noun";
    check = value: value._type or null == "lua-inline";
    merge = mergeEqualOption;
  };
}
