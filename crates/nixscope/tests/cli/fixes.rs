//! `--fix` and `--diff`.

use expect_test::expect;

use crate::support::Project;

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
