//! What an editor draws of a file and does with it: folds, selections, tokens, hints, lenses, linked
//! names, formatting, refactorings.

use nixscope_tests::{Folder, Session, small_fleet};
use serde_json::{Value, json};

const WEB: &str = "{ config, self, ... }:\nlet\n  unused = 1;\n  port = 2;\nin\n{\n  imports = [\n    ./lib.nix\n  ];\n  \
                   my.port = port;\n  peer = self.nixosConfigurations.db.config.my.port;\n}\n";

fn start(capabilities: Value) -> (Folder, Session) {
    let folder = small_fleet();
    folder.write("web.nix", WEB);
    let mut session = Session::start(folder.path(), capabilities);
    session.open("web.nix", WEB);
    (folder, session)
}

fn whole() -> Value {
    json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } })
}

#[test]
fn folds_are_of_lines_where_the_client_folds_lines() {
    for (lines_only, end) in [(true, 7), (false, 8)] {
        let (_folder, mut session) =
            start(json!({ "textDocument": { "foldingRange": { "lineFoldingOnly": lines_only } } }));
        let params = session.document("web.nix");
        let folds = session.request("textDocument/foldingRange", params);
        let imports = folds.as_array().unwrap().iter().find(|it| it["startLine"] == 6).unwrap();
        assert_eq!(imports["endLine"], end, "{folds}");
        assert_eq!(imports.get("startCharacter").is_none(), lines_only, "{folds}");
        session.end();
    }
}

#[test]
fn selections_grow_around_every_place_asked_for() {
    let (_folder, mut session) = start(json!({}));
    let mut params = session.document("web.nix");
    params["positions"] = json!([{ "line": 9, "character": 6 }, { "line": 2, "character": 4 }]);
    let ranges = session.request("textDocument/selectionRange", params);
    assert_eq!(ranges.as_array().unwrap().len(), 2);
    for range in ranges.as_array().unwrap() {
        let mut steps = 0;
        let mut at = range;
        while at["parent"].is_object() {
            let (inner, outer) = (&at["range"], &at["parent"]["range"]);
            let key = |it: &Value| (it["line"].as_u64().unwrap(), it["character"].as_u64().unwrap());
            assert!(key(&outer["start"]) <= key(&inner["start"]) && key(&inner["end"]) <= key(&outer["end"]));
            at = &at["parent"];
            steps += 1;
        }
        assert!(steps >= 2, "{range}");
    }
    session.end();
}

#[test]
fn tokens_come_whole_changed_and_in_part() {
    let (_folder, mut session) = start(json!({}));
    let params = session.document("web.nix");
    let all = session.request("textDocument/semanticTokens/full", params);
    let data: Vec<u64> = all["data"].as_array().unwrap().iter().map(|it| it.as_u64().unwrap()).collect();
    assert!(data.len() >= 50 && data.len().is_multiple_of(5), "{all}");
    let legend = &session.server["capabilities"]["semanticTokensProvider"]["legend"];
    let types = legend["tokenTypes"].as_array().unwrap().len() as u64;
    let modifiers = legend["tokenModifiers"].as_array().unwrap().len() as u64;
    assert!(data.chunks(5).all(|it| it[3] < types && it[4] < 1 << modifiers), "{all}");

    let mut params = session.document("web.nix");
    params["previousResultId"] = all["resultId"].clone();
    let same = session.request("textDocument/semanticTokens/full/delta", params);
    assert_eq!(same["edits"], json!([]), "{same}");

    let text = WEB.replace("unused", "usless");
    session.replace("web.nix", 2, &format!("# one line more\n{text}"));
    let mut params = session.document("web.nix");
    params["previousResultId"] = same["resultId"].clone();
    let delta = session.request("textDocument/semanticTokens/full/delta", params);
    let mut patched = data.clone();
    for edit in delta["edits"].as_array().unwrap_or_else(|| panic!("{delta}")).iter().rev() {
        let start = usize::try_from(edit["start"].as_u64().unwrap()).unwrap();
        let gone = usize::try_from(edit["deleteCount"].as_u64().unwrap()).unwrap();
        let new = edit["data"].as_array().cloned().unwrap_or_default();
        patched.splice(start..start + gone, new.iter().map(|it| it.as_u64().unwrap()));
    }
    let params = session.document("web.nix");
    let fresh = session.request("textDocument/semanticTokens/full", params);
    assert_eq!(json!(patched), fresh["data"]);

    let mut params = session.document("web.nix");
    params["range"] = json!({ "start": { "line": 3, "character": 0 }, "end": { "line": 5, "character": 0 } });
    let part = session.request("textDocument/semanticTokens/range", params);
    let count = part["data"].as_array().unwrap().len();
    assert!(count > 0 && count < patched.len(), "{part}");
    session.end();
}

#[test]
fn hints_show_values_unless_they_are_switched_off() {
    let (_folder, mut session) = start(json!({}));
    let mut params = session.document("web.nix");
    params["range"] = whole();
    let hints = session.request("textDocument/inlayHint", params.clone());
    assert!(hints.to_string().contains("5432"), "{hints}");
    session.notify(
        "workspace/didChangeConfiguration",
        json!({ "settings": { "nixscope": { "inlay-hints": { "values": false } } } }),
    );
    let hints = session.request("textDocument/inlayHint", params);
    assert!(!hints.to_string().contains("5432"), "{hints}");
    session.end();
}

