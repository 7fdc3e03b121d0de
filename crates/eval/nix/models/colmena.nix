# colmena: `lib.makeHive`, which makes a hive's nodes.
#
# Source: https://colmena.cli.rs, "Using Flakes", "Deployment options".
arguments: {
  lib.makeHive = hive: {
    __schema = "v0.5";
    nodes = import ./colmena/hive.nix arguments hive;
  };
}
