# Fixed points: sets whose parts refer to the finished whole, and the overlays
# that change them.
lib: rec {
  /**
    The fixed point of a function: a value that the function gives when it is
    called with that same value.

    # Type
    ```
    fix :: (a -> a) -> a
    ```

    # Example
    ```nix
    lib.fix (self: { a = 1; b = self.a + 1; })
    => { a = 1; b = 2; }
    ```
  */
  fix =
    f:
    let
      result = f result;
    in
    result;

  /**
    Like `fix`, and the result keeps its function as `__unfix__`.

    # Type
    ```
    fix' :: (AttrSet -> AttrSet) -> AttrSet
    ```

    # Example
    ```nix
    builtins.attrNames (lib.fix' (self: { a = 1; }))
    => [ "__unfix__" "a" ]
    ```
  */
  fix' =
    f:
    let
      result = f result // {
        __unfix__ = f;
      };
    in
    result;

  /**
    Applies a function again and again until the value stops changing.

    # Type
    ```
    converge :: (a -> a) -> a -> a
    ```

    # Example
    ```nix
    lib.converge (n: builtins.div n 2) 16
    => 0
    ```
  */
  converge =
    f: value:
    let
      next = f value;
    in
    if next == value then value else converge f next;

  /**
    Puts an overlay (`final: prev: { ... }`) on top of a function that is
    meant for `fix`.

    # Type
    ```
    extends :: (AttrSet -> AttrSet -> AttrSet) -> (AttrSet -> AttrSet) -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.fix (lib.extends (final: prev: { a = prev.a + 1; }) (self: { a = 1; b = self.a; }))
    => { a = 2; b = 2; }
    ```
  */
  extends =
    overlay: base: final:
    let
      prev = base final;
    in
    prev // overlay final prev;

  /**
    Makes one overlay of two; the second sees what the first has changed.

    # Type
    ```
    composeExtensions :: Overlay -> Overlay -> Overlay
    ```

    # Example
    ```nix
    lib.composeExtensions (final: prev: { a = 1; }) (final: prev: { b = prev.a + 1; }) { } { }
    => { a = 1; b = 2; }
    ```
  */
  composeExtensions =
    first: second: final: prev:
    let
      fromFirst = first final prev;
    in
    fromFirst // second final (prev // fromFirst);

  /**
    Makes one overlay of a list; each sees the changes of those before it.

    # Type
    ```
    composeManyExtensions :: [Overlay] -> Overlay
    ```

    # Example
    ```nix
    lib.composeManyExtensions [ (final: prev: { a = 1; }) (final: prev: { b = prev.a; }) ] { } { }
    => { a = 1; b = 1; }
    ```
  */
  composeManyExtensions =
    overlays: final: prev:
    # A left fold over the accumulated changes: constant depth, where nested
    # compositions would be as deep as the list is long.
    builtins.foldl' (changes: overlay: changes // overlay final (prev // changes)) { } overlays;

  /**
    Turns what people write for an overlay into one: a plain set, a function
    of the previous set, or a full `final: prev:` function.

    # Type
    ```
    toExtension :: (AttrSet | (AttrSet -> AttrSet) | Overlay) -> Overlay
    ```

    # Example
    ```nix
    lib.toExtension { a = 1; } { } { }
    => { a = 1; }
    lib.toExtension (prev: { a = prev.a + 1; }) { } { a = 1; }
    => { a = 2; }
    ```
  */
  toExtension =
    given:
    if !(lib.trivial.isFunction given) then
      _: _: given
    else
      final: prev:
      let
        ofPrev = given prev;
      in
      if lib.trivial.isFunction ofPrev then given final prev else ofPrev;

  /**
    A fixed point with an `extend` function that takes an overlay.

    # Type
    ```
    makeExtensible :: (AttrSet -> AttrSet) -> AttrSet
    ```

    # Example
    ```nix
    ((lib.makeExtensible (self: { a = 1; b = self.a; })).extend (final: prev: { a = 2; })).b
    => 2
    ```
  */
  makeExtensible = makeExtensibleWithCustomName "extend";

  /**
    Like `makeExtensible`, with another name for the `extend` function.

    # Type
    ```
    makeExtensibleWithCustomName :: String -> (AttrSet -> AttrSet) -> AttrSet
    ```

    # Example
    ```nix
    ((lib.makeExtensibleWithCustomName "with" (self: { a = 1; }))."with" (final: prev: { a = 2; })).a
    => 2
    ```
  */
  makeExtensibleWithCustomName =
    name: base:
    fix' (
      self:
      base self
      // {
        ${name} = overlay: makeExtensibleWithCustomName name (extends overlay base);
      }
    );
}
