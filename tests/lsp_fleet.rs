//! The requests of our own, which `docs/protocol.md` describes.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests run git")]

use std::path::Path;
use std::process::Command;

use nixscope_tests::{Folder, Session, fleet, small_fleet};
use serde_json::{Value, json};

const WEB: &str =
    "{ self, ... }:\n{\n  my.port = 8080;\n  peer = self.nixosConfigurations.db.config.my.port;\n}\n";

fn start() -> (Folder, Session) {
    let folder = small_fleet();
    folder.write("web.nix", WEB);
    let session = Session::start(folder.path(), json!({}));
    (folder, session)
}

fn names(list: &Value, key: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|it| it[key].as_str().unwrap().to_string()).collect()
}

#[test]
fn the_fleet_has_hosts_modules_options_secrets() {
    let (_folder, mut session) = start();
    let fleet = session.request("nixscope/fleet", json!({}));
    assert_eq!(fleet["schema"], 1);
    assert_eq!(names(&fleet["hosts"], "name"), ["db", "web"]);
    assert_eq!(names(&fleet["hosts"][1]["modules"], "file"), ["web.nix", "port.nix"]);
    assert_eq!(names(&fleet["options"], "path"), ["my.level", "my.port"]);
    assert_eq!(names(&fleet["secrets"], "name"), ["key"]);
    assert_eq!(fleet["cross_host_references"][0]["value"], "5432");
    // What is typed counts, not what is saved.
    session.open("web.nix", &WEB.replace("my.port = 8080;", "my.port = 8080;\n  imports = [ ./lib.nix ];"));
    let fleet = session.request("nixscope/fleet", session.document("web.nix"));
    assert!(names(&fleet["hosts"][1]["modules"], "file").contains(&"lib.nix".to_string()), "{fleet}");
    session.end();
}

#[test]
fn an_option_is_explained_by_path_and_by_place() {
    let (_folder, mut session) = start();
    session.open("web.nix", WEB);
    let everywhere = session.request("nixscope/option", json!({ "path": "my.port" }));
    assert_eq!(everywhere["path"], "my.port");
    let values: Vec<&Value> = everywhere["hosts"].as_array().unwrap().iter().map(|it| &it["value"]).collect();
    assert_eq!(values, [5432, 8080]);
    let on_db = session.request("nixscope/option", json!({ "path": "my.port", "host": "db" }));
    assert_eq!(on_db["hosts"].as_array().unwrap().len(), 1);
    let first = &on_db["hosts"][0]["definitions"][0];
    assert_eq!(
        (&first["file"], &first["priority"], &first["winning"]),
        (&json!("db.nix"), &json!(50), &json!(true))
    );
    // The definition at hand is of this file's hosts; the read of another host is of that host.
    for (line, column, host) in [(2, 6, "web"), (3, 51, "db")] {
        let here = session.request("nixscope/option", session.place("web.nix", line, column));
        assert_eq!(here["path"], "my.port", "{here}");
        assert_eq!(names(&here["hosts"], "host"), [host], "{here}");
    }
    let nothing = session.request("nixscope/option", session.place("web.nix", 0, 0));
    assert_eq!((&nothing["path"], &nothing["hosts"]), (&Value::Null, &json!([])));
    session.end();
}

#[test]
fn the_map_has_hosts_modules_and_what_joins_them() {
    let (_folder, mut session) = start();
    let map = session.request("nixscope/map", json!({}));
    let ids = names(&map["nodes"], "id");
    for id in ["host:db", "host:web", "module:port.nix", "module:web.nix"] {
        assert!(ids.iter().any(|it| it == id), "{ids:?}");
    }
    let edges = map["edges"].as_array().unwrap();
    let edge = |from: &str, to: &str, kind: &str| {
        edges.iter().any(|it| it["from"] == from && it["to"] == to && it["kind"] == kind)
    };
    assert!(edge("host:web", "module:web.nix", "imports"), "{edges:?}");
    assert!(edge("module:web.nix", "host:db", "reads"), "{edges:?}");
    assert!(
        edges.iter().all(|it| ids.iter().any(|id| *id == it["to"]) && ids.iter().any(|id| *id == it["from"]))
    );
    session.end();
}

#[test]
fn the_status_counts() {
    let mut session = Session::start(&fleet("harbour"), json!({}));
    let status = session.request("nixscope/status", json!({}));
    let whole = session.request("nixscope/fleet", json!({}));
    for kind in ["hosts", "modules", "options", "secrets", "inputs"] {
        assert_eq!(status[kind], whole[kind].as_array().unwrap().len(), "{kind}");
    }
    assert!(status["files"].as_u64().unwrap() >= status["modules"].as_u64().unwrap());
    assert!(status["references"]["resolved"].as_u64().unwrap() > 0, "{status}");
    session.end();
}

fn git(directory: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
    let status = Command::new("git").args(identity).args(arguments).current_dir(directory).output().unwrap();
    assert!(status.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&status.stderr));
}

#[test]
fn the_working_trees_change_touches_hosts() {
    let (folder, mut session) = start();
    let code = session.refused("nixscope/affected", json!({}));
    assert_eq!(code, -32803, "no repository");
    git(folder.path(), &["init", "--quiet"]);
    git(folder.path(), &["add", "--all"]);
    git(folder.path(), &["commit", "--quiet", "--message", "all"]);
    let affected = session.request("nixscope/affected", json!({}));
    assert_eq!(affected["hosts"], json!([]), "{affected}");
    folder.write("db.nix", "{ lib, ... }:\n{\n  my.port = lib.mkForce 5433;\n}\n");
    let change = json!({ "uri": session.uri("db.nix"), "type": 2 });
    session.notify("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
    let affected = session.request("nixscope/affected", json!({ "base": "HEAD" }));
    let hosts = affected["hosts"].as_array().unwrap();
    let db = hosts.iter().find(|it| it["name"] == "db").unwrap_or_else(|| panic!("{affected}"));
    assert_eq!(db["reasons"][0], json!({ "kind": "module", "file": "db.nix" }));
    assert_eq!(session.refused("nixscope/affected", json!({ "base": "no-such-revision" })), -32803);
    session.end();
}

#[test]
fn parameters_of_another_shape_are_refused() {
    let (_folder, mut session) = start();
    assert_eq!(session.refused("nixscope/option", json!({ "path": 3 })), -32602);
    assert_eq!(session.refused("nixscope/nothing", json!({})), -32601);
    session.end();
}
