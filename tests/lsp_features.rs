//! What the server answers, in the forms that clients announce.

#![allow(clippy::disallowed_methods, reason = "tests read the fleets")]

use std::path::Path;

use nixscope_tests::{Folder, Session, fleet};
use serde_json::{Value, json};

const TEXT: &str = "{\n  a.b = { c = 1; };\n  homepage = http://example.org;\n}\n";

fn start(capabilities: Value) -> (Folder, Session) {
    let folder = Folder::new(&[("flake.nix", "{ outputs = _: { }; }\n"), ("a.nix", TEXT)]);
    let mut session = Session::start(folder.path(), capabilities);
    session.open("a.nix", TEXT);
    (folder, session)
}

#[test]
fn outlines_nest_where_the_client_can_nest_them() {
    let nested =
        json!({ "textDocument": { "documentSymbol": { "hierarchicalDocumentSymbolSupport": true } } });
    let (_folder, mut session) = start(nested);
    let params = session.document("a.nix");
    let outline = session.request("textDocument/documentSymbol", params);
    assert_eq!(outline[0]["name"], "a");
    assert!(outline[0]["children"].to_string().contains("\"c\""), "{outline}");

    let (_folder, mut session) = start(json!({}));
    let params = session.document("a.nix");
    let outline = session.request("textDocument/documentSymbol", params);
    let flat: Vec<_> = outline.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert!(flat.contains(&"c") && flat.contains(&"homepage"), "{flat:?}");
    assert_eq!(outline[0]["location"]["uri"], session.uri("a.nix"));
}

fn actions(session: &mut Session, only: Option<&str>) -> Vec<Value> {
    let mut params = session.document("a.nix");
    let at = json!({ "line": 2, "character": 15 });
    params["range"] = json!({ "start": at, "end": at });
    params["context"] = json!({ "diagnostics": [] });
    if let Some(only) = only {
        params["context"]["only"] = json!([only]);
    }
    session.request("textDocument/codeAction", params).as_array().unwrap().clone()
}

#[test]
fn fixes_come_in_the_form_that_the_client_takes() {
    let literal = json!({ "codeActionLiteralSupport": {}, "isPreferredSupport": true });
    let versions = json!({ "workspaceEdit": { "documentChanges": true } });
    let (_folder, mut session) =
        start(json!({ "textDocument": { "codeAction": literal }, "workspace": versions }));
    let fixes = actions(&mut session, None);
    let titles: Vec<_> = fixes.iter().map(|it| it["title"].as_str().unwrap()).collect();
    assert_eq!(titles[0], "Put the URL in quotes", "{titles:?}");
    assert!(titles.contains(&"Suppress url-literal here"), "{titles:?}");
    assert_eq!(fixes[0]["kind"], "quickfix");
    assert_eq!(fixes[0]["isPreferred"], true);
    assert_eq!(fixes[0]["diagnostics"][0]["code"], "url-literal");
    let change = &fixes[0]["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"], json!({ "uri": session.uri("a.nix"), "version": 1 }));
    assert_eq!(change["edits"][0]["newText"], "\"http://example.org\"");
    assert!(actions(&mut session, Some("refactor")).is_empty());
    let all = actions(&mut session, Some("source.fixAll"));
    assert_eq!(all[0]["kind"], "source.fixAll.nixscope");

    let (_folder, mut session) =
        start(json!({ "textDocument": { "codeAction": { "codeActionLiteralSupport": {} } } }));
    let fixes = actions(&mut session, Some("quickfix"));
    assert_eq!(fixes[0].get("isPreferred"), None);
    let uri = session.uri("a.nix");
    assert_eq!(fixes[0]["edit"]["changes"][&uri][0]["newText"], "\"http://example.org\"");
}

/// The text with the edits of an action.
fn applied(session: &Session, action: &Value, text: &str) -> String {
    let edits = action["edit"]["changes"][&session.uri("a.nix")].as_array().expect("edits").clone();
    let offset = |at: &Value| {
        let number = |key: &str| usize::try_from(at[key].as_u64().unwrap()).unwrap();
        text.split_inclusive('\n').take(number("line")).map(str::len).sum::<usize>() + number("character")
    };
    let mut ranges: Vec<(usize, usize, String)> = edits
        .iter()
        .map(|edit| {
            let (start, end) = (offset(&edit["range"]["start"]), offset(&edit["range"]["end"]));
            (start, end, edit["newText"].as_str().unwrap().to_string())
        })
        .collect();
    ranges.sort();
    let mut out = text.to_string();
    for (start, end, new) in ranges.into_iter().rev() {
        out.replace_range(start..end, &new);
    }
    out
}

