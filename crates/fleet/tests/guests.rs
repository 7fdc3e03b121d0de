//! Machines inside a host that are systems of their own: microvms, guests that are nodes, containers.

mod shown;
mod support;

use expect_test::expect;

use crate::shown::check;

#[test]
fn microvms_are_read_as_systems() {
    check(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.microvm.url = "github:astro/microvm.nix";
  outputs = { self, nixpkgs, microvm }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      specialArgs = { inherit self microvm; };
      modules = [ microvm.nixosModules.host ./web.nix ];
    };
    nixosConfigurations.reader = nixpkgs.lib.nixosSystem {
      specialArgs = { inherit self; };
      modules = [ ./reader.nix ];
    };
  };
}
#- /web.nix
{ config, ... }: {
  microvm.vms.db = {
    specialArgs.port = 5432;
    config = ./db.nix;
  };
}
#- /db.nix
{ port, ... }: { services.postgresql.settings.port = port; }
#- /reader.nix
{ self, ... }: { services.a.port = self.nixosConfigurations.web.config.microvm.vms.db.config.config.services.postgresql.settings.port; }
"#,
        expect![[r#"
            nixosConfigurations.reader (?) /flake.nix:9:25
              /reader.nix at /flake.nix:11:19
              reads self.nixosConfigurations.web.config.microvm.vms.db.config.config.services.postgresql.settings.port [resolved] = 5432 -> /db.nix:1:47
            nixosConfigurations.web (?) /flake.nix:5:25
              /web.nix at /flake.nix:7:45
              external inputs.microvm.nixosModules.host
              microvm db: /db.nix
        "#]],
    );
}

/// A repository whose nodes are hosts and their guests, each of which may set options of the others.
#[test]
fn guests_are_nodes() {
    check(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.microvm.url = "github:astro/microvm.nix";
  inputs.extra.url = "github:oddlama/nixos-extra-modules";
  outputs = { self, nixpkgs, ... }@inputs:
    let
      inherit (nixpkgs) lib;
      mkHost = name: lib.nixosSystem {
        specialArgs = { inherit inputs; inherit (self) nodes; extraModules = [ ./forward.nix ]; };
        modules = [ { node.name = name; } ./${name}.nix ./forward.nix ];
      };
    in
    {
      nixosConfigurations = lib.genAttrs [ "big" "gate" ] mkHost;
      guestConfigurations = lib.concatMapAttrs (_: node:
        lib.mapAttrs' (name: guest: lib.nameValuePair guest.nodeName (
          if guest.backend == "microvm" then node.config.microvm.vms.${name}.config
          else node.config.containers.${name}.nixosConfiguration
        )) (node.config.guests or { })
      ) self.nixosConfigurations;
      nodes = self.nixosConfigurations // self.guestConfigurations;
    };
}
#- /base.nix
{ inputs, ... }: { imports = [ (inputs.extra + "/modules") ]; }
#- /big.nix
{ inputs, ... }: {
  imports = [ ./base.nix ];
  guests = let
    guest = backend: name: {
      inherit backend;
      modules = [ ./base.nix ./guests/${name}.nix ];
      extraSpecialArgs = { inherit inputs; inherit (inputs.self) nodes; };
    };
  in { mail = guest "microvm" "mail"; dns = guest "container" "dns"; };
}
#- /gate.nix
{ nodes, ... }: {
  imports = [ ./base.nix ];
  services.gate.mail = nodes.big-mail.config.services.mail.port;
}
#- /guests/mail.nix
{ config, nodes, ... }: {
  services.mail.port = 25;
  services.mail.dns = nodes.big-dns.config.services.dns.port;
  to.gate.forward.upstreams.${config.node.name} = "10.0.0.2";
}
#- /guests/dns.nix
{ services.dns.port = 53; }
#- /forward.nix
{ lib, config, nodes, ... }: {
  options.to = lib.mkOption { type = lib.types.attrsOf lib.types.raw; default = { }; };
  options.forward.upstreams = lib.mkOption { type = lib.types.attrsOf lib.types.str; default = { }; };
  config.forward.upstreams = lib.mkMerge (
    map (other: nodes.${other}.config.to.${config.node.name}.forward.upstreams or { }) (lib.attrNames nodes)
  );
}
"#,
        expect![[r#"
            nixosConfigurations.big (?) /flake.nix:14:7
              /flake.nix at /flake.nix:10:21 inline
              /big.nix at /flake.nix:10:43
              /base.nix at /big.nix:2:15
              /forward.nix at /flake.nix:10:57
              external inputs.extra
              external inputs.microvm.nixosModules.host
              container dns: /base.nix /guests/dns.nix /forward.nix
              microvm mail: /forward.nix /base.nix /guests/mail.nix
            nixosConfigurations.gate (?) /flake.nix:14:7
              /flake.nix at /flake.nix:10:21 inline
              /gate.nix at /flake.nix:10:43
              /base.nix at /gate.nix:2:15
              /forward.nix at /flake.nix:10:57
              external inputs.extra
              external inputs.microvm.nixosModules.host
              reads nodes.big-mail.config.services.mail.port [resolved] = 25 -> /guests/mail.nix:2:17
            guestConfigurations.big-dns (?) /flake.nix:17:11
              /base.nix at /big.nix:6:19
              /guests/dns.nix at /big.nix:6:30
              /forward.nix at /flake.nix:9:80
              external inputs.extra
              external inputs.microvm.nixosModules.host
            guestConfigurations.big-mail (?) /flake.nix:17:11
              /forward.nix at /flake.nix:9:80
              /base.nix at /big.nix:6:19
              /guests/mail.nix at /big.nix:6:30
              external inputs.microvm.nixosModules.microvm
              external inputs.extra
              external inputs.microvm.nixosModules.host
              reads nodes.big-dns.config.services.dns.port [resolved] = 53 -> /guests/dns.nix:1:16
        "#]],
    );
}

/// A file that is no module says what it sets where a module makes its definitions of it.
#[test]
fn what_a_host_says_of_itself_is_spliced_in() {
    use nixscope_fleet::{What, resolve_key};
    let (db, project) = crate::support::load(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = let host = import ./web.nix { }; in nixpkgs.lib.nixosSystem {
      modules = [ ./options.nix { own = host.own; } ];
    };
  };
}
#- /web.nix
{ ... }: { own = rec { enable = true; }; name = "web"; }
#- /options.nix
{ lib, ... }: { options.own.enable = lib.mkEnableOption "it"; }
"#,
    );
    let source = nixscope_db::source(&db, &nixscope_db::VfsPath::new("/web.nix"));
    let body = nixscope_hir::body(&db, source);
    let key = |name: &str| body.names.iter().find(|(_, it)| it.as_str() == name).expect("a key").0;
    let found = resolve_key(&db, project, source, key("enable"));
    let places: Vec<String> = found.iter().map(|it| crate::shown::show(&db, it.place)).collect();
    assert_eq!(places, ["/options.nix:1:29"]);
    assert!(found.iter().all(|it| it.what == What::Declaration && it.hosts == ["web"]));
    assert!(resolve_key(&db, project, source, key("name")).is_empty());
}
