//! References and highlights.

use expect_test::{Expect, expect};
use nixscope_ide::{Reference, VfsPath};

use crate::support::{line, load, with_web};

fn show(
    fixture: &str,
    ask: impl Fn(&nixscope_ide::Analysis, nixscope_ide::SourceFile, nixscope_ide::TextSize) -> Vec<Reference>,
) -> String {
    let (analysis, marker) = load(fixture);
    let file = analysis.file(&VfsPath::new(&marker.path));
    let mut out = String::new();
    for it in ask(&analysis, file, marker.offset) {
        let hosts = if it.hosts.is_empty() { String::new() } else { format!(" on {}", it.hosts.join(", ")) };
        out.push_str(&format!("{}{hosts} {}\n", it.kind.as_str(), line(&analysis, it.file, it.range)));
    }
    out
}

fn check(fixture: &str, expected: Expect) {
    expected.assert_eq(&show(fixture, |analysis, file, at| {
        analysis.references(file, at).expect("not cancelled")
    }));
}

fn check_highlights(fixture: &str, expected: Expect) {
    expected.assert_eq(&show(fixture, |analysis, file, at| {
        analysis.highlights(file, at).expect("not cancelled")
    }));
}

#[test]
fn an_option_is_declared_set_and_read() {
    let web = "{ self, config, lib, ... }: let cfg = config.my; inherit (config.my) port; in { \n\
        a = cfg.po$0rt;\n b = with config.my; port;\n c = config.my.port or 1;\n config = lib.mkIf true { my = { port = 1; }; };\n\
        d = self.nixosConfigurations.db.config.my.port;\n other.port = 2; list = [ { port = 3; } ]; }";
    check(
        &with_web(web),
        expect![[r#"
        declaration on db, web /port.nix: { lib, config, ... }: { options.my.<port> = lib.mkOption { type = lib.types.port; default = 80; }; }
        write on db /db.nix: { lib, ... }: { my.<port> = lib.mkForce 5432; age.secrets.key.file = ./key.age; }
        read on web /web.nix: { self, config, lib, ... }: let cfg = config.my; inherit (config.my) <port>; in { 
        read on web /web.nix: a = cfg.<port>;
        read on web /web.nix: c = config.my.<port> or 1;
        write on web /web.nix: config = lib.mkIf true { my = { <port> = 1; }; };
        read on web /web.nix: d = self.nixosConfigurations.db.config.my.<port>;
    "#]],
    );
}

#[test]
fn a_binding_of_a_let() {
    check(
        &with_web("let x = 1; y = { inherit x; x2 = x; }; in { a = $0x; b = let x = 2; in x; }"),
        expect![[r#"
        declaration /web.nix: let <x> = 1; y = { inherit x; x2 = x; }; in { a = x; b = let x = 2; in x; }
        read /web.nix: let x = 1; y = { inherit <x>; x2 = x; }; in { a = x; b = let x = 2; in x; }
        read /web.nix: let x = 1; y = { inherit x; x2 = <x>; }; in { a = x; b = let x = 2; in x; }
        read /web.nix: let x = 1; y = { inherit x; x2 = x; }; in { a = <x>; b = let x = 2; in x; }
    "#]],
    );
}

#[test]
fn an_attribute_through_an_import() {
    let fixture =
        with_web("{ ... }: let l = import ./l.nix; in { a = l.one; b = (import ./l.nix).one; c.one = 1; }")
            + "#- /l.nix\n{ on$0e = 1; two = 2; }\n";
    check(
        &fixture,
        expect![[r#"
        declaration /l.nix: { <one> = 1; two = 2; }
        read /web.nix: { ... }: let l = import ./l.nix; in { a = l.<one>; b = (import ./l.nix).one; c.one = 1; }
        read /web.nix: { ... }: let l = import ./l.nix; in { a = l.one; b = (import ./l.nix).<one>; c.one = 1; }
    "#]],
    );
}

#[test]
fn a_host_and_an_input() {
    check(
        &with_web("{ self, ... }: { a = self.nixosConfigurations.d$0b.config.my.port; db = 1; }"),
        expect![[r#"
        declaration /flake.nix: <db> = nixpkgs.lib.nixosSystem { modules = [ ./db.nix ./port.nix ]; };
        read /web.nix: { self, ... }: { a = self.nixosConfigurations.<db>.config.my.port; db = 1; }
    "#]],
    );
    let flake = r#"
#- /flake.nix
{
  inputs.nix$0pkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }@inputs: {
    a = inputs.nixpkgs.lib;
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { specialArgs = { inherit inputs; }; modules = [ ./web.nix ]; };
  };
}
#- /web.nix
{ inputs, ... }: { x = inputs.nixpkgs.rev; }
"#;
    check(
        flake,
        expect![[r#"
        declaration /flake.nix: inputs.<nixpkgs>.url = "github:NixOS/nixpkgs";
        read /flake.nix: outputs = { self, <nixpkgs> }@inputs: {
        read /flake.nix: a = inputs.<nixpkgs>.lib;
        read /flake.nix: nixosConfigurations.web = <nixpkgs>.lib.nixosSystem { specialArgs = { inherit inputs; }; modules = [ ./web.nix ]; };
        read /web.nix: { inputs, ... }: { x = inputs.<nixpkgs>.rev; }
    "#]],
    );
}

#[test]
fn a_module_is_imported() {
    check(&with_web("{ imports = [ ./a.n$0ix ]; }"), expect![[""]]);
    check(
        &(with_web("{ imports = [ ./a.n$0ix ]; }")
            + "#- /a.nix\n{ imports = [ ./port.nix ]; }\n#- /b.nix\nimport ./a.nix\n"),
        expect![[r#"
        import /b.nix: import <./a.nix>
        import on web /web.nix: { imports = [ <./a.nix> ]; }
    "#]],
    );
}

#[test]
fn a_secret() {
    check(
        &with_web(
            "{ self, config, ... }: { age.secrets.token.file = ./t.age; a = config.age.secrets.to$0ken.path; }",
        ),
        expect![[r#"
        write on web /web.nix: { self, config, ... }: { age.secrets.<token>.file = ./t.age; a = config.age.secrets.token.path; }
        read on web /web.nix: { self, config, ... }: { age.secrets.token.file = ./t.age; a = config.age.secrets.<token>.path; }
    "#]],
    );
}

#[test]
fn highlights_stay_in_the_file() {
    check_highlights(
        &with_web("{ config, ... }: { my.po$0rt = 1; a = config.my.port; }"),
        expect![[r#"
        write on web /web.nix: { config, ... }: { my.<port> = 1; a = config.my.port; }
        read on web /web.nix: { config, ... }: { my.port = 1; a = config.my.<port>; }
    "#]],
    );
    check_highlights(
        &with_web("{ lib, ... }: { a = lib.mkF$0orce 1; b = lib.mkForce 2; }"),
        expect![[r#"
        read /web.nix: { lib, ... }: { a = lib.<mkForce> 1; b = lib.mkForce 2; }
        read /web.nix: { lib, ... }: { a = lib.mkForce 1; b = lib.<mkForce> 2; }
    "#]],
    );
}
