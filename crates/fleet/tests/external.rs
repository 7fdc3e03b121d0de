//! Options from sources of inputs: the option index of module trees.

mod support;

use expect_test::{Expect, expect};
use nixscope_db::VfsPath;
use nixscope_eval::SourcePlace;
use nixscope_fleet::{
    HostClass, OptionDeclaration, Project, external_children, external_option, fleet, parse_option_path,
};
use nixscope_syntax::{PositionEncoding, line_index};
use nixscope_test_fixture::TestDatabase;
use support::load_with;

/// A flake with sources of nixpkgs and home-manager beside it, laid out as these are.
const FLEET: &str = r#"
#- /repo/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.home-manager.url = "github:nix-community/home-manager";
  outputs = { self, nixpkgs, home-manager }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
  };
}
#- /repo/web.nix
{ services.feed.enable = true; }
#- /src/nixpkgs/nixos/lib/utils.nix
{ lib, config, pkgs }: {
  unit = with lib; { description = mkOption { type = types.str; description = "What the unit is."; }; };
}
#- /src/nixpkgs/nixos/modules/module-list.nix
[
  ./services/feed.nix
  ./services/renamed.nix
  ./system/units.nix
]
#- /src/nixpkgs/nixos/modules/services/feed.nix
{ config, lib, pkgs, ... }:
with lib;
let
  cfg = config.services.feed;
  mkPath = default: mkOption { type = types.path; inherit default; };
in
{
  imports = [ ./feed-proxy.nix ];
  options.services.feed = {
    enable = mkEnableOption "the feed";
    package = mkOption {
      type = types.package;
      default = pkgs.feed;
      defaultText = literalExpression "pkgs.feed";
      description = "Which one.";
    };
    dataDir = mkPath "/var/lib/feed";
    sites = mkOption {
      default = { };
      description = "The sites.";
      type = types.attrsOf (types.submodule ({ name, ... }: {
        options.url = mkOption { type = types.str; default = "https://${name}"; };
        options.tags = mkOption { type = types.listOf (types.submodule { options.color = mkOption { }; }); };
      }));
    };
  };
  config = mkIf cfg.enable { systemd.services.feed.script = "${cfg.package}/bin/feed"; };
}
#- /src/nixpkgs/nixos/modules/services/feed-proxy.nix
{ lib, ... }: { options.services.feed.proxy = lib.mkOption { type = lib.types.nullOr lib.types.str; default = null; }; }
#- /src/nixpkgs/nixos/modules/services/renamed.nix
{ lib, ... }: { imports = [ (lib.mkRenamedOptionModule [ "services" "rss" ] [ "services" "feed" ]) ]; }
#- /src/nixpkgs/nixos/modules/system/units.nix
{ lib, utils, ... }: { options.units = lib.mkOption { type = with lib.types; attrsOf (submodule { options = utils.unit; }); }; }
#- /src/home-manager/modules/lib/stdlib-extended.nix
lib: lib.extend (self: super: { hm.types.dagOf = elemType: self.mkOptionType {
  name = "dagOf"; description = "DAG of ${elemType.description}"; nestedTypes = { inherit elemType; };
}; })
#- /src/home-manager/modules/modules.nix
{ pkgs, lib, check ? true }:
[ ./files.nix ] ++ lib.optional pkgs.stdenv.hostPlatform.isLinux ./linux.nix
++ [ ({ lib, ... }: { options.inline = lib.mkOption { }; }) ]
#- /src/home-manager/modules/files.nix
{ lib, ... }: { options.home.file = lib.mkOption {
  type = lib.hm.types.dagOf (lib.types.submodule { options.text = lib.mkOption { type = lib.types.lines; }; });
}; }
#- /src/home-manager/modules/linux.nix
{ lib, ... }: { options.dconf.enable = lib.mkEnableOption "dconf"; }
"#;

fn open(edits: &[(&str, &str)]) -> (TestDatabase, Project) {
    let fixture = edits.iter().fold(FLEET.to_string(), |text, (from, to)| text.replace(from, to));
    let sources =
        ["nixpkgs", "home-manager"].map(|name| (name.into(), VfsPath::new(&format!("/src/{name}"))));
    load_with(&fixture, "/repo", sources.to_vec())
}

fn show(db: &TestDatabase, place: Option<SourcePlace>) -> String {
    let Some(place) = place else { return "-".into() };
    let at = line_index(db, place.source).line_col(place.range(db).start(), PositionEncoding::Utf32);
    format!("{}:{}:{}", place.source.path(db), at.line + 1, at.column + 1)
}

fn declarations(db: &TestDatabase, project: Project, class: HostClass, path: &str) -> Vec<OptionDeclaration> {
    external_option(db, project, class, &parse_option_path(path))
        .map_or_else(Vec::new, |option| option.declarations.to_vec())
}

fn check(class: HostClass, paths: &[&str], expected: Expect) {
    let (db, project) = open(&[]);
    let mut out = String::new();
    for path in paths {
        out.push_str(&format!("{path}\n"));
        for it in declarations(&db, project, class, path) {
            out.push_str(&format!(
                "  {} at {}: {} = {} ({}){}\n",
                it.path,
                show(&db, it.place),
                it.type_name.as_deref().unwrap_or("?"),
                it.default.as_deref().unwrap_or("?"),
                it.description.as_deref().unwrap_or(""),
                if it.hidden { " hidden" } else { "" },
            ));
        }
    }
    expected.assert_eq(&out);
}

