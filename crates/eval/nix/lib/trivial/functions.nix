# Functions as values: what arguments they take, and sets that act as one.
lib:
let
  # Under a name of its own: the public one looks through callable sets.
  builtinFunctionArgs = builtins.functionArgs;
in
rec {
  /**
    Gives a function a description of its arguments, which `functionArgs`
    then reports.

    # Type
    ```
    setFunctionArgs :: (a -> b) -> { <name> = Bool; } -> AttrSet
    ```

    # Example
    ```nix
    lib.functionArgs (lib.setFunctionArgs (args: args.x) { x = false; })
    => { x = false; }
    ```
  */
  setFunctionArgs = f: args: {
    __functor = _: f;
    __functionArgs = args;
  };

  /**
    The named arguments of a function, true for those with a default. Callable
    sets are looked into.

    # Type
    ```
    functionArgs :: (a -> b) -> { <name> = Bool; }
    ```

    # Example
    ```nix
    lib.functionArgs ({ a, b ? 1 }: a)
    => { a = false; b = true; }
    ```
  */
  functionArgs =
    f:
    if f ? __functor then
      f.__functionArgs or (builtinFunctionArgs (f.__functor f))
    else
      builtinFunctionArgs f;

  /**
    True for functions and for callable sets.

    # Type
    ```
    isFunction :: any -> Bool
    ```

    # Example
    ```nix
    lib.isFunction { __functor = self: x: x; }
    => true
    ```
  */
  isFunction = f: builtins.isFunction f || (f ? __functor && builtins.isFunction (f.__functor f));

  /**
    Gives a second function the argument description of a first.

    # Type
    ```
    mirrorFunctionArgs :: (a -> b) -> (a -> c) -> AttrSet
    ```

    # Example
    ```nix
    lib.functionArgs (lib.mirrorFunctionArgs ({ a }: a) (args: args))
    => { a = false; }
    ```
  */
  mirrorFunctionArgs =
    f:
    let
      args = functionArgs f;
    in
    g: setFunctionArgs g args;

  /**
    Makes a constant function of what is not a function yet.

    # Type
    ```
    toFunction :: (a | (b -> a)) -> b -> a
    ```

    # Example
    ```nix
    lib.toFunction 1 "ignored"
    => 1
    ```
  */
  toFunction = value: if isFunction value then value else _: value;
}
