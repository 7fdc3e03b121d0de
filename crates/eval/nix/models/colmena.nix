# colmena: `lib.makeHive`, which makes a hive's nodes.
#
# Source: https://colmena.cli.rs, "Using Flakes", "Deployment options"; `src/nix/hive/eval.nix`.
arguments:
let
  makeHive = hive: {
    __schema = "v0.5";
    nodes = import ./colmena/hive.nix arguments hive;
  };
in
{
  lib = {
    inherit makeHive;
  };
  # `import "${colmena}/src/nix/hive/eval.nix" { rawFlake = self; }`, before there was a library.
  __functor =
    _:
    {
      rawFlake ? { },
      rawHive ? rawFlake.colmenaHive or rawFlake.colmena,
      ...
    }:
    makeHive rawHive;
}
