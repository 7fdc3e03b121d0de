//! What is known to be wrong with the options of a host, and what only looks wrong.

mod support;

use expect_test::{Expect, expect};
use nixscope_eval::SourcePlace;
use nixscope_fleet::host_problems;
use nixscope_syntax::{PositionEncoding, line_index};
use nixscope_test_fixture::TestDatabase;

use crate::support::load;

fn place(db: &TestDatabase, place: Option<SourcePlace>) -> String {
    let Some(place) = place else { return "-".into() };
    let at = line_index(db, place.source).line_col(place.range(db).start(), PositionEncoding::Utf32);
    format!("{}:{}:{}", place.source.path(db), at.line + 1, at.column + 1)
}

/// The problems of the host `web`, whose modules are `/web.nix` and `/options.nix`.
fn check(modules: &str, expected: Expect) {
    let flake = r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.home-manager.url = "github:nix-community/home-manager";
  outputs = { self, nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./options.nix ./web.nix ]; };
  };
}
"#;
    let (db, project) = load(&format!("{flake}{modules}"));
    let found = host_problems(&db, project, "nixosConfigurations".into(), "web".into());
    let mut out = String::new();
    for it in &found.options {
        let within = it.within.as_deref().map(|it| format!(" in {it}")).unwrap_or_default();
        out.push_str(&format!("{:?} {}{within}", it.kind, it.path));
        out.push_str(&it.expected.as_deref().map(|it| format!(", not a {it}")).unwrap_or_default());
        for near in &it.nearest {
            out.push_str(&format!(", near {near}"));
        }
        out.push('\n');
        for def in &it.definitions {
            let text = def.text.as_deref().unwrap_or("?");
            out.push_str(&format!("  {} {} = {text}\n", place(&db, def.name), place(&db, def.value)));
        }
    }
    for it in &found.unset {
        let within = it.within.as_deref().map(|it| format!(" in {it}")).unwrap_or_default();
        out.push_str(&format!("unset {}{within}, declared at {}\n", it.path, place(&db, it.declared_at)));
    }
    for (name, notices) in [("assertion", &found.assertions), ("warning", &found.warnings)] {
        for it in notices {
            let within = it.within.as_deref().map(|it| format!(" in {it}")).unwrap_or_default();
            out.push_str(&format!("{name}{within} {}: {}\n", place(&db, it.place), it.message));
        }
    }
    for it in &found.renamed {
        let at: Vec<String> = it.definitions.iter().map(|it| place(&db, Some(*it))).collect();
        out.push_str(&format!("renamed {} to {} at {}\n", it.from, it.to, at.join(" ")));
    }
    expected.assert_eq(&out);
}

