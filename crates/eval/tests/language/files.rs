//! Builtins that read files.

use crate::print;

const FILES: &str = "
#- /data/a.txt
hello
#- /data/sub/b.nix
{ b = 1; }
#- /dir/default.nix
{ d = ./x; }
#- /scoped.nix
[ x (map null) ]
";

#[track_caller]
fn check_files(expr: &str, want: &str) {
    assert_eq!(print(&format!("#- /default.nix\n{expr}\n{}", FILES.trim_start())), want, "{expr}");
}

#[test]
fn files_and_directories() {
    check_files("builtins.readFile ./data/a.txt", r#""hello\n""#);
    check_files("builtins.readFile \"/data/a.txt\"", r#""hello\n""#);
    check_files("builtins.readFile (./data + \"/a.txt\")", r#""hello\n""#);
    check_files("builtins.readDir ./data", r#"{ "a.txt" = "regular"; sub = "directory"; }"#);
    check_files("map builtins.readFileType [ ./data ./data/a.txt ]", r#"[ "directory" "regular" ]"#);
    check_files(
        "map builtins.pathExists [ ./data ./data/a.txt ./nope \"/data/\" \"/data/a.txt/\" ]",
        "[ true true false true false ]",
    );
    check_files("builtins.hashFile \"md5\" ./data/a.txt", r#""b1946ac92492d2347c6235b4d2611184""#);
    check_files("builtins.path { path = ./data; name = \"d\"; }", r#""/data""#);
    check_files("builtins.baseNameOf ./nope", r#""nope""#);
    check_files("{ outPath = \"/o\"; } + /nope", r#""/o/nope""#);
    check_files("(./data + ./nope) == ./data/nope", "true");
    check_files("builtins.hasContext (builtins.filterSource (p: t: true) ./data)", "true");
    check_files("builtins.findFile [ { prefix = \"d\"; path = ./data; } ] \"d/a.txt\"", "/data/a.txt");
    check_files(
        "(builtins.tryEval (builtins.findFile [ { prefix = \"d\"; path = \"/data\"; } ] \"e\")).success",
        "false",
    );
}

#[test]
fn imports() {
    check_files("(import ./data/sub/b.nix).b", "1");
    check_files("(import ./dir).d", "/dir/x");
    check_files("builtins.scopedImport { x = 5; map = y: y; } ./scoped.nix", "[ 5 null ]");
    check_files("(import (if builtins.currentTime == 1 then ./data/sub/b.nix else ./data/sub/b.nix)).b", "1");
}

#[test]
fn flake_references() {
    check_files(
        "builtins.parseFlakeRef \"github:NixOS/nixpkgs/23.05?dir=lib\"",
        r#"{ dir = "lib"; owner = "NixOS"; ref = "23.05"; repo = "nixpkgs"; type = "github"; }"#,
    );
    check_files("builtins.parseFlakeRef \"nixpkgs\"", r#"{ id = "nixpkgs"; type = "indirect"; }"#);
    check_files(
        "builtins.parseFlakeRef \"git+https://host/repo.git?ref=main\"",
        r#"{ ref = "main"; type = "git"; url = "https://host/repo.git"; }"#,
    );
    check_files(
        "builtins.flakeRefToString { dir = \"lib\"; owner = \"NixOS\"; ref = \"23.05\"; repo = \"nixpkgs\"; type = \"github\"; }",
        r#""github:NixOS/nixpkgs/23.05?dir=lib""#,
    );
}
