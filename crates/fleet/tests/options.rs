//! The options that the modules of a host declare.

mod support;

use expect_test::{Expect, expect};
use nixscope_fleet::fleet;
use nixscope_syntax::{PositionEncoding, line_index};
use support::load;

fn check(module: &str, expected: Expect) {
    let fixture = format!(
        "#- /flake.nix\n{{\n  outputs = {{ nixpkgs, ... }}: {{\n    nixosConfigurations.web = nixpkgs.lib.nixosSystem {{ \
         modules = [ ./module.nix ]; }};\n  }};\n}}\n#- /module.nix\n{module}"
    );
    let (db, project) = load(&fixture);
    let index = fleet(&db, project);
    let mut out = String::new();
    for (_, host) in &index.hosts {
        for option in &host.options {
            let ty = option.type_name.as_deref().unwrap_or("?");
            out.push_str(&format!("{}: {ty}\n", option.path));
        }
    }
    expected.assert_eq(&out);
}

/// A type may hold itself, as those of `pkgs.formats` do and the partitions of a disk: the walk
/// through it ends, and what is in it is listed once.
#[test]
fn types_that_hold_themselves() {
    check(
        r#"{ lib, ... }:
let
  inherit (lib) mkOption types;
  json = types.oneOf [ types.str (types.attrsOf json) (types.listOf json) ];
  partition = { ... }: {
    options.size = mkOption { type = types.int; };
    options.parts = mkOption { type = types.attrsOf (types.submodule partition); };
    options.settings = mkOption { type = json; };
  };
in
{
  options.disk = mkOption { type = types.submodule partition; };
}
"#,
        expect![[r#"
            disk: submodule
            disk.parts: attribute set of (submodule)
            disk.settings: ?
            disk.size: signed integer
        "#]],
    );
}

/// Options whose names a function makes are declared where that function is called, not within the library.
#[test]
fn names_that_functions_make() {
    let (db, project) = load(
        r#"
#- /flake.nix
{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./module.nix ]; };
  };
}
#- /module.nix
{ lib, ... }:
let
  names = [ "a" "b" ];
  mk = name: lib.mkOption { type = lib.types.str; default = name; };
in
{
  options.one = lib.genAttrs names mk;
  options.two = lib.genAttrs names (name: {
    enable = lib.mkEnableOption name;
  });
  options.three = lib.mapAttrs' (name: _: lib.nameValuePair "x-${name}" (mk name)) { c = 1; };
  options.four = lib.genAttrs (lib.attrNames (builtins.readDir ./dir)) mk;
  options.five = lib.setAttrByPath [ "d" "e" ] (mk "e");
  options.six = builtins.listToAttrs (map (name: {
    inherit name;
    value = mk name;
  }) names);
}
#- /dir/file.txt
x
"#,
    );
    let mut out = String::new();
    for (_, host) in &fleet(&db, project).hosts {
        for option in &host.options {
            let place = option.place.unwrap();
            let at =
                line_index(&db, place.source).line_col(place.range(&db).start(), PositionEncoding::Utf32);
            out.push_str(&format!("{}: line {}\n", option.path, at.line + 1));
        }
    }
    expect![[r#"
        five.d.e: line 13
        four."file.txt": line 12
        one.a: line 7
        one.b: line 7
        six.a: line 16
        six.b: line 16
        three.x-c: line 11
        two.a.enable: line 9
        two.b.enable: line 9
    "#]]
    .assert_eq(&out);
}