#[test]
fn lenses_say_which_hosts_have_a_module() {
    let (folder, mut session) = start(json!({}));
    let text = folder.read("port.nix");
    session.open("port.nix", &text);
    let params = session.document("port.nix");
    let lenses = session.request("textDocument/codeLens", params);
    let titles: Vec<&str> =
        lenses.as_array().unwrap().iter().map(|it| it["command"]["title"].as_str().unwrap()).collect();
    assert!(
        titles.iter().any(|it| it.starts_with("in ") && it.contains("web") && it.contains("db")),
        "{titles:?}"
    );
    assert!(titles.iter().any(|it| it.starts_with("set on ")), "{titles:?}");
    // A client that can neither show a list nor a document gets words only.
    assert!(lenses.as_array().unwrap().iter().all(|it| it["command"]["command"] == ""), "{lenses}");
    session.end();
}

#[test]
fn a_lens_shows_the_places_that_it_counts() {
    const SHOW: &str = "nixscope.showReferences";
    let own = json!({ "experimental": { "commands": { "commands": [SHOW] } } });
    let servers = json!({ "window": { "showDocument": { "support": true } } });
    for (capabilities, by_server) in [(own, false), (servers, true)] {
        let (folder, mut session) = start(capabilities);
        let offered = &session.server["capabilities"]["executeCommandProvider"]["commands"];
        assert_eq!(offered.as_array().unwrap().iter().any(|it| it == SHOW), by_server, "{offered}");
        session.open("port.nix", &folder.read("port.nix"));
        let params = session.document("port.nix");
        let lenses = session.request("textDocument/codeLens", params);
        let set = lenses
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["command"]["title"].as_str().is_some_and(|title| title.starts_with("set on ")));
        let command = &set.unwrap()["command"];
        assert_eq!(command["command"], SHOW, "{lenses}");
        let places: Vec<&str> = command["arguments"][2]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["uri"].as_str().unwrap().rsplit('/').next().unwrap())
            .collect();
        assert_eq!(places, ["db.nix", "web.nix"], "{command}");
        if by_server {
            let params = json!({ "command": SHOW, "arguments": command["arguments"] });
            session.request("workspace/executeCommand", params);
            let shown = session.until_said("window/showDocument");
            assert!(shown["params"]["uri"].as_str().unwrap().ends_with("db.nix"), "{shown}");
        }
        let unknown = json!({ "command": "nixscope.nothing" });
        assert_eq!(session.refused("workspace/executeCommand", unknown), -32602);
        session.end();
    }
}

#[test]
fn linked_names_are_edited_together() {
    let (_folder, mut session) = start(json!({}));
    let params = session.place("web.nix", 3, 3);
    let linked = session.request("textDocument/linkedEditingRange", params);
    let ranges = linked["ranges"].as_array().unwrap();
    let lines: Vec<_> = ranges.iter().map(|it| it["start"]["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [3, 9], "{linked}");
    session.end();
}

#[test]
fn the_configured_formatter_formats() {
    let (_folder, mut session) = start(json!({}));
    let options = json!({ "tabSize": 2, "insertSpaces": true });
    let mut params = session.document("web.nix");
    params["options"] = options;
    // Without a formatter there is nothing to do.
    assert_eq!(session.request("textDocument/formatting", params.clone()), Value::Null);
    let configure = |session: &mut Session, command: Value| {
        let settings = json!({ "nixscope": { "formatter": { "command": command } } });
        session.notify("workspace/didChangeConfiguration", json!({ "settings": settings }));
    };
    configure(&mut session, json!(["sed", "s/port/gate/"]));
    let edits = session.request("textDocument/formatting", params.clone());
    assert_eq!(edits.as_array().unwrap().len(), 3, "{edits}");
    params["range"] = json!({ "start": { "line": 3, "character": 0 }, "end": { "line": 3, "character": 5 } });
    let edits = session.request("textDocument/rangeFormatting", params.clone());
    assert_eq!(edits.as_array().unwrap().len(), 1, "{edits}");
    assert_eq!(edits[0]["range"]["start"]["line"], 3, "{edits}");
    for broken in [json!(["false"]), json!(["no-such-program-anywhere"])] {
        configure(&mut session, broken);
        assert_eq!(session.refused("textDocument/formatting", params.clone()), -32803);
    }
    session.end();
}

#[test]
fn the_flake_says_what_formats_it() {
    let (folder, mut session) = start(json!({}));
    let flake = folder.read("flake.nix").replace(
        "nixosConfigurations.web =",
        "formatter.x86_64-linux = nixpkgs.legacyPackages.x86_64-linux.alejandra;\n    nixosConfigurations.web =",
    );
    session.open("flake.nix", &flake);
    let mut params = session.document("web.nix");
    params["options"] = json!({ "tabSize": 2, "insertSpaces": true });
    // Where the program is not installed, the refusal names it.
    let answer = {
        let id = session.ask("textDocument/formatting", params);
        session.answer(id)
    };
    let refused = answer["error"]["message"].as_str().is_some_and(|it| it.contains("alejandra"));
    assert!(refused || answer["result"].is_array(), "{answer}");
    session.end();
}

#[test]
fn refactorings_are_offered_by_kind() {
    let (_folder, mut session) =
        start(json!({ "textDocument": { "codeAction": { "codeActionLiteralSupport": {} } } }));
    let mut params = session.document("web.nix");
    let at = json!({ "line": 9, "character": 5 });
    params["range"] = json!({ "start": at, "end": at });
    params["context"] = json!({ "diagnostics": [], "only": ["refactor"] });
    let found = session.request("textDocument/codeAction", params);
    let actions = found.as_array().unwrap();
    assert!(!actions.is_empty());
    assert!(actions.iter().all(|it| it["kind"].as_str().unwrap().starts_with("refactor.")), "{found}");
    assert!(actions.iter().all(|it| it["edit"]["changes"].is_object()), "{found}");
    session.end();
}
