//! Rename: the edits, or why there are none.

use expect_test::{Expect, expect};
use nixscope_ide::VfsPath;

use crate::support::{load, with_web};

fn check(fixture: &str, new_name: &str, expected: Expect) {
    let (analysis, marker) = load(fixture);
    let file = analysis.file(&VfsPath::new(&marker.path));
    let outcome = match analysis.rename(file, marker.offset, new_name).expect("not cancelled") {
        Err(why) => format!("refused: {why}\n"),
        Ok(edits) => {
            let mut out = String::new();
            let mut files: Vec<_> = edits.iter().map(|edit| edit.file).collect();
            files.dedup();
            for file in files {
                let mut text = analysis.text(file);
                for edit in edits.iter().rev().filter(|edit| edit.file == file) {
                    text.replace_range(
                        usize::from(edit.range.start())..usize::from(edit.range.end()),
                        &edit.new_text,
                    );
                }
                out.push_str(&format!("#- {}\n{}\n", analysis.path(file), text.trim_end()));
            }
            out
        }
    };
    expected.assert_eq(&outcome);
}

#[test]
fn a_binding_also_where_it_is_inherited() {
    check(
        &with_web("let x = 1; in { a = $0x; inherit x; b = let x = 2; in x; }"),
        "y",
        expect![[r#"
        #- /web.nix
        let y = 1; in { a = y; x = y; b = let x = 2; in x; }
    "#]],
    );
    check(
        &with_web("let x = 1; y = 2; in { a = $0x; }"),
        "y",
        expect![[r#"
        refused: `y` is already bound beside it
    "#]],
    );
    check(
        &with_web("let x = 1; in { a = $0x; b = let y = 2; in x; }"),
        "y",
        expect![[r#"
        refused: `y` means something else where it is used
    "#]],
    );
}

#[test]
fn an_option_everywhere() {
    let web = "{ self, config, lib, ... }: let cfg = config.my; inherit (config.my) port; in {\n\
        a = cfg.po$0rt;\n b = with config.my; port;\n c = config.my.port or 1;\n config = lib.mkIf true { my = { port = 1; }; };\n\
        d = self.nixosConfigurations.db.config.my.port; e = port;\n other.port = 2; }";
    check(
        &with_web(web),
        "number",
        expect![[r#"
        #- /db.nix
        { lib, ... }: { my.number = lib.mkForce 5432; age.secrets.key.file = ./key.age; }
        #- /port.nix
        { lib, config, ... }: { options.my.number = lib.mkOption { type = lib.types.port; default = 80; }; }
        #- /web.nix
        { self, config, lib, ... }: let cfg = config.my; port = config.my.number; in {
        a = cfg.number;
         b = with config.my; port;
         c = config.my.number or 1;
         config = lib.mkIf true { my = { number = 1; }; };
        d = self.nixosConfigurations.db.config.my.number; e = port;
         other.port = 2; }
    "#]],
    );
}

#[test]
fn what_is_not_proven_is_refused() {
    check(
        &with_web("{ networking.host$0Name = \"a\"; }"),
        "x",
        expect![[r#"
        refused: `networking.hostName` is not declared in this repository
    "#]],
    );
    check(
        &with_web("{ li$0b, ... }: { a = lib; }"),
        "x",
        expect![[r#"
        refused: who calls this function passes `lib` by its name
    "#]],
    );
    check(
        &with_web("{ a = builtins.ma$0p; }"),
        "x",
        expect![[r#"
        refused: `map` is a builtin
    "#]],
    );
    check(
        &with_web("let a$0b = 1; in { c = ab; }"),
        "1x",
        expect![[r#"
        refused: `1x` is not a name that Nix accepts here
    "#]],
    );
}

#[test]
fn a_host_and_an_attribute_of_another_file() {
    check(
        &with_web("{ self, ... }: { a = self.nixosConfigurations.d$0b.config.my.port; }"),
        "store",
        expect![[r##"
        #- /flake.nix
        {
          inputs.nixpkgs.url = "github:NixOS/nixpkgs";
          outputs = { self, nixpkgs }: {
            nixosConfigurations = {
              web = nixpkgs.lib.nixosSystem { specialArgs = { inherit self; }; modules = [ ./web.nix ./port.nix ]; };
              store = nixpkgs.lib.nixosSystem { modules = [ ./db.nix ./port.nix ]; };
            };
          };
        }
        #- /web.nix
        { self, ... }: { a = self.nixosConfigurations.store.config.my.port; }
    "##]],
    );
    let fixture = with_web("{ ... }: let l = import ./l.nix; in { a = l.one; b = l.two; }")
        + "#- /l.nix\nrec { on$0e = 1; two = one; }\n";
    check(
        &fixture,
        "first name",
        expect![[r#"
        refused: at l.nix:1 only a plain name can stand
    "#]],
    );
}

#[test]
fn a_name_that_is_taken() {
    check(
        &with_web("{ config, lib, ... }: { options.my.level = lib.mkOption { }; a = config.my.po$0rt; }"),
        "level",
        expect![[r#"
            refused: beside it web has `level` already
        "#]],
    );
    check(
        &with_web("{ ... }: let s = rec { o$0ne = 1; two = one; }; in { a = s.two; }"),
        "two",
        expect![[r#"
            refused: the set at web.nix:1 has `two` already
        "#]],
    );
    check(
        &with_web("{ self, ... }: { a = self.nixosConfigurations.d$0b.config.my.port; }"),
        "web",
        expect![[r#"
            refused: nixosConfigurations has `web` already
        "#]],
    );
}
