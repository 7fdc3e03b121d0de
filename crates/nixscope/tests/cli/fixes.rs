//! `--fix` and `--diff`.

use std::path::{Path, PathBuf};

use expect_test::expect;
use serde_json::Value;

use crate::support::{Project, repository};

const TWO: &str =
    "#- /a.nix\n[\n  http://x.org # one\n  http://y.org\n]\n#- /b.nix\n{ broken = http://z.org; = }\n";

#[test]
fn a_diff_changes_nothing() {
    let project = Project::new(TWO);
    let run = project.run(&["check", "a.nix", "--diff", "--select", "url-literal"]);
    assert_eq!(run.code, 1);
    expect![[r#"
        --- a/a.nix
        +++ b/a.nix
        @@ -1,4 +1,4 @@
         [
        -  http://x.org # one
        -  http://y.org
        +  "http://x.org" # one
        +  "http://y.org"
         ]
    "#]]
    .assert_eq(&run.stdout);
    assert!(project.read("/a.nix").contains("  http://x.org"));
}

#[test]
fn fixes_are_applied_in_one_pass_and_the_rest_is_reported() {
    let project = Project::new(TWO);
    let run = project.run(&["check", "a.nix", "--fix", "--select", "url-literal"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert_eq!(project.read("/a.nix"), "[\n  \"http://x.org\" # one\n  \"http://y.org\"\n]\n");
    assert!(run.stderr.contains("mended 2 findings in 1 file"), "{}", run.stderr);
    let left: Vec<_> = std::fs::read_dir(project.path("/")).unwrap().collect();
    assert_eq!(left.len(), 2, "nothing else is left behind");
}

#[test]
fn a_file_outside_the_flake_is_not_touched() {
    let project = Project::new(
        "#- /flake/flake.nix\n{ outputs = _: import ../other.nix; }\n#- /other.nix\n[ http://x.org ]\n",
    );
    let run = project.run(&["check", "flake", "--fix"]);
    assert_ne!(run.code, 2, "{}", run.stderr);
    assert_eq!(project.read("/other.nix"), "[ http://x.org ]\n");
}

#[test]
fn fixes_go_on_until_nothing_is_left() {
    let project = Project::new("#- /a.nix\nlet\n  a = 1;\n  b = a;\nin\n(2)\n");
    let run = project.run(&["check", "a.nix", "--fix"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert_eq!(project.read("/a.nix"), "2\n");
    assert!(run.stderr.contains("mended 4 findings in 1 file"), "{}", run.stderr);
}

/// Directories with flakes to try the fixes on, besides the project's own, separated by colons.
const MORE: &str = "NIXSCOPE_FIX_DIRS";

/// After the fixes every file parses that did before, and nothing that can be mended is left.
#[test]
fn fixes_reach_a_fixpoint_in_whole_fleets() {
    let mut fleets: Vec<PathBuf> =
        ["atelier", "harbour", "workshop"].map(|it| repository(&format!("test-data/fleets/{it}"))).into();
    if let Some(more) = std::env::var_os(MORE) {
        fleets.extend(std::env::split_paths(&more));
    }
    for fleet in fleets {
        for safety in [&[][..], &["--unsafe-fixes"]] {
            let project = Project::new("");
            copy(&fleet, &project.path("/"));
            let broken = |found: &Value| {
                let all = found["diagnostics"].as_array().cloned().unwrap_or_default();
                all.iter().filter(|it| it["lint"] == "syntax-error").count()
            };
            let before = project.json(&["check"]);
            let run = project.run(&[&["check", "--fix"], safety].concat());
            assert_ne!(run.code, 2, "{}: {}", fleet.display(), run.stderr);
            assert!(!run.stderr.contains("left alone"), "{}: {}", fleet.display(), run.stderr);
            let after = project.json(&["check"]);
            assert_eq!(broken(&after), broken(&before), "{}", fleet.display());
            let left = after["diagnostics"].as_array().cloned().unwrap_or_default();
            let left: Vec<&Value> = left
                .iter()
                .filter(|it| it["fix"]["safety"] == "safe" || (!safety.is_empty() && !it["fix"].is_null()))
                .collect();
            assert!(left.is_empty(), "{}: {left:#?}", fleet.display());
        }
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().unwrap();
        if kind.is_dir() && entry.file_name() != ".git" {
            std::fs::create_dir_all(&target).unwrap();
            copy(&source, &target);
        } else if kind.is_file() {
            std::fs::copy(&source, &target).unwrap();
        }
    }
}

/// Files whose value Nix can tell by itself, with something to mend in each line.
const PURE: &str = r#"#- /a.nix
let
  unused = 1;
  inherit (builtins) length map;
  x = { a = 1; b.c = 2; };
  y = { d = 4; };
in
let
  z = [ ] ++ [ 1 ];
in
{
  a = x.a;
  length = length (map (e: toString e) z);
  b = if x ? b then x.b else (3);
  c = !(x.a == 1);
  d = if x.a == 1 then false else true;
  e = (x.a < 2) == false;
  y = y;
  f = let in ("text");
  g = (rec { h = 1; }).h;
  i = ({ ... }: 1) { };
  j = ({ ... }@args: args.k) { k = 2; };
  l = map (v: w: 1) [ ];
  inherit;
}
#- /b.nix
let { a = 1; body = [ (a) ( # why
  2) ]; }
#- /c.nix
with { p = 1; q = 2; };
{
  r = with { s = 1; }; 5;
  t = builtins.mapAttrs (n: v: builtins.add n v) { };
  u.a = 1;
  u.b = 2;
  u.c = !!(p == q);
}
"#;

#[test]
fn fixes_keep_values() {
    let evaluate = |project: &Project, file: &str| {
        let run = std::process::Command::new("nix-instantiate")
            .args(["--eval", "--strict", "--json"])
            .arg(project.path(file))
            .output()
            .ok()?;
        run.status.success().then(|| String::from_utf8_lossy(&run.stdout).into_owned())
    };
    let project = Project::new(PURE);
    let files = ["/a.nix", "/b.nix", "/c.nix"];
    let before: Vec<Option<String>> = files.iter().map(|file| evaluate(&project, file)).collect();
    let run = project.run(&["check", "--fix", "."]);
    assert_ne!(run.code, 2, "{}", run.stderr);
    let texts: Vec<String> = files.iter().map(|file| project.read(file)).collect();
    expect![[r#"
        let
          inherit (builtins) length map;
          x = { a = 1; b.c = 2; };
          y = { d = 4; };
          z = [ 1 ];
        in
        {
          inherit (x) a;
          length = length (map toString z);
          b = x.b or 3;
          c = x.a != 1;
          d = x.a != 1;
          e = !(x.a < 2);
          inherit y;
          f = "text";
          g = { h = 1; } .h;
          i = (_: 1) { };
          j = (args: args.k) { k = 2; };
          l = map (_v: _w: 1) [ ];
        }
        ---
        rec { a = 1; body = [ a ( # why
          2) ]; }.body
        ---
        with { p = 1; q = 2; };
        {
          r = 5;
          t = builtins.mapAttrs (n: v: builtins.add n v) { };
          u.a = 1;
          u.b = 2;
          u.c = p == q;
        }
    "#]]
    .assert_eq(&texts.join("---\n"));
    if before.iter().all(Option::is_none) {
        println!("skipped: no nix-instantiate");
        return;
    }
    let after: Vec<Option<String>> = files.iter().map(|file| evaluate(&project, file)).collect();
    assert!(before.iter().all(Option::is_some), "{before:?}");
    assert_eq!(before, after);
}
