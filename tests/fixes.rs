//! What `check --fix` promises, over real files: what was to be mended is mended at once, nothing parses worse than before, and
//! what evaluates without a flake evaluates to the same.
//!
//! `NIXSCOPE_CORPUS` names a directory of further checkouts; each is copied, none is changed. What needs `nix-instantiate` is
//! skipped where there is none.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests run the program over files")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use nixscope_tests::{Folder, binary, fleet};
use serde_json::Value;

#[test]
fn the_fleet_of_a_harbour() {
    keeps_its_promises(&fleet("harbour"));
}

#[test]
fn the_fleet_of_an_atelier() {
    keeps_its_promises(&fleet("atelier"));
}

#[test]
fn the_fleet_of_a_workshop() {
    keeps_its_promises(&fleet("workshop"));
}

#[test]
fn checkouts_of_other_fleets() {
    let Some(corpus) = std::env::var_os("NIXSCOPE_CORPUS") else { return };
    let mut checkouts: Vec<PathBuf> =
        fs::read_dir(corpus).expect("a directory").map(|entry| entry.expect("an entry").path()).collect();
    checkouts.retain(|path| path.join("flake.nix").is_file());
    checkouts.sort();
    checkouts.iter().for_each(|checkout| keeps_its_promises(checkout));
}

#[test]
fn one_file_with_much_to_mend() {
    let text = r#"
let
  unused = 1;
  rec-less = rec { a = 1; b = 2; };
  inherited = { x = base.x; base = base; };
  base = { x = 1; y = { z = 2; }; };
  empty = let in 3;
  let-in-let = let a = 1; in let b = 2; in a + b;
  compared = (1 < 2) == true;
  negated = !(1 == 2);
  listed = [ ] ++ [ 1 ];
  parens = (((4)));
  eta = map (x: toString x) [ 1 2 ];
  has = if base ? x then base.x else 0;
in
with { };
{
  inherit rec-less inherited empty let-in-let compared negated listed parens eta has;
  url = https://example.org;
  nested = { inherit; };
}
"#;
    let folder = Folder::new(&[("flake.nix", "{ outputs = { self }: { }; }\n"), ("pure.nix", text)]);
    let before = Found::by_check(folder.path()).fixable;
    assert!(before.len() >= 5, "{before:?}");
    keeps_its_promises(folder.path());
}

/// Copies a directory, mends the copy, and compares.
fn keeps_its_promises(original: &Path) {
    let folder = Folder::new(&[]);
    copy(original, folder.path());
    let shown = original.display();
    let before = Found::by_check(folder.path());
    let values = Values::of(folder.path());

    let status = Command::new(binary())
        .args(["check", "--fix", "--format", "json"])
        .arg(folder.path())
        .output()
        .expect("the program starts")
        .status;
    assert!(matches!(status.code(), Some(0 | 1)), "{shown}: {status}");

    let after = Found::by_check(folder.path());
    assert_eq!(after.fixable, BTreeMap::new(), "{shown}: what was fixed is reported again");
    assert_eq!(after.broken, before.broken, "{shown}: files parse that did not, or the reverse");
    values.compare(original, folder.path());
}

/// What one check finds in a directory: how many of each lint in each file.
#[derive(Default)]
struct Found {
    /// With a safe fix.
    fixable: BTreeMap<String, usize>,
    /// What does not parse.
    broken: BTreeMap<String, usize>,
}

impl Found {
    fn by_check(directory: &Path) -> Found {
        let output = Command::new(binary())
            .args(["check", "--format", "json"])
            .arg(directory)
            .output()
            .expect("the program starts");
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!("{}: {error}: {}", directory.display(), String::from_utf8_lossy(&output.stderr))
        });
        let mut found = Found::default();
        for it in answer["diagnostics"].as_array().expect("a list") {
            let text = |key: &str| it[key].as_str().unwrap_or_default().to_string();
            let key = format!("{}: {}", text("file"), text("lint"));
            if it["fix"]["safety"] == "safe" {
                *found.fixable.entry(key.clone()).or_default() += 1;
            }
            if it["lint"] == "syntax-error" {
                *found.broken.entry(key).or_default() += 1;
            }
        }
        found
    }
}

/// The text of every Nix file, as it was.
struct Values {
    texts: BTreeMap<PathBuf, String>,
}

impl Values {
    fn of(directory: &Path) -> Values {
        let mut texts = BTreeMap::new();
        nix_files(directory, &mut |path| {
            if let Ok(text) = fs::read_to_string(path) {
                let relative = path.strip_prefix(directory).expect("it is below").to_path_buf();
                texts.insert(relative, text);
            }
        });
        Values { texts }
    }

    /// What Nix could evaluate before has the same value now; beside it is what was there before, too.
    fn compare(&self, original: &Path, mended: &Path) {
        if Command::new("nix-instantiate").arg("--version").output().is_err() {
            eprintln!("skipped: there is no nix-instantiate");
            return;
        }
        for (path, before) in &self.texts {
            let now = fs::read_to_string(mended.join(path)).expect("a file");
            // What only makes a function says nothing of its value.
            if now == *before {
                continue;
            }
            let (was, is) = (evaluate(&original.join(path)), evaluate(&mended.join(path)));
            if let Some(was) = was.filter(|it| !it.contains("LAMBDA") && !it.contains("/nix/store")) {
                assert_eq!(Some(was), is, "{}: another value", path.display());
            }
        }
    }
}

fn evaluate(file: &Path) -> Option<String> {
    let output = Command::new("nix-instantiate")
        .args(["--eval", "--strict", "--readonly-mode", "--option", "restrict-eval", "false"])
        .arg(file)
        .output()
        .ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn nix_files(directory: &Path, visit: &mut impl FnMut(&Path)) {
    for entry in fs::read_dir(directory).expect("a directory").flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => nix_files(&path, visit),
            Ok(kind) if kind.is_file() && path.extension().is_some_and(|it| it == "nix") => visit(&path),
            _ => {}
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory can be made");
    for entry in fs::read_dir(from).expect("a directory").flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && name != ".git" => copy(&path, &to.join(name)),
            Ok(kind) if kind.is_file() => {
                fs::copy(&path, to.join(name)).expect("a file can be copied");
            }
            _ => {}
        }
    }
}
