//! Actions that make what is missing.

use expect_test::{Expect, expect};
use nixscope_ide::{AssistKind, TextRange, VfsPath};

use crate::support::{indented, load, with_web};

/// Each action that makes something, and the files that it changes, after it.
fn check(fixture: &str, expected: Expect) {
    expected.assert_eq(&offered(fixture));
}

fn offered(fixture: &str) -> String {
    let (analysis, marker) = load(fixture);
    let file = analysis.file(&VfsPath::new(&marker.path));
    let mut out = String::new();
    for assist in analysis.assists(file, TextRange::empty(marker.offset)).expect("not cancelled") {
        if !matches!(assist.kind, AssistKind::Mend(_)) {
            continue;
        }
        out.push_str(&format!("{}\n", assist.title));
        let mut edits = assist.edits;
        edits.sort_by_key(|edit| (analysis.path(edit.file), edit.range.start()));
        let mut files: Vec<_> = edits.iter().map(|edit| edit.file).collect();
        files.dedup();
        for file in files {
            let mut after = analysis.text(file);
            for edit in edits.iter().rev().filter(|edit| edit.file == file) {
                let range = usize::from(edit.range.start())..usize::from(edit.range.end());
                after.replace_range(range, &edit.new_text);
            }
            out.push_str(&format!("  {}\n{}", analysis.path(file), indented(&after)));
        }
    }
    out
}

fn fleet(files: &str) -> String {
    format!(
        "#- /flake.nix\n{{\n  inputs.nixpkgs.url = \"github:NixOS/nixpkgs\";\n  outputs = {{ self, nixpkgs }}: {{\n    \
         nixosConfigurations.web = nixpkgs.lib.nixosSystem {{ modules = [ ./web.nix ]; }};\n    \
         nixosConfigurations.db = nixpkgs.lib.nixosSystem {{ modules = [ ./db.nix ]; }};\n  }};\n}}\n{files}"
    )
}

