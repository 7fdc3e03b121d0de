//! What an edit recomputes, by the log of queries.

mod support;

use nixscope_fleet::{fleet, host};
use support::load;

const FLEET: &str = r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.a = nixpkgs.lib.nixosSystem { modules = [ ./a.nix ./common.nix ]; };
    nixosConfigurations.b = nixpkgs.lib.nixosSystem { modules = [ ./b.nix ./common.nix ]; };
  };
}
#- /a.nix
{ lib, ... }: {
  # A comment.
  options.a.enable = lib.mkEnableOption "a";
  config.environment.etc.motd.text = "Hello from a";
}
#- /b.nix
{ networking.hostName = "b"; }
#- /common.nix
{ time.timeZone = "UTC"; }
"#;

fn text_of(path: &str) -> String {
    let fixture = nixscope_test_fixture::Fixture::parse(FLEET);
    fixture.files.into_iter().find(|(known, _)| known == path).map(|(_, text)| text).unwrap_or_default()
}

#[test]
fn an_edit_of_a_comment_stays_in_its_file() {
    let (mut db, project) = load(FLEET);
    fleet(&db, project);
    db.take_log();
    db.edit("/a.nix", &text_of("/a.nix").replace("A comment.", "Another, longer comment."));
    fleet(&db, project);
    let log = db.take_log();
    assert!(!log.is_empty(), "the file itself is parsed again");
    for query in &log {
        let of_file = ["parse(", "lowered(", "body(", "source_map(", "is_well_formed("]
            .iter()
            .any(|it| query.starts_with(it));
        assert!(of_file, "{query} ran after an edit of a comment: {log:?}");
    }
    let parses = log.iter().filter(|query| query.starts_with("parse(")).count();
    assert_eq!(parses, 1, "{log:?}");
}

#[test]
fn an_edit_of_a_module_leaves_other_hosts_alone() {
    let (mut db, project) = load(FLEET);
    fleet(&db, project);
    db.take_log();
    db.edit("/a.nix", &text_of("/a.nix").replace("Hello from a", "Good morning"));
    fleet(&db, project);
    let log = db.take_log();
    let hosts = log.iter().filter(|query| query.starts_with("host(")).count();
    assert_eq!(hosts, 1, "only the host that imports the module: {log:?}");
    let parses = log.iter().filter(|query| query.starts_with("parse(")).count();
    assert_eq!(parses, 1, "no other file is read again: {log:?}");
}

#[test]
fn a_file_that_appears_is_noticed() {
    let (mut db, project) = load(FLEET);
    let broken = text_of("/b.nix").replace("{ ", "{ imports = [ ./late.nix ]; ");
    db.edit("/b.nix", &broken);
    let before = host(&db, project, "nixosConfigurations".into(), "b".into()).problems.len();
    assert_eq!(before, 1);
    db.edit("/late.nix", "{ services.late.enable = true; }");
    let after = host(&db, project, "nixosConfigurations".into(), "b".into());
    assert_eq!(after.problems.len(), 0);
    assert_eq!(after.modules.len(), 3);
}
