//! A database over a fixture, and a small fleet to put the fixtures into.

use std::sync::Arc;

use nixscope_ide::Settings;
use nixscope_ide::{Analysis, AnalysisHost, SourceFile, TextRange, VfsPath};
use nixscope_test_fixture::{Fixture, Marker};
use nixscope_vfs::MemoryFileSystem;

/// The analysis of a fixture, and its cursor.
pub(crate) fn load(fixture: &str) -> (Analysis, Marker) {
    let (host, marker) = load_host(fixture);
    (host.analysis(), marker)
}

/// The owner of a fixture's database, with a log of queries, and the cursor. A directory below `/src` is the
/// source of the input of its name.
pub(crate) fn load_host(fixture: &str) -> (AnalysisHost, Marker) {
    let fixture = Fixture::parse(fixture);
    let memory = MemoryFileSystem::default();
    for (path, text) in &fixture.files {
        memory.insert_text(VfsPath::new(path), text.as_str());
    }
    for (path, text) in nixscope_eval::embedded_files() {
        memory.insert_text(VfsPath::new(path), *text);
    }
    let all = || fixture.files.iter().map(|(path, _)| VfsPath::new(path));
    let sources = VfsPath::new("/src");
    let files = all().filter(|path| path.is_nix() && !path.starts_with(&sources)).collect();
    let mut settings = Settings::default();
    for path in all() {
        let Some(name) = path.strip_prefix(&sources).and_then(|it| it.split('/').next()) else { continue };
        let source = (name.into(), sources.join(name));
        if !settings.input_sources.contains(&source) {
            settings.input_sources.push(source);
        }
    }
    let host = AnalysisHost::with_query_log(Arc::new(memory), Vec::new(), VfsPath::new("/"), files, settings);
    let marker = fixture.markers.first().cloned().expect("a fixture has a cursor");
    (host, marker)
}

/// The line of a range, with the range in angle brackets.
pub(crate) fn line(analysis: &Analysis, file: SourceFile, range: TextRange) -> String {
    let text = analysis.text(file);
    let (start, end) = (usize::from(range.start()), usize::from(range.end()));
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at);
    format!(
        "{}: {}<{}>{}",
        analysis.path(file),
        text[line_start..start].trim_start(),
        &text[start..end],
        &text[end..line_end]
    )
}

const FLEET: &str = r#"
#- /flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }: {
    nixosConfigurations = {
      web = nixpkgs.lib.nixosSystem { specialArgs = { inherit self; }; modules = [ ./web.nix ./port.nix ]; };
      db = nixpkgs.lib.nixosSystem { modules = [ ./db.nix ./port.nix ]; };
    };
  };
}
#- /port.nix
{ lib, config, ... }: { options.my.port = lib.mkOption { type = lib.types.port; default = 80; }; }
#- /db.nix
{ lib, ... }: { my.port = lib.mkForce 5432; age.secrets.key.file = ./key.age; }
"#;

/// A fleet of two hosts; `module` is `/web.nix`.
pub(crate) fn with_web(module: &str) -> String {
    format!("{FLEET}#- /web.nix\n{module}\n")
}

/// A file's text, four columns to the right.
pub(crate) fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}").trim_end().to_owned() + "\n").collect()
}
