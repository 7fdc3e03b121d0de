# ez-configs: hosts and modules of a flake-parts flake, found in directories.
#
# Source: https://flake.parts, "ez-configs"; the readme of ehllie/ez-configs.
{ lib, darwinSystem, homeManagerConfiguration, ... }:
let
  inherit (lib) mkOption types;
  option = type: default: description: mkOption { inherit type default description; };

  # Files and directories by name: `web.nix` and `web/default.nix` are both `web`.
  modulesIn =
    path:
    if path == null || !builtins.pathExists path then
      { }
    else
      lib.concatMapAttrs (
        name: kind:
        if kind == "directory" && builtins.pathExists "${toString path}/${name}/default.nix" then
          { ${name} = "${toString path}/${name}/default.nix"; }
        else if kind == "regular" && lib.hasSuffix ".nix" name then
          { ${lib.removeSuffix ".nix" name} = "${toString path}/${name}"; }
        else
          { }
      ) (builtins.readDir path);

  flakeModule =
    { config, inputs, ... }:
    let
      cfg = config.ezConfigs;
      under = name: if cfg.root == null then null else cfg.root + "/${name}";

      host.options = {
        arch = option types.str "x86_64" "The processor.";
        importDefault = option types.bool true "Whether the module called `default` is imported.";
        userHomeModules = option types.raw [ ] "Users with a home on the host.";
      };
      user.options = {
        importDefault = option types.bool true "Whether the module called `default` is imported.";
        standalone = option (types.attrsOf types.raw) { } "The home outside of any host.";
        passInOsConfig = option types.bool true "Whether the home sees the host's configuration.";
        nameFunction = option types.raw null "The names of standalone homes.";
      };
      kind = name: member: {
        configurationsDirectory =
          option (types.nullOr types.raw) (under "${name}-configurations") "The directory of the configurations.";
        modulesDirectory = option (types.nullOr types.raw) (under "${name}-modules") "The directory of the modules.";
        configurationEntryPoint = option types.str "default.nix" "The file of a configuration that is a directory.";
        modulesEntryPoint = option types.str "default.nix" "The file of a module that is a directory.";
        extraSpecialArgs = option (types.attrsOf types.raw) { } "Further arguments of modules.";
        specialArgs = option (types.attrsOf types.raw) { } "Further arguments of modules.";
        ${member} = option (types.attrsOf (types.submodule (if member == "users" then user else host))) { } "Settings by name.";
      };

      arguments = settings: modules: cfg.globalArgs // { ezModules = modules; } // settings.specialArgs // settings.extraSpecialArgs;
      homeModules = modulesIn cfg.home.modulesDirectory;
      homes = modulesIn cfg.home.configurationsDirectory;
      homeOf =
        name:
        lib.optional ((cfg.home.users.${name}.importDefault or true) && homeModules ? default) homeModules.default
        ++ lib.optional (homes ? ${name}) homes.${name};

      users =
        class: host:
        let
          names = if builtins.isList host.userHomeModules then host.userHomeModules else builtins.attrNames host.userHomeModules;
        in
        lib.optionals (names != [ ]) [
          inputs.home-manager."${class}Modules".default
          {
            home-manager.extraSpecialArgs = arguments cfg.home homeModules;
            home-manager.users = lib.genAttrs names (name: {
              imports = homeOf name;
            });
          }
        ];

      hosts =
        class: builder: settings:
        let
          modules = modulesIn settings.modulesDirectory;
        in
        builtins.mapAttrs (
          name: path:
          let
            host =
              settings.hosts.${name} or {
                importDefault = true;
                userHomeModules = [ ];
              };
          in
          builder {
            specialArgs = arguments settings modules;
            modules =
              lib.optional (host.importDefault && modules ? default) modules.default
              ++ [
                path
                { networking.hostName = lib.mkDefault name; }
              ]
              ++ users class host;
          }
        ) (modulesIn settings.configurationsDirectory);
    in
    {
      key = "ez-configs";
      options.ezConfigs = {
        root = option (types.nullOr types.raw) null "The directory of the other directories.";
        globalArgs = option (types.attrsOf types.raw) { } "Further arguments of all modules.";
        nixos = kind "nixos" "hosts";
        darwin = kind "darwin" "hosts";
        home = kind "home" "users";
      };
      config.flake = {
        nixosConfigurations = hosts "nixos" lib.nixosSystem cfg.nixos;
        darwinConfigurations = hosts "darwin" darwinSystem cfg.darwin;
        homeConfigurations = builtins.mapAttrs (
          name: _:
          homeManagerConfiguration {
            modules = homeOf name;
            extraSpecialArgs = arguments cfg.home homeModules;
          }
        ) homes;
        nixosModules = modulesIn cfg.nixos.modulesDirectory;
        darwinModules = modulesIn cfg.darwin.modulesDirectory;
        homeModules = homeModules;
      };
    };
in
{
  inherit flakeModule;
  flakeModules.default = flakeModule;
}
