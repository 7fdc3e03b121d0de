//! Linked editing.

use nixscope_ide::VfsPath;

use crate::support::{load, with_web};

fn count(module: &str) -> usize {
    let (analysis, marker) = load(&with_web(module));
    let file = analysis.file(&VfsPath::new(&marker.path));
    analysis.linked_ranges(file, marker.offset).expect("not cancelled").len()
}

#[test]
fn a_let_binding_and_its_uses_and_nothing_that_others_see() {
    assert_eq!(count("let x$0x = 1; in { a = xx; b = xx + 1; }"), 3);
    assert_eq!(count("let xx = 1; in { a = x$0x; }"), 2);
    assert_eq!(count("let x$0x = 1; in { inherit xx; }"), 0, "the attribute would change too");
    assert_eq!(count("{ x$0x, ... }: { a = xx; }"), 0, "an argument is named by others");
    assert_eq!(count("rec { x$0x = 1; a = xx; }"), 0, "an attribute is seen by others");
}
