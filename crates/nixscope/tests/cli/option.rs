//! `nixscope option`.

use expect_test::expect;
use serde_json::json;

use crate::support::Project;

const FLAKE: &str = r#"#- /flake.nix
{
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [ ./module.nix ./web.nix ./hardware.nix ];
    };
  };
}
#- /module.nix
{ config, lib, ... }:
{
  options.site = {
    enable = lib.mkEnableOption "the site";
    port = lib.mkOption { type = lib.types.port; default = 80; description = "Where it listens."; };
    key = lib.mkOption { type = lib.types.str; };
  };
  config = lib.mkMerge [
    { site.port = lib.mkDefault 8080; }
    (lib.mkIf (!config.site.enable) { site.port = 1; })
  ];
}
#- /web.nix
{
  site.enable = true;
  site.port = 9100;
  site.key = builtins.readFile ./secrets/key.age;
  networking.hosts."10.0.0.1" = [ "a.b" ];
}
#- /hardware.nix
{ config, ... }: { hardware.cpu.microcode = config.hardware.redistributable; }
#- /secrets/key.age
not to be shown
"#;

#[test]
fn the_winner_stands_first() {
    let project = Project::new(FLAKE);
    let run = project.run(&["option", "web", "site.port"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    expect![[r#"
        site.port on web = 9100

        set by
          web.nix:3:8       9100  wins (priority 100)
          module.nix:9:12   8080  loses: mkDefault, priority 1000, the winner has 100
          module.nix:10:44     1  off: `!config.site.enable` is false

        declared at module.nix:5:5: 16 bit unsigned integer; between 0 and 65535 (both inclusive), by default 80
          Where it listens.
    "#]].assert_eq(&run.stdout);
}

#[test]
fn as_json() {
    let project = Project::new(FLAKE);
    let json = project.json(&["option", "web", "site.port"]);
    assert_eq!(json["value"], 9100);
    assert_eq!(json["type"], "16 bit unsigned integer; between 0 and 65535 (both inclusive)");
    assert_eq!(json["default"], "80");
    assert_eq!(json["declared_at"]["line"], 5);
    let definitions = json["definitions"].as_array().unwrap();
    let off = definitions.iter().find(|it| it["active"] == false).unwrap();
    assert_eq!(off["condition"], "!config.site.enable");
    assert_eq!(off["winning"], false);
    assert_eq!(definitions[0]["text"], "9100");
    assert_eq!(definitions[0]["condition"], json!(null));
    let hosts = project.json(&["option", "web", "networking.hosts.\"10.0.0.1\""]);
    assert_eq!(hosts["value"], json!(["a.b"]));
    assert_eq!(hosts["declared_at"], json!(null));
    let unset = project.json(&["option", "web", "site.nothing"]);
    assert_eq!(unset["value"], json!(null));
    assert!(unset["unknown"].is_string(), "{unset}");
}

/// What a module from outside may declare is not known; it is not an error that nothing here sets it.
#[test]
fn options_from_outside_are_unknown() {
    let project = Project::new(FLAKE);
    let json = project.json(&["option", "web", "hardware.cpu.microcode"]);
    assert_eq!(json["value"], json!(null));
    assert!(json["unknown"].as_str().unwrap().contains("config.hardware.redistributable"), "{json}");
}

#[test]
fn secrets_are_not_shown() {
    let project = Project::new(FLAKE);
    let run = project.run(&["option", "web", "site.key", "--format", "json"]);
    assert!(!run.stdout.contains("not to be shown"), "{}", run.stdout);
    assert!(run.stdout.contains("it is the content of a secret"), "{}", run.stdout);
    assert!(!project.run(&["option", "web", "site.key"]).stdout.contains("not to be shown"));
}

#[test]
fn unknown_host() {
    let project = Project::new(FLAKE);
    let run = project.run(&["option", "wbe", "site.port"]);
    assert_eq!(run.code, 2);
    assert_eq!(run.stderr, "nixscope: there is no host `wbe`: did you mean `web`?\n");
    assert_eq!(project.run(&["option", "web", "site..port"]).code, 2);
}
