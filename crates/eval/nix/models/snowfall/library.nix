# The library that everything in a snowfall flake gets: nixpkgs', that of each input by its name, and
# the flake's own.
{
  lib,
  rest,
  isKnown,
  settings,
}:
let
  inherit (builtins) attrNames concatMap isFunction;
  inherit (settings) inputs;

  snowfall = settings.snowfall or { };
  root = toString (snowfall.root or settings.src);
  namespace = snowfall.namespace or "internal";

  entries =
    kind: path:
    if builtins.pathExists path then
      map (name: "${toString path}/${name}") (
        attrNames (lib.filterAttrs (_: found: found == kind) (builtins.readDir path))
      )
    else
      [ ];
  files = entries "regular";
  directories = entries "directory";
  filesBelow = path: files path ++ concatMap filesBelow (directories path);

  isNix = path: lib.hasSuffix ".nix" path;
  isDefault = path: baseNameOf path == "default.nix";
  only = wanted: list: path: builtins.filter wanted (list path);

  fs = {
    get-file = path: "${toString settings.src}/${path}";
    get-snowfall-file = path: "${root}/${path}";
    get-files = files;
    get-directories = directories;
    get-files-recursive = filesBelow;
    get-nix-files = only isNix files;
    get-nix-files-recursive = only isNix filesBelow;
    get-default-nix-files = only isDefault files;
    get-default-nix-files-recursive = only isDefault filesBelow;
    get-non-default-nix-files = only (path: isNix path && !isDefault path) files;
    get-non-default-nix-files-recursive = only (path: isNix path && !isDefault path) filesBelow;
  };

  # The libraries of the inputs that have one.
  inputLibraries = builtins.mapAttrs (_: input: input.lib) (
    removeAttrs inputs [
      "self"
      "nixpkgs"
    ]
  );

  own = lib.foldl' lib.recursiveUpdate { } (
    map (
      path:
      let
        value = import path;
      in
      if isFunction value then
        value {
          inherit inputs namespace;
          snowfall-inputs = rest "inputs";
          lib = base // {
            ${namespace} = own;
          };
        }
      else
        value
    ) (fs.get-default-nix-files-recursive "${root}/lib")
  );

  base =
    inputLibraries
    // lib
    // {
      snowfall = rest "snowfall" // {
        inherit fs;
      };
    };
in
base // own // { ${namespace} = own; }
