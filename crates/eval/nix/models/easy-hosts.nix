# easy-hosts: hosts of a flake-parts flake, listed or found in a directory.
#
# Source: the readme of tgirlcloud/easy-hosts, and the descriptions of its options.
{ lib, darwinSystem, ... }:
let
  inherit (lib) mkOption types;
  option = type: default: description: mkOption { inherit type default description; };

  parts = {
    modules = option (types.listOf types.deferredModule) [ ] "Modules.";
    specialArgs = option (types.lazyAttrsOf types.raw) { } "Further arguments of modules.";
  };
  nothing = _: {
    modules = [ ];
    specialArgs = { };
  };

  flakeModule =
    {
      config,
      inputs,
      self,
      withSystem,
      ...
    }:
    let
      cfg = config.easy-hosts;

      host.options = parts // {
        arch = option types.str "x86_64" "The processor.";
        class = option types.str "nixos" "`nixos`, `darwin`, `iso`, or one of `additionalClasses`.";
        tags = option (types.listOf types.str) [ ] "Tags, for `perTag`.";
        system = option (types.nullOr types.str) null "The system, where arch and class do not say it.";
        path = option (types.nullOr types.raw) null "The host's module.";
        deployable = option types.bool false "Whether deploy tools take it.";
        nixpkgs = option types.raw (inputs.nixpkgs or null) "The nixpkgs of the host.";
        nix-darwin = option types.raw (inputs.darwin or (inputs.nix-darwin or null)) "The nix-darwin of the host.";
      };

      classOf =
        class:
        (
          {
            linux = "nixos";
          }
          // cfg.additionalClasses
        ).${class} or class;
      isDarwin = host: classOf host.class == "darwin";

      # `x86_64-linux/web`, or only `web` where all hosts have one system.
      directories =
        path: lib.filterAttrs (_: kind: kind == "directory") (builtins.readDir path);
      described =
        path: system: name:
        let
          words = lib.splitString "-" system;
        in
        {
          arch = builtins.head words;
          class = lib.last words;
          path = "${toString path}/${name}";
        };
      found =
        if cfg.onlySystem != null then
          builtins.mapAttrs (name: _: described cfg.path cfg.onlySystem name) (builtins.readDir cfg.path)
        else
          lib.concatMapAttrs (
            system: _:
            let
              path = "${toString cfg.path}/${system}";
            in
            builtins.mapAttrs (name: _: described path system name) (builtins.readDir path)
          ) (directories cfg.path);

      build =
        name: host:
        let
          class = classOf host.class;
          system =
            if host.system != null then
              host.system
            else
              "${host.arch}-${if class == "darwin" then "darwin" else "linux"}";
          sources = [
            cfg.shared
            host
          ]
          ++ map cfg.perTag host.tags
          ++ [
            (cfg.perClass host.class)
            (cfg.perArch host.arch)
          ];
          own =
            if host.path != null then
              [ host.path ]
            else
              builtins.filter builtins.pathExists [
                "${toString self}/hosts/${name}/default.nix"
                "${toString self}/systems/${name}/default.nix"
              ];
        in
        (if class == "darwin" then darwinSystem else lib.nixosSystem) {
          inherit system;
          specialArgs = builtins.foldl' lib.recursiveUpdate { inherit inputs self; } (
            map (source: source.specialArgs or { }) sources
          );
          modules =
            own
            ++ lib.optional (
              class == "iso"
            ) "${inputs.nixpkgs}/nixos/modules/installer/cd-dvd/installation-cd-minimal-new-kernel.nix"
            ++ [
              {
                _module.args = withSystem system ({ self', inputs', ... }: { inherit self' inputs'; });
                networking.hostName = lib.mkDefault name;
                nixpkgs.hostPlatform = lib.mkDefault system;
              }
            ]
            ++ builtins.concatMap (source: source.modules or [ ]) sources;
        };
    in
    {
      key = "easy-hosts";
      options.easy-hosts = {
        autoConstruct = option types.bool false "Whether hosts are found in `path`.";
        path = option (types.nullOr types.raw) null "The directory of the hosts.";
        onlySystem = option (types.nullOr types.str) null "The system of all hosts.";
        shared = parts;
        perClass = option types.raw nothing "Modules by class.";
        perArch = option types.raw nothing "Modules by processor.";
        perTag = option types.raw nothing "Modules by tag.";
        additionalClasses = option (types.attrsOf types.str) { } "Classes, and what they are a kind of.";
        hosts = option (types.attrsOf (types.submodule host)) { } "Hosts.";
      };
      config = {
        easy-hosts.hosts = lib.mkIf cfg.autoConstruct found;
        flake = {
          nixosConfigurations = builtins.mapAttrs build (lib.filterAttrs (_: host: !isDarwin host) cfg.hosts);
          darwinConfigurations = builtins.mapAttrs build (lib.filterAttrs (_: isDarwin) cfg.hosts);
        };
      };
    };
in
{
  inherit flakeModule;
  flakeModules.default = flakeModule;
}
