//! `nixscope eval`.

use expect_test::expect;

use crate::support::Project;

const FILES: &str = r#"#- /a.nix
{ n ? 1 }:
{
  inherit n;
  list = [ 1.5 { f = x: x; } ];
  text = "n is ${toString n}";
  home = builtins.getEnv "HOME";
}
#- /bad.nix
{
  # µ
  a = 1 + "b";
}
#- /syntax.nix
{ a = ; }
#- /lib.nix
(import <nixpkgs/lib>).toUpper "ab"
"#;

#[test]
fn prints_values() {
    let project = Project::new(FILES);
    let run = project.run(&["eval", "a.nix"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    expect![[r#"
        { home = «unknown: builtins.getEnv …: it depends on the machine that evaluates»; list = [ 1.5 { f = <LAMBDA>; } ]; n = 1; text = "n is 1"; }
    "#]].assert_eq(&run.stdout);
    assert_eq!(project.run(&["eval", "a.nix", "text", "list.0"]).stdout, "\"n is 1\"\n1.5\n");
    assert_eq!(project.run(&["eval", "a.nix", "text", "--json"]).stdout, "\"n is 1\"\n");
    assert_eq!(project.run(&["eval", "lib.nix"]).stdout, "\"AB\"\n");
}

#[test]
fn errors_have_places() {
    let project = Project::new(FILES);
    let run = project.run(&["eval", "bad.nix"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    expect![[r#"
        error: expected a number, found a string
         --> bad.nix:3:7
          |
        3 |   a = 1 + "b";
          |       ^^^^^^^
    "#]]
    .assert_eq(&run.stderr);
    let run = project.run(&["eval", "syntax.nix"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("syntax.nix:1:7"), "{}", run.stderr);
    let run = project.run(&["eval", "a.nix", "home", "--json"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("not known: builtins.getEnv"), "{}", run.stderr);
    assert_eq!(project.run(&["eval", "a.nix", "list.2"]).code, 1);
    assert_eq!(project.run(&["eval", "missing.nix"]).code, 2);
}
