//! Options whose definitions hang on conditions that are not known: a value only where every possibility gives it.

mod support;

use expect_test::expect;
use nixscope_fleet::host_option;
use support::load;

#[test]
fn a_value_is_known_where_every_possibility_gives_it() {
    let (db, project) = load(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.tools.url = "github:someone/tools";
  outputs = { nixpkgs, tools, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      specialArgs = { inherit tools; };
      modules = [ ./web.nix ];
    };
  };
}
#- /web.nix
{ lib, config, tools, ... }:
let
  inherit (lib) mkOption types;
in
{
  options.my = {
    only = mkOption { type = types.int; };
    default = mkOption { type = types.int; default = 1; };
    same = mkOption { type = types.str; };
    text = mkOption { type = types.lines; };
    list = mkOption { type = types.listOf types.int; };
    forced = mkOption { type = types.str; };
    twice = mkOption { type = types.int; default = 2; };
  };
  config = lib.mkMerge [
    {
      my.same = "x";
      my.text = "one";
      my.list = [ 1 ];
      my.forced = lib.mkForce "z";
      services.app.workers = 4;
      services.log.level = lib.mkDefault 3;
      services.proxy = { name = "p"; } // lib.optionalAttrs tools.flag { extra = 1; };
    }
    { services.proxy.port = 80; }
    (lib.mkIf tools.flag {
      my.only = 1;
      my.default = 2;
      my.same = "x";
      my.text = "two";
      my.list = [ 2 ];
      my.forced = "q";
      my.twice = 2;
      services.app = { enable = true; port = 80; workers = 4; };
      services.log.level = 4;
    })
  ];
}
"#,
    );
    let mut out = String::new();
    for path in [
        "my.only",
        "my.default",
        "my.same",
        "my.text",
        "my.list",
        "my.forced",
        "my.twice",
        "services.app.enable",
        "services.app.port",
        "services.app.workers",
        "services.log.level",
        "services.proxy.name",
        "services.proxy.port",
    ] {
        let found = host_option(&db, project, "nixosConfigurations".into(), "web".into(), path.into());
        let value = found.json.as_deref().or(found.no_json.as_deref());
        out.push_str(&format!("{path}: {}\n", value.unwrap_or("-")));
    }
    expect![[r#"
        my.only: 1
        my.default: inputs.tools.flag: the flake input's source is not on this machine
        my.same: "x"
        my.text: config.my.text: it depends on a condition that is not known
        my.list: inputs.tools.flag: the flake input's source is not on this machine
        my.forced: "z"
        my.twice: 2
        services.app.enable: inputs.tools.flag: the flake input's source is not on this machine
        services.app.port: inputs.tools.flag: the flake input's source is not on this machine
        services.app.workers: 4
        services.log.level: inputs.tools.flag: the flake input's source is not on this machine
        services.proxy.name: "p"
        services.proxy.port: 80
    "#]]
    .assert_eq(&out);
}
