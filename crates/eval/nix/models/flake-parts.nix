# flake-parts: a flake's outputs from modules.
#
# Source: https://flake.parts, "Core options", "Module arguments".
{
  lib,
  rest,
  isKnown,
  hasUnknownModules,
  inputNamed,
  ...
}:
let
  inherit (lib) mkOption types;
  inherit (builtins) functionArgs mapAttrs;

  # The outputs that `perSystem` makes, one for each system.
  transposed = [
    "apps"
    "checks"
    "devShells"
    "formatter"
    "legacyPackages"
    "packages"
  ];

  raws =
    description:
    mkOption {
      type = types.lazyAttrsOf types.raw;
      default = { };
      inherit description;
    };

  # Several files may define one module: it imports them all.
  modules =
    description:
    mkOption {
      type = types.lazyAttrsOf types.deferredModule;
      default = { };
      inherit description;
    };

  # Whether a module from outside is among those of a flake: it may add outputs that nothing here shows. Only such a
  # flake has an answer to what no option declares.
  isOpen = config: !(isKnown (config ? _anything));

  # What is known of a set, and that there may be more.
  openIf = config: name: known: if isOpen config then rest name // known else known;

  # A flake, seen from one system.
  forSystem = system: flake: rest "inputs'" // lib.genAttrs transposed (output: flake.${output}.${system});

  perSystemBase =
    {
      config,
      pkgs,
      system,
      inputs',
      self',
      ...
    }:
    {
      options =
        lib.genAttrs transposed (output: raws "`${output}` of the flake, for this system.")
        // {
          formatter = mkOption {
            type = types.nullOr types.raw;
            default = null;
            description = "What `nix fmt` runs.";
          };
          allModuleArgs = mkOption {
            type = types.raw;
            internal = true;
            default = config._module.args // {
              inherit
                config
                pkgs
                system
                inputs'
                self'
                lib
                ;
            };
          };
        };
    };

  flakeOptions.options =
    lib.genAttrs transposed (output: raws "`${output}` by system.")
    // {
      nixosConfigurations = raws "NixOS hosts.";
      darwinConfigurations = raws "nix-darwin hosts.";
      homeConfigurations = raws "Standalone home-manager configurations.";
      nixosModules = modules "NixOS modules.";
      overlays = raws "Overlays.";
      templates = raws "Templates.";
    };

  # Outputs that are options only where a module says so, which one that is not known may: elsewhere they are
  # values as any.
  optional = {
    flakeModules = {
      key = "flake-parts/flakeModules";
      options.flakeModules = modules "flake-parts modules.";
    };
    modules = {
      key = "flake-parts/modules";
      options.modules = mkOption {
        type = types.lazyAttrsOf (types.lazyAttrsOf types.deferredModule);
        default = { };
        description = "Modules by class.";
      };
    };
    # What modules of other projects declare: home-manager's, nix-darwin's.
    others.options = {
      darwinModules = modules "nix-darwin modules.";
      homeModules = modules "home-manager modules.";
      homeManagerModules = modules "home-manager modules.";
    };
  };

  base =
    {
      config,
      self,
      inputs,
      ...
    }:
    {
      options = {
        systems = mkOption {
          type = types.listOf types.str;
          default = [ ];
          description = "The systems that `perSystem` is evaluated for.";
        };
        perSystem = mkOption {
          type = types.deferredModule;
          default = { };
          description = "A module that is evaluated once for each system.";
        };
        allSystems = mkOption {
          type = types.raw;
          internal = true;
          default = lib.genAttrs config.systems (evaluateSystem {
            inherit config self inputs;
          });
        };
        # Further outputs that `perSystem` makes.
        _transposed = mkOption {
          type = types.listOf types.str;
          default = [ ];
          internal = true;
        };
        # Modules that add options below `flake`, by the models of what flake-parts is used with.
        _flakeModules = mkOption {
          type = types.listOf types.raw;
          default = [ ];
          internal = true;
        };
        flake = mkOption {
          default = { };
          description = "The flake's outputs.";
          # A class of its own: modules from outside may add outputs.
          type = types.submoduleWith {
            class = "flake-outputs";
            modules = [
              flakeOptions
            ]
            ++ config._flakeModules
            ++ lib.optionals (hasUnknownModules config) (lib.attrValues optional);
          };
        };
      };
      config.flake = lib.genAttrs (transposed ++ config._transposed) (
        output:
        mapAttrs (
          _: system: if output == "formatter" then system.${output} else openIf config output system.${output}
        ) config.allSystems
      );
    };

  evaluateSystem =
    {
      config,
      self,
      inputs,
    }:
    system:
    let
      result = lib.evalModules {
        class = "perSystem";
        specialArgs = {
          inherit system;
          inputs' = mapAttrs (_: forSystem system) inputs;
          self' = forSystem system self;
        };
        modules = [
          config.perSystem
          perSystemBase
        ];
      };
    in
    if isOpen config then
      result.config
      // {
        _module = result.config._module // {
          args = rest "perSystem" // result.config._module.args;
        };
      }
    else
      result.config;

  evalFlakeModule =
    {
      inputs,
      self ? inputs.self,
      specialArgs ? { },
      moduleLocation ? "${self.outPath}/flake.nix",
      ...
    }:
    module:
    let
      systemArgs =
        system:
        (evaluateSystem {
          inherit (result) config;
          inherit self inputs;
        } system).allModuleArgs;
      result = lib.evalModules {
        class = "flake";
        specialArgs = {
          inherit
            inputs
            self
            lib
            flake-parts-lib
            moduleLocation
            ;
          withSystem = system: f: f (systemArgs system);
          getSystem = system: result.config.allSystems.${system};
          moduleWithSystem =
            module:
            { config, ... }:
            let
              known = systemArgs config.nixpkgs.hostPlatform.system;
              wanted = functionArgs module;
            in
            {
              imports = [ (module (if wanted == { } then known else mapAttrs (name: _: known.${name}) wanted)) ];
            };
        }
        // specialArgs;
        modules = [
          module
          base
        ];
      };
    in
    result;

  flake-parts-lib = {
    inherit evalFlakeModule;
    mkFlake = arguments: module: (evalFlakeModule arguments module).config.flake;
    inherit (lib.modules) importApply;
    mkSubmoduleOptions =
      options: mkOption { type = types.submoduleWith { modules = [ { inherit options; } ]; }; };
    mkPerSystemOption =
      _module:
      mkOption {
        type = types.deferredModule;
        default = { };
      };
    mkPerSystemType = _module: types.deferredModule;
    mkTransposedPerSystemModule = { name, ... }: { _transposed = [ name ]; };
  };
in
{
  lib = flake-parts-lib;
  # What these add is part of the model, or does not concern hosts.
  flakeModules =
    lib.genAttrs [
      "bundlers"
      "easyOverlay"
    ] (_: { })
    // {
      flakeModules._flakeModules = [ optional.flakeModules ];
      modules._flakeModules = [ optional.modules ];
      partitions = import ./flake-parts/partitions.nix {
        inherit lib inputNamed evalFlakeModule;
      };
    };
}
