# blueprint: a flake's outputs from its folders.
#
# Source: https://numtide.github.io/blueprint, "Folder structure".
{
  lib,
  rest,
  darwinSystem,
  homeManagerConfiguration,
  ...
}:
let
  inherit (builtins) mapAttrs pathExists readDir;

  # The entries of a folder that are Nix: `a.nix` and the directory `b` are `a` and `b`.
  entries =
    path:
    if !pathExists path then
      { }
    else
      lib.concatMapAttrs (
        name: kind:
        if kind == "directory" then
          { ${name} = "${path}/${name}"; }
        else if lib.hasSuffix ".nix" name then
          { ${lib.removeSuffix ".nix" name} = "${path}/${name}"; }
        else
          { }
      ) (readDir path);

  directories = path: lib.filterAttrs (_: entry: !lib.hasSuffix ".nix" entry) (entries path);

  blueprint =
    {
      inputs,
      prefix ? null,
      ...
    }:
    let
      flake = inputs.self;
      src =
        if prefix == null then
          toString flake
        else if builtins.isPath prefix then
          toString prefix
        else
          "${toString flake}/${prefix}";

      specialArgs = {
        inherit inputs flake;
        perSystem = rest "perSystem";
      };

      # A module may be a function of what belongs to the flake that publishes it.
      published =
        path:
        let
          module = import path;
          wanted = builtins.attrNames (builtins.functionArgs module);
          given = {
            inherit flake inputs;
          };
        in
        if builtins.isFunction module && wanted != [ ] && builtins.all (name: given ? ${name}) wanted then
          module given
        else
          path;

      modules = mapAttrs (_: kind: mapAttrs (_: published) (entries kind)) (directories "${src}/modules");

      # The homes of a host: `hosts/web/users/alice.nix`, `hosts/web/users/alice/home-configuration.nix`.
      homesOf =
        host:
        lib.concatMapAttrs (
          user: path:
          if lib.hasSuffix ".nix" path then
            { ${user} = path; }
          else if pathExists "${path}/home-configuration.nix" then
            { ${user} = "${path}/home-configuration.nix"; }
          else
            { }
        ) (entries "${host}/users");

      homeModule =
        class: homes:
        lib.optional (homes != { }) {
          imports = [ inputs.home-manager."${class}Modules".default ];
          home-manager = {
            extraSpecialArgs = specialArgs;
            users = homes;
            useGlobalPkgs = lib.mkDefault true;
            useUserPackages = lib.mkDefault true;
          };
        };

      system = class: builder: file: name: host: {
        class = if class == "darwin" then "nix-darwin" else class;
        value = builder {
          modules = [ "${host}/${file}" ] ++ homeModule class (homesOf host);
          specialArgs = specialArgs // {
            hostName = name;
          };
        };
      };

      host =
        name: path:
        if pathExists "${path}/default.nix" then
          import "${path}/default.nix" {
            inherit flake inputs;
            hostName = name;
          }
        else if pathExists "${path}/configuration.nix" then
          system "nixos" lib.nixosSystem "configuration.nix" name path
        else if pathExists "${path}/rpi-configuration.nix" then
          system "nixos" lib.nixosSystem "rpi-configuration.nix" name path
        else if pathExists "${path}/darwin-configuration.nix" then
          system "darwin" darwinSystem "darwin-configuration.nix" name path
        else if pathExists "${path}/system-configuration.nix" then
          {
            class = "system-manager";
            value = inputs.system-manager.lib.makeSystemConfig {
              modules = [ "${path}/system-configuration.nix" ];
              extraSpecialArgs = specialArgs // {
                hostName = name;
              };
            };
          }
        else
          { class = "home"; };

      hostDirectories = directories "${src}/hosts";
      hosts = mapAttrs host hostDirectories;
      ofClass = class: mapAttrs (_: it: it.value) (lib.filterAttrs (_: it: it.class == class) hosts);

      homeConfigurations = lib.concatMapAttrs (
        hostName: path:
        lib.mapAttrs' (
          user: module:
          lib.nameValuePair "${user}@${hostName}" (homeManagerConfiguration {
            extraSpecialArgs = specialArgs;
            modules = [
              module
              { home.username = lib.mkDefault user; }
            ];
          })
        ) (homesOf path)
      ) hostDirectories;
    in
    {
      nixosConfigurations = ofClass "nixos";
      darwinConfigurations = ofClass "nix-darwin";
      systemConfigs = ofClass "system-manager";
      nixOnDroidConfigurations = ofClass "nix-on-droid";
      inherit homeConfigurations modules;
      nixosModules = modules.nixos or { };
      darwinModules = modules.darwin or { };
      homeModules = modules.home or { };
      lib =
        if pathExists "${src}/lib" then
          import "${src}/lib" {
            inherit flake inputs;
          }
        else
          { };
      packages = rest "packages";
      devShells = rest "devShells";
      checks = rest "checks";
      formatter = rest "formatter";
    };
in
{
  __functor = _: blueprint;
  lib = {
    __functor = _: blueprint;
    mkBlueprint = blueprint;
  };
}
