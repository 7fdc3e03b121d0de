//! Fleets of den: hosts, users and homes, configured by aspects.

mod shown;
mod support;

use expect_test::expect;
use shown::check;

#[test]
fn hosts_get_the_modules_of_their_aspects() {
    check(
        r#"
#- /flake.nix
{
  inputs.flake-parts.url = "github:hercules-ci/flake-parts";
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.home-manager.url = "github:nix-community/home-manager";
  inputs.nix-darwin.url = "github:nix-darwin/nix-darwin";
  inputs.den.url = "github:vic/den";
  inputs.flake-file.url = "github:vic/flake-file";
  inputs.import-tree.url = "github:vic/import-tree";
  outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } (inputs.import-tree ./modules);
}
#- /modules/den.nix
{ inputs, den, ... }: {
  imports = [
    (inputs.flake-file.flakeModules.dendritic or { })
    inputs.den.flakeModule
    (inputs.den.namespace "my" false)
  ];
  den.hosts.x86_64-linux.web.users.ida = { };
  den.hosts.db = { system = "aarch64-linux"; };
  den.hosts.aarch64-darwin.mac.users.ida.classes = [ ];
  den.homes.x86_64-linux.ida = { };
  den.default.includes = [ den._.hostname den.batteries.define-user ];
  den.default.nixos.system.stateVersion = "25.11";
  den.default.homeManager = ../home/all.nix;
  _module.args.__findFile = den.lib.__findFile;
}
#- /modules/web.nix
{ den, my, __findFile, ... }: {
  den.aspects.web = {
    includes = [
      den.aspects.ssh
      den.aspects.ssh
      my.tools
      <mail/spool>
      (den._.unfree [ "a" ])
      ({ host, ... }: { nixos.networking.domain = "${host.name}.example.org"; })
      (den.lib.perHome { nixos = ../nixos/never.nix; })
    ];
    nixos.imports = [ ../nixos/web.nix ];
  };
  den.aspects.web.homeManager = ../nixos/never.nix;
  den.aspects.db.nixos = ../nixos/db.nix;
  den.aspects.mac.darwin = ../nixos/mac.nix;
  den.aspects.mail.provides.spool.nixos = ../nixos/spool.nix;
}
#- /modules/ida.nix
{ den, lib, ... }: {
  den.aspects.ssh.os = { services.openssh.enable = true; };
  den.aspects.ida = lib.mkMerge [
    { homeManager = ../home/ida.nix; }
    { includes = [ den.aspects.each ]; user = ../nixos/account.nix; }
  ];
  den.aspects.each = { host, user }: { ${host.class}.imports = [ ../nixos/each.nix ]; };
  my.tools.nixos = ../nixos/tools.nix;
}
#- /nixos/web.nix
{ }
#- /nixos/db.nix
{ }
#- /nixos/mac.nix
{ }
#- /nixos/tools.nix
{ }
#- /nixos/spool.nix
{ }
#- /nixos/each.nix
{ }
#- /nixos/account.nix
{ }
#- /nixos/never.nix
{ }
#- /home/ida.nix
{ }
#- /home/all.nix
{ }
"#,
        expect![[r#"
            nixosConfigurations.db (aarch64-linux) /modules/den.nix:8:13
              /nixos/db.nix at /modules/web.nix:15:26
              /modules/den.nix at /modules/den.nix:12:3 inline
            nixosConfigurations.web (x86_64-linux) /modules/den.nix:7:26
              /modules/web.nix at /modules/web.nix:12:5 inline
              /nixos/web.nix at /modules/web.nix:12:23
              /modules/ida.nix at /modules/ida.nix:2:24 inline
              /nixos/tools.nix at /modules/ida.nix:8:20
              /nixos/spool.nix at /modules/web.nix:17:43
              /modules/web.nix at /modules/web.nix:9:25 inline
              /modules/den.nix at /modules/den.nix:12:3 inline
              /modules/ida.nix at /modules/ida.nix:7:40 inline
              /nixos/each.nix at /modules/ida.nix:7:66
              external inputs.home-manager.nixosModules.home-manager
              home-manager ida: /home/ida.nix /home/all.nix
            darwinConfigurations.mac (aarch64-darwin) /modules/den.nix:9:28
              /nixos/mac.nix at /modules/web.nix:16:28
              /modules/ida.nix at /modules/ida.nix:7:40 inline
              /nixos/each.nix at /modules/ida.nix:7:66
            homeConfigurations.ida (x86_64-linux) /modules/den.nix:10:26
              /home/ida.nix at /modules/ida.nix:4:21
              /home/all.nix at /modules/den.nix:13:29
        "#]],
    );
}

/// What a repository adds to den's pipeline may add modules that nothing here shows.
#[test]
fn policies_leave_a_host_incomplete() {
    check(
        r#"
#- /flake.nix
{
  inputs.flake-parts.url = "github:hercules-ci/flake-parts";
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.den.url = "github:vic/den";
  outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } ({ den, ... }: {
    imports = [ inputs.den.flakeModules.default ];
    den.hosts.x86_64-linux.web = { };
    den.aspects.web.nixos = ./web.nix;
    den.policies.more = { host }: [ (den.lib.policy.include ./more.nix) ];
    den.schema.host.includes = [ den.policies.more ];
  });
}
#- /web.nix
{ }
#- /more.nix
{ }
"#,
        expect![[r#"
            nixosConfigurations.web (x86_64-linux) /flake.nix:7:28
              /web.nix at /flake.nix:8:29
              gap: inputs.den.lib.policy.include … (the flake input's source is not on this machine)
        "#]],
    );
}
