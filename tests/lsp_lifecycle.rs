//! The beginning and the end of a session, and messages that are none.

use std::time::Duration;

use nixscope_tests::{Folder, Session, frame};
use serde_json::{Value, json};

fn flake() -> Folder {
    Folder::new(&[("flake.nix", "{ outputs = { self }: { é𝄞 = 1; x = 2; }; }\n")])
}

#[test]
fn positions_count_in_the_negotiated_encoding() {
    let folder = flake();
    for (offered, chosen, column) in [
        (json!(["utf-8", "utf-16", "utf-32"]), json!("utf-8"), 6),
        (json!(["utf-16"]), json!("utf-16"), 3),
        (json!(["utf-32", "utf-8"]), json!("utf-32"), 2),
        (json!(["utf-7"]), json!("utf-16"), 3),
        (Value::Null, Value::Null, 3),
    ] {
        let symbols = json!({ "hierarchicalDocumentSymbolSupport": true });
        let capabilities = json!({
            "general": { "positionEncodings": offered },
            "textDocument": { "documentSymbol": symbols },
        });
        let mut session = Session::start(folder.path(), capabilities);
        assert_eq!(session.server["capabilities"]["positionEncoding"], chosen, "{offered}");
        assert_eq!(session.server["serverInfo"]["name"], "nixscope");
        // What follows the wide characters tells how they are counted.
        session.open("a.nix", "\n/* é𝄞 */ { x = 1; }");
        let outline = session.request("textDocument/documentSymbol", session.document("a.nix"));
        let start = &outline[0]["selectionRange"]["start"];
        assert_eq!(start, &json!({ "line": 1, "character": column + "/*  */ { ".len() }), "{offered}");
        session.end();
    }
}

#[test]
fn only_what_the_client_announces_is_offered() {
    let folder = flake();
    let session = Session::start(folder.path(), json!({}));
    let bare = &session.server["capabilities"];
    assert_eq!(bare["hoverProvider"], true);
    assert_eq!(bare["codeActionProvider"], Value::Null);
    assert_eq!(bare["diagnosticProvider"], Value::Null);
    let kinds = json!({ "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix"] } } });
    let able = json!({ "textDocument": { "codeAction": kinds, "diagnostic": {} } });
    let session = Session::start(folder.path(), able);
    let able = &session.server["capabilities"];
    assert_eq!(able["diagnosticProvider"]["interFileDependencies"], true);
    assert_eq!(able["codeActionProvider"]["codeActionKinds"][0], "quickfix");
}

#[test]
fn capabilities_of_the_wrong_shape_are_survived() {
    let folder = flake();
    for capabilities in [json!(null), json!([]), json!({ "textDocument": { "hover": 3, "codeAction": [1] } })]
    {
        Session::start(folder.path(), capabilities).end();
    }
}

#[test]
fn the_exit_status_says_whether_shutdown_came() {
    let folder = flake();
    Session::start(folder.path(), json!({})).end();

    let mut abrupt = Session::start(folder.path(), json!({}));
    abrupt.notify("exit", Value::Null);
    assert_eq!(abrupt.exit_status(), 1);

    let mut gone = Session::start(folder.path(), json!({}));
    gone.close_input();
    assert_eq!(gone.exit_status(), 1);

    let mut hasty = Session::start(folder.path(), json!({}));
    hasty.ask("shutdown", Value::Null);
    hasty.notify("exit", Value::Null);
    assert_eq!(hasty.exit_status(), 0, "exit right behind shutdown");

    let mut unborn = Session::silent(folder.path());
    unborn.close_input();
    assert_eq!(unborn.exit_status(), 1);
}

#[test]
fn requests_are_refused_before_the_beginning_and_after_the_end() {
    let folder = flake();
    let mut session = Session::silent(folder.path());
    let hover = session.place("flake.nix", 0, 0);
    assert_eq!(session.refused("textDocument/hover", hover.clone()), -32002);
    session.initialize(json!({}), Value::Null);
    assert_eq!(session.refused("initialize", json!({ "capabilities": {} })), -32600);
    session.request("textDocument/hover", hover.clone());
    session.request("shutdown", Value::Null);
    assert_eq!(session.refused("textDocument/hover", hover), -32600);
    session.notify("exit", Value::Null);
    assert_eq!(session.exit_status(), 0);
}

