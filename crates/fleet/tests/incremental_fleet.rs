//! What an edit recomputes in a fleet of two hundred hosts, by the log of queries.

mod support;

use std::fmt::Write;

use nixscope_fleet::{Project, fleet};
use nixscope_test_fixture::TestDatabase;
use support::load;

const HOSTS: usize = 200;

/// Every host has a file of its own and the common modules; every tenth has a module for databases.
fn generate() -> String {
    let mut text = String::from(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }: {
    nixosConfigurations = nixpkgs.lib.genAttrs (builtins.attrNames (builtins.readDir ./hosts)) (name:
      nixpkgs.lib.nixosSystem { modules = [ ./hosts/${name} ./common.nix { networking.hostName = name; } ]; });
  };
}
#- /common.nix
{ lib, ... }: {
  imports = [ ./monitoring.nix ];
  options.site.contact = lib.mkOption { type = lib.types.str; default = "root"; };
}
#- /monitoring.nix
{ config, ... }: { services.prometheus.exporters.node.enable = true; }
#- /database.nix
{ lib, ... }: {
  options.site.database.port = lib.mkOption { type = lib.types.port; default = 5432; };
  config.services.postgresql.enable = true;
}
"#,
    );
    for number in 0..HOSTS {
        let imports = if number % 10 == 0 { "[ ./disks.nix ../../database.nix ]" } else { "[ ./disks.nix ]" };
        let _ = write!(
            text,
            "#- /hosts/host-{number}/default.nix\n{{ imports = {imports}; site.contact = \"admin\"; }}\n\
             #- /hosts/host-{number}/disks.nix\n{{ fileSystems.\"/\".device = \"/dev/sda{number}\"; }}\n"
        );
    }
    text
}

/// The queries that run once the file has another text; those that only read the file itself are left out.
fn after_edit(db: &mut TestDatabase, project: Project, path: &str, text: &str) -> Vec<String> {
    fleet(&*db, project);
    db.take_log();
    db.edit(path, text);
    fleet(&*db, project);
    let log = db.take_log();
    let of_file = |query: &str| {
        let kinds = ["parse(", "lowered(", "body(", "source_map(", "is_well_formed(", "names_credentials("];
        kinds.iter().any(|kind| query.starts_with(kind))
    };
    let parses = log.iter().filter(|query| query.starts_with("parse(")).count();
    assert_eq!(parses, 1, "no other file is read again: {log:?}");
    log.into_iter().filter(|query| !of_file(query)).collect()
}

fn count(log: &[String], query: &str) -> usize {
    log.iter().filter(|it| it.starts_with(query)).count()
}

#[test]
fn an_edit_reaches_the_hosts_whose_closure_has_the_file() {
    let (mut db, project) = load(&generate());
    let hosts = &fleet(&db, project).hosts;
    assert_eq!(hosts.len(), HOSTS);
    assert!(hosts.iter().all(|(_, index)| index.modules.len() >= 5));

    let disks = "{ fileSystems.\"/\".device = \"/dev/nvme0n1\"; boot.loader.grub.enable = true; }";
    let log = after_edit(&mut db, project, "/hosts/host-7/disks.nix", disks);
    assert_eq!(count(&log, "host("), 1, "one host imports it: {log:?}");
    assert_eq!(log.len(), 1, "its index stays the same, and so does all that reads it: {log:?}");

    let database = "{ config.services.mysql.enable = true; }";
    let log = after_edit(&mut db, project, "/database.nix", database);
    assert_eq!(count(&log, "host("), HOSTS / 10, "{log:?}");
    assert_eq!(log.len(), HOSTS / 10 + 1, "{log:?}");
}

#[test]
fn an_edit_of_layout_reaches_no_host() {
    let (mut db, project) = load(&generate());
    let moved = "# Checked every second.\n{ config, ... }:\n{\n  services.prometheus.exporters.node.enable = true;\n}\n";
    let log = after_edit(&mut db, project, "/monitoring.nix", moved);
    assert_eq!(log, [""; 0]);
}

#[test]
fn a_host_that_appears_is_evaluated_alone() {
    let (mut db, project) = load(&generate());
    fleet(&db, project);
    db.take_log();
    db.edit("/hosts/host-new/default.nix", "{ imports = [ ]; }");
    assert_eq!(fleet(&db, project).hosts.len(), HOSTS + 1);
    let log = db.take_log();
    assert!(count(&log, "hosts(") == 1, "{log:?}");
}
