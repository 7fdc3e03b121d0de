# What the services of an inventory add to a machine.
{
  lib,
  core,
  isKnown,
  clanLib,
  config,
  self,
  directory,
}:
let
  inherit (lib) mkOption types;
  inherit (builtins)
    attrNames
    concatMap
    elem
    mapAttrs
    ;
  inherit (config) inventory;
  inherit (inventory) meta;

  # What services tell each other: services from outside take part in it.
  inherit (core) exports;

  module = mkOption {
    type = types.deferredModule;
    default = { };
  };

  # What a service is made of.
  interface = {
    options = {
      roles = mkOption {
        default = { };
        type = types.attrsOf (
          types.submodule {
            options = {
              description = mkOption {
                type = types.nullOr types.str;
                default = null;
              };
              interface = module;
              perInstance = module;
            };
          }
        );
      };
      perMachine = module;
      manifest = mkOption {
        type = types.attrsOf types.raw;
        default = { };
      };
    };
  };

  # What an instance of a service gives for one machine.
  result = {
    options = {
      nixosModule = module;
      darwinModule = module;
      exports = mkOption {
        type = types.lazyAttrsOf types.raw;
        default = { };
      };
    };
  };

  tagged =
    tag: attrNames (lib.filterAttrs (_: machine: elem tag machine.tags) inventory.machines);

  # The role with the machines that its tags stand for, each with its settings.
  resolve =
    role:
    let
      named = attrNames role.machines ++ concatMap tagged (attrNames role.tags);
    in
    role
    // {
      members = lib.genAttrs named (name: {
        settings = {
          imports =
            lib.optional (role.machines ? ${name}) role.machines.${name}.settings
            ++ map (tag: role.tags.${tag}.settings) (
              builtins.filter (tag: elem name (tagged tag)) (attrNames role.tags)
            );
        };
      });
    };

  instances = mapAttrs (_: instance: {
    inherit (instance) module;
    roles = mapAttrs (_: resolve) instance.roles;
  }) inventory.instances;

  identity =
    instance:
    "${if instance.module.input == null then "<clan-core>" else instance.module.input}-${instance.module.name}";

  # The names of the instances of each service.
  grouped = builtins.groupBy (name: identity instances.${name}) (attrNames instances);

  implementation =
    { input, name, ... }:
    if input == null then
      core.clan.modules.${name}
    else if input == "self" then
      (config.modules // inventory.modules).${name}
    else
      self.inputs.${input}.clan.modules.${name};

  # The roles of an instance that a machine has.
  rolesOf = machine: instance: lib.filterAttrs (_: role: role.members ? ${machine}) instance.roles;

  extraModules =
    role:
    map (it: if builtins.isString it then "${directory}/${it}" else it) role.extraModules;

  settingsOf =
    service: roleName: role: machineSettings:
    lib.evalModules {
      specialArgs = { inherit meta; };
      modules = [
        (service.config.roles.${roleName}.interface or { })
        role.settings
        machineSettings
      ];
    };

  # The roles of an instance as services see them.
  shown =
    service: instance:
    mapAttrs (roleName: role: {
      settings = (settingsOf service roleName role { }).config;
      machines = mapAttrs (_: member: {
        settings = (settingsOf service roleName role member.settings).config;
      }) role.members;
    }) instance.roles;

  scoped = key: value: { ${clanLib.buildScopeKey key} = value; };

  known =
    resolved: names: machine: class:
    let
      service = lib.evalModules {
        specialArgs = {
          inherit
            clanLib
            directory
            exports
            meta
            ;
        };
        modules = [
          resolved
          interface
        ];
      };
      here = builtins.filter (name: rolesOf machine instances.${name} != { }) names;
      attribute = "${class}Module";

      perMachine =
        (lib.evalModules {
          specialArgs = {
            inherit exports meta;
            mkExports = scoped { machineName = machine; };
            machine = {
              name = machine;
              roles = concatMap (name: attrNames (rolesOf machine instances.${name})) here;
            };
            instances = lib.genAttrs here (name: {
              roles = shown service instances.${name};
            });
          };
          modules = [
            service.config.perMachine
            result
          ];
        }).config.${attribute};

      perInstance =
        name: roleName: role:
        let
          settings = settingsOf service roleName role role.members.${machine}.settings;
        in
        (lib.evalModules {
          specialArgs = {
            inherit exports meta;
            instanceName = name;
            mkExports = scoped {
              instanceName = name;
              machineName = machine;
              inherit roleName;
            };
            machine = {
              name = machine;
              roles = attrNames (rolesOf machine instances.${name});
            };
            roles = shown service instances.${name};
            settings = settings.config;
            extendSettings = more: (settings.extendModules { modules = lib.toList more; }).config;
          };
          modules = [
            (service.config.roles.${roleName}.perInstance or { })
            result
          ];
        }).config.${attribute};
    in
    lib.optional (here != [ ]) perMachine
    ++ concatMap (
      name:
      lib.concatLists (
        lib.mapAttrsToList (roleName: role: [ (perInstance name roleName role) ] ++ extraModules role) (
          rolesOf machine instances.${name}
        )
      )
    ) here;

  # A service from outside is a module from outside; what the inventory adds to it is known.
  foreign =
    resolved: names: machine:
    let
      roles = concatMap (name: builtins.attrValues (rolesOf machine instances.${name})) names;
    in
    lib.optional (roles != [ ]) resolved ++ concatMap extraModules roles;
in
{
  modulesOf =
    machine: class:
    concatMap (
      id:
      let
        names = grouped.${id};
        resolved = implementation instances.${builtins.head names}.module;
      in
      if isKnown resolved then known resolved names machine class else foreign resolved names machine
    ) (attrNames grouped);
}
