//! Refactorings.

use expect_test::{Expect, expect};
use nixscope_ide::{TextRange, TextSize, VfsPath};

use crate::support::{indented, load};

/// Each refactoring offered, and the text after it. With `selected`, that text is selected.
fn check(text: &str, selected: &str, expected: Expect) {
    let (analysis, marker) = load(&format!("#- /flake.nix\n{{ outputs = _: {{ }}; }}\n#- /a.nix\n{text}\n"));
    let file = analysis.file(&VfsPath::new("/a.nix"));
    let before = analysis.text(file);
    let range = TextRange::at(marker.offset, TextSize::of(selected));
    let mut out = String::new();
    for assist in analysis.assists(file, range).expect("not cancelled") {
        let mut after = before.clone();
        let (mut edits, new): (Vec<_>, Vec<_>) = assist.edits.into_iter().partition(|edit| edit.file == file);
        edits.sort_by_key(|edit| edit.range.start());
        for edit in edits.iter().rev() {
            after.replace_range(
                usize::from(edit.range.start())..usize::from(edit.range.end()),
                &edit.new_text,
            );
        }
        out.push_str(&format!("{}\n  {}\n", assist.title, after.trim_end().replace('\n', "\n  ")));
        for edit in new {
            out.push_str(&format!("  {}\n{}", analysis.path(edit.file), indented(&edit.new_text)));
        }
    }
    expected.assert_eq(&out);
}

