# den: hosts, users and homes, and the aspects that configure them.
#
# Source: https://den.oeiuwq.com, "Declaring hosts", "Context pipeline", "Batteries", "Namespaces".
{
  lib,
  rest,
  isKnown,
  ...
}:
let
  inherit (lib) mkOption types;
  inherit (builtins)
    attrNames
    attrValues
    concatMap
    elem
    isAttrs
    ;

  aspects = import ./den/aspects.nix { inherit lib rest isKnown; };
  inherit (aspects) resolve resolveAfter;
  batteries = import ./den/batteries.nix { inherit lib resolve; };

  option =
    type: default: description:
    mkOption { inherit type default description; };

  aspectTree = types.lazyAttrsOf aspects.aspect;

  # What a schema says of an entity: a module, and aspects that it includes.
  schemaEntry = lib.mkOptionType {
    name = "schema";
    description = "module";
    merge =
      _: definitions:
      let
        values = map (it: it.value) definitions;
        bare = value: if isAttrs value then removeAttrs value [ "includes" "excludes" ] else value;
      in
      {
        __functor = _: _: { imports = map bare values; };
        __functionArgs = { };
        includes = concatMap (value: if isAttrs value then value.includes or [ ] else [ ]) values;
      };
  };

  # The module of a host, a user or a home.
  entity =
    den: kind: options:
    { config, ... }:
    {
      freeformType = types.lazyAttrsOf types.anything;
      imports = map (it: den.schema.${it}) (builtins.filter (it: den.schema ? ${it}) [ "conf" kind ]);
      config._module.args.${kind} = config;
      options = options config;
    };

  isSystem = name: lib.hasSuffix "-linux" name || lib.hasSuffix "-darwin" name;

  # Entities by system. They may be defined by their names alone, where they say their system themselves.
  bySystem =
    entity: description:
    mkOption {
      default = { };
      inherit description;
      apply =
        all:
        let
          named = lib.filterAttrs (name: _: !isSystem name) all;
          systems = lib.filter isSystem (attrNames all) ++ map (it: it.system) (attrValues named);
        in
        lib.genAttrs (lib.unique systems) (
          system: lib.filterAttrs (_: it: it.system == system) named // all.${system} or { }
        );
      type = types.attrsOf (
        types.submodule (
          { name, ... }:
          if isSystem name then
            { freeformType = types.lazyAttrsOf (types.submodule (entity name)); }
          else
            { imports = [ (entity "") ]; }
        )
      );
    };

  hostType =
    { den, inputs }:
    system:
    entity den "host" (host: {
      name = option types.str host._module.args.name "The host's name.";
      hostName = option types.str host.name "Its name in the network.";
      system = option types.str system "Its platform.";
      class = option types.str (
        if lib.hasSuffix "darwin" host.system then "darwin" else "nixos"
      ) "The class of its modules.";
      aspect = option types.raw (den.aspects.${host.name} or { }) "What configures it.";
      description = option types.str "" "What it is.";
      users = option (types.attrsOf (types.submodule (userType den host))) { } "Its users.";
      instantiate = option types.raw {
        nixos = inputs.nixpkgs.lib.nixosSystem;
        darwin = (inputs.darwin or inputs.nix-darwin).lib.darwinSystem;
        systemManager = inputs.system-manager.lib.makeSystemConfig;
      }
      .${host.class} or (rest "instantiate") "What makes a system of it.";
      intoAttr = option (types.listOf types.str) {
        nixos = [ "nixosConfigurations" host.name ];
        darwin = [ "darwinConfigurations" host.name ];
        systemManager = [ "systemConfigs" host.name ];
      }
      .${host.class} or [ ] "The output that it becomes.";
      home-manager = {
        enable = option types.bool (hasUsersOf "homeManager" host) "Whether its users have homes.";
        module = option types.raw inputs.home-manager."${host.class}Modules".home-manager "home-manager's module.";
      };
    });

  userType =
    den: host:
    entity den "user" (user: {
      name = option types.str user._module.args.name "The user's name.";
      userName = option types.str user.name "The name of the account.";
      classes = option (types.listOf types.str) [ "homeManager" ] "The classes of the user's modules.";
      aspect = option types.raw (den.aspects.${user.name} or { }) "What configures the user.";
      host = option types.raw host "The host.";
    });

  homeType =
    { den, inputs }:
    system:
    entity den "home" (
      home:
      let
        parts = lib.splitString "@" home._module.args.name;
      in
      {
        name = option types.str (builtins.head parts) "The user's name.";
        userName = option types.str home.name "The name of the account.";
        hostName = option (types.nullOr types.str) (
          if builtins.length parts > 1 then lib.last parts else null
        ) "The host that it is for.";
        system = option types.str system "Its platform.";
        class = option types.str "homeManager" "The class of its modules.";
        aspect = option types.raw (den.aspects.${home.name} or { }) "What configures it.";
        pkgs = option types.raw inputs.nixpkgs.legacyPackages.${system} "Its packages.";
        instantiate = option types.raw inputs.home-manager.lib.homeManagerConfiguration "What makes a home of it.";
        intoAttr = option (types.listOf types.str) [ "homeConfigurations" home._module.args.name ] "The output.";
      }
    );

  usersOf = class: host: builtins.filter (user: elem class user.classes) (attrValues host.users);
  hasUsersOf = class: host: usersOf class host != [ ];

  # Aspects of a stage: `den.ctx.host.includes`, `den.schema.host.includes`.
  stage = den: names: {
    includes = concatMap (
      name: (den.ctx.${name} or { }).includes or [ ] ++ (den.schema.${name} or { }).includes or [ ]
    ) names;
  };

  # What repositories add to the pipeline itself is code of den's that is not known.
  isExtended =
    den: den.policies != { } || builtins.any (stage: stage ? into) (attrValues den.ctx);

  extensions = den: if isExtended den then rest "policies" else [ ];

  hostModules =
    den: host:
    let
      inherit (host) class;
      forUser =
        user:
        let
          ctx = { inherit host user; };
          nested = path: modules: lib.optional (modules != [ ]) (lib.setAttrByPath path { imports = modules; });
          homeOf =
            class:
            resolve class ctx user.aspect
            ++ resolve class ctx (stage den [ "user" "hm-user" "hm" ])
            ++ resolve class ctx den.default;
        in
        resolve class ctx user.aspect
        ++ resolve class ctx (stage den [ "user" ])
        ++ resolveAfter [ "host" ] class ctx den.default
        ++ nested [ "users" "users" user.userName ] (resolve "user" ctx user.aspect)
        ++ lib.optionals (host.home-manager.enable && elem "homeManager" user.classes) (
          nested [ "home-manager" "users" user.userName ] (homeOf "homeManager")
        );
    in
    resolve class { inherit host; } host.aspect
    ++ resolve class { inherit host; } (stage den [ "host" ])
    ++ resolve class { inherit host; } den.default
    ++ concatMap forUser (attrValues host.users)
    ++ lib.optional (host.home-manager.enable && hasUsersOf "homeManager" host) host.home-manager.module
    ++ [ { nixpkgs.hostPlatform = lib.mkDefault host.system; } ]
    ++ extensions den;

  homeModules =
    den: home:
    concatMap (resolve home.class { inherit home; }) [
      home.aspect
      (stage den [ "home" ])
      den.default
    ]
    ++ extensions den;

  # `<a/b>` is an aspect by its path.
  findFile =
    config: _: name:
    let
      parts = lib.splitString "/" name;
      first = lib.splitString "." (builtins.head parts);
      root = builtins.head first;
      start =
        if root == "den" then
          lib.getAttrFromPath first config
        else if config.den.aspects ? ${root} then
          lib.getAttrFromPath first config.den.aspects
        else
          lib.getAttrFromPath first config.den.ful;
    in
    builtins.foldl' (value: part: (value.provides or { }).${part} or value.${part}) start (builtins.tail parts);

  module =
    { config, inputs, ... }:
    let
      inherit (config) den;
      known = { inherit den inputs; };
      alias = mkOption {
        type = aspectTree;
        default = { };
        description = "The same as `den.provides`.";
        apply = own: den.provides // own;
      };
      # The usual outputs by the names of the entities, which keep their places; others where they belong.
      outputs =
        entities: modules:
        let
          make = entity: entity.instantiate (modules entity);
          isUsual = name: entity: builtins.length entity.intoAttr == 2 && lib.last entity.intoAttr == name;
          ofSystem =
            system:
            let
              all = lib.filterAttrs (_: entity: entity.intoAttr != [ ]) entities.${system};
              usual = lib.filterAttrs isUsual all;
              others = lib.filterAttrs (name: entity: !isUsual name entity) all;
              byOutput = output: lib.filterAttrs (_: entity: builtins.head entity.intoAttr == output) usual;
            in
            [
              (lib.genAttrs (lib.unique (map (entity: builtins.head entity.intoAttr) (attrValues usual))) (
                output: builtins.mapAttrs (_: make) (byOutput output)
              ))
            ]
            ++ map (entity: lib.setAttrByPath entity.intoAttr (make entity)) (attrValues others);
        in
        lib.mkMerge (concatMap ofSystem (attrNames entities));
    in
    {
      key = "den";
      options.den = {
        hosts = bySystem (hostType known) "Hosts by system.";
        homes = bySystem (homeType known) "Standalone homes by system.";
        aspects = option aspectTree { } "What configures hosts, users and homes.";
        ful = option (types.lazyAttrsOf aspectTree) { } "Aspects by name space.";
        default = option aspects.aspect { } "The aspect of everything.";
        ctx = option aspectTree { } "What the stages of the pipeline include.";
        policies = option (types.lazyAttrsOf types.raw) { } "Stages of the pipeline.";
        quirks = option (types.lazyAttrsOf types.raw) { } "What aspects tell each other.";
        schema = option (types.lazyAttrsOf schemaEntry) { } "Options of hosts, users and homes.";
        provides = mkOption {
          type = aspectTree;
          default = { };
          description = "Aspects that den brings along.";
          apply = own: rest "provides" // batteries // own;
        };
        batteries = alias;
        _ = alias;
        lib = mkOption {
          type = types.lazyAttrsOf types.raw;
          default = { };
          description = "den's library.";
          apply = own: rest "lib" // aspects.library // { __findFile = findFile config; } // own;
        };
      };
      config = {
        _module.args.den = den;
        flake = lib.mkMerge [
          (outputs den.hosts (host: { modules = hostModules den host; }))
          (outputs den.homes (home: {
            inherit (home) pkgs;
            modules = homeModules den home;
          }))
        ];
      };
    };

  namespace =
    name: sources:
    { config, ... }:
    {
      options.${name} = mkOption {
        type = aspectTree;
        default = { };
        description = "Aspects.";
        apply = own: if builtins.any isAttrs (lib.toList sources) then rest "namespace" // own else own;
      };
      config._module.args.${name} = config.${name};
      config.den.ful.${name} = config.${name};
    };
in
{
  inherit namespace;
  flakeModule = module;
  flakeModules = {
    default = module;
    dendritic = module;
    strict = { };
  };
  modules.flake.default = module;
  nixModule = _: module;
  flakeOutputs =
    lib.genAttrs [
      "all"
      "apps"
      "checks"
      "darwinConfigurations"
      "devShells"
      "flake"
      "homeConfigurations"
      "legacyPackages"
      "nixosConfigurations"
      "packages"
      "tests"
    ] (_: { });
}
