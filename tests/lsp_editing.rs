//! Edits: their order, their ranges, and requests that are overtaken or cancelled.

use std::fmt::Write;

use nixscope_tests::{Folder, Session, codes};
use serde_json::{Value, json};

fn session() -> (Folder, Session) {
    let folder = Folder::new(&[("flake.nix", "{ outputs = _: { }; }\n")]);
    let capabilities = json!({ "textDocument": {
        "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
        "codeAction": { "codeActionLiteralSupport": {} },
    } });
    let session = Session::start(folder.path(), capabilities);
    (folder, session)
}

fn span(start: (u32, u32), end: (u32, u32)) -> Value {
    json!({
        "start": { "line": start.0, "character": start.1 },
        "end": { "line": end.0, "character": end.1 },
    })
}

/// The names at the top of a file's outline.
fn names(session: &mut Session, name: &str) -> Vec<String> {
    let params = session.document(name);
    let symbols = session.request("textDocument/documentSymbol", params);
    symbols.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_string()).collect()
}

/// Edits and questions in turn, none waited for: every answer is about the text at its place in the
/// order, or says that it was overtaken.
#[test]
fn answers_keep_the_order_of_edits() {
    let (_folder, mut session) = session();
    session.open("a.nix", "{ u = http://v.org/0; }");
    let mut asked = Vec::new();
    for version in 1..=200 {
        session.replace("a.nix", version + 1, &format!("{{ v{version} = 1; u = http://v.org/{version}; }}"));
        let symbols = session.ask("textDocument/documentSymbol", session.document("a.nix"));
        let mut params = session.document("a.nix");
        params["range"] = span((0, 0), (0, 99));
        params["context"] = json!({ "diagnostics": [] });
        asked.push((version, symbols, session.ask("textDocument/codeAction", params)));
    }
    let mut answered = 0;
    for (version, symbols, actions) in asked {
        let answer = session.answer(symbols);
        match answer["error"]["code"].as_i64() {
            Some(code) => assert_eq!(code, -32801, "{answer}"),
            None => {
                // An outline may be of a newer text, never of an older one.
                let name = answer["result"][0]["name"].as_str().unwrap();
                let seen: i32 = name.strip_prefix('v').unwrap().parse().unwrap();
                assert!(seen >= version, "asked after {version}, answered {seen}");
                answered += 1;
            }
        }
        let answer = session.answer(actions);
        match answer["error"]["code"].as_i64() {
            Some(code) => assert_eq!(code, -32801, "{answer}"),
            None => {
                let edit = answer["result"][0]["edit"].to_string();
                assert!(
                    edit.contains(&format!("http://v.org/{version}\\\"")),
                    "asked after {version}: {edit}"
                );
                answered += 1;
            }
        }
    }
    assert!(answered >= 2, "the last questions were overtaken by nothing");
    session.until_published("a.nix", |found| codes(found).contains(&"url-literal"));
    session.end();
}

#[test]
fn ranges_are_applied_in_utf_16_and_clipped() {
    let (_folder, mut session) = session();
    session.open("a.nix", "{\r\n  /* é𝄞 */ x = 1;\r\n}\r\n");
    assert_eq!(names(&mut session, "a.nix"), ["x"]);
    session.edit("a.nix", 2, json!({ "range": span((1, 12), (1, 13)), "text": "long" }));
    assert_eq!(names(&mut session, "a.nix"), ["long"]);
    // Past the end of a line, of the text, turned around, and of a version that is not the next.
    session.edit("a.nix", 9, json!({ "range": span((1, 999), (1, 999)), "text": " y = 2;" }));
    assert_eq!(names(&mut session, "a.nix"), ["long", "y"]);
    session.edit("a.nix", 3, json!({ "range": span((999, 0), (999, 9)), "text": " // { z = 3; }" }));
    assert_eq!(names(&mut session, "a.nix"), ["long", "y", "z"]);
    session.edit("a.nix", 4, json!({ "range": span((3, 14), (3, 0)), "text": "" }));
    assert_eq!(names(&mut session, "a.nix"), ["long", "y"]);
    session.end();
}

#[test]
fn documents_that_are_unknown_or_strange_are_tolerated() {
    let (_folder, mut session) = session();
    session.replace("not-open.nix", 2, "{ a = 1; }");
    session.notify("textDocument/didClose", session.document("not-open.nix"));
    let params = session.document("not-open.nix");
    assert_eq!(session.request("textDocument/documentSymbol", params), Value::Null);

    let untitled =
        json!({ "uri": "untitled:Untitled-1", "languageId": "nix", "version": 1, "text": "{ a = 1; }" });
    session.notify("textDocument/didOpen", json!({ "textDocument": untitled }));
    let params = json!({ "textDocument": { "uri": "untitled:Untitled-1" } });
    assert_eq!(session.request("textDocument/documentSymbol", params)[0]["name"], "a");

    let other = json!({ "uri": session.uri("x.json"), "languageId": "json", "version": 1, "text": "{" });
    session.notify("textDocument/didOpen", json!({ "textDocument": other }));
    let params = session.document("x.json");
    assert_eq!(session.request("textDocument/documentSymbol", params), Value::Null);

    for opened in ["", "[", &"[".repeat(20_000), "\r\r\n\n", "{ \"\" = 1; }"] {
        session.open("strange.nix", opened);
        let params = session.document("strange.nix");
        session.request("textDocument/documentSymbol", params);
    }
    session.end();
}

/// A cancelled request is answered at once, with its own code unless it was faster, and the server
/// goes on.
#[test]
fn the_client_cancels() {
    let (_folder, mut session) = session();
    let mut text = String::from("{\n");
    for line in 0..5_000 {
        writeln!(text, "  a{line} = {{ b = [ 1 2 3 ]; c = \"${{toString a{line}}}\"; }};").unwrap();
    }
    text.push_str("}\n");
    session.open("big.nix", &text);
    let mut cancelled = 0;
    for version in 2..8 {
        session.edit("big.nix", version, json!({ "range": span((0, 0), (0, 0)), "text": " " }));
        let id = session.ask("textDocument/documentSymbol", session.document("big.nix"));
        session.notify("$/cancelRequest", json!({ "id": id }));
        let answer = session.answer(id);
        match answer["error"]["code"].as_i64() {
            Some(code) => {
                assert_eq!(code, -32800, "{answer}");
                cancelled += 1;
            }
            None => assert!(answer["result"].is_array(), "{answer}"),
        }
    }
    assert!(cancelled > 0, "every one of the big outlines was faster than its cancellation");
    session.notify("$/cancelRequest", json!({ "id": "never sent" }));
    assert_eq!(names(&mut session, "big.nix").len(), 5_000);
    session.end();
}
