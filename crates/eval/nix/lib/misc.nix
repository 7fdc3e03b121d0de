# Old functions that newer ones have replaced, kept for code that still calls
# them. Fake hashes live here too.
lib:
let
  inherit (builtins)
    all
    elem
    elemAt
    filter
    foldl'
    getEnv
    head
    isAttrs
    isBool
    isInt
    isList
    tail
    ;

  # What a package hands on to those that depend on it.
  propagated = pkg: pkg.propagatedBuildInputs or [ ] ++ pkg.propagatedNativeBuildInputs or [ ];
in
import ./misc/merge.nix lib
// rec {
  /**
    A hash for places where the right one is not known yet.

    # Type
    ```
    fakeHash :: String
    ```

    # Example
    ```nix
    builtins.substring 0 10 lib.fakeHash
    => "sha256-AAA"
    ```
  */
  fakeHash = "sha256-${lib.strings.replicate 43 "A"}=";

  /**
    A SHA-256 hash for places where the right one is not known yet.

    # Type
    ```
    fakeSha256 :: String
    ```

    # Example
    ```nix
    builtins.stringLength lib.fakeSha256
    => 64
    ```
  */
  fakeSha256 = lib.strings.replicate 64 "0";

  /**
    A SHA-512 hash for places where the right one is not known yet.

    # Type
    ```
    fakeSha512 :: String
    ```

    # Example
    ```nix
    builtins.stringLength lib.fakeSha512
    => 128
    ```
  */
  fakeSha512 = lib.strings.replicate 128 "0";

  /**
    A variable of the environment, or a default if it is not set.

    # Type
    ```
    maybeEnv :: String -> String -> String
    ```

    # Example
    ```nix
    lib.maybeEnv "NO_SUCH_VARIABLE" "default"
    => "default"
    ```
  */
  maybeEnv =
    name: default:
    let
      value = getEnv name;
    in
    if value == "" then default else value;

  /**
    An attribute or a default; `set.name or default` says the same.

    # Type
    ```
    maybeAttr :: String -> a -> AttrSet -> a
    ```

    # Example
    ```nix
    lib.maybeAttr "a" 0 { }
    => 0
    ```
  */
  maybeAttr =
    name: default: set:
    set.${name} or default;

  /**
    Another name of `maybeAttr`.

    # Type
    ```
    maybeAttrNullable :: String -> a -> AttrSet -> a
    ```

    # Example
    ```nix
    lib.maybeAttrNullable "a" 0 { a = 1; }
    => 1
    ```
  */
  maybeAttrNullable = maybeAttr;

  /**
    A value, or the empty value of its type if a condition is false.

    # Type
    ```
    ifEnable :: Bool -> a -> a
    ```

    # Example
    ```nix
    lib.ifEnable false [ 1 ]
    => [ ]
    ```
  */
  ifEnable =
    condition: value:
    if condition then
      value
    else if isList value then
      [ ]
    else if isAttrs value then
      { }
    else if isBool value then
      false
    else
      null;

  /**
    True if a flag is in the list `flags` of a set, or is a true attribute.

    # Type
    ```
    checkFlag :: AttrSet -> String -> Bool
    ```

    # Example
    ```nix
    lib.checkFlag { flags = [ "a" ]; } "a"
    => true
    ```
  */
  checkFlag =
    set: name:
    if name == "true" then
      true
    else if name == "false" then
      false
    else
      elem name (set.flags or [ ]) || set.${name} or false;

  /**
    The value of a name: an attribute, a flag, or from a list of pairs.

    # Type
    ```
    getValue :: AttrSet -> [[any]] -> String -> any
    ```

    # Example
    ```nix
    lib.getValue { } [ [ "a" 1 ] ] "a"
    => 1
    ```
  */
  getValue =
    set: pairs: name:
    let
      found = filter (pair: head pair == name) pairs;
    in
    set.${name} or (
      if checkFlag set name then
        true
      else if found == [ ] then
        null
      else
        elemAt (head found) 1
    );

  /**
    True if every flag that is set has what it needs; each condition is a list
    of a flag and the names it needs.

    # Type
    ```
    checkReqs :: AttrSet -> [[any]] -> [[String]] -> Bool
    ```

    # Example
    ```nix
    lib.checkReqs { flags = [ "a" ]; } [ [ "b" 1 ] ] [ [ "a" "b" ] ]
    => true
    ```
  */
  checkReqs =
    set: pairs: conditions:
    let
      given =
        name:
        !(elem (getValue set pairs name) [
          null
          false
        ]);
    in
    all (condition: !(checkFlag set (head condition)) || all given (tail condition)) conditions;

  /**
    A list without repetitions and without what is in `acc`.

    # Type
    ```
    uniqList :: { inputList :: [a]; acc ? [a]; } -> [a]
    ```

    # Example
    ```nix
    lib.uniqList { inputList = [ 1 2 1 3 ]; acc = [ 3 ]; }
    => [ 1 2 ]
    ```
  */
  uniqList =
    {
      inputList,
      acc ? [ ],
    }:
    lib.lists.unique (filter (x: !(elem x acc)) inputList);

  /**
    A list without repetitions, by a comparison of choice.

    # Type
    ```
    uniqListExt :: { inputList :: [a]; outputList ? [a]; getter ? (a -> b); compare ? (b -> b -> Bool); } -> [a]
    ```

    # Example
    ```nix
    lib.uniqListExt { inputList = [ "a" "ab" "b" ]; getter = builtins.substring 0 1; }
    => [ "a" "b" ]
    ```
  */
  uniqListExt =
    {
      inputList,
      outputList ? [ ],
      getter ? x: x,
      compare ? x: y: x == y,
    }:
    foldl' (
      seen: x: if builtins.any (y: compare (getter y) (getter x)) seen then seen else seen ++ [ x ]
    ) outputList inputList;

  /**
    Appends to a name those texts of a list of conditions and texts whose
    condition holds.

    # Type
    ```
    condConcat :: String -> [any] -> (any -> Bool) -> String
    ```

    # Example
    ```nix
    lib.condConcat "a" [ true "-b" false "-c" ] lib.id
    => "a-b"
    ```
  */
  condConcat =
    name: list: holds:
    if list == [ ] then
      name
    else
      condConcat (name + (if holds (head list) then elemAt list 1 else "")) (tail (tail list)) holds;

  /**
    `builtins.genericClosure` with keys that are compared only for equality.

    # Type
    ```
    lazyGenericClosure :: { startSet :: [AttrSet]; operator :: AttrSet -> [AttrSet]; } -> [AttrSet]
    ```

    # Example
    ```nix
    lib.lazyGenericClosure { startSet = [ { key = 1; } ]; operator = x: if x.key < 3 then [ { key = x.key + 1; } ] else [ ]; }
    => [ { key = 3; } { key = 2; } { key = 1; } ]
    ```
  */
  lazyGenericClosure =
    { startSet, operator }:
    let
      work =
        todo: keys: done:
        if todo == [ ] then
          done
        else if elem (head todo).key keys then
          work (tail todo) keys done
        else
          work (tail todo ++ operator (head todo)) ([ (head todo).key ] ++ keys) ([ (head todo) ] ++ done);
    in
    work startSet [ ] [ ];

  /**
    Part of `modifySumArgs`.

    # Type
    ```
    innerModifySumArgs :: Function -> AttrSet -> AttrSet -> (AttrSet | null) -> any
    ```

    # Example
    ```nix
    lib.innerModifySumArgs (a: b: a) { x = 1; } { y = 2; } null
    => { x = 1; y = 2; }
    ```
  */
  innerModifySumArgs =
    f: x: a: b:
    if b == null then f a b // x else innerModifySumArgs f x (a // b);

  /**
    Collects sets until a null comes, and adds attributes to what a function
    makes of them.

    # Type
    ```
    modifySumArgs :: Function -> AttrSet -> (AttrSet | null) -> any
    ```

    # Example
    ```nix
    lib.modifySumArgs (a: b: a) { x = 1; } { y = 2; } null
    => { x = 1; y = 2; }
    ```
  */
  modifySumArgs = f: x: innerModifySumArgs f x { };

  /**
    Part of `closePropagationSlow`.

    # Type
    ```
    innerClosePropagation :: [Derivation] -> [Derivation] -> [Derivation]
    ```

    # Example
    ```nix
    lib.innerClosePropagation [ ] [ null ]
    => [ ]
    ```
  */
  innerClosePropagation =
    done: todo:
    if todo == [ ] then
      done
    else if !(isAttrs (head todo)) then
      innerClosePropagation done (tail todo)
    else
      let
        done' = [ (head todo) ] ++ done;
      in
      innerClosePropagation done' (uniqList {
        inputList = propagated (head todo) ++ tail todo;
        acc = done';
      });

  /**
    Packages and all they propagate, compared as values.

    # Type
    ```
    closePropagationSlow :: [Derivation] -> [Derivation]
    ```

    # Example
    ```nix
    lib.misc.closePropagationSlow [ { n = 1; } ]
    => [ { n = 1; } ]
    ```
  */
  closePropagationSlow = list: uniqList { inputList = innerClosePropagation [ ] list; };

  /**
    Packages and all they propagate, compared by their paths.

    # Type
    ```
    closePropagationFast :: [Derivation] -> [Derivation]
    ```

    # Example
    ```nix
    lib.misc.closePropagationFast [ { outPath = "a"; } ]
    => [ { outPath = "a"; } ]
    ```
  */
  closePropagationFast =
    list:
    let
      item = pkg: {
        key = pkg.outPath;
        inherit pkg;
      };
      items = packages: map item (filter (pkg: pkg != null) packages);
    in
    map (item: item.pkg) (
      builtins.genericClosure {
        startSet = items list;
        operator = { pkg, ... }: if isAttrs pkg then items (propagated pkg) else [ ];
      }
    );

  /**
    Packages and all they propagate.

    # Type
    ```
    closePropagation :: [Derivation] -> [Derivation]
    ```

    # Example
    ```nix
    lib.closePropagation [ { outPath = "a"; } ]
    => [ { outPath = "a"; } ]
    ```
  */
  closePropagation = closePropagationFast;

  /**
    The type of a value; derivations are told apart from sets.

    # Type
    ```
    nixType :: any -> String
    ```

    # Example
    ```nix
    lib.nixType [ ]
    => "list"
    ```
  */
  nixType =
    value:
    if isAttrs value then
      if value ? outPath then "derivation" else "attrs"
    else if lib.trivial.isFunction value then
      "function"
    else if isList value then
      "list"
    else if isBool value then
      "bool"
    else if value == null then
      "null"
    else if isInt value then
      "int"
    else
      "string";

  /**
    Former name of `imap1`.

    # Type
    ```
    imap :: (Int -> a -> b) -> [a] -> [b]
    ```

    # Example
    ```nix
    lib.imap (i: x: "${x}${toString i}") [ "a" "b" ]
    => [ "a1" "b2" ]
    ```
  */
  imap = lib.lists.imap1;
}
