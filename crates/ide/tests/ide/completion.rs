//! Completion, mostly in text that is half written.

use expect_test::{Expect, expect};
use nixscope_ide::{Completion, VfsPath};

use crate::support::{load, load_host, with_web};

fn complete(fixture: &str) -> Vec<Completion> {
    let (analysis, marker) = load(fixture);
    let file = analysis.file(&VfsPath::new(&marker.path));
    analysis.completions(file, marker.offset).expect("nothing cancels the question")
}

/// The first few entries.
fn check(fixture: &str, expected: Expect) {
    let mut out = String::new();
    for it in complete(fixture).iter().take(7) {
        let detail = it.detail.as_ref().map(|it| format!(" : {it}")).unwrap_or_default();
        let snippet = it.snippet.as_ref().map(|it| format!("  [{it}]")).unwrap_or_default();
        out.push_str(&format!("{:?} {}{detail}{snippet}\n", it.kind, it.label));
    }
    expected.assert_eq(&out);
}

#[test]
fn options_of_the_module_while_a_path_is_written() {
    check(
        &with_web("{ config, ... }: { a = config.my.$0\n b = 1; }"),
        expect![[r#"
        Option port : 16 bit unsigned integer; between 0 and 65535 (both inclusive)
    "#]],
    );
    check(
        &with_web("{ config, ... }: let cfg = config.my; in { a = cfg.$0 }"),
        expect![[r#"
        Option port : 16 bit unsigned integer; between 0 and 65535 (both inclusive)
    "#]],
    );
    check(
        &with_web("{ config, ... }: { a = \"x${toString config.my.$0"),
        expect![[r#"
        Option port : 16 bit unsigned integer; between 0 and 65535 (both inclusive)
    "#]],
    );
}

#[test]
fn hosts_and_what_they_have() {
    check(
        &with_web("{ self, ... }: { a = self.nixosConfigurations.$0; }"),
        expect![[r#"
        Host db
        Host web
    "#]],
    );
    check(
        &with_web("{ self, ... }: { a = self.nixosConfigurations.db.config.$0 }"),
        expect![[r#"
        Namespace my
        Namespace age
    "#]],
    );
    check(
        &with_web("{ self, ... }: { a = self.nixosConfigurations.db.config.age.secrets.$0 }"),
        expect![[r#"
            Attribute key : set
        "#]],
    );
}

#[test]
fn keys_come_with_a_value_to_fill_in() {
    check(
        &with_web("{ ... }: { my.$0 }"),
        expect![[r#"
        Option port : 16 bit unsigned integer; between 0 and 65535 (both inclusive)  [port = ${1:80};]
    "#]],
    );
    check(
        &with_web("{ ... }: { my = {\n  $0\n }; other = 1; }"),
        expect![[r#"
        Option port : 16 bit unsigned integer; between 0 and 65535 (both inclusive)  [port = ${1:80};]
    "#]],
    );
    check(
        &with_web("{ ... }: { my.po$0 = 1; }"),
        expect![[r#"
        Option port : 16 bit unsigned integer; between 0 and 65535 (both inclusive)
    "#]],
    );
}

const TYPES: &str = r#"
#- /flake.nix
{
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./types.nix ./web.nix ]; };
  };
}
#- /types.nix
{ lib, ... }: {
  options.t.on = lib.mkEnableOption "it";
  options.t.mode = lib.mkOption { type = lib.types.enum [ "fast" "slow" ]; default = "slow"; description = "How."; };
  options.t.sub = lib.mkOption { type = lib.types.attrsOf (lib.types.submodule { options.deep = lib.mkOption { type = lib.types.int; }; }); };
}
"#;

#[test]
fn values_are_told_by_the_type() {
    let with = |module: &str| format!("{TYPES}#- /web.nix\n{module}\n");
    check(
        &with("{ lib, ... }: { t.on = $0; }"),
        expect![[r#"
        Value false
        Value true
        Argument lib
        Value null
        Builtin abort
        Builtin baseNameOf
        Builtin break
    "#]],
    );
    check(
        &with("{ lib, ... }: { t.mode = lib.mkForce \"$0"),
        expect![[r#"
        Value fast
        Value slow
    "#]],
    );
    check(
        &with("{ lib, ... }: { t.sub.x.$0 }"),
        expect![[r#"
        Option deep : signed integer  [deep = $1;]
    "#]],
    );
}

#[test]
fn names_in_scope_come_before_the_rest() {
    check(
        &with_web("{ lib, ... }: let near = 1; in { a = [ $0 ]; }"),
        expect![[r#"
        Variable near
        Argument lib
        Value false
        Value null
        Value true
        Builtin abort
        Builtin baseNameOf
    "#]],
    );
    let all: Vec<_> =
        complete(&with_web("{ lib, ... }: with lib; { a = mk$0 }")).into_iter().map(|it| it.label).collect();
    for name in ["mkForce", "mkIf", "lib", "map", "let"] {
        assert!(all.iter().any(|it| it == name), "{name}");
    }
}

#[test]
fn functions_are_documented() {
    for (module, name, word) in [
        ("{ lib, ... }: { a = lib.mapAttrs$0 }", "mapAttrsToList", "attribute"),
        ("{ a = builtins.readF$0 }", "readFile", "readFile"),
    ] {
        let (analysis, marker) = load(&with_web(module));
        let file = analysis.file(&VfsPath::new(&marker.path));
        let found = analysis.completions(file, marker.offset).expect("not cancelled");
        let entry = found.iter().find(|it| it.label == name).expect("it is there");
        let of = entry.documentation.as_ref().expect("it is documented");
        let markdown = analysis.documentation(of).expect("not cancelled").expect("it is documented");
        assert!(markdown.contains(word), "{markdown}");
    }
}

#[test]
fn arguments_and_inputs() {
    check(
        &with_web("{ $0, ... }: { }"),
        expect![[r#"
        Argument config
        Argument lib
        Argument modulesPath
        Argument options
        Argument pkgs
        Argument self
    "#]],
    );
    check(
        "#- /flake.nix\n{ inputs.nixpkgs.url = \"github:NixOS/nixpkgs\"; inputs.x.inputs.nixpkgs.follows = \"$0\"; outputs = { self }: { }; }",
        expect![[r#"
            Input nixpkgs : github:NixOS/nixpkgs
            Input x
        "#]],
    );
    check(
        "#- /flake.nix\n{ inputs.nixpkgs.url = \"github:NixOS/nixpkgs\"; outputs = { self, $0 }: { }; }",
        expect![[r#"
            Input nixpkgs : github:NixOS/nixpkgs
            Argument self
        "#]],
    );
    check(
        "#- /flake.nix\n{ inputs.a.$0 outputs = { self }: { }; }",
        expect![[r#"
        Keyword flake
        Keyword follows
        Keyword inputs
        Keyword url
    "#]],
    );
}

#[test]
fn paths() {
    check(
        &with_web("{ imports = [ ./$0 ]; }"),
        expect![[r#"
        File db.nix
        File flake.nix
        File port.nix
    "#]],
    );
    check(
        &with_web("{ imports = [ ./po$0"),
        expect![[r#"
        File db.nix
        File flake.nix
        File port.nix
    "#]],
    );
}

#[test]
fn nothing_in_comments_and_numbers() {
    assert_eq!(complete(&with_web("{ a = 1; # config.$0\n }")), []);
    assert_eq!(complete(&with_web("{ a = 1$0; }")), []);
}

#[test]
fn no_index_of_a_host_is_made_for_it() {
    let (host, marker) = load_host(&with_web("{ config, ... }: { a = config.my.$0 }"));
    let analysis = host.analysis();
    let file = analysis.file(&VfsPath::new(&marker.path));
    assert!(!analysis.completions(file, marker.offset).expect("not cancelled").is_empty());
    let log = host.take_query_log();
    let dear: Vec<_> = log.iter().filter(|it| it.starts_with("host(") || it.starts_with("fleet(")).collect();
    assert!(dear.is_empty(), "{dear:?}");
    assert!(log.iter().any(|it| it.starts_with("hosts(")), "the log is of this question");
}

/// A module of nixpkgs, laid out as there.
const NIXPKGS: &str = r#"
#- /src/nixpkgs/nixos/modules/module-list.nix
[ ./feed.nix ]
#- /src/nixpkgs/nixos/modules/feed.nix
{ lib, ... }: {
  options.services.feed.enable = lib.mkEnableOption "the feed";
  options.services.feed.mode = lib.mkOption { type = lib.types.enum [ "push" "pull" ]; description = "How."; };
}
"#;

#[test]
fn options_of_an_input_whose_source_is_here() {
    for (module, expected) in [
        (
            "{ services.$0 }",
            expect![[r#"
            Namespace feed
        "#]],
        ),
        (
            "{ services.feed.$0 }",
            expect![[r#"
            Option enable : boolean  [enable = ${1:true};]
            Option mode : one of "push", "pull"  [mode = ${1:"push"};]
        "#]],
        ),
        (
            "{ services.feed.mode = $0; }",
            expect![[r#"
            Value "pull"
            Value "push"
            Value false
            Value null
            Value true
            Builtin abort
            Builtin baseNameOf
        "#]],
        ),
    ] {
        check(&(with_web(module) + NIXPKGS), expected);
    }
}

/// The names of packages in a source of nixpkgs, laid out as there.
const PACKAGES: &str = r#"
#- /src/nixpkgs/pkgs/by-name/he/hello/package.nix
{ stdenv }: stdenv.mkDerivation { }
#- /src/nixpkgs/pkgs/top-level/all-packages.nix
{ lib, ... }: res: pkgs: super: with pkgs; {
  helix-tools = callPackage ../tools/helix { };
  inherit (helix-tools) heron;
}
"#;

#[test]
fn packages_where_their_source_is_here() {
    for module in [
        "{ pkgs, ... }: { a = [ pkgs.he$0 ]; }",
        "{ pkgs, ... }: { a = with pkgs; [ he$0 ]; }",
        "{ pkgs, ... }: { a = [ pkgs.he$0",
    ] {
        let found = complete(&format!("{}{PACKAGES}", with_web(module)));
        let names: Vec<&str> =
            found.iter().map(|it| it.label.as_str()).filter(|it| it.starts_with("he")).collect();
        assert_eq!(names, ["helix-tools", "hello", "heron"], "{module}");
    }
    // What is not known is not offered.
    assert!(complete(&with_web("{ pkgs, ... }: { a = pkgs.he$0; }")).iter().all(|it| it.label != "hello"));
}

/// Names that must be quoted are found by what is written between the quotes, and the quotes are not written twice.
#[test]
fn names_in_quotes() {
    for (text, inserted) in [
        ("config.x.\"mail/$0\"", "mail/pass"),
        ("config.x.\"ma$0\"", "mail/pass"),
        ("config.x.\"ma$0", "mail/pass\""),
        ("config.x.$0", "\"mail/pass\""),
    ] {
        let module = format!("{{ config, ... }}: {{ x.\"mail/pass\" = 1;\n a = {text};\n}}");
        let found = complete(&with_web(&module));
        let texts: Vec<&str> = found.iter().map(|it| it.insert.as_str()).collect();
        assert_eq!(texts, [inserted], "{text}");
    }
}

/// Where modules are listed as calls, the list is read as it stands in the editor, not as it was saved.
#[test]
fn in_a_file_that_lists_modules_as_calls() {
    let flake = "#- /flake.nix\n{\n  outputs = { self, nixpkgs }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem {\n    \
                 modules = [ self.$0 ({ ... }: { }) (import ./a.nix { }) ];\n  }; b = 1; };\n}\n#- /a.nix\n{ }: { networking.hostName = \"web\"; }\n";
    let found = complete(flake);
    assert!(found.iter().any(|it| it.label == "nixosConfigurations"), "{found:?}");
}

/// A package gets `lib` from who calls it.
#[test]
fn the_library_in_a_package() {
    let found = complete(&with_web("{ }\n#- /pkg.nix\n{ lib, stdenv }: { a = lib.optional$0; }"));
    assert!(found.iter().any(|it| it.label == "optionals"));
}