#[test]
fn all_findings_of_a_lint_are_mended_or_suppressed() {
    let text = "{\n  a = http://example.org/a;\n  homepage = http://example.org/b;\n}\n";
    let folder = Folder::new(&[
        ("flake.nix", "{ outputs = _: { }; }\n"),
        ("a.nix", text),
        ("b.nix", "{ c = http://example.org/c; }\n"),
    ]);
    let mut session = Session::start(
        folder.path(),
        json!({ "textDocument": { "codeAction": { "codeActionLiteralSupport": {} } } }),
    );
    session.open("a.nix", text);
    let found = actions(&mut session, Some("quickfix"));
    let of = |title: &str| {
        found.iter().find(|it| it["title"] == title).unwrap_or_else(|| panic!("{title}: {found:?}"))
    };

    let quoted = "{\n  a = \"http://example.org/a\";\n  homepage = \"http://example.org/b\";\n}\n";
    assert_eq!(applied(&session, of("Fix every url-literal in this file"), text), quoted);
    let everywhere = of("Fix every url-literal in the repository");
    assert_eq!(applied(&session, everywhere, text), quoted);
    let other = &everywhere["edit"]["changes"][&session.uri("b.nix")][0];
    assert_eq!(other["newText"], "\"http://example.org/c\"");

    for (title, left) in [("Suppress url-literal here", 1), ("Suppress url-literal in this file", 0)] {
        let silent = applied(&session, of(title), text);
        std::fs::write(folder.path().join("a.nix"), &silent).unwrap();
        let output = std::process::Command::new(nixscope_tests::binary())
            .args(["check", "--format", "json"])
            .arg(folder.path().join("a.nix"))
            .output()
            .unwrap();
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(answer["diagnostics"].as_array().map(Vec::len), Some(left), "{title}: {silent}: {answer}");
    }
}

/// Opens a file of a fleet and finds the place of a word on the line that holds a text.
fn point(session: &mut Session, root: &Path, name: &str, line: &str, word: &str) -> Value {
    let text = std::fs::read_to_string(root.join(name)).unwrap();
    session.open(name, &text);
    let (number, found) = text.lines().enumerate().find(|(_, it)| it.contains(line)).unwrap();
    let column = found.find(word).unwrap();
    session.place(name, number.try_into().unwrap(), column.try_into().unwrap())
}

const REFERENCE: &str = "self.nixosConfigurations.anchor.config.services.prometheus.exporters.node.port";

#[test]
fn a_reference_to_another_host_leads_to_its_definition() {
    let root = fleet("harbour");
    for links in [true, false] {
        let capabilities = json!({ "textDocument": { "definition": { "linkSupport": links } } });
        let mut session = Session::start(&root, capabilities);
        let at = point(&mut session, &root, "services/prometheus.nix", REFERENCE, "port}");
        let found = session.request("textDocument/definition", at.clone());
        let target = session.uri("lib/topology/exporters.nix");
        if links {
            let link = &found[0];
            assert_eq!(link["targetUri"], target, "{found}");
            let origin = &link["originSelectionRange"];
            assert_eq!(origin["start"]["line"], at["position"]["line"], "{found}");
        } else {
            assert_eq!(found[0]["uri"], target, "{found}");
        }
        session.end();
    }
}

#[test]
fn hovers_are_markdown_where_the_client_shows_it() {
    let root = fleet("harbour");
    for (formats, kind) in [(json!(["markdown", "plaintext"]), "markdown"), (Value::Null, "plaintext")] {
        let capabilities = json!({ "textDocument": { "hover": { "contentFormat": formats } } });
        let mut session = Session::start(&root, capabilities);
        let at = point(&mut session, &root, "services/prometheus.nix", REFERENCE, "port}");
        let hover = session.request("textDocument/hover", at);
        assert_eq!(hover["contents"]["kind"], kind, "{hover}");
        let text = hover["contents"]["value"].as_str().unwrap();
        assert!(text.contains("services.prometheus.exporters.node.port"), "{text}");
        assert_eq!(text.contains('`'), kind == "markdown", "{text}");
        session.end();
    }
}
