# Partitions of flake-parts: a flake's outputs that are made by modules of their own, with inputs of their own.
#
# Source: https://flake.parts/options/flake-parts-partitions.
{
  lib,
  inputNamed,
  evalFlakeModule,
}:
{
  config,
  inputs,
  self,
  specialArgs,
  ...
}:
let
  inherit (lib) mkOption types;

  # What another flake names as its inputs, in its list or as arguments of its outputs.
  inputsOf =
    file:
    let
      flake = import file;
      names = flake.inputs or { } // builtins.functionArgs (flake.outputs or (_: { }));
    in
    builtins.mapAttrs (name: _: inputNamed name) (removeAttrs names [ "self" ]);

  partition =
    { config, ... }:
    {
      options = {
        extraInputsFlake = mkOption {
          type = types.raw;
          default = null;
          description = "A flake whose inputs this partition gets.";
        };
        extraInputs = mkOption {
          type = types.lazyAttrsOf types.raw;
          default = if config.extraInputsFlake == null then { } else inputsOf "${config.extraInputsFlake}/flake.nix";
          description = "Further inputs.";
        };
        module = mkOption {
          type = types.deferredModule;
          default = { };
          description = "The modules of this partition.";
        };
      };
    };

  evaluated = builtins.mapAttrs (
    _: it:
    (evalFlakeModule {
      inputs = it.extraInputs // inputs;
      inherit self;
      # What the flake passes to its own modules; the rest is made anew.
      specialArgs = removeAttrs specialArgs [
        "flake-parts-lib"
        "getSystem"
        "inputs"
        "moduleLocation"
        "moduleWithSystem"
        "self"
        "withSystem"
      ];
    } { imports = [ it.module ] ++ shared; }).config
  ) config.partitions;

  # What the flake says for all: its systems, and its `perSystem`.
  shared = [
    {
      systems = lib.mkDefault config.systems;
      perSystem = config.perSystem;
    }
  ];
in
{
  options = {
    partitions = mkOption {
      type = types.attrsOf (types.submodule partition);
      default = { };
      description = "Parts of the flake, with modules and inputs of their own.";
    };
    partitionedAttrs = mkOption {
      type = types.attrsOf types.str;
      default = { };
      description = "Which partition makes an output.";
    };
  };
  config.flake = builtins.mapAttrs (output: name: lib.mkForce evaluated.${name}.flake.${output}) config.partitionedAttrs;
}
