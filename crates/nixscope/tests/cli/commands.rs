//! The small commands.

use crate::support::{FLAKE, Project};

#[test]
fn init_writes_a_configuration_once() {
    let project = Project::new(FLAKE);
    assert_eq!(project.run(&["init"]).code, 0);
    assert!(project.read("/nixscope.toml").contains("[lints]"));
    assert_ne!(project.run(&["check"]).code, 2);
    let again = project.run(&["init"]);
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("there is one already"), "{}", again.stderr);
}

#[test]
fn explain_prints_a_page_and_lists() {
    let project = Project::new("");
    let page = project.run(&["explain", "url-literal"]);
    assert_eq!(page.code, 0);
    assert!(page.stdout.starts_with("# url-literal\n"), "{}", page.stdout);
    assert!(project.run(&["explain"]).stdout.contains("url-literal"));
    let json = project.json(&["explain"]);
    assert!(json["lints"].as_array().unwrap().iter().any(|it| it["name"] == "url-literal"));
}

#[test]
fn completions_know_the_commands() {
    let project = Project::new("");
    for shell in ["bash", "zsh", "fish"] {
        let run = project.run(&["completions", shell]);
        assert_eq!(run.code, 0);
        assert!(run.stdout.contains("fleet"), "{shell}");
    }
}

#[test]
fn stats_count() {
    let project = Project::new(FLAKE);
    let json = project.json(&["stats"]);
    assert_eq!(json["files"], 2);
    assert_eq!(json["hosts"]["all"], 1);
    assert_eq!(json["diagnostics"]["url-literal"], 1);
    let imports = &json["resolution"]["imports"];
    assert_eq!(imports["resolved"], imports["all"]);
    assert!(imports["all"].as_u64().unwrap() > 0);
    assert!(json["time_ms"]["all"].as_f64().unwrap() > 0.0);
    assert!(project.run(&["stats"]).stdout.contains("url-literal"));
}

#[test]
fn help_and_version() {
    let project = Project::new("");
    assert!(project.run(&["--version"]).stdout.starts_with("nixscope "));
    let help = project.run(&["--help"]);
    assert_eq!(help.code, 0);
    assert!(help.stdout.contains("--stdio") && help.stdout.contains("--check"), "{}", help.stdout);
}
