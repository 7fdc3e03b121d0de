//! Inlay hints.

use expect_test::expect;
use nixscope_ide::{HintSettings, TextRange, TextSize, VfsPath};

use crate::support::{load, with_web};

fn shown(settings: HintSettings) -> String {
    let long = "\n".repeat(30);
    let module = format!(
        "$0{{ self, ... }}: {{\n a = self.nixosConfigurations.db.config.my.port;\n b = let n = \"port\"; in ./${{n}}.nix;\n c.d = {{{long}}};\n}}"
    );
    let (analysis, marker) = load(&with_web(&module));
    let file = analysis.file(&VfsPath::new(&marker.path));
    let text = analysis.text(file);
    let all = TextRange::up_to(TextSize::of(text.as_str()));
    let mut out = String::new();
    for hint in analysis.hints(file, all, settings).expect("not cancelled") {
        let before = &text[..usize::from(hint.offset)];
        out.push_str(&format!("{}<{}>\n", before.rsplit('\n').next().unwrap_or(""), hint.label));
    }
    out
}

#[test]
fn values_paths_and_ends() {
    expect![[r#"
         a = self.nixosConfigurations.db.config.my.port< = 5432>
         b = let n = "port"; in ./${n}.nix< → port.nix>
        };< c.d>
    "#]]
    .assert_eq(&shown(HintSettings::default()));
}

#[test]
fn each_can_be_switched_off() {
    assert_eq!(shown(HintSettings { values: false, paths: false, binding_ends: false }), "");
    assert_eq!(shown(HintSettings { values: false, paths: false, binding_ends: true }).lines().count(), 1);
}
