//! Actions that make what is missing, as clients get them: new files, several files at once, and git.

#![allow(clippy::disallowed_methods, reason = "the tests ask git themselves")]

use std::process::Command;

use nixscope_tests::{Folder, Session, small_fleet};
use serde_json::{Value, json};

const WEB: &str = "{ config, ... }:\n{\n  imports = [ ./disks.nix ];\n  my.size = 3;\n}\n";

fn start(workspace_edit: Value) -> (Folder, Session) {
    let folder = small_fleet();
    folder.write("web.nix", WEB);
    let literals = json!({ "codeAction": { "codeActionLiteralSupport": {} } });
    let workspace = json!({ "workspaceEdit": workspace_edit });
    let mut session =
        Session::start(folder.path(), json!({ "textDocument": literals, "workspace": workspace }));
    session.open("web.nix", WEB);
    (folder, session)
}

/// The action at a place whose title begins like this.
fn action(session: &mut Session, line: u32, character: u32, title: &str) -> Option<Value> {
    let at = json!({ "line": line, "character": character });
    let mut params = session.document("web.nix");
    params["range"] = json!({ "start": at, "end": at });
    params["context"] = json!({ "diagnostics": [], "only": ["quickfix"] });
    let found = session.request("textDocument/codeAction", params);
    found.as_array()?.iter().find(|it| it["title"].as_str().is_some_and(|it| it.starts_with(title))).cloned()
}

#[test]
fn a_missing_file_is_made_as_the_client_can() {
    let operations = json!(["create", "rename"]);
    let full = json!({ "documentChanges": true, "resourceOperations": operations });
    let (_folder, mut session) = start(full);
    let made = action(&mut session, 2, 17, "Create `disks.nix`").expect("an action");
    // It mends the finding that the import leads nowhere.
    assert_eq!(made["diagnostics"][0]["code"], "missing-import", "{made}");
    let changes = made["edit"]["documentChanges"].as_array().unwrap();
    assert_eq!(changes[0]["kind"], "create", "{made}");
    assert_eq!(changes[0]["uri"], changes[1]["textDocument"]["uri"], "{made}");
    assert_eq!(changes[1]["textDocument"]["version"], Value::Null, "{made}");
    session.end();

    // Neovim makes files and takes no list of operations.
    let (_folder, mut session) = start(json!({ "resourceOperations": operations }));
    let made = action(&mut session, 2, 17, "Create `disks.nix`").expect("an action");
    let uri = session.uri("disks.nix");
    assert!(made["edit"]["changes"][&uri][0]["newText"].as_str().unwrap().contains("config"), "{made}");
    session.end();

    let (_folder, mut session) = start(json!({ "documentChanges": true }));
    assert_eq!(action(&mut session, 2, 17, "Create"), None);
    session.end();
}

#[test]
fn an_option_is_declared_in_another_file() {
    let (_folder, mut session) = start(json!({}));
    let made = action(&mut session, 3, 7, "Declare the option `my.size` in port.nix").expect("an action");
    let uri = session.uri("port.nix");
    let text = made["edit"]["changes"][&uri][0]["newText"].as_str().unwrap();
    assert!(text.contains("options.my.size = lib.mkOption") && text.contains("lib.types.int"), "{made}");
    session.end();
}

#[test]
fn git_is_told_about_a_new_file() {
    let (folder, mut session) = start(json!({}));
    folder.write("disks.nix", "{ }\n");
    folder.write(".gitignore", "result\n");
    let git = |args: &[&str]| {
        let output = Command::new("git").arg("-C").arg(folder.path()).args(args).output().expect("git runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    git(&["init", "--quiet"]);
    git(&["add", ".gitignore", "*.nix"]);
    git(&["rm", "--quiet", "--cached", "disks.nix"]);
    let index = json!({ "changes": [{ "uri": session.uri(".git/index"), "type": 2 }, { "uri": session.uri("disks.nix"), "type": 1 }] });
    session.notify("workspace/didChangeWatchedFiles", index);
    let made = action(&mut session, 2, 17, "Add `disks.nix` to git").expect("an action");
    assert_eq!(made["diagnostics"][0]["code"], "untracked-import", "{made}");
    assert!(made.get("edit").is_none(), "{made}");
    let command = &made["command"];
    let params = json!({ "command": command["command"], "arguments": command["arguments"] });
    session.request("workspace/executeCommand", params.clone());
    assert!(git(&["ls-files"]).lines().any(|it| it == "disks.nix"));
    assert_eq!(action(&mut session, 2, 17, "Add"), None);
    // Nothing outside the flake, and nothing that is no address.
    for arguments in [json!(["file:///etc/passwd"]), json!([]), json!([3])] {
        session.refused(
            "workspace/executeCommand",
            json!({ "command": command["command"], "arguments": arguments }),
        );
    }
    session.end();
}
