# Aspects that den brings along.
#
# Source: https://den.oeiuwq.com, "Batteries".
{ lib, resolve }:
let
  homeOf =
    system: user: if lib.hasSuffix "darwin" system then "/Users/${user.userName}" else "/home/${user.userName}";

  account = system: user: {
    nixos.users.users.${user.userName} = {
      name = user.userName;
      home = homeOf system user;
      isNormalUser = true;
    };
    darwin.users.users.${user.userName} = {
      name = user.userName;
      home = homeOf system user;
    };
    homeManager.home = {
      username = user.userName;
      homeDirectory = homeOf system user;
    };
  };

  # Modules of directories: those for a class lie in one that is called `_<class>`.
  fromDirectory =
    root:
    { class, ... }:
    let
      path = "${toString root}/_${class}";
      files = builtins.filter (lib.hasSuffix ".nix") (map toString (lib.filesystem.listFilesRecursive path));
    in
    lib.optionalAttrs (builtins.pathExists path) { ${class}.imports = files; };
in
{
  hostname.includes = [ ({ host }: { ${host.class}.networking.hostName = host.hostName; }) ];

  define-user.includes = [
    ({ host, user }: account host.system user)
    ({ home }: account home.system home)
  ];

  primary-user.includes = [
    (
      { host, user }:
      {
        nixos.users.users.${user.userName} = {
          isNormalUser = true;
          extraGroups = [
            "wheel"
            "networkmanager"
          ];
        };
        darwin.system.primaryUser = user.userName;
      }
    )
  ];

  host-aspects.includes = [
    ({ host, user }: { homeManager.imports = resolve "homeManager" { inherit host user; } host.aspect; })
  ];

  import-tree = {
    __functor = _: fromDirectory;
    provides = {
      host = root: { host, ... }: { includes = [ (fromDirectory "${toString root}/${host.name}") ]; };
      user = root: { user, ... }: { includes = [ (fromDirectory "${toString root}/${user.name}") ]; };
      home = root: { home, ... }: { includes = [ (fromDirectory "${toString root}/${home.name}") ]; };
    };
  };

  # The modules of one class become part of another, at a path.
  forward = forwarding: {
    includes = map (
      item:
      { class, ... }@ctx:
      let
        inherit (forwarding) fromClass intoClass;
        path = if builtins.isFunction forwarding.intoPath then forwarding.intoPath item else forwarding.intoPath;
        modules = resolve (fromClass item) (removeAttrs ctx [ "class" "aspect-chain" ]) (forwarding.fromAspect item);
      in
      lib.optionalAttrs (class == intoClass item && modules != [ ]) {
        ${class} = if path == [ ] then { imports = modules; } else lib.setAttrByPath path { imports = modules; };
      }
    ) forwarding.each;
  };

  # These set options of packages and tools; none imports a module of a repository.
  home-manager = { };
  hjem = { };
  inputs' = { };
  maid = { };
  os-class = { };
  os-user = { };
  self' = { };
  tty-autologin = _: { };
  unfree = _: { };
  user-shell = _: { };
}
