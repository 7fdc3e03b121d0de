//! Going to places: definitions and their kin, references, rename, symbols, links.

use nixscope_tests::{Folder, Session, small_fleet};
use serde_json::{Value, json};

fn start() -> (Folder, Session) {
    let folder = small_fleet();
    let session = Session::start(folder.path(), json!({}));
    (folder, session)
}

/// What a request about the marked place of `web.nix` is answered with.
fn ask(folder: &Folder, session: &mut Session, method: &str, marked: &str) -> Value {
    folder.write("web.nix", &marked.replace("$0", ""));
    let mut place = session.open_at("web.nix", marked);
    place["context"] = json!({ "includeDeclaration": true });
    session.request(method, place)
}

#[test]
fn an_option_has_definitions_a_declaration_a_type() {
    let (folder, mut session) = start();
    let text = "{ config, self, ... }:\n{\n  my.port = 8080;\n  a = config.my.po$0rt;\n}\n";
    for (method, want) in [
        (
            "definition",
            ["port.nix:3: options.my.port = lib.mkOption {", "web.nix:3: my.port = 8080;"].as_slice(),
        ),
        ("declaration", &["port.nix:3: options.my.port = lib.mkOption {"]),
        ("typeDefinition", &["port.nix:4: type = lib.types.port;"]),
        ("implementation", &["db.nix:3: my.port = lib.mkForce 5432;", "web.nix:3: my.port = 8080;"]),
    ] {
        let found = ask(&folder, &mut session, &format!("textDocument/{method}"), text);
        assert_eq!(session.lines_of(&found), want, "{method}");
    }
    session.end();
}

#[test]
fn references_are_of_the_fleet_and_leave_the_declaration_out_if_asked() {
    let (folder, mut session) = start();
    let text = "{ config, self, ... }:\n{\n  my.port = 8080;\n  a = config.my.po$0rt;\n  \
                b = self.nixosConfigurations.db.config.my.port;\n}\n";
    let found = ask(&folder, &mut session, "textDocument/references", text);
    let all = [
        "db.nix:3: my.port = lib.mkForce 5432;",
        "port.nix:3: options.my.port = lib.mkOption {",
        "web.nix:3: my.port = 8080;",
        "web.nix:4: a = config.my.port;",
        "web.nix:5: b = self.nixosConfigurations.db.config.my.port;",
    ];
    assert_eq!(session.lines_of(&found), all);
    let mut place = session.place("web.nix", 3, 17);
    place["context"] = json!({ "includeDeclaration": false });
    let found = session.request("textDocument/references", place);
    assert_eq!(session.lines_of(&found).len(), 4, "{found}");
    let here = session.place("web.nix", 3, 17);
    let marks = session.request("textDocument/documentHighlight", here);
    let kinds: Vec<_> = marks.as_array().unwrap().iter().map(|it| it["kind"].as_u64().unwrap()).collect();
    assert_eq!(kinds, [3, 2, 2], "written, read, read: {marks}");
    session.end();
}

#[test]
fn a_rename_is_prepared_carried_out_and_refused() {
    let folder = small_fleet();
    let rename = json!({ "textDocument": { "rename": { "prepareSupport": true } } });
    let mut session = Session::start(folder.path(), rename);
    assert_eq!(session.server["capabilities"]["renameProvider"]["prepareProvider"], true);
    let text = "{ config, ... }:\n{\n  my = { port = 8080; };\n  a = config.my.po$0rt;\n}\n";
    folder.write("web.nix", &text.replace("$0", ""));
    let mut place = session.open_at("web.nix", text);
    let prepared = session.request("textDocument/prepareRename", place.clone());
    assert_eq!(prepared["placeholder"], "port", "{prepared}");
    place["newName"] = json!("listen");
    let edit = session.request("textDocument/rename", place.clone());
    let changes = edit["changes"].as_object().unwrap();
    let mut touched: Vec<(String, usize)> = changes
        .iter()
        .map(|(uri, edits)| {
            (uri.rsplit('/').next().unwrap_or("").to_string(), edits.as_array().unwrap().len())
        })
        .collect();
    touched.sort();
    assert_eq!(touched, [("db.nix".into(), 1), ("port.nix".into(), 1), ("web.nix".into(), 2)]);
    place["newName"] = json!("level");
    assert_eq!(session.refused("textDocument/rename", place), -32803, "the name is taken");
    let argument = session.place("web.nix", 0, 3);
    assert_eq!(session.refused("textDocument/prepareRename", argument), -32803);
    session.end();
}

#[test]
fn symbols_of_the_workspace_are_found_by_parts_of_their_names() {
    let (_folder, mut session) = start();
    for (query, name, container) in [
        ("db", "db", json!("nixosConfigurations")),
        ("my.po", "my.port", Value::Null),
        ("key", "key", Value::Null),
    ] {
        let found = session.request("workspace/symbol", json!({ "query": query }));
        let first = found
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["name"].as_str().is_some_and(|found| found.ends_with(name)))
            .unwrap_or_else(|| panic!("{query}: {found}"));
        assert!(first["location"]["uri"].is_string());
        if !container.is_null() {
            assert_eq!(first["containerName"], container, "{found}");
        }
    }
    assert_eq!(session.request("workspace/symbol", json!({ "query": "no such thing" })), Value::Null);
    session.end();
}

#[test]
fn links_lead_to_files_and_pages() {
    let (folder, mut session) = start();
    let text = folder.read("flake.nix");
    session.open("flake.nix", &text);
    let params = session.document("flake.nix");
    let links = session.request("textDocument/documentLink", params);
    let targets: Vec<&str> =
        links.as_array().unwrap().iter().map(|it| it["target"].as_str().unwrap()).collect();
    assert!(targets.contains(&session.uri("web.nix").as_str()), "{targets:?}");
    assert!(targets.iter().any(|it| it.starts_with("https://github.com/NixOS/nixpkgs")), "{targets:?}");
    session.end();
}

#[test]
fn a_place_without_a_name_has_no_answers() {
    let (folder, mut session) = start();
    for method in
        ["definition", "declaration", "typeDefinition", "implementation", "references", "documentHighlight"]
    {
        let found = ask(&folder, &mut session, &format!("textDocument/{method}"), "{ a = 1; }\n\n$0\n");
        assert!(found.is_null() || found.as_array().is_some_and(Vec::is_empty), "{method}: {found}");
    }
    session.end();
}
