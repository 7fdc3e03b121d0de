# haumea, from its documentation: a directory of Nix files as a tree of
# values.
#
# Source: https://nix-community.github.io/haumea, "API Reference".
{ lib, ... }:
let
  inherit (builtins)
    attrNames
    concatMap
    functionArgs
    isAttrs
    isFunction
    listToAttrs
    mapAttrs
    readDir
    removeAttrs
    ;

  # Calls a file's function with those of the inputs that it asks for.
  call =
    inputs: value:
    if isFunction value then
      # Each argument is looked up when it is used: a file may ask for one that nobody gives.
      value (if functionArgs value == { } then inputs else mapAttrs (name: _: inputs.${name}) (functionArgs value))
    else
      value;

  loaders = {
    default = inputs: path: call inputs (import path);
    verbatim = _inputs: path: import path;
    path = _inputs: path: path;
    callPackage = inputs: path: call inputs (import path);
    scoped = inputs: path: builtins.scopedImport inputs path;
    calls = [ ];
  };

  transformers = {
    liftDefault =
      _cursor: value:
      if isAttrs value && value ? default then removeAttrs value [ "default" ] // value.default else value;
    hoistAttrs =
      from: to: _cursor: value:
      let
        lifted = lib.mapAttrsToList (_: child: child.${from} or { }) (lib.filterAttrs (_: isAttrs) value);
      in
      mapAttrs (_: child: if isAttrs child then removeAttrs child [ from ] else child) value
      // {
        ${to} = builtins.foldl' (a: b: a // b) (value.${to} or { }) lifted;
      };
    hoistLists =
      from: to: _cursor: value:
      value
      // {
        ${to} =
          (value.${to} or [ ])
          ++ concatMap (child: if isAttrs child then child.${from} or [ ] else [ ]) (builtins.attrValues value);
      };
    prependUnderscore = _cursor: value: value;
  };

  nixFile = name: kind: kind == "regular" && lib.hasSuffix ".nix" name;

  load =
    {
      src,
      loader ? loaders.default,
      inputs ? { },
      transformer ? [ ],
    }:
    let
      load' = if isFunction loader then loader else loaders.default;
      transform =
        cursor: value: builtins.foldl' (acc: step: step cursor acc) value (lib.flatten transformer);
      # One directory; `above` are the directories around it, the nearest first.
      tree =
        cursor: directory: above:
        let
          entries = readDir directory;
          child =
            name:
            let
              path = directory + "/${name}";
              kind = entries.${name};
              key = lib.removeSuffix ".nix" name;
            in
            if lib.hasPrefix "." name then
              [ ]
            else if nixFile name kind then
              [
                {
                  name = key;
                  value = load' (
                    removeAttrs inputs [
                      "self"
                      "super"
                      "root"
                    ]
                    // {
                      self = this;
                      super = if above == [ ] then { } else builtins.head above;
                      root = root;
                    }
                  ) path;
                }
              ]
            else if kind == "directory" then
              [
                {
                  name = key;
                  value = tree (cursor ++ [ key ]) path ([ this ] ++ above);
                }
              ]
            else
              [ ];
          this = listToAttrs (concatMap child (attrNames entries));
          public = lib.filterAttrs (name: _: !lib.hasPrefix "_" name) this;
        in
        transform cursor public;
      root = tree [ ] src [ ];
    in
    root;
in
{
  lib = {
    inherit load loaders transformers;
    matchers = { };
  };
}
