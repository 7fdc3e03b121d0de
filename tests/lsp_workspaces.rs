//! Several folders, several flakes in one, flakes inside flakes, files outside any; workspace diagnostics; moves.

use std::path::Path;

use nixscope_tests::{Folder, Session, codes, small_fleet, uri};
use serde_json::{Value, json};

const URL: &str = "{ homepage = http://example.org; }\n";

fn flake(host: &str) -> String {
    format!(
        "{{\n  inputs.nixpkgs.url = \"github:NixOS/nixpkgs\";\n  outputs = {{ nixpkgs, ... }}: {{\n    \
         nixosConfigurations.{host} = nixpkgs.lib.nixosSystem {{ modules = [ ./m.nix ]; }};\n  }};\n}}\n"
    )
}

const MODULE: &str =
    "{ lib, config, ... }: { options.own = lib.mkOption { default = 1; }; config.x = config.own; }\n";

/// A session whose client has these folders, each a directory of the test's.
fn start(root: &Path, folders: &[&str], capabilities: Value) -> Session {
    let mut session = Session::silent(root);
    let folders: Vec<Value> =
        folders.iter().map(|it| json!({ "uri": uri(&root.join(it)), "name": it })).collect();
    let params = json!({
        "processId": null, "rootUri": null, "workspaceFolders": folders, "capabilities": capabilities,
    });
    session.server = session.request("initialize", params);
    session.notify("initialized", json!({}));
    session
}

fn hosts(session: &mut Session, name: &str) -> Vec<String> {
    let fleet = session.request("nixscope/fleet", session.document(name));
    fleet["hosts"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_string()).collect()
}

fn symbols(session: &mut Session, query: &str) -> Vec<String> {
    let found = session.request("workspace/symbol", json!({ "query": query }));
    let found = found.as_array().cloned().unwrap_or_default();
    found
        .iter()
        .filter(|it| it["containerName"] == "nixosConfigurations")
        .map(|it| it["name"].as_str().unwrap().to_string())
        .collect()
}

fn two_flakes() -> Folder {
    Folder::new(&[
        ("a/flake.nix", &flake("one")),
        ("a/m.nix", MODULE),
        ("b/flake.nix", &flake("two")),
        ("b/m.nix", MODULE),
        ("b/inner/flake.nix", &flake("three")),
        ("b/inner/m.nix", URL),
    ])
}

#[test]
fn each_folder_has_its_fleet() {
    let folder = two_flakes();
    let mut session = start(folder.path(), &["a", "b"], json!({}));
    assert_eq!(session.server["capabilities"]["workspace"]["workspaceFolders"]["supported"], true);
    assert_eq!(hosts(&mut session, "a/m.nix"), ["one"]);
    assert_eq!(hosts(&mut session, "b/m.nix"), ["two"]);
    for (name, host) in [("one", "one"), ("two", "two")] {
        assert_eq!(symbols(&mut session, name), [host]);
    }
    for name in ["a/m.nix", "b/m.nix"] {
        let at = session.open_at(name, &MODULE.replace("config.own", "config.o$0wn"));
        let found = session.request("textDocument/definition", at);
        assert_eq!(session.lines_of(&found), [format!("{name}:1: {}", MODULE.trim())]);
    }
    session.end();
}

#[test]
fn flakes_side_by_side_in_one_folder_are_found() {
    let folder = two_flakes();
    let mut session = start(folder.path(), &["."], json!({}));
    assert_eq!(hosts(&mut session, "a/m.nix"), ["one"]);
    assert_eq!(hosts(&mut session, "b/m.nix"), ["two"]);
    session.end();
}

#[test]
fn a_flake_inside_another_is_its_own_when_it_is_opened() {
    let folder = two_flakes();
    let mut session = start(folder.path(), &["b"], json!({}));
    session.until_published("b/inner/m.nix", |found| codes(found) == ["url-literal"]);
    assert_eq!(hosts(&mut session, "b/inner/m.nix"), ["two"]);
    session.open("b/inner/m.nix", URL);
    assert_eq!(hosts(&mut session, "b/inner/m.nix"), ["three"]);
    assert_eq!(hosts(&mut session, "b/m.nix"), ["two"]);
    session.replace("b/inner/m.nix", 2, "{ }\n");
    session.until_published("b/inner/m.nix", <[Value]>::is_empty);
    session.end();
}

#[test]
fn folders_come_and_go() {
    let folder = two_flakes();
    folder.write("b/m.nix", URL);
    let mut session = start(folder.path(), &["a"], json!({}));
    assert!(symbols(&mut session, "two").is_empty());
    let b = json!({ "uri": uri(&folder.path().join("b")), "name": "b" });
    session
        .notify("workspace/didChangeWorkspaceFolders", json!({ "event": { "added": [b], "removed": [] } }));
    assert_eq!(symbols(&mut session, "two"), ["two"]);
    session.until_published("b/m.nix", |found| codes(found).contains(&"url-literal"));
    session
        .notify("workspace/didChangeWorkspaceFolders", json!({ "event": { "added": [], "removed": [b] } }));
    assert!(symbols(&mut session, "two").is_empty());
    session.until_published("b/m.nix", <[Value]>::is_empty);
    assert_eq!(hosts(&mut session, "a/m.nix"), ["one"]);
    session.end();
}

#[test]
fn a_file_outside_every_folder_is_read_by_itself() {
    let folder = two_flakes();
    folder.write("elsewhere.nix", "let x = 1; in x\n");
    let mut session = start(folder.path(), &["a"], json!({}));
    let at = session.open_at("elsewhere.nix", "let x = 1; in $0x\n");
    let found = session.request("textDocument/definition", at);
    assert_eq!(session.lines_of(&found), ["elsewhere.nix:1: let x = 1; in x"]);
    session.end();
}