#[test]
fn an_option_is_declared_beside_its_like() {
    check(
        &with_web("{ my.grace$0Seconds = 5; }"),
        expect![[r#"
        Declare the option `my.graceSeconds` in port.nix
          /port.nix
            { lib, config, ... }: { options.my.port = lib.mkOption { type = lib.types.port; default = 80; }; options.my.graceSeconds = lib.mkOption { type = lib.types.int; description = "Grace seconds."; }; }
    "#]],
    );
    check(
        &fleet(
            "#- /port.nix\n{ lib, ... }:\n{\n  options.my = {\n    port = lib.mkOption { type = lib.types.port; };\n  };\n}\n\
             #- /db.nix\n{ }\n#- /web.nix\n{ imports = [ ./port.nix ]; my.access.log$0Files = [ \"a\" ]; }\n",
        ),
        expect![[r#"
            Declare the option `my.access.logFiles` in port.nix
              /port.nix
                { lib, ... }:
                {
                  options.my = {
                    port = lib.mkOption { type = lib.types.port; };
                    access.logFiles = lib.mkOption {
                      type = lib.types.listOf lib.types.str;
                      description = "Log files.";
                    };
                  };
                }
        "#]],
    );
}

#[test]
fn an_option_is_declared_where_it_is_set() {
    check(
        &fleet(
            "#- /db.nix\n{ }\n#- /web.nix\n{ config, ... }:\n{\n  imports = [ ];\n  harbour.enab$0le = true;\n  time.timeZone = \"UTC\";\n}\n",
        ),
        expect![[r#"
            Declare the option `harbour.enable`
              /web.nix
                { lib, config, ... }:
                {
                  imports = [ ];
                  options.harbour.enable = lib.mkEnableOption "harbour";
                  config.harbour.enable = true;
                  config.time.timeZone = "UTC";
                }
        "#]],
    );
    check(
        &fleet(
            "#- /db.nix\n{ }\n#- /web.nix\nargs: { config = args.lib.mkIf true { harbour.b$0erths = args.lib.mkDefault 3; }; }\n",
        ),
        expect![[r#"
            Declare the option `harbour.berths`
              /web.nix
                args: { options.harbour.berths = args.lib.mkOption { type = args.lib.types.int; description = "Berths."; }; config = args.lib.mkIf true { harbour.berths = args.lib.mkDefault 3; }; }
        "#]],
    );
    check(
        &fleet("#- /db.nix\n{ }\n#- /web.nix\n{\n  harbour.pil$0ots = \"anna\";\n}\n"),
        expect![[r#"
        Declare the option `harbour.pilots`
          /web.nix
            { lib, ... }:
            {
              options.harbour.pilots = lib.mkOption {
                type = lib.types.str;
                description = "Pilots.";
              };
              config.harbour.pilots = "anna";
            }
    "#]],
    );
}

#[test]
fn what_may_be_declared_outside_is_left_alone() {
    for module in [
        "{ services.nginx.ena$0ble = true; }",
        "{ my.p$0ort = 1; }",
        "{ m$0y = { port = 1; }; }",
        "{ imports$0 = [ ]; }",
        "{ my.list = [ { na$0me = 1; } ]; }",
        "{ lib, ... }: { my.sets = lib.mapAttrs (name: value: { na$0me = value; }) { }; }",
        "let own = { na$0me = 1; }; in { my.port = own.name; }",
        "{ nixpkgs.overlays = [ (final: prev: { per$0f = 1; }) ]; }",
        "{ inputs, ... }: { imports = [ inputs.other.nixosModules.x ]; other.na$0me = 1; }",
        "{ systemd.network.networks.lan.extra$0Config = \"\"; }",
        "{ config, ... }: { a.b = config.services.nginx.ena$0ble; }",
    ] {
        assert_eq!(offered(&with_web(module)), "", "{module}");
    }
}

#[test]
fn a_module_that_declares_the_option_is_imported() {
    check(
        &fleet(
            "#- /modules/beacon/default.nix\n{ lib, ... }: { options.harbour.beacon = lib.mkOption { }; }\n\
             #- /db.nix\n{ imports = [ ./modules/beacon ]; }\n#- /web.nix\n{\n  harbour.bea$0con = 1;\n}\n",
        ),
        expect![[r#"
            Import `modules/beacon/default.nix`, which declares `harbour.beacon`
              /web.nix
                {
                  imports = [ ./modules/beacon ];
                  harbour.beacon = 1;
                }
        "#]],
    );
}

#[test]
fn an_option_that_is_read_is_declared() {
    check(
        &fleet(
            "#- /db.nix\n{ }\n#- /web.nix\n{ config, lib, ... }:\nlet cfg = config.harbour; in\n{\n  \
             options.harbour.enable = lib.mkEnableOption \"it\";\n  config.networking.hostName = cfg.na$0me;\n}\n",
        ),
        expect![[r#"
            Declare the option `harbour.name`
              /web.nix
                { config, lib, ... }:
                let cfg = config.harbour; in
                {
                  options.harbour.enable = lib.mkEnableOption "it";
                  options.harbour.name = lib.mkOption {
                    type = lib.types.anything;
                    description = "Name.";
                  };
                  config.networking.hostName = cfg.name;
                }
        "#]],
    );
}

#[test]
fn a_secret_gets_its_declaration_and_its_rule() {
    check(
        &fleet(
            "#- /secrets/secrets.nix\nlet\n  web = \"ssh-ed25519 AAAAweb\";\nin\n{\n  \"wifi.age\".publicKeys = [\n    web\n  ];\n}\n\
             #- /secrets/wifi.age\nx\n#- /db.nix\n{ }\n#- /web.nix\n{ config, ... }:\n{\n  age.secrets.wifi.file = ./secrets/wifi.age;\n  \
             services.restic.password = config.age.secrets.res$0tic.path;\n}\n",
        ),
        expect![[r#"
            Declare the secret `restic`, with its rule in secrets/secrets.nix
              /secrets/secrets.nix
                let
                  web = "ssh-ed25519 AAAAweb";
                in
                {
                  "wifi.age".publicKeys = [
                    web
                  ];
                  "restic.age".publicKeys = [
                    web
                  ];
                }
              /web.nix
                { config, ... }:
                {
                  age.secrets.wifi.file = ./secrets/wifi.age;
                  services.restic.password = config.age.secrets.restic.path;
                  age.secrets.restic.file = ./secrets/restic.age;
                }
        "#]],
    );
    check(
        &fleet(
            "#- /db.nix\n{ }\n#- /web.nix\n{ config, ... }: {\n  sops.defaultSopsFile = ./all.yaml;\n  \
             a.b = config.sops.secrets.\"re$0stic/key\".path;\n}\n",
        ),
        expect![[r#"
            Declare the secret `restic/key`
              /web.nix
                { config, ... }: {
                  sops.defaultSopsFile = ./all.yaml;
                  a.b = config.sops.secrets."restic/key".path;
                  sops.secrets."restic/key" = { };
                }
        "#]],
    );
}

#[test]
fn a_module_that_no_host_has_is_imported_in_one() {
    check(
        &fleet(
            "#- /db.nix\n{\n  imports = [\n    ./disk.nix\n  ];\n}\n#- /disk.nix\n{ }\n#- /web.nix\n{ }\n\
             #- /modules/mail.nix\n{ conf$0ig, ... }:\n{ services.postfix.enable = true; }\n",
        ),
        expect![[r#"
            Import this module in db, in db.nix
              /db.nix
                {
                  imports = [
                    ./disk.nix
                    ./modules/mail.nix
                  ];
                }
            Import this module in web, in web.nix
              /web.nix
                {
                  imports = [ ./modules/mail.nix ];
                }
        "#]],
    );
}

#[test]
fn a_file_that_a_path_leads_to_is_created() {
    let modules = [
        "{ imports = [ ./dis$0k.nix ]; }",
        "{ imports = [ ./disk$0s ]; }",
        "{ lib, ... }: { a.b = import ./pee$0rs.nix { inherit lib; port = 1; }; }",
        "{ pkgs, ... }: { a.b = pkgs.callPackage ./pkgs/to$0ol { }; }",
        "{ environment.etc.motd.source = ./mo$0td.txt; }",
    ];
    let out: Vec<String> = modules.map(|module| offered(&with_web(module))).to_vec();
    expect![[r#"
        Create `disk.nix`
          /disk.nix
            { config, lib, pkgs, ... }:
            {
            }
        Create `disks/default.nix`
          /disks/default.nix
            { config, lib, pkgs, ... }:
            {
            }
        Create `peers.nix`
          /peers.nix
            { lib, port }:
            {
            }
        Create `pkgs/tool/default.nix`
          /pkgs/tool/default.nix
            { stdenv }:

            stdenv.mkDerivation {
              pname = "tool";
              version = "0.1.0";
              src = ./.;
            }
        Create `motd.txt`
          /motd.txt
    "#]]
    .assert_eq(&out.concat());
    for module in [
        "{ age.secrets.x.file = ./secrets/$0x.age; }",
        "{ imports = [ ./p$0ort.nix ]; }",
        "{ environment.etc.data.source = ./da$0ta; }",
    ] {
        assert_eq!(offered(&with_web(module)), "", "{module}");
    }
}

#[test]
fn a_module_is_registered_where_its_neighbours_are() {
    check(
        "#- /flake.nix
{
  inputs.nixpkgs.url = \"github:NixOS/nixpkgs\";
  outputs = { self, nixpkgs }: {
    nixosModules = {
      beacon = ./modules/beacon.nix;
      ferry = ./modules/ferry;
    };
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ ./web.nix ] ++ (with self.nixosModules; [ beacon ferry ]);
    };
  };
}
#- /modules/beacon.nix
{ }
#- /modules/ferry/default.nix
{ }
#- /modules/pilot/default.nix
{ con$0fig, ... }: { services.pilot.enable = true; }
#- /web.nix
{ }
",
        expect![[r#"
            Register this module as `nixosModules.pilot`, and in the list in flake.nix
              /flake.nix
                {
                  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
                  outputs = { self, nixpkgs }: {
                    nixosModules = {
                      beacon = ./modules/beacon.nix;
                      pilot = ./modules/pilot;
                      ferry = ./modules/ferry;
                    };
                    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
                      modules = [ ./web.nix ] ++ (with self.nixosModules; [ beacon ferry pilot ]);
                    };
                  };
                }
            Import this module in web, in web.nix
              /web.nix
                {
                  imports = [ ./modules/pilot ];
                }
        "#]],
    );
}