#[test]
fn definitions_that_are_not_of_the_type() {
    check(
        r#"
#- /options.nix
{ lib, ... }: {
  options.own = {
    port = lib.mkOption { type = lib.types.port; };
    names = lib.mkOption { type = lib.types.listOf lib.types.str; default = [ ]; };
    level = lib.mkOption { type = lib.types.enum [ "low" "high" ]; default = "low"; };
    sites = lib.mkOption {
      type = lib.types.attrsOf (lib.types.submodule { options.root = lib.mkOption { type = lib.types.path; }; });
      default = { };
    };
  };
}
#- /web.nix
{ lib, pkgs, ... }: {
  own.port = "80";
  own.names = [ "a" 2 ];
  own.level = lib.mkForce "middle";
  own.sites.a.root = 5;
  own.sites.b.root = pkgs.hello;
}
"#,
        expect![[r#"
            TypeMismatch own.level, not a one of "low", "high"
              /web.nix:4:7 /web.nix:4:27 = "middle"
            TypeMismatch own.names."[definition 1-entry 2]", not a string
              /web.nix:3:21 /web.nix:3:21 = 2
            TypeMismatch own.port, not a 16 bit unsigned integer; between 0 and 65535 (both inclusive)
              /web.nix:2:7 /web.nix:2:14 = "80"
            TypeMismatch own.sites.a.root, not a absolute path
              /web.nix:5:15 /web.nix:5:22 = 5
        "#]],
    );
}

#[test]
fn definitions_that_do_not_agree() {
    check(
        r#"
#- /options.nix
{ lib, ... }: {
  options.own = {
    port = lib.mkOption { type = lib.types.int; };
    name = lib.mkOption { type = lib.types.str; };
    fixed = lib.mkOption { type = lib.types.int; readOnly = true; default = 1; };
    same = lib.mkOption { type = lib.types.int; };
    won = lib.mkOption { type = lib.types.int; };
    lines = lib.mkOption { type = lib.types.lines; };
  };
  config.own = { port = 1; name = lib.mkIf false "x"; same = 3; won = 1; lines = "a"; };
}
#- /web.nix
{ lib, ... }: {
  own = { port = 2; name = "y"; fixed = 2; same = 3; won = lib.mkForce 2; lines = "b"; };
}
"#,
        expect![[r#"
            ReadOnly own.fixed
              /web.nix:2:33 /web.nix:2:41 = 2
              /options.nix:5:77 /options.nix:5:77 = 1
            Conflict own.port
              /web.nix:2:11 /web.nix:2:18 = 2
              /options.nix:10:18 /options.nix:10:25 = 1
        "#]],
    );
}

#[test]
fn options_that_nothing_declares() {
    check(
        r#"
#- /options.nix
{ lib, ... }: {
  options.own.service = {
    enable = lib.mkEnableOption "it";
    settings = lib.mkOption { type = lib.types.submodule { freeformType = lib.types.attrsOf lib.types.int; }; default = { }; };
    sites = lib.mkOption {
      type = lib.types.attrsOf (lib.types.submodule { options.root = lib.mkOption { type = lib.types.str; default = ""; }; });
      default = { };
    };
  };
}
#- /web.nix
{ lib, config, ... }: {
  own.service.enabel = true;
  own.service.settings.any = 1;
  own.service.sites.a.roots = "x";
  own.other = lib.mkIf config.own.service.enable 1;
  services.nginx.enabel = true;
  unheard.of = 1;
}
"#,
        expect![[r#"
            Undeclared own.other, near own.service
              /web.nix:5:7 /web.nix:5:15 = { _type = "if"; condition = false; content = 1; }
            Undeclared own.service.enabel, near own.service.enable, near own.service.sites, near own.service.settings
              /web.nix:2:15 /web.nix:2:24 = true
            Undeclared own.service.sites.a.roots, near own.service.sites.a.root
              /web.nix:4:23 /web.nix:4:31 = "x"
        "#]],
    );
}

#[test]
fn options_without_value() {
    check(
        r#"
#- /options.nix
{ lib, config, ... }: {
  options.own = {
    needed = lib.mkOption { type = lib.types.str; };
    read = lib.mkOption { type = lib.types.str; default = config.own.needed; };
    sites = lib.mkOption { type = lib.types.attrsOf lib.types.str; };
    maybe = lib.mkOption { type = lib.types.nullOr lib.types.str; default = null; };
    set = lib.mkOption { type = lib.types.str; };
  };
}
#- /web.nix
{ pkgs, ... }: { own.set = pkgs.hello.name; }
"#,
        expect![[r#"
            unset own.needed, declared at /options.nix:3:5
        "#]],
    );
}

#[test]
fn assertions_and_warnings() {
    check(
        r#"
#- /options.nix
{ lib, config, pkgs, ... }: {
  options.own.port = lib.mkOption { type = lib.types.int; default = 80; };
  config = {
    assertions = [
      { assertion = config.own.port > 1024; message = "own.port is too low"; }
      { assertion = config.own.port > 0; message = "own.port is negative"; }
      { assertion = config.services.nginx.enable; message = "nginx must run"; }
      { assertion = pkgs.stdenv.hostPlatform.isLinux; message = "only on Linux"; }
    ];
    warnings = lib.optional (config.own.port == 80) "port 80 is taken";
  };
}
#- /web.nix
{ lib, ... }: {
  assertions = lib.mkIf false [ { assertion = false; message = "never"; } ];
  warnings = lib.mkIf (lib.versionAtLeast lib.version "24.05") [ "of a condition" ];
}
"#,
        expect![[r#"
            assertion /options.nix:5:7: own.port is too low
            warning /options.nix:10:53: port 80 is taken
            warning /web.nix:3:66: of a condition
        "#]],
    );
}

#[test]
fn renamed_options() {
    check(
        r#"
#- /options.nix
{ lib, ... }: {
  imports = [ (lib.mkRenamedOptionModule [ "own" "old" ] [ "own" "new" ]) ];
  options.own.new = lib.mkOption { type = lib.types.int; default = 0; };
}
#- /web.nix
{ own.old = 3; }
"#,
        expect![[r#"
            renamed own.old to own.new at /web.nix:1:7
        "#]],
    );
}

#[test]
fn systems_inside_a_host() {
    check(
        r#"
#- /options.nix
{ inputs, ... }: {
  home-manager.users.ida = { lib, ... }: {
    options.own.port = lib.mkOption { type = lib.types.int; };
    config.own.port = "80";
  };
  containers.box.config = { lib, ... }: {
    options.own.port = lib.mkOption { type = lib.types.int; };
    config.own.port = "81";
  };
  specialisation.dark.configuration = { lib, ... }: {
    options.own.port = lib.mkOption { type = lib.types.int; };
    config.own.port = "82";
  };
}
#- /web.nix
{ }
"#,
        expect![[r#"
            TypeMismatch own.port in containers.box, not a signed integer
              /options.nix:8:16 /options.nix:8:23 = "81"
            TypeMismatch own.port in home-manager.users.ida, not a signed integer
              /options.nix:4:16 /options.nix:4:23 = "80"
        "#]],
    );
}

/// A condition that is not known silences, and so does a value that is not.
#[test]
fn what_is_not_known_is_no_problem() {
    check(
        r#"
#- /options.nix
{ lib, ... }: {
  options.own = {
    port = lib.mkOption { type = lib.types.int; };
    unique = lib.mkOption { type = lib.types.int; };
    needed = lib.mkOption { type = lib.types.int; };
  };
}
#- /web.nix
{ lib, config, pkgs, ... }: {
  own.port = lib.mkIf config.services.nginx.enable "80";
  own.unique = lib.mkMerge [ 1 (lib.mkIf config.services.nginx.enable 2) ];
  own.needed = lib.mkIf config.services.nginx.enable 2;
}
"#,
        expect![[r#""#]],
    );
}
