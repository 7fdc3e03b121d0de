# What functions that fetch sources share: proxies, and one way to give a hash.
lib:
let
  inherit (builtins) attrNames elem filter head;
  inherit (lib.trivial) functionArgs setFunctionArgs;

  # Stands for a hash that is not known yet, so that the right one is in the
  # error message.
  fake = {
    hash = lib.misc.fakeHash;
    sha256 = lib.misc.fakeSha256;
    sha512 = lib.misc.fakeSha512;
  };
in
rec {
  /**
    The variables of the environment that a fetcher passes on.

    # Type
    ```
    proxyImpureEnvVars :: [String]
    ```

    # Example
    ```nix
    builtins.elem "https_proxy" lib.fetchers.proxyImpureEnvVars
    => true
    ```
  */
  proxyImpureEnvVars =
    let
      lower = [
        "http_proxy"
        "https_proxy"
        "ftp_proxy"
        "all_proxy"
        "no_proxy"
      ];
    in
    lower ++ map lib.strings.toUpper lower ++ [ "NIX_SSL_CERT_FILE" ];

  /**
    Turns the argument `hash` (or `sha256` and the like) of a fetcher into
    `outputHash` and `outputHashAlgo`.

    # Type
    ```
    normalizeHash :: { hashTypes ? [String]; required ? Bool; } -> AttrSet -> AttrSet
    ```

    # Example
    ```nix
    lib.fetchers.normalizeHash { } { url = "a"; sha256 = "b"; }
    => { outputHash = "b"; outputHashAlgo = "sha256"; url = "a"; }
    ```
  */
  normalizeHash =
    {
      hashTypes ? [ "sha256" ],
      required ? true,
    }:
    args:
    let
      names = [ "hash" ] ++ hashTypes;
      given = filter (name: elem name names) (attrNames args);
      name = head given;
      value = args.${name};
      others = removeAttrs args names;
    in
    if args ? outputHash then
      args
    else if given == [ ] then
      if required then throw "fetcher called without `hash`" else others
    else if given != [ name ] then
      throw "fetcher called with mutually-incompatible arguments: ${builtins.concatStringsSep ", " given}"
    else
      others
      // {
        outputHashAlgo = if name == "hash" then null else name;
        outputHash =
          if value == "" then fake.${name} or (throw "there is no fake hash of type ${name}") else value;
      };

  /**
    Makes a fetcher that takes `outputHash` and `outputHashAlgo` take `hash`
    and the like.

    # Type
    ```
    withNormalizedHash :: { hashTypes ? [String]; } -> Function -> Function
    ```

    # Example
    ```nix
    lib.functionArgs (lib.fetchers.withNormalizedHash { } ({ url, outputHash, outputHashAlgo }: url))
    => { hash = false; url = false; }
    ```
  */
  withNormalizedHash =
    {
      hashTypes ? [ "sha256" ],
    }:
    fetcher:
    let
      args = functionArgs fetcher;
      normalize = normalizeHash {
        inherit hashTypes;
        required = !args.outputHash;
      };
      kept = removeAttrs args [
        "outputHash"
        "outputHashAlgo"
      ];
    in
    assert args ? outputHash && args ? outputHashAlgo;
    assert builtins.all (name: !(args ? ${name})) ([ "hash" ] ++ hashTypes);
    setFunctionArgs (given: fetcher (normalize given)) (kept // { hash = args.outputHash; });
}
