//! `nixscope fleet` and what asks about places, over the fleets in test-data.

use expect_test::expect;

use crate::support::{FLAKE, Project, repository, run_in};

#[test]
fn one_host() {
    let project = Project::new(FLAKE);
    let json = project.json(&["fleet"]);
    expect![[r#"
        [
          {
            "name": "web",
            "output": "nixosConfigurations",
            "class": "nixos",
            "system": "x86_64-linux",
            "defined_at": {
              "file": "flake.nix",
              "line": 3,
              "column": 25,
              "offset": 59
            },
            "modules": [
              {
                "file": "web.nix",
                "imported_by": "flake.nix",
                "line": 5,
                "conditional": false,
                "inline": false
              }
            ],
            "nested": [],
            "external_modules": [],
            "module_args": [],
            "secrets": [],
            "complete": true,
            "unknown": []
          }
        ]
    "#]]
    .assert_eq(&format!("{:#}\n", json["hosts"]));
    assert_eq!(json["root"], "$DIR");
    assert_eq!(json["modules"][0]["file"], "web.nix");
}

#[test]
fn the_table_for_people() {
    let project = Project::new(FLAKE);
    expect![[r#"
        $DIR: 1 host, 1 module file, 0 options, 0 secrets, 1 input

        Hosts
          name  class  system        modules  inside it  options set  secrets  complete
          web   nixos  x86_64-linux        1                       0        0  yes

        Inputs
          name     url  revision  on this machine
          nixpkgs                 no
    "#]]
    .assert_eq(&project.run(&["fleet"]).stdout);
}

#[test]
fn harbour() {
    let root = repository("test-data/fleets/harbour");
    let run = run_in(&root, &["fleet", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let names: Vec<&str> =
        json["hosts"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        ["anchor", "beacon", "buoy", "cargo", "drydock", "ferry", "lighthouse", "pilot", "barge"]
    );
    let vpn =
        json["modules"].as_array().unwrap().iter().find(|it| it["file"] == "modules/wireguard.nix").unwrap();
    assert_eq!(vpn["hosts"].as_array().unwrap().len(), 8);
}

#[test]
fn definition_of_a_host() {
    let root = repository("test-data/fleets/harbour");
    let text = std::fs::read_to_string(root.join("services/prometheus.nix")).unwrap();
    let (line, column) = text
        .lines()
        .zip(1..)
        .find_map(|(line, number)| {
            let at =
                line.find("nixosConfigurations.anchor.config.services.prometheus.exporters.node.port")?;
            Some((number, at + "nixosConfigurations.".len() + 1))
        })
        .unwrap();
    let place = format!("services/prometheus.nix:{line}:{column}");
    let run = run_in(&root, &["definition", &place, "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(json["targets"][0]["kind"], "host", "{json:#}");
    assert_eq!(json["targets"][0]["file"], "flake.nix");
}

#[test]
fn nothing_known_is_an_empty_answer() {
    let project = Project::new("#- /x.nix\n# nothing\n{ }\n");
    let run = project.run(&["definition", "x.nix:1:1", "--format", "json"]);
    assert_eq!(run.code, 0);
    expect![[r#"
        {
          "schema": 1,
          "targets": []
        }
    "#]]
    .assert_eq(&run.stdout);
    let run = project.run(&["hover", "x.nix:1:1", "--format", "json"]);
    assert_eq!(run.code, 0);
    expect![[r#"
        {
          "schema": 1,
          "markdown": null,
          "range": null
        }
    "#]]
    .assert_eq(&run.stdout);
}
