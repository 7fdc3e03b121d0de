//! A line that is half written: what is around it is still answered, and so is the place where it is written.

use nixscope_ide::{TextSize, VfsPath};

use crate::support::{load, with_web};

/// The module in which somebody types a line in the place of `LINE`.
const MODULE: &str = "\
{ config, lib, self, ... }:
let
  cfg = config.my;
in
{
  above = cfg.port;
LINE
  below = config.my.port;
  other = self.nixosConfigurations.db.config.my.port;
  forced = lib.mkForce 1;
}
";

/// What must still be found, by the text whose last name is asked for: in which file, and what is there.
const AROUND: &[(&str, &str)] = &[
    ("below = config.my.port", "/port.nix"),
    ("other = self.nixosConfigurations.db.config.my.port", "/db.nix"),
    ("forced = lib", "/web.nix"),
];

/// A line as far as it is written; what is offered at its end, if anything must be; whether what follows can be
/// read: an open string takes it all, and an `if` waits for its `else`.
const LINES: &[(&str, Option<&str>, bool)] = &[
    ("  x = config.", Some("my"), true),
    ("  x = config.my.", Some("port"), true),
    ("  x = config.my.po", Some("port"), true),
    ("  x = cfg.", Some("port"), true),
    ("  x = cf", Some("cfg"), true),
    ("  x = ", Some("cfg"), true),
    ("  x", None, true),
    ("  my.", Some("port"), true),
    ("  my = { ", Some("port"), true),
    ("  my.port = lib.", Some("mkForce"), true),
    ("  x = with lib; mk", Some("mkForce"), true),
    ("  x = self.nixosConfigurations.", Some("db"), true),
    ("  x = self.nixosConfigurations.db.config.my.", Some("port"), true),
    ("  imports = [ ./", Some("db.nix"), true),
    ("  imports = [ ./db.nix", None, true),
    ("  x = [ cfg.", Some("port"), true),
    ("  x = [ 1 (cfg.", Some("port"), true),
    ("  x = { y = cfg.", Some("port"), true),
    ("  x = (1 + cfg.", Some("port"), true),
    ("  x = if cfg.port == 1 then cfg.", Some("port"), false),
    ("  x = lib.mkIf (cfg.port > 1) ", Some("cfg"), true),
    ("  inherit (config.my) ", Some("port"), true),
    ("  x = cfg.port", None, true),
    ("  x = let y = cfg; in y.", Some("port"), true),
    ("  x = a: cfg.", Some("port"), true),
    ("  x = \"${toString cfg.", Some("port"), false),
    ("  x = \"${toString cfg.}\";", None, false),
    ("  x = \"unclosed", None, false),
    ("  x = ''unclosed", None, false),
    ("  x = ./", Some("db.nix"), true),
];

fn with_line(line: &str, marked: &str) -> String {
    with_web(&MODULE.replace("LINE", line).replace(marked, &format!("{marked}$0")))
}

/// What definition and hover say of the last name of a text.
fn found(line: &str, asked: &str) -> (Vec<String>, bool) {
    let (analysis, marker) = load(&with_line(line, asked));
    let file = analysis.file(&VfsPath::new(&marker.path));
    let offset = marker.offset - TextSize::from(1);
    let targets = analysis.definition(file, offset).expect("nothing cancels the question");
    let files = targets.iter().filter_map(|it| it.file).map(|it| analysis.path(it).to_string()).collect();
    let hover = analysis.hover(file, offset).expect("nothing cancels the question");
    (files, hover.is_some())
}

#[test]
fn what_is_around_a_half_written_line_is_found() {
    for (line, _, reads_on) in LINES {
        let (files, hover) = found(line, "above = cfg.port");
        assert!(files.iter().any(|file| file == "/port.nix") && hover, "{line}: above: {files:?}");
        // Without a semicolon the next line belongs to this one, as Nix reads it.
        let next = usize::from(!line.ends_with(';'));
        for (asked, file) in AROUND.iter().skip(next).filter(|_| *reads_on) {
            let (files, hover) = found(line, asked);
            assert!(files.iter().any(|it| it == file) && hover, "{line}: {asked}: {files:?}");
        }
    }
}

#[test]
fn a_half_written_line_is_completed() {
    for (line, wanted, _) in LINES {
        let Some(wanted) = wanted else { continue };
        let (analysis, marker) = load(&with_line(line, line));
        let file = analysis.file(&VfsPath::new(&marker.path));
        let found = analysis.completions(file, marker.offset).expect("nothing cancels the question");
        assert!(found.iter().any(|it| it.label == *wanted), "{line}: {found:?}");
    }
}

/// A module is written one character after the other: at no point is anything but an answer given.
#[test]
fn each_character_of_a_module_may_be_the_last() {
    let whole = MODULE.replace("LINE", "  my.port = 1;");
    for end in (0..whole.len()).filter(|at| whole.is_char_boundary(*at)) {
        let (analysis, marker) = load(&with_web(&format!("{}$0", &whole[..end])));
        let file = analysis.file(&VfsPath::new(&marker.path));
        assert!(analysis.definition(file, marker.offset).is_ok());
        assert!(analysis.hover(file, marker.offset).is_ok());
        assert!(analysis.completions(file, marker.offset).is_ok());
        assert!(analysis.prepare_rename(file, marker.offset).is_ok());
        assert!(analysis.references(file, marker.offset).is_ok());
    }
}