#[test]
fn options_of_nixpkgs_are_found_where_they_are_declared() {
    check(
        HostClass::Nixos,
        &[
            "services.feed.enable",
            "services.feed.package",
            "services.feed.dataDir",
            "services.feed.proxy",
            "services.feed.sites.blog.url",
            "services.feed.sites.\"a.b\".tags.0.color",
            "units.x.description",
            "services.rss",
            "services.nothing.enable",
            "services",
        ],
        expect![[r#"
            services.feed.enable
              services.feed.enable at /src/nixpkgs/nixos/modules/services/feed.nix:10:5: boolean = false (Whether to enable the feed.)
            services.feed.package
              services.feed.package at /src/nixpkgs/nixos/modules/services/feed.nix:11:5: package = pkgs.feed (Which one.)
            services.feed.dataDir
              services.feed.dataDir at /src/nixpkgs/nixos/modules/services/feed.nix:17:5: absolute path = "/var/lib/feed" ()
            services.feed.proxy
              services.feed.proxy at /src/nixpkgs/nixos/modules/services/feed-proxy.nix:1:39: null or string = null ()
            services.feed.sites.blog.url
              services.feed.sites.<name>.url at /src/nixpkgs/nixos/modules/services/feed.nix:22:17: string = "https://<name>" ()
            services.feed.sites."a.b".tags.0.color
              services.feed.sites.<name>.tags.*.color at /src/nixpkgs/nixos/modules/services/feed.nix:23:82: ? = ? ()
            units.x.description
              units.<name>.description at /src/nixpkgs/nixos/lib/utils.nix:2:22: string = ? (What the unit is.)
            services.rss
            services.nothing.enable
            services
        "#]],
    );
}

#[test]
fn options_of_home_manager_are_found_for_users_too() {
    check(
        HostClass::Nixos,
        &["home-manager.users.alice.home.file.x.text", "home-manager.users.alice.dconf.enable"],
        expect![[r#"
            home-manager.users.alice.home.file.x.text
              home.file.<name>.text at /src/home-manager/modules/files.nix:2:60: strings concatenated with "\n" = ? ()
            home-manager.users.alice.dconf.enable
              dconf.enable at /src/home-manager/modules/linux.nix:1:31: boolean = false (Whether to enable dconf.)
        "#]],
    );
    check(
        HostClass::HomeManager,
        &["home.file", "inline", "services.feed.enable"],
        expect![[r#"
            home.file
              home.file at /src/home-manager/modules/files.nix:1:30: DAG of submodule = ? ()
            inline
              inline at /src/home-manager/modules/modules.nix:3:31: ? = ? ()
            services.feed.enable
        "#]],
    );
}

#[test]
fn names_below_a_path() {
    let (db, project) = open(&[]);
    let names = |path: &str| -> Vec<String> {
        let path = parse_option_path(path);
        let found = external_children(&db, project, HostClass::Nixos, &path);
        found.into_iter().map(|(name, options)| format!("{name} {}", options.len())).collect()
    };
    assert_eq!(names(""), ["services 0", "units 1"]);
    assert_eq!(names("services"), ["feed 0"]);
    assert_eq!(names("services.feed.sites"), ["<name> 0"]);
    assert_eq!(names("services.feed.sites.blog"), ["tags 1", "url 1"]);
    assert_eq!(names("nothing"), [""; 0]);
}

/// The queries that read the sources of inputs.
fn of_sources(log: &[String]) -> Vec<&String> {
    let names = ["module_list(", "module_options(", "option_index("];
    log.iter().filter(|query| names.iter().any(|name| query.starts_with(name))).collect()
}

#[test]
fn the_index_is_built_when_asked_for_and_not_again_by_an_edit() {
    let (mut db, project) = open(&[]);
    let ask = |db: &TestDatabase| declarations(db, project, HostClass::Nixos, "services.feed.enable").len();
    fleet(&db, project);
    assert_eq!(of_sources(&db.take_log()), [""; 0], "no index without a question");
    assert_eq!(ask(&db), 1);
    assert_eq!(of_sources(&db.take_log()).len(), 5, "a list, three files, their index");
    db.edit("/repo/web.nix", "{ services.feed.enable = false; services.feed.dataDir = \"/x\"; }");
    assert_eq!(ask(&db), 1);
    db.edit(
        "/repo/flake.nix",
        "{ inputs.nixpkgs.url = \"github:NixOS/nixpkgs/nixos-25.11\"; outputs = { nixpkgs, ... }: { }; }",
    );
    assert_eq!(ask(&db), 1);
    assert_eq!(of_sources(&db.take_log()), [""; 0], "an edit of the repository");
    db.edit("/src/nixpkgs/nixos/modules/system/units.nix", "{ }");
    assert_eq!(ask(&db), 1);
    assert_eq!(of_sources(&db.take_log()).len(), 2, "the file that changed, and the index");
}
