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
#- /args.nix
{ a, b ? "b", c ? a }: { all = [ a b c ]; }
#- /any.nix
{ a, ... }@args: args
#- /functor.nix
{ __functor = self: { a ? self.x }: a; x = "x"; }
#- /sub/found.nix
"found"
#- /search.nix
import <found.nix> + import <p/found.nix>
#- /cycle.nix
let
  a = b + 1;
  b = a;
in
a
#- /fleet.nix
let
  defaults = import ./defaults.nix { port = 22; };
in
defaults // { port = 80; names = map (n: "${n}.net") [ "a" ]; }
#- /defaults.nix
{ port }:
{
  inherit port;
  ssh = { enable = true; };
}
#- /unused.nix
{ a = 1; b = nothing; }
#- /imports.nix
[ 1 (import ./twice.nix).a ]
#- /twice.nix
{ a = 1; b = 1; b = 2; }
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

#[test]
fn a_file_with_a_mistake_has_no_value() {
    // Nix looks at the whole of a file before it evaluates any of it.
    let project = Project::new(FILES);
    let run = project.run(&["eval", "unused.nix", "a"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    expect![[r#"
        error: nothing defines the name `nothing`
         --> unused.nix:1:14
          |
        1 | { a = 1; b = nothing; }
          |              ^^^^^^^
    "#]]
    .assert_eq(&run.stderr);
    let run = project.run(&["eval", "imports.nix"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("twice.nix:1:17"), "{}", run.stderr);
}

#[test]
fn functions_are_called_with_what_is_given() {
    let project = Project::new(FILES);
    let run = project.run(&["eval", "args.nix", "--arg", "a", "1 + 1", "--argstr", "b", "1 + 1"]);
    assert_eq!(run.stdout, "{ all = [ 2 \"1 + 1\" 2 ]; }\n", "{}", run.stderr);
    let run = project.run(&["eval", "any.nix", "--argstr", "a", "x", "--arg", "z", "null"]);
    assert_eq!(run.stdout, "{ a = \"x\"; z = null; }\n", "{}", run.stderr);
    assert_eq!(project.run(&["eval", "functor.nix"]).stdout, "\"x\"\n");
    let run = project.run(&["eval", "args.nix"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("needs an argument `a`"), "{}", run.stderr);
    let run = project.run(&["eval", "args.nix", "--arg", "a", "1 +"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("--arg a:1:"), "{}", run.stderr);
}

#[test]
fn the_search_path_is_given() {
    let project = Project::new(FILES);
    let run = project.run(&["eval", "search.nix", "-I", "sub", "-I", "p=sub"]);
    assert_eq!(run.stdout, "\"foundfound\"\n", "{}", run.stderr);
    let run = project.run(&["eval", "search.nix"]);
    assert!(run.stdout.contains("«unknown: <found.nix>"), "{}{}", run.stdout, run.stderr);
}

#[test]
fn the_configuration_says_what_is_known_of_the_machine() {
    let text = "#- /flake.nix\n{ outputs = _: { }; }\n#- /a.nix\n[ builtins.currentSystem (builtins.getEnv \"X\") ~/a ]\n\
                #- /b.nix\nlet f = n: f (n + 1); in f 0\n\
                #- /nixscope.toml\n[evaluation]\ncurrent-system = \"s\"\nmax-steps = 1000\nenvironment = { X = \"x\", HOME = \"/h\" }\n";
    let project = Project::new(text);
    let run = project.run(&["eval", "a.nix"]);
    assert_eq!(run.stdout, "[ \"s\" \"x\" /h/a ]\n", "{}", run.stderr);
    let run = project.run(&["eval", "b.nix"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("the evaluation budget was spent"), "{}", run.stderr);
}

/// Nix refuses the operators unless the feature is on. Other commands read them, unless the configuration says what is on.
#[test]
fn pipe_operators_are_an_experimental_feature() {
    let files = "#- /a.nix\n1 |> (x: x + 1)\n";
    let project = Project::new(files);
    let run = project.run(&["eval", "a.nix"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("`pipe-operators`, which is not on"), "{}", run.stderr);
    let run = project.run(&["eval", "a.nix", "--extra-experimental-features", "flakes pipe-operators"]);
    assert_eq!(run.stdout, "2\n", "{}", run.stderr);
    assert_eq!(project.run(&["check", "a.nix"]).code, 0);

    let with = |features: &str| {
        let settings = format!("#- /nixscope.toml\n[evaluation]\nexperimental-features = {features}\n");
        Project::new(&(files.to_string() + &settings))
    };
    let on = with("[\"pipe-operators\"]");
    assert_eq!(on.run(&["eval", "a.nix"]).stdout, "2\n");
    assert_eq!(on.run(&["check", "a.nix"]).code, 0);
    let run = with("[]").run(&["check", "a.nix"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("syntax-error") && run.stdout.contains("a.nix:1:3"), "{}", run.stdout);
}

#[test]
fn xml_is_what_nix_prints() {
    let project = Project::new(FILES);
    expect![[r#"
        <?xml version='1.0' encoding='utf-8'?>
        <expr>
          <list>
            <float value="1.5" />
            <attrs>
              <attr name="f">
                <function>
                  <varpat name="x" />
                </function>
              </attr>
            </attrs>
          </list>
        </expr>
    "#]]
    .assert_eq(&project.run(&["eval", "--xml", "a.nix", "list"]).stdout);
}

#[test]
fn an_infinite_recursion_shows_its_cycle() {
    let project = Project::new(FILES);
    let run = project.run(&["eval", "cycle.nix"]);
    assert_eq!(run.code, 1);
    expect![[r#"
        error: this value needs itself
         --> cycle.nix:2:7
          |
        2 |   a = b + 1;
          |       ^^^^^
        needs: cycle.nix:2:7 -> cycle.nix:3:7 -> cycle.nix:2:7
    "#]]
    .assert_eq(&run.stderr);
}

#[test]
fn a_trace_shows_where_each_part_comes_from() {
    let project = Project::new(FILES);
    let run = project.run(&["eval", "--trace", "fleet.nix"]);
    expect![[r#"
        { # fleet.nix:1:1
          names = [ # fleet.nix:4:26
            "a.net" # fleet.nix:4:56
          ];
          port = 80; # fleet.nix:4:15, merged at fleet.nix:4:1 over defaults.nix:3:11
          ssh = { # defaults.nix:4:3, called at fleet.nix:2:14, imported at fleet.nix:2:14
            enable = true; # defaults.nix:4:11, called at fleet.nix:2:14, imported at fleet.nix:2:14
          };
        }
    "#]]
    .assert_eq(&run.stdout);
}

#[test]
fn a_trace_leads_into_data_files() {
    let project = Project::new(
        "#- /data.nix\nlet t = fromTOML (builtins.readFile ./d.toml); in { port = t.web.port; names = with t; names; }\n\
         #- /d.toml\nnames = [ \"a\" ]\n[web]\nport = 80\n",
    );
    let run = project.run(&["eval", "--trace", "data.nix"]);
    expect![[r#"
        { # data.nix:1:1
          names = [ # data.nix:1:72, selected from d.toml:1:1
            "a" # d.toml:1:11
          ];
          port = 80; # data.nix:1:53, selected from d.toml:3:1
        }
    "#]]
    .assert_eq(&run.stdout);
}
