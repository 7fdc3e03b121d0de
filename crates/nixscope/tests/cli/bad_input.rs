//! What bad input gets: a clear message at the right place, in bounded time.

use std::time::{Duration, Instant};

use crate::support::{FLAKE, Project};

fn refused(project: &Project, args: &[&str], message: &str) {
    let run = project.run(args);
    assert_eq!(run.code, 2, "{args:?}: {}", run.stdout);
    assert_eq!(run.stdout, "", "{args:?}");
    assert!(run.stderr.contains(message), "{args:?}: {}", run.stderr);
}

#[test]
fn arguments_that_mean_nothing() {
    let project = Project::new(FLAKE);
    for command in ["check", "fleet", "stats", "init"] {
        refused(&project, &[command, "nothing"], "$DIR/nothing: no such file or directory");
    }
    for command in ["fleet", "stats", "init"] {
        refused(&project, &[command, "flake.nix"], "flake.nix: this is a file; give the directory");
    }
    project.write("/notes.md", b"");
    refused(&project, &["check", "notes.md"], "notes.md: this is no Nix file");
    refused(&project, &["check", "--format", "xml"], "invalid value 'xml'");
    refused(&project, &["check", "--select", "url-litral"], "did you mean `url-literal`?");
    refused(&project, &["check", "--baseline", "none.json"], "none.json: cannot read the baseline");
    refused(&project, &["nonsense"], "unrecognized subcommand");
    refused(&project, &["explain", "url-litral"], "did you mean `url-literal`?");
    refused(&project, &["explain", "language"], "is a group of lints");
}

#[test]
fn places_that_are_not_there() {
    let project = Project::new(FLAKE);
    for command in ["definition", "hover"] {
        refused(&project, &[command, "flake.nix"], "this is no place; expected FILE:LINE:COLUMN");
        refused(&project, &[command, "none.nix:1:1"], "none.nix: no such file");
        refused(&project, &[command, ".:1:1"], "this is a directory");
        refused(&project, &[command, "flake.nix:0:1"], "counted from 1");
        refused(&project, &[command, "flake.nix:99:1"], "there is no line 99");
        refused(&project, &[command, "flake.nix:1:99"], "there is no column 99 in line 1");
    }
    project.write("/x.nix", b"\xff");
    refused(&project, &["definition", "x.nix:1:1"], "x.nix: not UTF-8 text");
}

#[test]
fn configurations_that_cannot_be_read() {
    let project = Project::new(FLAKE);
    for (text, message) in [
        (&b"[lints\n"[..], "$DIR/nixscope.toml:1:"),
        (b"slect = []\n", "$DIR/nixscope.toml:1:1: unknown key `slect`: did you mean `select`?"),
        (b"\xff", "not UTF-8 text"),
    ] {
        project.write("/nixscope.toml", text);
        refused(&project, &["check"], message);
    }
}

/// One file that is no Nix, in a flake whose other file still gets its finding.
fn survives(name: &str, content: &[u8], message: &str) {
    let project = Project::new(FLAKE);
    project.write("/bad.nix", content);
    let started = Instant::now();
    let json = project.json(&["check"]);
    assert!(started.elapsed() < Duration::from_secs(20), "{name}: {:?}", started.elapsed());
    let diagnostics = json["diagnostics"].as_array().unwrap();
    let bad =
        diagnostics.iter().find(|it| it["file"] == "bad.nix").unwrap_or_else(|| panic!("{name}: {json:#}"));
    let said = bad["message"].as_str().unwrap();
    assert!(said.contains(message), "{name}: {said}");
    assert!(diagnostics.iter().any(|it| it["file"] == "web.nix"), "{name}: {json:#}");
}

#[test]
fn files_that_are_no_nix() {
    survives("syntax", b"{ a = ; }", "expected");
    survives("bytes", b"{ a = \"\xff\"; }", "not UTF-8");
    survives("empty", b"", "the file ends");
    survives("lists", "[".repeat(100_000).as_bytes(), "nested");
    survives("sets", "{a=".repeat(100_000).as_bytes(), "nested");
    survives("functions", "a: ".repeat(100_000).as_bytes(), "nested");
    survives("strings", "\"${".repeat(100_000).as_bytes(), "nested");
}

#[test]
fn a_hundred_megabytes() {
    let project = Project::new(FLAKE);
    std::fs::File::create(project.path("/bad.nix")).unwrap().set_len(100 << 20).unwrap();
    let json = project.json(&["check", "bad.nix"]);
    assert!(json["diagnostics"][0]["message"].as_str().unwrap().contains("100 MB"), "{json:#}");
}

#[cfg(unix)]
#[test]
fn links_in_a_circle() {
    let project = Project::new(FLAKE);
    std::os::unix::fs::symlink(".", project.path("/loop")).unwrap();
    std::os::unix::fs::symlink("b.nix", project.path("/a.nix")).unwrap();
    std::os::unix::fs::symlink("a.nix", project.path("/b.nix")).unwrap();
    assert_eq!(project.json(&["check"])["summary"]["files"], 2);
    refused(&project, &["check", "a.nix"], "$DIR/a.nix: cannot be read");
    refused(&project, &["definition", "a.nix:1:1"], "$DIR/a.nix: cannot be read");
}

#[test]
fn a_lock_file_that_is_not_json() {
    let project = Project::new(FLAKE);
    project.write("/flake.lock", b"{ nonsense");
    assert_ne!(project.run(&["check"]).code, 2);
    let fleet = project.json(&["fleet"]);
    assert_eq!(fleet["hosts"][0]["name"], "web");
}

#[test]
fn no_flake_is_said() {
    let project = Project::new("#- /x.nix\n[ http://x.org ]\n");
    let run = project.run(&["check"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("$DIR has no flake.nix, so only networks"), "{}", run.stderr);
    let run = project.run(&["fleet"]);
    assert_eq!(run.code, 0);
    assert!(run.stderr.contains("has no flake.nix"), "{}", run.stderr);
    let empty = Project::new("");
    let run = empty.run(&["check"]);
    assert_eq!(run.code, 0);
    assert!(run.stderr.contains("no Nix files either"), "{}", run.stderr);
}

#[test]
fn infinite_recursion_ends() {
    let project = Project::new(
        "#- /flake.nix\n{ outputs = { self, nixpkgs }: let loop = loop; in { nixosConfigurations = loop // { }; }; }\n",
    );
    assert_eq!(project.run(&["fleet"]).code, 0);
    assert_ne!(project.run(&["check"]).code, 2);
}
