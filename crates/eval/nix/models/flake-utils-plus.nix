# flake-utils-plus: hosts with defaults, and channels of nixpkgs.
#
# Source: the readme of gytis-ivaskevicius/flake-utils-plus, "lib.mkFlake".
arguments@{ lib, darwinSystem, rest, ... }:
let
  flakeUtils = import ./flake-utils.nix arguments;

  mkFlake =
    given@{
      self,
      inputs,
      hosts ? { },
      hostDefaults ? { },
      ...
    }:
    let
      withDefaults = host: {
        system = host.system or (hostDefaults.system or "x86_64-linux");
        output = host.output or (hostDefaults.output or "nixosConfigurations");
        builder = host.builder or (hostDefaults.builder or null);
        modules = (hostDefaults.modules or [ ]) ++ (host.modules or [ ]);
        specialArgs = (hostDefaults.specialArgs or { }) // (host.specialArgs or { });
        extraArgs = (hostDefaults.extraArgs or { }) // (host.extraArgs or { });
      };

      build =
        name: host:
        let
          it = withDefaults host;
          usual = if lib.hasSuffix "-darwin" it.system then darwinSystem else lib.nixosSystem;
          module = {
            networking.hostName = lib.mkDefault name;
            _module.args = {
              inherit inputs;
            }
            // it.extraArgs;
          };
        in
        (if it.builder == null then usual else it.builder) {
          inherit (it) system specialArgs;
          modules = it.modules ++ [ module ];
        };

      outputs = lib.unique (lib.mapAttrsToList (_: host: (withDefaults host).output) hosts);
      ofOutput = output: lib.filterAttrs (_: host: (withDefaults host).output == output) hosts;
    in
    removeAttrs given [
      "self"
      "inputs"
      "hosts"
      "hostDefaults"
      "channels"
      "channelsConfig"
      "sharedOverlays"
      "supportedSystems"
      "outputsBuilder"
    ]
    // {
      pkgs = rest "pkgs";
      packages = rest "packages";
      devShells = rest "devShells";
      checks = rest "checks";
      legacyPackages = rest "legacyPackages";
    }
    // lib.genAttrs outputs (output: builtins.mapAttrs build (ofOutput output));
in
{
  lib = flakeUtils.lib // {
    inherit mkFlake;
    exportModules =
      paths:
      builtins.listToAttrs (
        map (path: {
          name = lib.removeSuffix ".nix" (baseNameOf (toString path));
          value = import path;
        }) paths
      );
  };
}
