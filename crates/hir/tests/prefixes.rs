//! A file that ends anywhere, as it does while someone types: it is parsed and lowered without a panic.
#![expect(clippy::disallowed_methods, reason = "the fixtures are on the disk")]

use std::path::{Path, PathBuf};

use nixscope_hir::lower;
use nixscope_syntax::parse_text;

/// Every how many-th prefix is tried.
const STEP: usize = 7;

#[test]
fn any_prefix_is_lowered() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../test-data/fleets/harbour");
    let mut files = Vec::new();
    nix_files(&root, &mut files);
    assert!(!files.is_empty(), "no fixtures below {}", root.display());
    for path in files {
        let text = std::fs::read_to_string(&path).expect("the fixtures are UTF-8");
        for (end, _) in text.char_indices().step_by(STEP) {
            let parse = parse_text(&text[..end]);
            assert_eq!(usize::from(parse.syntax().text_range().len()), end, "{} at {end}", path.display());
            lower(parse.root());
        }
    }
}

fn nix_files(directory: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(directory)
        .expect("the fixtures are there")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            nix_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "nix") {
            found.push(path);
        }
    }
}
