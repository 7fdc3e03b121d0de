# nixos-extra-modules: guests of a host, in microvms or containers, which are nodes like the host itself.
#
# Source: github.com/oddlama/nixos-extra-modules, `modules/default.nix`, `modules/node.nix` and
# `modules/guests`.
{ lib, rest, ... }@arguments:
let
  inherit (lib) mkOption types;

  option = type: default: description: mkOption { inherit type default description; };

  interface =
    { name, ... }:
    {
      options = {
        hostLink = option types.str name "The link of the host that it is bound to.";
        mac = option types.raw (rest "mac") "Its address, which follows from those of all guests.";
      };
    };

  guestOf =
    host:
    { config, ... }:
    {
      options = {
        nodeName = option types.str "${host.node.name}-${config._module.args.name}" "Its name among the nodes.";
        backend = mkOption {
          type = types.enum [
            "microvm"
            "container"
          ];
          description = "How it is run.";
        };
        extraSpecialArgs = option types.attrs { } "Further arguments of its modules.";
        modules = option (types.listOf types.unspecified) [ ] "Its modules.";
        autostart = option types.bool false "Whether it starts with the host.";
        microvm = {
          system = mkOption {
            type = types.str;
            description = "Its platform.";
          };
          baseMac = option types.raw "02:01:27:00:00:00" "What its addresses are made from.";
          interfaces = option (types.attrsOf (types.submodule interface)) { } "Its links.";
        };
        container.macvlans = mkOption {
          type = types.listOf types.str;
          description = "Its links.";
        };
        networking.links = option (types.listOf types.str) (
          if config.backend == "microvm" then
            builtins.attrNames config.microvm.interfaces
          else
            map (
              link:
              let
                parts = lib.splitString ":" link;
              in
              if builtins.length parts > 1 then lib.elemAt parts 1 else "mv-${link}"
            ) config.container.macvlans
        ) "The links inside it.";
        zfs = option (types.attrsOf types.raw) { } "Datasets that are mounted into it.";
      };
    };
in
{
  flake = import ./extra-modules/flake.nix arguments;

  nixos =
    {
      config,
      inputs,
      extraModules,
      ...
    }:
    let
      ofBackend = backend: lib.filterAttrs (_: guest: guest.backend == backend) config.guests;

      common = guest: {
        node.name = guest.nodeName;
        node.type = guest.backend;
      };
    in
    {
      key = "nixos-extra-modules#guests";
      imports = [ inputs.microvm.nixosModules.host ];
      options = {
        node.name = mkOption {
          type = types.str;
          description = "A name for the host that no other node has.";
        };
        node.type = option (types.enum [
          "host"
          "microvm"
          "container"
        ]) "host" "What the node is.";
        guests = option (types.attrsOf (types.submodule (guestOf config))) { } "Guests, which are nodes too.";
        containers = mkOption {
          type = types.attrsOf (
            types.submodule {
              freeformType = types.lazyAttrsOf types.raw;
              options.nixosConfiguration = option types.unspecified null "The guest, as `nixosSystem` gives it.";
            }
          );
        };
      };

      config = {
        networking.hostName = config.node.name;

        microvm.vms = builtins.mapAttrs (_: guest: {
          specialArgs = guest.extraSpecialArgs;
          config = {
            imports = extraModules ++ guest.modules ++ [ (common guest) ];
            lib.microvm.interfaces = guest.microvm.interfaces;
          };
        }) (ofBackend "microvm");

        containers = builtins.mapAttrs (_: guest: {
          nixosConfiguration = lib.nixosSystem {
            specialArgs = guest.extraSpecialArgs;
            modules = [
              { boot.isContainer = true; }
              (common guest)
            ]
            ++ guest.modules
            ++ extraModules;
          };
        }) (ofBackend "container");
      };
    };
}
