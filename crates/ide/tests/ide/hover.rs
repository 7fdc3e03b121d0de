//! Hover, as the Markdown that is shown.

use expect_test::{Expect, expect};
use nixscope_ide::VfsPath;

use crate::support::{load, load_host, with_web};

fn check(fixture: &str, expected: Expect) {
    let (analysis, marker) = load(fixture);
    let file = analysis.file(&VfsPath::new(&marker.path));
    let hover = analysis.hover(file, marker.offset).expect("not cancelled");
    expected.assert_eq(&hover.map_or("nothing".to_string(), |it| it.markdown));
}

#[test]
fn an_option_on_each_host_with_the_winner_marked() {
    check(
        &with_web("{ lib, ... }: { imports = [ { my.port = 1; } ]; my.po$0rt = lib.mkForce 2; }"),
        expect![[r#"
            option `my.port`  
            type: 16 bit unsigned integer; between 0 and 65535 (both inclusive)  
            default: `80`

            | host | value | set by |
            | --- | --- | --- |
            | web | `2` | **web.nix:1**, web.nix:1 |
        "#]],
    );
}

#[test]
fn a_value_that_is_not_known_says_why() {
    check(
        &with_web("{ pkgs, ... }: let x = pkgs.hello; in { a = $0x; }"),
        expect![[r#"
        binding

        its value is not known: `pkgs.hello`: packages are not evaluated"#]],
    );
    check(
        &with_web("{ config, pkgs, ... }: { my.port = pkgs.port; a = config.my.po$0rt; }"),
        expect![[r#"
        option `my.port`  
        type: 16 bit unsigned integer; between 0 and 65535 (both inclusive)  
        default: `80`

        | host | value | set by |
        | --- | --- | --- |
        | web | unknown: pkgs.port: packages are not evaluated | **web.nix:1** |
    "#]],
    );
}

#[test]
fn a_module_says_whose_it_is() {
    check(
        &with_web("{ imports = [ ./po$0rt.nix ]; }"),
        expect![[r#"
        file

        a module of 2 hosts: db, web

        port.nix"#]],
    );
}

#[test]
fn an_input_says_what_it_is_locked_to() {
    let lock = r#"#- /flake.lock
{ "nodes": { "root": { "inputs": { "nixpkgs": "nixpkgs" } }, "nixpkgs": {
  "locked": { "lastModified": 1740787200, "owner": "NixOS", "repo": "nixpkgs", "type": "github",
              "rev": "0123456789abcdef0123456789abcdef01234567" },
  "original": { "owner": "NixOS", "repo": "nixpkgs", "type": "github" } } }, "root": "root", "version": 7 }
"#;
    let fixture =
        "#- /flake.nix\n{\n  inputs.nix$0pkgs.url = \"github:NixOS/nixpkgs\";\n  outputs = _: { };\n}\n";
    check(
        &format!("{fixture}{lock}"),
        expect![[r#"
            input `nixpkgs`  
            github:NixOS/nixpkgs  
            locked at `0123456789ab`, of 2025-03-01  
            its source is not on this machine"#]],
    );
}

#[test]
fn a_secret_says_for_whom_it_is() {
    let rules = "#- /secrets.nix\n{ \"t.age\".publicKeys = [ \"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHello admin@desk\" ]; }\n";
    let web = "{ config, ... }: { age.secrets.token.file = ./t.age; a = config.age.secrets.tok$0en.path; }";
    check(
        &(with_web(web) + rules),
        expect![[r#"
            secret `token` (agenix)  
            in t.age, which is not there  
            for admin@desk  
            declared on web"#]],
    );
}

#[test]
fn a_function_shows_its_documentation() {
    check(
        &(with_web("{ ... }: let l = import ./l.nix; in { a = l.pl$0us 1; }")
            + "#- /l.nix\n{\n  # Adds one.\n  plus = x: x + 1;\n}\n"),
        expect![[r#"
            binding

            ```nix
            plus = x: x + 1;
            ```

            Adds one.

            l.nix"#]],
    );
    check(
        &with_web("{ lib, ... }: { a = lib.mkFor$0ce 1; }"),
        expect![[r#"
            `lib.mkForce`

            A definition that beats the plain ones.

            # Type
            ```
            mkForce :: a -> Property
            ```

            # Example
            ```nix
            (lib.mkForce 1).priority
            => 50
            ```"#]],
    );
}

/// Of a host that does not have the module no more is evaluated than its imports.
#[test]
fn only_hosts_with_the_module_are_evaluated() {
    let (host, marker) = load_host(&with_web("{ my.po$0rt = 8080; }"));
    let analysis = host.analysis();
    let file = analysis.file(&VfsPath::new(&marker.path));
    let hover = analysis.hover(file, marker.offset).expect("not cancelled").expect("an option");
    assert!(hover.markdown.contains("| web |") && !hover.markdown.contains("| db |"), "{}", hover.markdown);
    let log = host.take_query_log();
    let whole = log.iter().filter(|it| it.starts_with("host(") || it.starts_with("fleet(")).count();
    assert_eq!(whole, 0, "{log:?}");
    assert!(log.iter().any(|it| it.starts_with("host_files(")), "{log:?}");
    assert!(log.iter().any(|it| it.starts_with("host_option(")), "{log:?}");
}