#[test]
fn malformed_messages_are_refused_and_survived() {
    let folder = flake();
    let mut session = Session::start(folder.path(), json!({}));
    for (bytes, code) in [
        (frame("{"), -32700),
        (frame("[]"), -32600),
        (frame("3"), -32600),
        (frame(r#"{"id":1,"method":"shutdown"}"#), -32600),
        (frame(r#"{"jsonrpc":"2.0","id":{},"method":"shutdown"}"#), -32600),
        ("Content-Length: nonsense\r\n\r\n".to_string(), -32700),
        ("X: y\r\n\r\n".to_string(), -32700),
    ] {
        session.raw(bytes.as_bytes());
        assert_eq!(session.answer(-1)["error"]["code"], code, "{bytes}");
    }
    session.raw(b"Content-Length: 4\r\n\r\n\xff\xfe\xfd\xfc");
    assert_eq!(session.answer(-1)["error"]["code"], -32700);
    session.raw(b"nonsense");
    for method in ["no/such", "$/no/such"] {
        assert_eq!(session.refused(method, json!({})), -32601, "{method}");
    }
    for params in [json!(null), json!(3), json!({}), json!({ "textDocument": 3 })] {
        assert_eq!(session.refused("textDocument/hover", params.clone()), -32602, "{params}");
        session.notify("textDocument/didChange", params.clone());
        session.notify("textDocument/didOpen", params.clone());
        session.notify("$/cancelRequest", params.clone());
        session.notify("workspace/didChangeConfiguration", params.clone());
        session.notify("workspace/didChangeWatchedFiles", params);
    }
    session.send(&json!({ "jsonrpc": "2.0", "id": 999, "result": null }));
    session.send(&json!({ "jsonrpc": "2.0", "id": 999, "error": { "code": 1, "message": "x", "more": 2 } }));
    let hover = session.place("flake.nix", 0, 0);
    session.request("textDocument/hover", hover);
    session.end();
}

#[test]
fn settings_come_from_wherever_the_client_keeps_them() {
    let text = "{ outputs = _: { homepage = http://example.org; }; }\n";
    let folder = Folder::new(&[("flake.nix", text)]);
    let off = json!({ "lints": { "url-literal": "off" } });
    let is_off = |found: &[Value]| nixscope_tests::codes(found).iter().all(|code| *code != "url-literal");

    let mut by_options = Session::silent(folder.path());
    by_options.initialize(json!({}), off.clone());
    by_options.open("flake.nix", text);
    by_options.until_published("flake.nix", is_off);
    by_options.end();

    let mut by_question = Session::silent(folder.path());
    by_question.settings = off.clone();
    by_question.initialize(json!({ "workspace": { "configuration": true } }), Value::Null);
    by_question.open("flake.nix", text);
    by_question.until_published("flake.nix", is_off);
    by_question.end();

    let mut by_notification = Session::start(folder.path(), json!({}));
    by_notification.open("flake.nix", text);
    by_notification.until_published("flake.nix", |found| !is_off(found));
    by_notification.notify("workspace/didChangeConfiguration", json!({ "settings": { "nixscope": off } }));
    by_notification.until_published("flake.nix", is_off);
    let wrong = json!({ "settings": { "nixscope": { "lints": { "url-litteral": "off" } } } });
    by_notification.notify("workspace/didChangeConfiguration", wrong);
    let warning = by_notification.until_said("window/showMessage");
    assert!(
        warning["params"]["message"].as_str().unwrap().contains("did you mean `url-literal`?"),
        "{warning}"
    );
    by_notification.end();
}

#[test]
fn what_is_wanted_of_the_client_is_registered() {
    let folder = flake();
    let dynamic = json!({ "dynamicRegistration": true });
    let capabilities = json!({
        "workspace": { "didChangeWatchedFiles": dynamic, "didChangeConfiguration": dynamic },
    });
    let mut session = Session::start(folder.path(), capabilities);
    let registration = session.until_said("client/registerCapability");
    let registrations = registration["params"]["registrations"].as_array().unwrap();
    let methods: Vec<_> = registrations.iter().map(|it| it["method"].as_str().unwrap()).collect();
    assert_eq!(methods, ["workspace/didChangeWatchedFiles", "workspace/didChangeConfiguration"]);
    session.end();

    let mut unable = Session::start(folder.path(), json!({}));
    unable.listen(Duration::from_millis(300));
    assert!(unable.said.is_empty(), "{:?}", unable.said);
    unable.end();
}
