# The nodes of a hive (colmena) or a network (nixops, morph): what is no setting is a machine.
#
# Source: https://colmena.cli.rs, "Configuration"; the manuals of nixops and morph, "network".
{ lib, ... }:
given:
let
  hive = if builtins.isFunction given then given { } else given;
  meta = hive.meta or (hive.network or { });

  machines = removeAttrs hive [
    "meta"
    "network"
    "defaults"
    "nixpkgs"
    "resources"
    "require"
    "_file"
    "__functor"
  ];

  specialArgs = name: (meta.specialArgs or { }) // (meta.nodeSpecialArgs.${name} or { });

  node =
    name: machine:
    lib.nixosSystem {
      system = null;
      modules =
        (if builtins.isList machine then machine else [ machine ])
        ++ lib.optional (hive ? defaults) hive.defaults
        ++ [ (import ./deployment.nix name) ];
      specialArgs = {
        inherit name nodes;
      }
      // specialArgs name;
    };

  nodes = builtins.mapAttrs node machines;
in
nodes
