//! The options that the modules of a host declare.

mod support;

use expect_test::{Expect, expect};
use nixscope_fleet::fleet;
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
