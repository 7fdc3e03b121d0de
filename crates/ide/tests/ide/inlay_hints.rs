//! Inlay hints.

use expect_test::expect;
use nixscope_ide::{HintSettings, TextRange, TextSize, VfsPath};

use crate::support::{load, with_web};

const NONE: HintSettings =
    HintSettings { values: false, paths: false, binding_ends: false, defaults: false, parameters: false };

fn shown(settings: HintSettings) -> String {
    let long = "\n".repeat(30);
    let module = format!(
        "$0{{ self, ... }}: {{\n a = self.nixosConfigurations.db.config.my.port;\n b = let n = \"port\"; in ./${{n}}.nix;\n c.d = {{{long}}};\n}}"
    );
    shown_in(&with_web(&module), settings)
}

fn shown_in(fixture: &str, settings: HintSettings) -> String {
    let (analysis, marker) = load(fixture);
    let file = analysis.file(&VfsPath::new(&marker.path));
    let text = analysis.text(file);
    let all = TextRange::up_to(TextSize::of(text.as_str()));
    let mut out = String::new();
    for hint in analysis.hints(file, all, settings).expect("not cancelled") {
        let before = &text[..usize::from(hint.offset)];
        let line = before.rsplit('\n').next().unwrap_or("");
        out.push_str(&format!("{}<{}>\n", line.trim_start(), hint.label));
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
    assert_eq!(shown(NONE), "");
    assert_eq!(shown(HintSettings { binding_ends: true, ..NONE }).lines().count(), 1);
}

#[test]
fn computed_defaults() {
    let module = "$0{ config, lib, ... }: {
  options.your.port = lib.mkOption { default = config.my.port + 1; };
  options.your.plain = lib.mkOption { default = 80; };
  options.your.name = lib.mkOption { default = \"web-${toString config.my.port}\"; };
}";
    expect![[r#"
          options.your.port = lib.mkOption { default = config.my.port + 1< = 81>
          options.your.name = lib.mkOption { default = "web-${toString config.my.port}"< = "web-80">
    "#]]
    .assert_eq(&shown_in(&with_web(module), HintSettings { defaults: true, ..NONE }));
}

#[test]
fn names_of_parameters() {
    let module = "$0{ lib, ... }: let scale = factor: value: factor * value; f = x: y: x; in {
  a = scale 3 4;
  b = f 1 2;
  c = lib.mkOverride 40 true;
  d = builtins.elemAt [ ] 0;
  e = lib.optionalString true \"x\";
}";
    expect![[r#"
          a = scale <factor: >
          a = scale 3 <value: >
          c = lib.mkOverride <priority: >
          c = lib.mkOverride 40 <content: >
          e = lib.optionalString <condition: >
          e = lib.optionalString true <text: >
    "#]]
    .assert_eq(&shown_in(&with_web(module), HintSettings { parameters: true, ..NONE }));
    assert_eq!(
        shown_in(&with_web(module), HintSettings::default()),
        "",
        "they are off until they are asked for"
    );
}
