//! How bad a finding is, by the file that it is in; and how many findings of a file are told.

use expect_test::{Expect, expect};
use nixscope_ide::VfsPath;

use crate::support::load;

/// The level, lint and file of every error that a lint knows, of the lints given.
fn check(fixture: &str, lints: &[&str], expected: Expect) {
    let (analysis, _) = load(fixture);
    let mut out = String::new();
    for finding in analysis.all_diagnostics().expect("not cancelled") {
        if lints.contains(&finding.lint.name) {
            let (path, level) = (analysis.path(finding.file), finding.level.as_str());
            out.push_str(&format!("{path}: {level} {}\n", finding.lint.name));
        }
    }
    expected.assert_eq(&out);
}

#[test]
fn what_no_host_takes_stops_none() {
    check(
        r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ./templates/vm.nix ]; };
  };
}
#- /web.nix
{ $0networking.domain = nobody; }
#- /templates/vm.nix
{ networking.domain = nobody; }
#- /templates/host.nix
{ networking.domain = nobody; }
#- /tests/web.nix
{ networking.domain = nobody }
#- /modules/dead.nix
{ imports = [ ./gone.nix ]; networking.domain = nobody; users.users.ada.password = "not-real-1"; }
#- /starter/flake.nix
{ outputs = _: { nixosModules.a = import ./gone.nix; }; }
#- /empty.nix
"#,
        &["missing-import", "plaintext-secret", "syntax-error", "unresolved-name"],
        expect![[r#"
            /empty.nix: hint syntax-error
            /modules/dead.nix: warning missing-import
            /modules/dead.nix: warning unresolved-name
            /modules/dead.nix: error plaintext-secret
            /starter/flake.nix: warning missing-import
            /templates/host.nix: hint unresolved-name
            /templates/vm.nix: error unresolved-name
            /tests/web.nix: hint syntax-error
            /web.nix: error unresolved-name
        "#]],
    );
}

#[test]
fn a_file_with_thousands_says_so() {
    let bindings: String = (0..1_500).map(|n| format!("  a{n} = b{n}.a{n};\n")).collect();
    let arguments: String = (0..1_500).map(|n| format!("b{n}, ")).collect();
    let text = format!("$0{{ {arguments}... }}: {{\n{bindings}  x = nobody;\n}}\n");
    let (analysis, marker) = load(&text);
    let file = analysis.file(&VfsPath::new(&marker.path));
    let found = analysis.diagnostics(file).expect("not cancelled");
    assert_eq!(found.len(), 1_000);
    // The worst is among them, wherever it stands.
    assert!(found.iter().any(|it| it.lint.name == "unresolved-name"));
    let last =
        found.iter().filter(|it| it.message.ends_with("(501 more findings in this file are not shown)"));
    assert_eq!(last.count(), 1);
}
