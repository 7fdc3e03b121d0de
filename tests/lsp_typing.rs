//! What helps while typing: completion, signatures, and answers in text that is half written.

use nixscope_tests::{Folder, Session, small_fleet};
use serde_json::{Value, json};

fn start() -> (Folder, Session) {
    let folder = small_fleet();
    let item = json!({ "snippetSupport": true, "documentationFormat": ["markdown"] });
    let session = Session::start(
        folder.path(),
        json!({ "textDocument": { "completion": { "completionItem": item } } }),
    );
    (folder, session)
}

fn completions(session: &mut Session, marked: &str) -> Vec<Value> {
    let place = session.open_at("web.nix", marked);
    let list = session.request("textDocument/completion", place);
    list["items"].as_array().unwrap_or_else(|| panic!("{marked}: {list}")).clone()
}

fn labels(items: &[Value]) -> Vec<&str> {
    items.iter().filter_map(|it| it["label"].as_str()).collect()
}

/// Each line is how a text stands while somebody types it.
#[test]
fn half_written_text_is_completed() {
    let (_folder, mut session) = start();
    for (marked, want) in [
        ("{ config, ... }: { a = config.$0", "my"),
        ("{ config, ... }: { a = config.my.$0 }", "port"),
        ("{ config, ... }: { a = config.my.po$0; b = 1; }", "port"),
        ("{ config, ... }: { a = \"${config.my.$0", "port"),
        ("{ config, ... }: { a = \"x ${toString config.my.$0}\"; }", "port"),
        ("{ config, ... }: { a = ''\n  ${config.my.$0\n'';\n}", "port"),
        ("{ config, ... }: let cfg = config.my; in { a = cfg.$0", "level"),
        ("{ ... }: { my.$0", "port"),
        ("{ ... }: { my.$0\n  other = 1; }", "level"),
        ("{ ... }: { my = { $0", "port"),
        ("{ ... }: { my.level = $0", "\"high\""),
        ("{ ... }: { my.level = \"$0", "high"),
        ("{ ... }: { my.level = \"$0\n  x = 1; }", "high"),
        ("{ self, ... }: { a = self.nixosConfigurations.$0", "db"),
        ("{ self, ... }: { a = self.nixosConfigurations.db.config.my.$0", "port"),
        ("{ config, ... }: with config.my; { a = $0", "port"),
        ("{ config, ... }: { inherit (config.my) $0", "port"),
        ("{ config, $0 }: { }", "lib"),
        ("{ lib, ... }: { a = lib.mkFor$0", "mkForce"),
        ("{ lib, ... }: { a = lib.types.enu$0", "enum"),
        ("{ ... }: { imports = [ ./$0 ]; }", "port.nix"),
        ("{ ... }: { imports = [ ./po$0", "port.nix"),
        ("{ ... }: let l = import ./lib.nix; in { a = l.$0", "plus"),
        ("{ ... }: { a = builtins.toJ$0", "toJSON"),
        ("let somewhere = 1; in { a = some$0", "somewhere"),
        ("{ a = i$0", "if"),
    ] {
        let items = completions(&mut session, marked);
        assert!(labels(&items).contains(&want), "{marked}: {:?}", labels(&items));
    }
    for nothing in ["# a comm$0", "{ a = 12$0; }"] {
        assert!(completions(&mut session, nothing).is_empty(), "{nothing}");
    }
    session.end();
}

#[test]
fn documentation_comes_when_it_is_asked_for() {
    let (_folder, mut session) = start();
    for (marked, label, says) in [
        ("{ config, ... }: { a = config.my.$0; }", "port", "Where it listens."),
        ("{ ... }: let l = import ./lib.nix; in { a = l.$0; }", "plus", "Adds one."),
        ("{ a = builtins.$0; }", "toJSON", "JSON"),
    ] {
        let items = completions(&mut session, marked);
        let item = items.iter().find(|it| it["label"] == label).unwrap_or_else(|| panic!("{marked}"));
        assert_eq!(item["documentation"], Value::Null, "only when it is looked at");
        let resolved = session.request("completionItem/resolve", item.clone());
        assert_eq!(resolved["documentation"]["kind"], "markdown");
        assert!(resolved["documentation"].to_string().contains(says), "{resolved}");
        assert_eq!(resolved["label"], label);
    }
    session.end();
}

