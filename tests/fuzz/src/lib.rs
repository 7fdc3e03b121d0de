//! What is fuzzed: functions of bytes that must come to an end, soon, in bounded memory, and never panic.
//!
//! `cargo xtask fuzz` runs them for a long time under libFuzzer; the tests of this crate run them for a short time over
//! bytes that are always the same. See `docs/testing.md`.

mod generate;

use nixscope_db::Db;
use nixscope_eval::{Budget, NoModels, Place, evaluate, print_value, to_json};
use nixscope_hir::{Body, lower};
use nixscope_syntax::{LineCol, PositionEncoding, TextSize, line_index, parse, parse_text, suppressions};
use nixscope_test_fixture::{Fixture, TestDatabase};

pub use generate::program;

/// What one input may cost. Small, so that many inputs are tried.
const BUDGET: Budget = Budget { steps: 20_000, depth: 150_000, memory: 64 << 20 };

/// Files that a program under test can name.
const SURROUNDINGS: &[(&str, &str)] = &[
    ("/a.nix", "{ x ? 1, ... }: { a = x; b = [ 1 2.5 \"c\" ]; }"),
    ("/b/default.nix", "rec { a = 1; c.d = a; }"),
    ("/broken.nix", "{ a = ; b = [ 1 2 "),
    ("/self.nix", "import ./default.nix"),
    ("/data.json", "{ \"a\": [1, 2.5, null, { \"b\": \"c\" }] }"),
    ("/data.toml", "a = 1\n[b]\nc = [\"d\", 2.5]\n"),
];

/// Parses and lowers a text, and asks all that is asked of a file alone.
pub fn syntax(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (db, path) = database(&text);
    let source = nixscope_db::source(&db, &path);
    let tree = parse(&db, source);
    // Not the text itself: a tree has line feeds where the text has bare carriage returns, and one that is refused is empty.
    let length = usize::from(tree.syntax().text_range().len());
    assert!(length == text.len() || !tree.errors().is_empty(), "places in the tree are places in the text");
    suppressions(&db, source);
    check_positions(&db, source, &text);
    let (body, map) = lower(parse_text(&text).root());
    for (id, _) in body.exprs.iter() {
        let range = map.expr(id);
        assert!(usize::from(range.end()) <= text.len(), "the place of an expression is in the text");
        body.scope_of(Body::expr_from_raw(Body::raw(id)));
    }
    if let Some(at) = bytes.first() {
        let at = TextSize::from(u32::from(*at).min(text.len() as u32));
        nixscope_hir::at_offset(&body, &map, at);
    }
}

/// An offset is the same after it was a line and a column.
fn check_positions(db: &dyn Db, source: nixscope_db::SourceFile, text: &str) {
    let lines = line_index(db, source);
    for encoding in [PositionEncoding::Utf8, PositionEncoding::Utf16, PositionEncoding::Utf32] {
        for (at, _) in text.char_indices().take(500) {
            let at = TextSize::from(at as u32);
            let place = lines.line_col(at, encoding);
            assert_eq!(lines.offset(place, encoding), Some(at), "{encoding:?} {place:?}");
        }
        lines.offset(LineCol { line: text.len() as u32, column: u32::MAX }, encoding);
    }
}

/// Evaluates a text as a file, prints the value and makes JSON of it.
pub fn evaluation(bytes: &[u8]) {
    run(&String::from_utf8_lossy(bytes));
}

/// Evaluates a program that is made of the bytes.
pub fn programs(bytes: &[u8]) {
    run(&program(bytes));
}

fn run(text: &str) {
    let (db, _) = database(text);
    evaluate(&db, &NoModels, BUDGET, |ev| {
        // An error of the program is a result like any other.
        if let Ok(value) = ev.import_path("/default.nix", Place::NONE) {
            drop(print_value(ev, value));
            drop(to_json(ev, value));
            ev.force_what_can_be(ev.done(value));
        }
    });
}

fn database(text: &str) -> (TestDatabase, nixscope_vfs::VfsPath) {
    let mut files = vec![("/default.nix".to_string(), text.to_string())];
    files.extend(SURROUNDINGS.iter().map(|(path, text)| (path.to_string(), text.to_string())));
    let db = TestDatabase::new(&Fixture { files, ..Fixture::default() });
    (db, nixscope_vfs::VfsPath::new("/default.nix"))
}