/// The reports of the workspace by file name, without those that have nothing to say.
fn pull(session: &mut Session, previous: &Value) -> Vec<(String, Value)> {
    let found = session.request("workspace/diagnostic", json!({ "previousResultIds": previous }));
    let items = found["items"].as_array().unwrap();
    let mut out: Vec<(String, Value)> = items
        .iter()
        .map(|it| (it["uri"].as_str().unwrap().rsplit('/').next().unwrap_or("").to_string(), it.clone()))
        .collect();
    out.sort_by(|a, b| a.0.cmp(&b.0));
    out
}

#[test]
fn the_workspace_is_pulled_and_only_news_is_sent() {
    let folder = Folder::new(&[("flake.nix", "{ outputs = _: { }; }\n"), ("a.nix", URL), ("b.nix", URL)]);
    let mut session = Session::start(folder.path(), json!({ "textDocument": { "diagnostic": {} } }));
    assert_eq!(session.server["capabilities"]["diagnosticProvider"]["workspaceDiagnostics"], true);
    let first = pull(&mut session, &json!([]));
    let names: Vec<&str> = first.iter().map(|it| it.0.as_str()).collect();
    assert_eq!(names, ["a.nix", "b.nix"]);
    assert!(first.iter().all(|(_, it)| it["kind"] == "full" && it["items"][0]["code"] == "url-literal"));
    let ids: Vec<Value> =
        first.iter().map(|(_, it)| json!({ "uri": it["uri"], "value": it["resultId"] })).collect();
    let second = pull(&mut session, &json!(ids));
    assert!(second.iter().all(|(_, it)| it["kind"] == "unchanged"), "{second:?}");
    folder.write("a.nix", "{ }\n");
    let change = json!({ "uri": session.uri("a.nix"), "type": 2 });
    session.notify("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
    let third = pull(&mut session, &json!(ids));
    assert_eq!((&third[0].1["kind"], &third[0].1["items"]), (&json!("full"), &json!([])), "{third:?}");
    assert_eq!(third[1].1["kind"], "unchanged");
    session.end();
}

#[test]
fn who_imports_and_who_calls() {
    let folder = small_fleet();
    let text = "{ ... }:\nlet l = import ./lib.nix; in\n{\n  a = l.pl$0us 1 2;\n}\n";
    folder.write("web.nix", &text.replace("$0", ""));
    let mut session = Session::start(folder.path(), json!({}));
    let at = session.open_at("web.nix", text);
    let items = session.request("textDocument/prepareCallHierarchy", at);
    assert_eq!((&items[0]["name"], &items[0]["uri"]), (&json!("plus"), &json!(session.uri("lib.nix"))));
    let calls = session.request("callHierarchy/incomingCalls", json!({ "item": items[0] }));
    assert_eq!(calls[0]["from"]["name"], "web.nix", "{calls}");
    assert_eq!(calls[0]["fromRanges"][0]["start"]["line"], 3);

    let at =
        session.open_at("flake.nix", &folder.read("flake.nix").replacen("./port.nix", "./po$0rt.nix", 1));
    let items = session.request("textDocument/prepareCallHierarchy", at);
    assert_eq!(items[0]["name"], "port.nix");
    let calls = session.request("callHierarchy/incomingCalls", json!({ "item": items[0] }));
    assert_eq!(calls[0]["from"]["name"], "flake.nix", "{calls}");
    assert_eq!(calls[0]["fromRanges"].as_array().unwrap().len(), 2, "two hosts: {calls}");
    let calls = session.request("callHierarchy/outgoingCalls", json!({ "item": calls[0]["from"] }));
    let names: Vec<&str> =
        calls.as_array().unwrap().iter().map(|it| it["to"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["web.nix", "port.nix", "db.nix"]);
    session.end();
}

#[test]
fn moved_files_keep_their_imports() {
    let folder = small_fleet();
    folder.write("web.nix", "{ imports = [ ./lib.nix ./key.txt ]; }\n");
    folder.write("key.txt", "");
    let operations = json!({ "workspace": { "fileOperations": { "willRename": true } } });
    let mut session = Session::start(folder.path(), operations);
    let filters = &session.server["capabilities"]["workspace"]["fileOperations"]["willRename"]["filters"];
    assert!(filters.is_array());
    let files = json!([{ "oldUri": session.uri("web.nix"), "newUri": session.uri("hosts/web/default.nix") }]);
    let edit = session.request("workspace/willRenameFiles", json!({ "files": files }));
    let changes = edit["changes"].as_object().unwrap();
    let texts = |name: &str| -> Vec<&str> {
        let edits = changes[&session.uri(name)].as_array().unwrap();
        edits.iter().map(|it| it["newText"].as_str().unwrap()).collect()
    };
    assert_eq!(texts("flake.nix"), ["./hosts/web/default.nix"]);
    assert_eq!(texts("web.nix"), ["../../lib.nix", "../../key.txt"]);
    assert_eq!(changes.len(), 2);
    session.end();
}

#[test]
fn moved_files_are_followed_by_every_flake() {
    let folder = two_flakes();
    folder.write("a/other.nix", "{ imports = [ ../b/m.nix ]; }\n");
    let mut session = start(folder.path(), &["a", "b"], json!({}));
    let files = json!([{ "oldUri": session.uri("b/m.nix"), "newUri": session.uri("b/n.nix") }]);
    let edit = session.request("workspace/willRenameFiles", json!({ "files": files }));
    let changes = edit["changes"].as_object().unwrap();
    let text = |name: &str| changes[&session.uri(name)][0]["newText"].as_str().unwrap().to_string();
    assert_eq!((text("a/other.nix"), text("b/flake.nix")), ("../b/n.nix".into(), "./n.nix".into()), "{edit}");
    session.end();
}