#[test]
fn an_option_is_completed_with_a_place_for_its_value() {
    let (_folder, mut session) = start();
    let items = completions(&mut session, "{ ... }: { my.$0 }");
    let level = items.iter().find(|it| it["label"] == "level").unwrap();
    assert_eq!(level["insertTextFormat"], 2, "{level}");
    assert!(level["textEdit"]["newText"].as_str().unwrap().starts_with("level = "), "{level}");
    session.end();

    let folder = small_fleet();
    let mut session = Session::start(folder.path(), json!({}));
    let items = completions(&mut session, "{ ... }: { my.$0 }");
    let level = items.iter().find(|it| it["label"] == "level").unwrap();
    assert!(!level.to_string().contains("${"), "no snippet for who takes none: {level}");
    session.end();
}

#[test]
fn a_signature_marks_the_argument_at_hand() {
    let (_folder, mut session) = start();
    for (marked, label, active) in [
        ("{ ... }: let l = import ./lib.nix; in { a = l.plus $0", "plus", 0),
        ("{ ... }: let l = import ./lib.nix; in { a = l.plus 1 $0; }", "plus", 1),
        ("{ lib, ... }: { a = lib.mkIf true $0; }", "mkIf", 1),
    ] {
        let place = session.open_at("web.nix", marked);
        let help = session.request("textDocument/signatureHelp", place);
        let signature = &help["signatures"][0];
        assert!(signature["label"].as_str().is_some_and(|it| it.contains(label)), "{marked}: {help}");
        let shown = help["activeParameter"].as_u64().or(signature["activeParameter"].as_u64());
        assert_eq!(shown, Some(active), "{marked}: {help}");
    }
    let place = session.open_at("web.nix", "{ a = $0 1; }");
    assert_eq!(session.request("textDocument/signatureHelp", place), Value::Null);
    session.end();
}

/// Hover and definition beside what does not parse.
#[test]
fn broken_text_is_still_navigable() {
    let (_folder, mut session) = start();
    for marked in [
        "{ config, ... }:\n{\n  a = config.my.po$0rt;\n  b = config.my.\n}\n",
        "{ config, ... }:\n{\n  a = config.my.po$0rt\n  b = 1;\n}\n",
        "{ config, ... }:\n{\n  a = config.my.po$0rt;\n  b = [ 1 2\n}\n",
        "{ config, ... }:\n{\n  a = config.my.po$0rt;\n  b = \"unclosed\n}\n",
    ] {
        let place = session.open_at("web.nix", marked);
        let found = session.request("textDocument/definition", place.clone());
        assert_eq!(session.lines_of(&found), ["port.nix:3: options.my.port = lib.mkOption {"], "{marked}");
        let hover = session.request("textDocument/hover", place);
        assert!(hover.to_string().contains("Where it listens."), "{marked}: {hover}");
    }
    session.end();
}

/// Every prefix of a module is a text that somebody may stop at: all that is asked of it is answered.
#[test]
fn every_prefix_is_answered() {
    let (_folder, mut session) = start();
    let whole = "{ config, lib, self, ... }:\nlet cfg = config.my; in\n{\n  imports = [ ./port.nix ];\n  \
                 my.level = lib.mkIf (cfg.port > 1) \"high\";\n  x = ''\n    ${self.nixosConfigurations.db.config.my.port}\n  '';\n}\n";
    session.open("web.nix", "");
    let mut version = 1;
    for end in (0..whole.len()).filter(|at| whole.is_char_boundary(*at)) {
        let text = &whole[..end];
        version += 1;
        session.replace("web.nix", version, text);
        let line = text.matches('\n').count().try_into().unwrap();
        let column = text.rsplit('\n').next().unwrap_or("").len().try_into().unwrap();
        for method in ["completion", "signatureHelp", "hover", "definition"] {
            let place = session.place("web.nix", line, column);
            session.request(&format!("textDocument/{method}"), place);
        }
        for method in ["semanticTokens/full", "foldingRange", "documentSymbol", "codeLens"] {
            session.request(&format!("textDocument/{method}"), session.document("web.nix"));
        }
    }
    session.end();
}
