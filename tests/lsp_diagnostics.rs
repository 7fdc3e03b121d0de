//! Diagnostics: pushed and pulled, of open files and of the rest of the fleet.

use std::time::Duration;

use nixscope_tests::{Folder, Session, codes};
use serde_json::{Value, json};

const GOOD: &str = "{ outputs = _: { }; }\n";
const BROKEN: &str = "{ outputs = _: { ; }\n";
const URL: &str = "{ homepage = http://example.org; }\n";

fn none(found: &[Value]) -> bool {
    found.is_empty()
}

fn some(found: &[Value]) -> bool {
    !found.is_empty()
}

#[test]
fn a_broken_file_is_reported_until_it_is_mended() {
    let folder = Folder::new(&[("flake.nix", GOOD)]);
    let mut session = Session::start(folder.path(), json!({}));
    session.open("flake.nix", BROKEN);
    let found = session.until_published("flake.nix", some);
    assert_eq!(found[0]["source"], "nixscope");
    assert_eq!(found[0]["severity"], 1, "{found:?}");
    for absent in ["tags", "relatedInformation", "codeDescription"] {
        assert!(found.iter().all(|it| it.get(absent).is_none()), "{absent} was not announced");
    }
    session.replace("flake.nix", 2, GOOD);
    session.until_published("flake.nix", none);
    session.end();
}

#[test]
fn the_whole_fleet_is_reported_and_follows_the_disk() {
    let folder = Folder::new(&[("flake.nix", GOOD), ("a.nix", URL), ("sub/b.nix", URL), ("fine.nix", "{ }")]);
    let watched = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
    let mut session = Session::start(folder.path(), watched);
    for name in ["a.nix", "sub/b.nix"] {
        let found = session.until_published(name, some);
        assert_eq!(codes(&found), ["url-literal"]);
    }
    assert_eq!(session.times_published("fine.nix"), 0, "nothing to say");
    let changed =
        |session: &Session, name: &str, kind: i32| json!({ "uri": session.uri(name), "type": kind });

    folder.write("a.nix", "{ }");
    folder.remove("sub/b.nix");
    folder.write("new/c.nix", URL);
    let changes =
        [("a.nix", 2), ("sub/b.nix", 3), ("new/c.nix", 1)].map(|(name, kind)| changed(&session, name, kind));
    session.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    session.until_published("a.nix", none);
    session.until_published("sub/b.nix", none);
    session.until_published("new/c.nix", some);

    // The text of an editor hides the disk, until it is closed.
    session.open("a.nix", URL);
    session.until_published("a.nix", some);
    session.notify("textDocument/didClose", session.document("a.nix"));
    session.until_published("a.nix", none);

    folder.write("nixscope.toml", "[lints]\nurl-literal = \"off\"\nurl-litteral = \"off\"\n");
    let change = changed(&session, "nixscope.toml", 1);
    session.notify("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
    session.until_published("new/c.nix", none);
    let wrong = session.until_published("nixscope.toml", some);
    assert_eq!(wrong[0]["range"]["start"], json!({ "line": 2, "character": 0 }), "{wrong:?}");
    session.end();
}

#[test]
fn a_client_that_watches_nothing_is_followed_by_what_it_saves() {
    let folder = Folder::new(&[("flake.nix", GOOD)]);
    let mut session = Session::start(folder.path(), json!({}));
    session.open("new.nix", URL);
    session.until_published("new.nix", some);
    folder.write("new.nix", URL);
    session.notify("textDocument/didSave", session.document("new.nix"));
    session.notify("textDocument/didClose", session.document("new.nix"));
    // Now it belongs to the fleet: closing it clears nothing, mending it does.
    session.open("new.nix", "{ }");
    session.until_published("new.nix", none);
    session.end();
}

#[test]
fn what_the_client_announces_is_sent() {
    let folder = Folder::new(&[("flake.nix", GOOD)]);
    let capabilities = json!({ "textDocument": { "publishDiagnostics": {
        "codeDescriptionSupport": true, "versionSupport": true, "relatedInformation": true,
    } } });
    let mut session = Session::start(folder.path(), capabilities);
    session.open("a.nix", URL);
    let found = session.until_published("a.nix", some);
    let href = found[0]["codeDescription"]["href"].as_str().unwrap();
    assert!(href.ends_with("#url-literal"), "{href}");
    assert_eq!(session.published.last().unwrap()["version"], 1);
    session.end();
}

#[test]
fn open_files_are_pulled_or_pushed_but_not_both() {
    let folder = Folder::new(&[("flake.nix", GOOD), ("a.nix", URL), ("b.nix", URL)]);
    let capabilities = json!({
        "textDocument": { "diagnostic": {} },
        "workspace": { "diagnostics": { "refreshSupport": true } },
    });
    let mut session = Session::start(folder.path(), capabilities);
    session.until_published("a.nix", some);
    session.open("a.nix", URL);
    session.until_published("a.nix", none);
    let params = session.document("a.nix");
    let full = session.request("textDocument/diagnostic", params.clone());
    assert_eq!(full["kind"], "full");
    assert_eq!(codes(full["items"].as_array().unwrap()), ["url-literal"]);

    let mut again = params.clone();
    again["previousResultId"] = full["resultId"].clone();
    let unchanged = session.request("textDocument/diagnostic", again.clone());
    assert_eq!(unchanged, json!({ "kind": "unchanged", "resultId": full["resultId"] }));

    session.replace("a.nix", 2, "{ }");
    assert_eq!(session.request("textDocument/diagnostic", again)["items"], json!([]));
    session.listen(Duration::from_millis(500));
    assert_eq!(session.times_published("a.nix"), 2, "{:?}", session.published);

    // What changes an open file's diagnostics from outside makes the client ask again.
    session.replace("a.nix", 3, URL);
    session.request("textDocument/diagnostic", params.clone());
    let off = json!({ "settings": { "nixscope": { "lints": { "url-literal": "off" } } } });
    session.notify("workspace/didChangeConfiguration", off);
    session.until_said("workspace/diagnostic/refresh");
    assert_eq!(session.request("textDocument/diagnostic", params)["items"], json!([]));
    session.end();
}

#[test]
fn files_outside_any_flake_are_answered_one_by_one() {
    let folder = Folder::new(&[("a.nix", URL), ("b.nix", URL)]);
    let mut session = Session::start(folder.path(), json!({}));
    session.open("a.nix", URL);
    session.until_published("a.nix", some);
    assert_eq!(session.times_published("b.nix"), 0, "nobody asked for it");
    session.notify("textDocument/didClose", session.document("a.nix"));
    session.until_published("a.nix", none);
    session.end();

    // A client without a folder: the first document says where the flake is.
    let folder = Folder::new(&[("flake.nix", GOOD), ("a.nix", URL), ("b.nix", URL)]);
    let mut session = Session::silent(folder.path());
    session.request("initialize", json!({ "rootUri": null, "capabilities": {} }));
    session.notify("initialized", json!({}));
    session.open("a.nix", URL);
    session.until_published("a.nix", some);
    session.until_published("b.nix", some);
    session.end();
}
