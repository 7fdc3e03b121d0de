# import-tree: a module that imports every file below a directory.
#
# Source: https://import-tree.oeiuwq.com, "API".
{ lib, ... }:
let
  isDirectory = path: builtins.readFileType path == "directory";

  # Files whose path, from the root on, has no part that begins with `_`.
  usual = path: lib.hasSuffix ".nix" path && !lib.hasInfix "/_" path;

  below =
    root:
    if builtins.isAttrs root && root ? outPath then
      below root.outPath
    else if isDirectory root then
      map (file: {
        inherit file;
        relative = lib.removePrefix (toString root) (toString file);
      }) (lib.filesystem.listFilesRecursive root)
    else
      [
        {
          file = root;
          relative = "/" + baseNameOf (toString root);
        }
      ];

  make =
    state@{
      initial,
      filters,
      mappers,
      paths,
      extra,
    }:
    let
      filesOf =
        more:
        let
          found = builtins.concatMap below (lib.flatten (paths ++ [ more ]));
          wanted = entry: initial entry.relative && builtins.all (filter: filter entry.relative) filters;
        in
        map (entry: builtins.foldl' (value: mapper: mapper value) entry.file mappers) (builtins.filter wanted found);
      change = changes: make (state // changes);
      only = filter: change { filters = filters ++ [ filter ]; };
      matches = expression: path: builtins.match expression path != null;
    in
    builtins.mapAttrs (_: f: f (make state)) extra
    // {
      # As a module it gets a module's arguments, as a function a path.
      __functor = _: argument: {
        imports = filesOf (if builtins.isAttrs argument && argument ? options then [ ] else argument);
      };
      filter = only;
      filterNot = filter: only (path: !filter path);
      match = expression: only (matches expression);
      matchNot = expression: only (path: !matches expression path);
      initFilter = filter: change { initial = filter; };
      map = mapper: change { mappers = mappers ++ [ mapper ]; };
      addPath = path: change { paths = paths ++ [ path ]; };
      addAPI = api: change { extra = extra // api; };
      withLib = _: make state;
      pipeTo = f: path: f (filesOf path);
      leafs = make state // {
        __functor = _: filesOf;
      };
      files = filesOf [ ];
      result = {
        imports = filesOf [ ];
      };
      new = fresh;
    };

  fresh = make {
    initial = usual;
    filters = [ ];
    mappers = [ ];
    paths = [ ];
    extra = { };
  };
in
fresh
