//! Folding, selection ranges, links.

use expect_test::expect;
use nixscope_ide::VfsPath;

use crate::support::{load, with_web};

const MODULE: &str =
    "# one\n# two\n{ ... }: {\n  imports = [\n    ./port.nix\n    ./gone.nix\n  ];\n  a.b = \"wo$0rd\";\n}";

#[test]
fn folds() {
    let (analysis, marker) = load(&with_web(MODULE));
    let file = analysis.file(&VfsPath::new(&marker.path));
    let text = analysis.text(file);
    let mut out = String::new();
    for fold in analysis.folds(file).expect("not cancelled") {
        let slice = &text[usize::from(fold.range.start())..usize::from(fold.range.end())];
        out.push_str(&format!("{:?} {:?}\n", fold.kind, slice));
    }
    expect![[r##"
        Comment "# one\n# two"
        Code "{\n  imports = [\n    ./port.nix\n    ./gone.nix\n  ];\n  a.b = \"word\";\n}"
        Imports "[\n    ./port.nix\n    ./gone.nix\n  ]"
    "##]]
    .assert_eq(&out);
}

#[test]
fn selections_grow() {
    let (analysis, marker) = load(&with_web(MODULE));
    let file = analysis.file(&VfsPath::new(&marker.path));
    let text = analysis.text(file);
    let ranges = analysis.selection_ranges(file, marker.offset).expect("not cancelled");
    let shown: Vec<String> = ranges
        .iter()
        .take(4)
        .map(|range| format!("{:?}", &text[usize::from(range.start())..usize::from(range.end())]))
        .collect();
    expect![[r#"
        "word"
        "\"word\""
        "a.b = \"word\";"
        "\n  imports = [\n    ./port.nix\n    ./gone.nix\n  ];\n  a.b = \"word\";\n""#]]
    .assert_eq(&shown.join("\n"));
    assert!(ranges.windows(2).all(|pair| pair[1].contains_range(pair[0]) && pair[0] != pair[1]));
}

#[test]
fn links_lead_to_files_that_are_there() {
    let (analysis, _) = load(&with_web(MODULE));
    let mut out = String::new();
    for path in ["/web.nix", "/flake.nix"] {
        let file = analysis.file(&VfsPath::new(path));
        for link in analysis.links(file).expect("not cancelled") {
            out.push_str(&format!("{:?}\n", link.target));
        }
    }
    expect![[r#"
        File("/port.nix")
        Url("https://github.com/NixOS/nixpkgs")
        File("/web.nix")
        File("/port.nix")
        File("/db.nix")
        File("/port.nix")
    "#]]
    .assert_eq(&out);
}
