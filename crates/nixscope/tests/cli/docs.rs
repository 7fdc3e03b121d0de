//! `nixscope docs options`, and sources of inputs that are named by hand.

use expect_test::expect;

use crate::support::Project;

const MODULES: &str = r#"
#- /flake.nix
{
  outputs = { self }: { nixosModules.feed = ./feed.nix; };
}
#- /feed.nix
{ lib, ... }:
{
  options.feed = {
    enable = lib.mkEnableOption "the feed";
    urls = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
      description = "Where from.";
    };
    internal = lib.mkOption { internal = true; };
  };
}
"#;

#[test]
fn exported_modules_have_a_reference() {
    let run = Project::new(MODULES).run(&["docs", "options"]);
    assert_eq!(run.stderr, "");
    expect![[r#"
        # Options

        ## `feed.enable`

        Whether to enable the feed.

        - Type: `boolean`
        - Default: `false`
        - Example: `true`
        - Declared in: `feed.nix`, line 4

        ## `feed.urls`

        Where from.

        - Type: `list of string`
        - Default: `[ ]`
        - Declared in: `feed.nix`, line 5
    "#]]
    .assert_eq(&run.stdout);
}

#[test]
fn a_source_that_is_named_is_read() {
    let project = Project::new(
        r#"
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.feed.url = "github:owner/feed";
  outputs = { nixpkgs, feed, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ feed.nixosModules.feed { name = "x"; } ]; };
  };
}
#- /feed/flake.nix
{ outputs = { self }: { nixosModules.feed = { feed.enable = true; }; }; }
"#,
    );
    let option = |args: &[&str]| {
        let args = [&["option", "web", "feed.enable", "repo"], args].concat();
        project.json(&args)["definitions"].as_array().map(Vec::len)
    };
    assert_eq!(option(&[]), Some(0));
    assert_eq!(option(&["--input", "feed=feed"]), Some(1));
    let fleet = project.json(&["fleet", "repo", "--input", "feed=feed"]);
    assert_eq!(fleet["hosts"][0]["external_modules"][0]["name"], "feed.nixosModules.feed");
    assert_eq!(fleet["inputs"][1]["available"], true);
    let wrong = project.run(&["fleet", "repo", "--input", "feed=nowhere"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("there is no such directory"), "{}", wrong.stderr);
}
