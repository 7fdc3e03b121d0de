//! Hosts that share a heap say what they say alone.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "fleets of the repository are read from the disk"
)]

mod support;

use std::fmt::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use nixscope_eval::Budget;
use nixscope_fleet::{
    Evaluation, FactValue, Host, Project, host, host_facts, host_problems, host_settings, hosts,
};
use nixscope_test_fixture::TestDatabase;
use salsa::Setter;
use support::load;

/// Asserts that every host's index and inspection are the same in any number of batches.
fn check(db: &mut TestDatabase, project: Project) {
    let alone = everything(db, project);
    assert!(!alone.is_empty());
    for batches in 1..=3 {
        project.set_batches(db).to(NonZeroUsize::new(batches));
        for ((host, alone), (_, together)) in alone.iter().zip(everything(db, project)) {
            assert_eq!(*alone, together, "{} of {batches}", host.name);
        }
    }
}

fn everything(db: &TestDatabase, project: Project) -> Vec<(Host, impl PartialEq + std::fmt::Debug + use<>)> {
    let hosts = hosts(db, project).hosts.iter();
    let all = hosts.map(|it| {
        let (output, name) = (|| it.output.clone(), || it.name.clone());
        let index = host(db, project, output(), name()).clone();
        let facts = host_facts(db, project, output(), name()).clone();
        let settings = host_settings(db, project, output(), name()).clone();
        let problems = host_problems(db, project, output(), name()).clone();
        (it.clone(), (index, facts, settings, problems))
    });
    all.collect()
}

/// A fleet of the repository's test data, as a fixture.
fn shipped(name: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../test-data/fleets").join(name);
    let mut out = String::new();
    add(&root, &root, &mut out);
    out
}

fn add(root: &Path, directory: &Path, out: &mut String) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            add(root, &path, out);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            let _ = writeln!(out, "#- /{}\n{text}", path.strip_prefix(root).unwrap().display());
        }
    }
}

#[test]
fn the_shipped_fleets() {
    for name in ["atelier", "harbour", "workshop"] {
        let (mut db, project) = load(&shipped(name));
        check(&mut db, project);
    }
}

#[test]
fn a_host_whose_modules_another_one_could_not_afford() {
    // The default of `peer` may take few steps to be shown, too few for all that `b` imports.
    let (mut db, project) = load(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }: {
    nixosConfigurations = {
      a = nixpkgs.lib.nixosSystem { modules = [ ./a.nix ]; specialArgs = { inherit self; }; };
      b = nixpkgs.lib.nixosSystem { modules = [ ./b.nix ]; };
    };
  };
}
#- /a.nix
{ lib, self, ... }: {
  options.peer = lib.mkOption { default = self.nixosConfigurations.b.config.networking.hostName; };
}
#- /b.nix
{ lib, ... }: {
  imports = builtins.filter (it: it != null) (map (n: if n == 9000 then ./c.nix else null) (lib.range 1 9000));
}
#- /c.nix
{ networking.hostName = "b"; }
"#,
    );
    check(&mut db, project);
    let b = host(&db, project, "nixosConfigurations".into(), "b".into());
    assert_eq!(b.modules.len(), 2, "{:?}", b.problems);
}

#[test]
fn what_recurses_without_end_does_so_once() {
    let (mut db, project) = load(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./endless.nix ./web.nix ]; };
  };
}
#- /endless.nix
let f = n: 1 + f n; in { imports = [ (f 0) ]; }
#- /web.nix
{ virtualisation.docker.enable = true; }
"#,
    );
    // Enough for one such recursion, but not for one at each of the options that are looked at.
    let budget = Budget { steps: 100_000, depth: 2_000, ..Budget::default() };
    project.set_evaluation(&mut db).to(Evaluation { budget, ..Evaluation::default() });
    let facts = host_facts(&db, project, "nixosConfigurations".into(), "web".into());
    let values: Vec<_> = facts.of("virtualisation.docker.enable").map(|it| &it.value).collect();
    assert_eq!(values, [&FactValue::Bool(true)]);
}

#[test]
fn a_batch_is_evaluated_once() {
    let (mut db, project) = load(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }: {
    nixosConfigurations = nixpkgs.lib.genAttrs [ "a" "b" "c" ] (name:
      nixpkgs.lib.nixosSystem { modules = [ { networking.hostName = name; } ]; });
  };
}
"#,
    );
    project.set_batches(&mut db).to(NonZeroUsize::new(2));
    everything(&db, project);
    let log = db.take_log();
    let count = |name: &str| log.iter().filter(|query| query.starts_with(name)).count();
    assert_eq!((count("indexes("), count("inspections(")), (2, 2));
}
