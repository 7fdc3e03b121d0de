# Pieces of text that name other pieces they must come after, such as the
# steps of an activation script.
lib:
let
  inherit (builtins) foldl' isAttrs;
in
rec {
  /**
    The texts of the named pieces and of all they depend on, each once, in an
    order that respects the dependencies.

    # Type
    ```
    textClosureList :: { <name> = { text :: String; deps :: [String]; }; } -> [String] -> [String]
    ```

    # Example
    ```nix
    lib.textClosureList { a = lib.fullDepEntry "A" [ "b" ]; b = lib.noDepEntry "B"; } [ "a" "b" ]
    => [ "B" "A" ]
    ```
  */
  textClosureList =
    pieces: wanted:
    let
      visit =
        state: piece:
        if isAttrs piece then
          let
            afterDeps = foldl' visit state piece.deps;
          in
          afterDeps // { texts = afterDeps.texts ++ [ piece.text ]; }
        else if state.seen ? ${piece} then
          state
        else
          visit (
            state
            // {
              seen = state.seen // {
                ${piece} = true;
              };
            }
          ) pieces.${piece};
      start = {
        seen = { };
        texts = [ ];
      };
    in
    (foldl' visit start wanted).texts;

  /**
    Like `textClosureList`; the texts go through a function and are joined as
    lines.

    # Type
    ```
    textClosureMap :: (String -> String) -> AttrSet -> [String] -> String
    ```

    # Example
    ```nix
    lib.textClosureMap lib.id { a = lib.fullDepEntry "A" [ "b" ]; b = lib.noDepEntry "B"; } [ "a" ]
    => "B\nA"
    ```
  */
  textClosureMap =
    f: pieces: wanted:
    lib.strings.concatMapStringsSep "\n" f (textClosureList pieces wanted);

  /**
    A piece that depends on nothing.

    # Type
    ```
    noDepEntry :: String -> AttrSet
    ```

    # Example
    ```nix
    lib.noDepEntry "text"
    => { deps = [ ]; text = "text"; }
    ```
  */
  noDepEntry = text: {
    inherit text;
    deps = [ ];
  };

  /**
    A piece with its dependencies.

    # Type
    ```
    fullDepEntry :: String -> [String] -> AttrSet
    ```

    # Example
    ```nix
    lib.fullDepEntry "text" [ "a" ]
    => { deps = [ "a" ]; text = "text"; }
    ```
  */
  fullDepEntry = text: deps: { inherit text deps; };

  /**
    A piece without text, that only names others.

    # Type
    ```
    packEntry :: [String] -> AttrSet
    ```

    # Example
    ```nix
    lib.packEntry [ "a" ]
    => { deps = [ "a" ]; text = ""; }
    ```
  */
  packEntry = deps: {
    inherit deps;
    text = "";
  };

  /**
    `fullDepEntry` with the dependencies first.

    # Type
    ```
    stringAfter :: [String] -> String -> AttrSet
    ```

    # Example
    ```nix
    lib.stringAfter [ "a" ] "text"
    => { deps = [ "a" ]; text = "text"; }
    ```
  */
  stringAfter = deps: text: { inherit text deps; };
}
