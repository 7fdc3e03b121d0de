//! `nixscope affected`, in repositories that the tests make with git.

use std::process::Command;

use expect_test::{Expect, expect};

use crate::support::Project;

const FLEET: &str = r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.tools.url = "github:owner/tools";
  outputs = { self, nixpkgs, tools }:
    let
      ports = builtins.fromJSON (builtins.readFile ./ports.json);
      mk = name: nixpkgs.lib.nixosSystem {
        specialArgs = { inherit ports tools; };
        modules = [ ./hosts/${name} { networking.hostName = name; } ];
      };
    in
    { nixosConfigurations = nixpkgs.lib.genAttrs (builtins.attrNames (builtins.readDir ./hosts)) mk; };
}
#- /flake.lock
{ "version": 7, "root": "root", "nodes": {
  "root": { "inputs": { "nixpkgs": "nixpkgs", "tools": "tools" } },
  "nixpkgs": { "locked": { "rev": "one" } },
  "tools": { "locked": { "rev": "two" } }
} }
#- /ports.json
{ "db": 5432, "web": 80 }
#- /common.nix
{ time.timeZone = "UTC"; }
#- /hosts/db/default.nix
{ ports, ... }: { imports = [ ../../common.nix ]; services.postgresql.port = ports.db; }
#- /hosts/mail/default.nix
{ pkgs, ... }: { environment.systemPackages = [ (pkgs.callPackage ../../pkgs/mail.nix { }) ]; }
#- /hosts/web/default.nix
{ ports, tools, ... }: {
  imports = [ ../../common.nix tools.nixosModules.web ];
  age.secrets.key.file = ../../secrets/key.age;
  services.nginx.port = ports.web;
}
#- /pkgs/mail.nix
{ stdenv }: stdenv.mkDerivation { name = "mail"; patches = [ ./mail.patch ]; }
#- /pkgs/mail.patch
1
#- /secrets/key.age
1
#- /README.md
1
"#;

fn git(project: &Project, args: &[&str]) -> bool {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"];
    let mut command = Command::new("git");
    command.arg("-C").arg(project.path("")).args(identity).args(args);
    command.output().is_ok_and(|output| output.status.success())
}

/// The fleet as a repository with one commit; none where there is no git.
fn repository() -> Option<Project> {
    let project = Project::new(FLEET);
    let made = git(&project, &["init", "-q"])
        && git(&project, &["add", "-A"])
        && git(&project, &["commit", "-q", "-m", "x"]);
    if !made {
        eprintln!("skipped: there is no git");
    }
    made.then_some(project)
}

fn replace(project: &Project, file: &str, from: &str, to: &str) {
    let text = project.read(file);
    assert!(text.contains(from));
    project.write(file, text.replace(from, to).as_bytes());
}

fn check(change: impl FnOnce(&Project), expected: Expect) {
    let Some(project) = repository() else { return };
    change(&project);
    let run = project.run(&["affected", "--base", "HEAD", "--explain"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    expected.assert_eq(&run.stdout);
}

#[test]
fn nothing_has_changed() {
    check(|_| {}, expect![""]);
}

#[test]
fn modules_and_what_they_name() {
    check(
        |project| {
            replace(project, "common.nix", "UTC", "Europe/Berlin");
            project.write("secrets/key.age", b"2");
            project.write("pkgs/mail.patch", b"2");
            project.write("README.md", b"2");
        },
        expect![[r#"
            nixosConfigurations.db
              common.nix: a module of it
            nixosConfigurations.mail
              pkgs/mail.patch: its configuration names it
            nixosConfigurations.web
              common.nix: a module of it
              secrets/key.age: its configuration names it
        "#]],
    );
}

#[test]
fn layout_changes_nothing() {
    check(
        |project| {
            replace(project, "common.nix", "{ time", "# The time.\n{\n  time");
            replace(project, "flake.nix", "    let\n", "    # All of them.\n    let\n");
        },
        expect![""],
    );
}

#[test]
fn what_is_read_on_the_way_counts_where_it_makes_a_difference() {
    check(
        |project| replace(project, "ports.json", "80", "8080"),
        expect![[r#"
        nixosConfigurations.web
          ports.json: what its modules say follows from it
    "#]],
    );
    check(|project| replace(project, "flake.nix", "in\n", "in { unrelated = 1; } //\n"), expect![""]);
}

#[test]
fn inputs_that_are_locked_to_something_else() {
    check(
        |project| replace(project, "flake.lock", "two", "three"),
        expect![[r#"
        nixosConfigurations.web
          the input tools: locked to something else
    "#]],
    );
    check(
        |project| replace(project, "flake.lock", "one", "three"),
        expect![[r#"
        nixosConfigurations.db
          the input nixpkgs: locked to something else
        nixosConfigurations.mail
          the input nixpkgs: locked to something else
        nixosConfigurations.web
          the input nixpkgs: locked to something else
    "#]],
    );
}

#[test]
fn hosts_that_come_and_go() {
    check(
        |project| {
            project.write("hosts/new/default.nix", b"{ }");
            std::fs::remove_dir_all(project.path("hosts/mail")).unwrap();
            replace(project, "hosts/db/default.nix", "../../common.nix", "");
            std::fs::remove_file(project.path("common.nix")).unwrap();
        },
        expect![[r#"
            nixosConfigurations.db
              common.nix: a module of it
              hosts/db/default.nix: a module of it
            nixosConfigurations.new
              it is new
              hosts/new/default.nix: a module of it
            nixosConfigurations.web
              common.nix: a module of it
        "#]],
    );
}

#[test]
fn a_name_a_line_and_json() {
    let Some(project) = repository() else { return };
    replace(&project, "common.nix", "UTC", "Europe/Berlin");
    assert_eq!(project.run(&["affected", "--base", "HEAD"]).stdout, "db\nweb\n");
    let json = project.json(&["affected", "--base", "HEAD"]);
    crate::schemas::holds("affected.schema.json", &json);
    assert_eq!(json["changed_files"], 1);
    assert_eq!(
        json["hosts"][0],
        serde_json::json!({
            "name": "db",
            "output": "nixosConfigurations",
            "reasons": [{ "kind": "module", "file": "common.nix" }],
        })
    );
}

#[test]
fn what_cannot_be_compared_is_said() {
    let project = Project::new(FLEET);
    let run = project.run(&["affected", "--base", "HEAD"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("not in a git repository"), "{}", run.stderr);
    let Some(project) = repository() else { return };
    for revision in ["nonsense", "--output=x", "HEAD~1"] {
        let run = project.run(&["affected", &format!("--base={revision}")]);
        assert_eq!(run.code, 2, "{revision}");
        assert!(run.stderr.contains("revision"), "{}", run.stderr);
    }
}
