//! What the server answers, in the forms that clients announce.
#![expect(clippy::unwrap_used, reason = "a test")]

use nixscope_tests::{Folder, Session};
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
    let nested = json!({ "textDocument": { "documentSymbol": { "hierarchicalDocumentSymbolSupport": true } } });
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
    let (_folder, mut session) = start(json!({ "textDocument": { "codeAction": literal }, "workspace": versions }));
    let fixes = actions(&mut session, None);
    assert_eq!(fixes.len(), 1, "{fixes:?}");
    assert_eq!(fixes[0]["kind"], "quickfix");
    assert_eq!(fixes[0]["isPreferred"], true);
    assert_eq!(fixes[0]["diagnostics"][0]["code"], "url-literal");
    let change = &fixes[0]["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"], json!({ "uri": session.uri("a.nix"), "version": 1 }));
    assert_eq!(change["edits"][0]["newText"], "\"http://example.org\"");
    assert!(actions(&mut session, Some("refactor")).is_empty());
    let all = actions(&mut session, Some("source.fixAll"));
    assert_eq!(all[0]["kind"], "source.fixAll.nixscope");

    let (_folder, mut session) = start(json!({ "textDocument": { "codeAction": { "codeActionLiteralSupport": {} } } }));
    let fixes = actions(&mut session, Some("quickfix"));
    assert_eq!(fixes[0].get("isPreferred"), None);
    let uri = session.uri("a.nix");
    assert_eq!(fixes[0]["edit"]["changes"][&uri][0]["newText"], "\"http://example.org\"");
}
