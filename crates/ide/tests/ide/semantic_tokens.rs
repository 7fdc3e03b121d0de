//! Semantic tokens.

use expect_test::expect;
use nixscope_ide::VfsPath;

use crate::support::{load, with_web};

#[test]
fn every_name_is_what_it_is() {
    let module = "$0{ self, lib, unused, ... }: let f = x: x; used = true; dead = 1; in {\n\
        my.port = f (lib.mkForce used); a = builtins.map f [ self.nixosConfigurations.db.config.my.port ];\n}";
    let (analysis, marker) = load(&with_web(module));
    let file = analysis.file(&VfsPath::new(&marker.path));
    let text = analysis.text(file);
    let mut out = String::new();
    for token in analysis.tokens(file).expect("not cancelled") {
        let name = &text[usize::from(token.range.start())..usize::from(token.range.end())];
        let declared = if token.declaration { " declared" } else { "" };
        let unused = if token.unused { " unused" } else { "" };
        out.push_str(&format!("{name} {:?}{declared}{unused}\n", token.kind));
    }
    expect![[r#"
        self Parameter declared
        lib Parameter declared
        unused Parameter declared unused
        f Variable declared
        x Parameter declared
        x Parameter
        used Variable declared
        true Constant
        dead Variable declared unused
        my Property declared
        port Option declared
        f Function
        lib Parameter
        mkForce Function
        used Variable
        a Property declared
        builtins Builtin
        map Builtin
        f Variable
        self Parameter
        nixosConfigurations Property
        db Host
        config Property
        my Property
        port Property
    "#]]
    .assert_eq(&out);
}
