//! The joining, over an index made by hand.

use expect_test::expect;
use nixscope_db::VfsPath;
use nixscope_eval::{PlaceKind, SourcePlace};
use nixscope_fleet::{
    Definition, OptionDeclaration, SecretBackend, SecretDeclaration, SecretRead, SourceOrigin,
};
use nixscope_test_fixture::{Fixture, TestDatabase};

use super::*;

fn definition(path: &str, place: SourcePlace) -> Definition {
    let path = path.into();
    Definition { path, place: Some(place), priority: 100, active: Some(true), winning: true, value: None }
}

fn imported(place: SourcePlace, by: SourcePlace) -> Module {
    Module {
        file: place.source,
        place: Some(by),
        imported_by: Some(by.source),
        conditional: false,
        inline: false,
    }
}

#[test]
fn joins_hosts() {
    let fixture = Fixture::parse(
        "#- /r/flake.nix\n{\n  µ = 1; web = 2;\n}\n#- /r/vpn.nix\n{ vpn }\n#- /r/home.nix\n{ }\n",
    );
    let db = TestDatabase::new(&fixture);
    let at = |path: &str, offset: u32| SourcePlace {
        source: nixscope_db::source(&db, &VfsPath::new(path)),
        kind: PlaceKind::Offset(offset),
    };
    let flake = at("/r/flake.nix", 12);
    let vpn = at("/r/vpn.nix", 2);
    let option = OptionDeclaration {
        path: "environment.vpn".into(),
        type_name: Some("bool".into()),
        default: Some("false".into()),
        example: None,
        description: None,
        place: Some(vpn),
        hidden: false,
    };
    let secret = SecretDeclaration {
        name: "key".into(),
        backend: SecretBackend::Agenix,
        path: "age.secrets.key".into(),
        place: Some(vpn),
        file: Some(VfsPath::new("/r/secrets/key.age")),
        exists: Some(true),
        unknown_file: None,
        file_place: None,
        key: None,
        recipients: Vec::new(),
        conditional: false,
    };
    let read = SecretRead {
        path: "age.secrets.key".into(),
        name: "key".into(),
        backend: SecretBackend::Agenix,
        place: vpn,
        name_place: vpn,
        declared: Some(true),
    };
    let reference = HostReference {
        place: flake,
        host_place: None,
        expression: "h.config.port".into(),
        host: Some("db".into()),
        path: "port".into(),
        targets: vec![vpn],
        value: Some("1".into()),
        status: ReferenceStatus::Resolved,
        guarded: false,
    };
    let web = HostIndex {
        system: Some("x86_64-linux".into()),
        modules: vec![imported(vpn, flake)],
        nested: vec![Nested {
            kind: "home-manager".into(),
            name: "alice".into(),
            index: HostIndex { modules: vec![imported(at("/r/home.nix", 0), vpn)], ..HostIndex::default() },
        }],
        external: vec![ExternalModule {
            name: "inputs.agenix.nixosModules.default".into(),
            place: Some(flake),
        }],
        module_args: vec!["self".into()],
        options: vec![option.clone()],
        definitions: vec![definition("environment.vpn.deeper", flake), definition("other", flake)],
        secrets: vec![secret.clone()],
        references: vec![reference.clone()],
        secret_reads: vec![read],
        ..HostIndex::default()
    };
    let db_host = HostIndex {
        modules: vec![imported(vpn, flake)],
        options: vec![option],
        secrets: vec![secret],
        references: vec![HostReference { host: Some("web".into()), value: Some("2".into()), ..reference }],
        gaps: vec![Gap { what: "inputs.x".into(), why: "not on this machine".into(), place: None }],
        ..HostIndex::default()
    };
    let host = |name: &str, place| Host {
        name: name.into(),
        output: "nixosConfigurations".into(),
        class: HostClass::Nixos,
        place,
    };
    let fleet = FleetIndex {
        hosts: vec![(host("db", None), db_host), (host("web", Some(flake)), web)],
        inputs: vec![Input {
            name: "x".into(),
            url: Some("github:a/x".into()),
            last_modified: None,
            rev: None,
            store_path: None,
            source: None,
            origin: SourceOrigin::Store,
            is_flake: true,
            node: None,
            place: None,
        }],
        exports: vec![(vpn.source, "nixosModules.vpn".into())],
        ..FleetIndex::default()
    };
    let root = VfsPath::new("/r");
    let json = serde_json::to_string_pretty(&join(&Places::new(&db, &root), &fleet, &[])).unwrap() + "\n";
    expect![[r#"
        {
          "schema": 1,
          "root": "/r",
          "hosts": [
            {
              "name": "db",
              "output": "nixosConfigurations",
              "class": "nixos",
              "system": null,
              "defined_at": null,
              "modules": [
                {
                  "file": "vpn.nix",
                  "imported_by": "flake.nix",
                  "line": 2,
                  "conditional": false,
                  "inline": false
                }
              ],
              "nested": [],
              "external_modules": [],
              "module_args": [],
              "secrets": [
                "key"
              ],
              "complete": false,
              "unknown": [
                {
                  "what": "inputs.x",
                  "why": "not on this machine",
                  "at": null
                }
              ]
            },
            {
              "name": "web",
              "output": "nixosConfigurations",
              "class": "nixos",
              "system": "x86_64-linux",
              "defined_at": {
                "file": "flake.nix",
                "line": 2,
                "column": 10,
                "offset": 12
              },
              "modules": [
                {
                  "file": "vpn.nix",
                  "imported_by": "flake.nix",
                  "line": 2,
                  "conditional": false,
                  "inline": false
                }
              ],
              "nested": [
                {
                  "kind": "home-manager",
                  "name": "alice",
                  "modules": [
                    {
                      "file": "home.nix",
                      "imported_by": "vpn.nix",
                      "line": 1,
                      "conditional": false,
                      "inline": false
                    }
                  ]
                }
              ],
              "external_modules": [
                {
                  "name": "agenix.nixosModules.default",
                  "file": "flake.nix",
                  "line": 2
                }
              ],
              "module_args": [
                "self"
              ],
              "secrets": [
                "key"
              ],
              "complete": true,
              "unknown": []
            }
          ],
          "modules": [
            {
              "file": "home.nix",
              "hosts": [
                "web"
              ],
              "exported_as": []
            },
            {
              "file": "vpn.nix",
              "hosts": [
                "db",
                "web"
              ],
              "exported_as": [
                "nixosModules.vpn"
              ]
            }
          ],
          "options": [
            {
              "path": "environment.vpn",
              "type": "bool",
              "default": "false",
              "description": null,
              "declared_at": {
                "file": "vpn.nix",
                "line": 1,
                "column": 3,
                "offset": 2
              },
              "hosts": [
                "db",
                "web"
              ],
              "defined_in": [
                {
                  "file": "flake.nix",
                  "line": 2,
                  "column": 10,
                  "hosts": [
                    "web"
                  ]
                }
              ]
            }
          ],
          "secrets": [
            {
              "name": "key",
              "backend": "agenix",
              "declared_at": {
                "file": "vpn.nix",
                "line": 1,
                "column": 3,
                "offset": 2
              },
              "file": "secrets/key.age",
              "exists": true,
              "recipients": [],
              "hosts": [
                "db",
                "web"
              ],
              "references": [
                {
                  "file": "vpn.nix",
                  "line": 1,
                  "column": 3,
                  "offset": 2
                }
              ]
            }
          ],
          "cross_host_references": [
            {
              "from": {
                "file": "flake.nix",
                "line": 2,
                "column": 10,
                "offset": 12
              },
              "expression": "h.config.port",
              "hosts": [
                "db",
                "web"
              ],
              "path": "port",
              "targets": [
                {
                  "file": "vpn.nix",
                  "line": 1,
                  "column": 3,
                  "offset": 2
                }
              ],
              "value": null,
              "status": "resolved"
            }
          ],
          "inputs": [
            {
              "name": "x",
              "url": "github:a/x",
              "rev": null,
              "store_path": null,
              "available": false
            }
          ],
          "complete": true,
          "unknown": []
        }
    "#]]
    .assert_eq(&json);
}
