# flake-utils, from its documented behaviour.
{ lib, ... }:
let
  defaultSystems = [
    "aarch64-darwin"
    "aarch64-linux"
    "x86_64-darwin"
    "x86_64-linux"
  ];
  # `f system` gives `{ packages = …; }`; the result is `{ packages.<system> = …; }`.
  eachSystem =
    systems: f:
    builtins.foldl' (
      acc: system:
      let
        result = f system;
      in
      builtins.foldl' (
        outputs: name: outputs // { ${name} = (outputs.${name} or { }) // { ${system} = result.${name}; }; }
      ) acc (builtins.attrNames result)
    ) { } systems;
in
{
  lib = {
    inherit defaultSystems eachSystem;
    allSystems = defaultSystems ++ [
      "armv7l-linux"
      "i686-linux"
      "riscv64-linux"
    ];
    system = builtins.listToAttrs (
      map (name: {
        inherit name;
        value = name;
      }) defaultSystems
    );
    eachDefaultSystem = eachSystem defaultSystems;
    eachDefaultSystemPassThrough = f: builtins.foldl' (acc: system: acc // f system) { } defaultSystems;
    eachSystemPassThrough = systems: f: builtins.foldl' (acc: system: acc // f system) { } systems;
    eachSystemMap = systems: f: lib.genAttrs systems f;
    mkApp =
      {
        drv,
        name ? drv.pname or drv.name,
        exePath ? "/bin/${name}",
      }:
      {
        type = "app";
        program = "${drv}${exePath}";
      };
    flattenTree = tree: tree;
    filterPackages = _system: packages: packages;
    meld = _inputs: _paths: { };
  };
}
