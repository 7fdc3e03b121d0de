# The outputs of a snowfall flake: `systems/<system>/<name>`, `homes/<system>/<user>@<host>`,
# `modules/<class>/<name>`.
{
  lib,
  rest,
  darwinSystem,
  homeManagerConfiguration,
  options,
  library,
}:
let
  inherit (builtins)
    attrNames
    attrValues
    listToAttrs
    mapAttrs
    pathExists
    readDir
    ;
  inherit (options) inputs;
  inherit (library.snowfall) fs;

  snowfall = options.snowfall or { };
  root = toString (snowfall.root or options.src);
  namespace = snowfall.namespace or "internal";

  # The formats of images, which may stand in a system's name: `x86_64-iso`.
  formats = [
    "amazon" "azure" "cloudstack" "do" "gce" "hyperv" "install-iso-hyperv" "install-iso" "iso" "kexec-bundle"
    "kexec" "kubevirt" "lxc-metadata" "lxc" "openstack" "proxmox-lxc" "proxmox" "qcow" "raw-efi" "raw"
    "sd-aarch64-installer" "sd-aarch64" "vagrant-virtualbox" "virtualbox" "vm-bootloader" "vm-nogui" "vmware" "vm"
  ];
  formatOf = target: lib.findFirst (format: lib.hasInfix format target) "" formats;
  isDarwin = target: lib.hasInfix "darwin" target;

  # The directories in those of each system that have a `default.nix`.
  members =
    path:
    lib.concatMap (
      target:
      map (name: {
        inherit name;
        target = baseNameOf target;
        path = "${target}/${name}/default.nix";
      }) (builtins.filter (name: pathExists "${target}/${name}/default.nix") (attrNames (readDir target)))
    ) (fs.get-directories path);

  # The modules of a class by their paths below its directory.
  modulesOf =
    class: settings: aliases:
    let
      directory = "${root}/modules/${class}";
      found = listToAttrs (
        map (path: {
          name = lib.removePrefix "/" (lib.removeSuffix "/default.nix" (lib.removePrefix directory path));
          value = path;
        }) (fs.get-default-nix-files-recursive directory)
      );
    in
    found // mapAttrs (_: name: found.${name}) aliases // settings;

  found = class: attrValues (modulesOf class { } { });

  split =
    name:
    let
      parts = lib.splitString "@" name;
    in
    {
      user = builtins.head parts;
      host = if builtins.length parts > 1 then lib.last parts else "";
    };

  homes = map (home: home // split home.name) (members "${root}/homes");
  homeSettings = options.homes or { };
  homeModules = found "home" ++ (homeSettings.modules or [ ]);
  modulesOfHome = home: homeSettings.users.${home.name}.modules or [ ];

  arguments = host: target: {
    inherit host target namespace;
    system = if formatOf target == "" then target else builtins.replaceStrings [ (formatOf target) ] [ "linux" ] target;
    format =
      if formatOf target != "" then
        formatOf target
      else if isDarwin target then
        "darwin"
      else
        "linux";
    virtual = formatOf target != "";
    systems = rest "systems";
    inherit inputs;
    lib = library;
  };

  # Homes named after a host, or after none, belong to it.
  homesOn = name: target: builtins.filter (home: home.host == name || (home.host == "" && home.target == target)) homes;

  homeModule =
    class: name: target:
    lib.optionals (inputs ? home-manager) [
      inputs.home-manager."${class}Modules".home-manager
      {
        home-manager = {
          sharedModules = homeModules;
          useGlobalPkgs = lib.mkDefault true;
          extraSpecialArgs = arguments name target // {
            format = "home";
          };
          users = listToAttrs (
            map (home: {
              name = home.user;
              value.imports = [ home.path ] ++ modulesOfHome home;
            }) (homesOn name target)
          );
        };
      }
    ];

  systemSettings = options.systems or { };

  build =
    { name, target, path }:
    let
      class = if isDarwin target then "darwin" else "nixos";
      settings = systemSettings.hosts.${name} or { };
    in
    (if class == "darwin" then darwinSystem else lib.nixosSystem) {
      inherit (arguments name target) system;
      specialArgs = (settings.specialArgs or { }) // arguments name target;
      modules = [
        path
      ]
      ++ found class
      ++ (settings.modules or [ ])
      ++ (systemSettings.modules.${class} or [ ])
      ++ homeModule class name target
      ++ [ { networking.hostName = lib.mkDefault name; } ];
    };

  outputOf =
    { name, target, ... }:
    systemSettings.hosts.${name}.output or (
      if formatOf target != "" then
        "${formatOf target}Configurations"
      else if isDarwin target then
        "darwinConfigurations"
      else
        "nixosConfigurations"
    );

  systems = members "${root}/systems";

  configurations = mapAttrs (
    _: members:
    listToAttrs (
      map (system: {
        inherit (system) name;
        value = build system;
      }) members
    )
  ) (builtins.groupBy outputOf systems);

  homeConfigurations = listToAttrs (
    map (home: {
      inherit (home) name;
      value = homeManagerConfiguration {
        extraSpecialArgs = arguments home.host home.target // {
          inherit (home) name user;
          format = "home";
        };
        modules = [ home.path ] ++ homeModules ++ modulesOfHome home;
      };
    }) homes
  );

  alias = options.alias or { };
  exported = class: modulesOf class (options.modules.${class} or { }) (alias.modules.${class} or { });
in
removeAttrs options [
  "inputs"
  "src"
  "systems"
  "modules"
  "overlays"
  "packages"
  "outputs-builder"
  "outputsBuilder"
  "homes"
  "hosts"
  "channels-config"
  "templates"
  "checks"
  "alias"
  "snowfall"
  "extra-exported-overlays"
]
// {
  pkgs = rest "pkgs";
  packages = rest "packages";
  devShells = rest "devShells";
  checks = rest "checks";
  overlays = rest "overlays";
  templates = rest "templates";
  inherit homeConfigurations;
  lib = library.${namespace};
  nixosModules = exported "nixos";
  darwinModules = exported "darwin";
  homeModules = exported "home";
  snowfall = {
    config = snowfall // {
      inherit namespace;
    };
    raw-config = snowfall;
    user-lib = library.${namespace};
  };
}
// configurations