#[test]
fn attribute_paths() {
    check(
        "{\n  $0a = { b = 1; c.d = 2; };\n}",
        "",
        expect![[r#"
        Flatten into attribute paths
          {
            a.b = 1;
            a.c.d = 2;
          }
        Quote the attribute name
          {
            "a" = { b = 1; c.d = 2; };
          }
    "#]],
    );
    check(
        "{\n  $0a.b = 1;\n  x = 2;\n  a.c = 3;\n}",
        "",
        expect![[r#"
        Pack into one attribute set
          {
            a = {
              b = 1;
              c = 3;
            };
            x = 2;
          }
        Quote the attribute name
          {
            "a".b = 1;
            x = 2;
            a.c = 3;
          }
    "#]],
    );
    check(
        "{ \"$0b\" = 1; \"a b\" = 2; }",
        "",
        expect![[r#"
        Remove the quotes
          { b = 1; "a b" = 2; }
    "#]],
    );
    check(
        "{ $0a = rec { b = 1; }; }",
        "",
        expect![[r#"
        Quote the attribute name
          { "a" = rec { b = 1; }; }
    "#]],
    );
}

#[test]
fn strings() {
    check(
        "{ a = \"say \\\"h$0i\\\"\"; }",
        "",
        expect![[r#"
        Write as an indented string
          { a = ''say "hi"''; }
    "#]],
    );
    check(
        "{ a = ''say \"h$0i\"''; }",
        "",
        expect![[r#"
        Write as a plain string
          { a = "say \"hi\""; }
    "#]],
    );
    check("{ a = \"tab\\t$0\"; }", "", expect![[""]]);
}

#[test]
fn inherits() {
    check(
        "a: { $0x = a.b.x; }",
        "",
        expect![[r#"
        Quote the attribute name
          a: { "x" = a.b.x; }
        Write as inherit
          a: { inherit (a.b) x; }
    "#]],
    );
    check(
        "x: { x = $0x; }",
        "",
        expect![[r#"
        Write as inherit
          x: { inherit x; }
    "#]],
    );
    check("x: let x = $0x; in x", "", expect![[""]]);
    check(
        "a: { inherit (a) x $0y; }",
        "",
        expect![[r#"
        Write as bindings
          a: { x = a.x; y = a.y; }
    "#]],
    );
}

#[test]
fn names() {
    check(
        "lib: $0with lib; [ a (b.c) ]",
        "",
        expect![[r#"
        Name the source of each name instead of `with`
          lib: [ lib.a (lib.b.c) ]
    "#]],
    );
    check("a: b: $0with a; with b; [ c ]", "", expect![[""]]);
    check(
        "{ lib, ... }: { a = pk$0gs.hello; }",
        "",
        expect![[r#"
        Add `pkgs` to the function's arguments
          { lib, pkgs, ... }: { a = pkgs.hello; }
    "#]],
    );
}

#[test]
fn bindings() {
    check(
        "let x = 1 + 2; in { a = $0x * 2; }",
        "",
        expect![[r#"
        Put the value of `x` here
          let x = 1 + 2; in { a = (1 + 2) * 2; }
    "#]],
    );
    check("y: let x = y; in { a = y: $0x; }", "", expect![[""]]);
    check(
        "{ lib }: { a = f $0(1 + 2); }",
        "(1 + 2)",
        expect![[r#"
            Extract into a `let` binding `value`
              { lib }: { a = let value = (1 + 2); in f value; }
            Extract into `extracted.nix`
              { lib }: { a = f (import ./extracted.nix); }
              /extracted.nix
                (1 + 2)
        "#]],
    );
    check("{ a = map (x: $0x + 1) [ ]; }", "x + 1", expect![[""]]);
}

#[test]
fn json() {
    let text = r#"{ a = builtins.from$0JSON "{\"b\": [1, -2, 1e3, null], \"c d\": {\"e\": \"\${x}\"}, \"f\": []}"; }"#;
    check(
        text,
        "",
        expect![[r#"
            Quote the attribute name
              { a = builtins."fromJSON" "{\"b\": [1, -2, 1e3, null], \"c d\": {\"e\": \"\${x}\"}, \"f\": []}"; }
            Write the JSON as Nix
              { a = {
                b = [ 1 (-2) 1000.0 null ];
                "c d" = {
                  e = "\${x}";
                };
                f = [ ];
              }; }
        "#]],
    );
    let pasted = r#"{"name": "web", "ports": [80, 443], "hosts": [{"tls": true}]}"#;
    check(
        &format!("{{\n  a = $0{pasted};\n}}"),
        pasted,
        expect![[r#"
        Write the JSON as Nix
          {
            a = {
              name = "web";
              ports = [ 80 443 ];
              hosts = [
                {
                  tls = true;
                }
              ];
            };
          }
    "#]],
    );
    check(
        "{ a = builtins.fromJSON (builtins.readFile ./no$0thing.json); b = \"$0[x]\"; }",
        "",
        expect![[r#"
            Create `nothing.json`
              { a = builtins.fromJSON (builtins.readFile ./nothing.json); b = "[x]"; }
              /nothing.json
        "#]],
    );
}

#[test]
fn declarations() {
    check(
        "{ lib, ... }:\n{\n  options.my = {\n    gatePo$0rt = 80;\n  };\n}",
        "",
        expect![[r#"
        Quote the attribute name
          { lib, ... }:
          {
            options.my = {
              "gatePort" = 80;
            };
          }
        Write as `mkOption`
          { lib, ... }:
          {
            options.my = {
              gatePort = lib.mkOption {
                type = lib.types.port;
                default = 80;
                description = "";
              };
            };
          }
    "#]],
    );
    check(
        "{ lib, ... }: { options.my.enable = lib.mkEnable$0Option \"it\"; }",
        "",
        expect![[r#"
        Quote the attribute name
          { lib, ... }: { options.my.enable = lib."mkEnableOption" "it"; }
    "#]],
    );
    check(
        "{ lib, ... }:\n{\n  options.my.en$0able = lib.mkEnableOption \"it\";\n}",
        "",
        expect![[r#"
        Pack into one attribute set
          { lib, ... }:
          {
            options = {
              my.enable = lib.mkEnableOption "it";
            };
          }
        Quote the attribute name
          { lib, ... }:
          {
            options.my."enable" = lib.mkEnableOption "it";
          }
        Write out as `mkOption`
          { lib, ... }:
          {
            options.my.enable = lib.mkOption {
              type = lib.types.bool;
              default = false;
              description = "Whether to enable it.";
            };
          }
    "#]],
    );
    check(
        "{ options.my.a = mkOption { def$0ault = 1; }; }",
        "",
        expect![[r#"
        Quote the attribute name
          { options.my.a = mkOption { "default" = 1; }; }
    "#]],
    );
}

#[test]
fn a_value_is_extracted_to_a_file() {
    check(
        "{ lib, ... }: let n = 1; in {\n  peers = $0{\n    a = n;\n    b = lib.id 2;\n  };\n}",
        "{\n    a = n;\n    b = lib.id 2;\n  }",
        expect![[r#"
            Extract into `peers.nix`
              { lib, ... }: let n = 1; in {
                peers = import ./peers.nix { inherit lib n; };
              }
              /peers.nix
                { lib, n }:
                {
                  a = n;
                  b = lib.id 2;
                }
        "#]],
    );
    check(
        "{ a = f $0[ 1 2 ]; }",
        "[ 1 2 ]",
        expect![[r#"
        Extract into a `let` binding `value`
          { a = let value = [ 1 2 ]; in f value; }
        Extract into `extracted.nix`
          { a = f (import ./extracted.nix); }
          /extracted.nix
            [ 1 2 ]
    "#]],
    );
    check(
        "{ lib, ... }: with lib; { a = f $0[ id 2 ]; }",
        "[ id 2 ]",
        expect![[r#"
        Extract into a `let` binding `value`
          { lib, ... }: with lib; { a = let value = [ id 2 ]; in f value; }
    "#]],
    );
}

#[test]
fn definitions_are_extracted_to_a_module() {
    let definitions = "services.nginx = {\n    enable = cfg.enable;\n  };\n  networking.firewall.enable = lib.mkDefault true;";
    check(
        &format!(
            "{{ config, lib, pkgs, ... }}:\nlet\n  root = config.my;\n  cfg = root.web;\nin\n{{\n  imports = [ ./disk.nix ];\n  \
             $0{definitions}\n  time.timeZone = \"UTC\";\n}}"
        ),
        definitions,
        expect![[r#"
            Extract into the module `nginx.nix`
              { config, lib, pkgs, ... }:
              let
                root = config.my;
                cfg = root.web;
              in
              {
                imports = [ ./disk.nix ./nginx.nix ];
                time.timeZone = "UTC";
              }
              /nginx.nix
                { config, lib, ... }:
                let
                  root = config.my;
                  cfg = root.web;
                in
                {
                  services.nginx = {
                    enable = cfg.enable;
                  };
                  networking.firewall.enable = lib.mkDefault true;
                }
        "#]],
    );
    check("{ $0imports = [ ]; }", "imports = [ ];", expect![[""]]);
    check("{ lib }: args: { $0a.b = args; }", "a.b = args;", expect![[""]]);
}
