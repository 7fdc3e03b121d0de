# nixos-unified: builders for hosts and homes of a flake-parts flake, and hosts found in directories.
#
# Source: https://nixos-unified.org, "Autowiring", "Getting started".
arguments@{
  lib,
  darwinSystem,
  homeManagerConfiguration,
  ...
}:
let
  flakeParts = import ./flake-parts.nix arguments;

  # `a.nix` and `b/default.nix` are `a` and `b`.
  nixFiles =
    directory:
    if !builtins.pathExists directory then
      { }
    else
      lib.concatMapAttrs (
        name: kind:
        if kind == "regular" && lib.hasSuffix ".nix" name then
          { ${lib.removeSuffix ".nix" name} = "${directory}/${name}"; }
        else if kind == "directory" && builtins.pathExists "${directory}/${name}/default.nix" then
          { ${name} = "${directory}/${name}"; }
        else
          { }
      ) (builtins.readDir directory);

  builders =
    {
      self,
      inputs,
      config,
    }:
    let
      common.flake = { inherit self inputs config; };

      withHomeManager = class: {
        imports = [ inputs.home-manager."${class}Modules".home-manager ];
        home-manager = {
          useGlobalPkgs = true;
          useUserPackages = true;
          extraSpecialArgs = common;
        };
      };
      system =
        class: builder:
        {
          home-manager ? false,
        }:
        module:
        builder {
          specialArgs = common;
          modules = [ module ] ++ lib.optional home-manager (withHomeManager class);
        };
    in
    {
      specialArgsFor = {
        inherit common;
        nixos = common;
        darwin = common;
      };
      mkLinuxSystem = system "nixos" lib.nixosSystem;
      mkMacosSystem = system "darwin" darwinSystem;
      mkHomeConfiguration =
        pkgs: module:
        homeManagerConfiguration {
          inherit pkgs;
          extraSpecialArgs = common;
          modules = [ module ];
        };
    };

  flakeModule =
    {
      self,
      inputs,
      config,
      ...
    }:
    {
      key = "nixos-unified#default";
      flake.nixos-unified.lib = builders { inherit self inputs config; };
      # The project's name before it was called nixos-unified; its builders took the module only.
      flake.nixos-flake.lib =
        let
          known = builders { inherit self inputs config; };
        in
        known
        // {
          mkLinuxSystem = known.mkLinuxSystem { };
          mkMacosSystem = known.mkMacosSystem { };
        };
    };

  autoWire =
    {
      self,
      inputs,
      config,
      ...
    }:
    let
      root = toString self;
      known = builders { inherit self inputs config; };
      each = directory: f: builtins.mapAttrs (_: f) (nixFiles "${root}/${directory}");
    in
    {
      key = "nixos-unified#autoWire";
      flake = {
        nixosConfigurations = each "configurations/nixos" (known.mkLinuxSystem { home-manager = true; });
        darwinConfigurations = each "configurations/darwin" (known.mkMacosSystem { home-manager = true; });
        nixosModules = each "modules/nixos" (path: path);
        darwinModules = each "modules/darwin" (path: path);
        homeModules = each "modules/home" (path: path);
        overlays = each "overlays" (path: import path known.specialArgsFor.common);
      };
      perSystem =
        { pkgs, ... }:
        {
          legacyPackages.homeConfigurations = each "configurations/home" (known.mkHomeConfiguration pkgs);
        };
    };
in
{
  inherit flakeModule;
  flakeModules = {
    default = flakeModule;
    inherit autoWire;
  };
  lib.mkFlake =
    {
      inputs,
      root,
      systems ? [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
        "x86_64-darwin"
      ],
      specialArgs ? { },
      ...
    }:
    let
      # The first of these that is there holds the flake's own modules.
      modules = lib.findFirst builtins.pathExists "modules/flake" (
        map (directory: "${toString root}/${directory}") [
          "nix/modules/flake"
          "modules/flake"
          "nix/modules/flake-parts"
          "modules/flake-parts"
        ]
      );
    in
    flakeParts.lib.mkFlake { inherit inputs specialArgs; } {
      inherit systems;
      _module.args = { inherit root; };
      imports = lib.mapAttrsToList (name: _: "${modules}/${name}") (builtins.readDir modules);
    };
}
