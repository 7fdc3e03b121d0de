//! The documents that the client has open, and how its edits are applied to them.

use std::sync::Arc;

use nixscope_ide::{PositionEncoding, VfsPath};
use rustc_hash::FxHashMap;

use crate::lines::{LineTable, Span};

/// An open document.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// The document's address as the client spells it; answers repeat that spelling.
    pub(crate) uri: Arc<str>,
    /// The version of the text, as the client counts.
    pub(crate) version: i32,
    /// The text.
    pub(crate) text: Arc<str>,
    /// Whether it is Nix. `flake.lock` and others only overlay the disk.
    pub(crate) nix: bool,
}

/// One change of a text.
#[derive(Clone, Debug)]
pub(crate) struct TextChange {
    /// What is replaced; everything, if none.
    pub(crate) span: Option<Span>,
    /// By what.
    pub(crate) text: String,
}

/// The open documents by path. Cheap to clone: a snapshot holds one.
#[derive(Clone, Default)]
pub(crate) struct Documents {
    open: Arc<FxHashMap<VfsPath, Document>>,
}

impl Documents {
    /// Puts a document, also where one is open under the path.
    pub(crate) fn open(&mut self, path: VfsPath, document: Document) {
        Arc::make_mut(&mut self.open).insert(path, document);
    }

    /// Applies changes one after the other; the text afterwards. None where nothing is open.
    pub(crate) fn change(
        &mut self,
        path: &VfsPath,
        version: i32,
        changes: &[TextChange],
        encoding: PositionEncoding,
    ) -> Option<Arc<str>> {
        let document = Arc::make_mut(&mut self.open).get_mut(path)?;
        document.text = apply(document.text.clone(), changes, encoding);
        document.version = version;
        Some(document.text.clone())
    }

    /// Takes a document away.
    pub(crate) fn close(&mut self, path: &VfsPath) -> Option<Document> {
        if !self.open.contains_key(path) {
            return None;
        }
        Arc::make_mut(&mut self.open).remove(path)
    }

    /// The document open under a path.
    pub(crate) fn get(&self, path: &VfsPath) -> Option<&Document> {
        self.open.get(path)
    }

    /// Every open document, in no particular order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&VfsPath, &Document)> {
        self.open.iter()
    }
}

fn apply(mut text: Arc<str>, changes: &[TextChange], encoding: PositionEncoding) -> Arc<str> {
    for change in changes {
        text = match change.span {
            None => change.text.as_str().into(),
            Some(span) => {
                let range = LineTable::new(text.clone(), encoding).range(span);
                let (start, end) = (usize::from(range.start()), usize::from(range.end()));
                [&text[..start], &change.text, &text[end..]].concat().into()
            }
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::Point;

    fn change(from: (u32, u32), to: (u32, u32), text: &str) -> TextChange {
        let point = |(line, column)| Point { line, column };
        TextChange { span: Some(Span { start: point(from), end: point(to) }), text: text.into() }
    }

    #[test]
    fn changes_build_on_each_other() {
        let changes =
            [change((0, 0), (0, 0), "{\r\n"), change((1, 1), (1, 3), "é"), change((1, 2), (1, 2), "\n}")];
        assert_eq!(&*apply("a😀".into(), &changes, PositionEncoding::Utf16), "{\r\naé\n}");
        let whole = [TextChange { span: None, text: "x".into() }, change((0, 1), (0, 1), "y")];
        assert_eq!(&*apply("a".into(), &whole, PositionEncoding::Utf8), "xy");
    }

    #[test]
    fn ranges_that_make_no_sense_are_clipped_and_turned_around() {
        let far = u32::MAX;
        assert_eq!(&*apply("ab".into(), &[change((9, 9), (far, far), "c")], PositionEncoding::Utf8), "abc");
        assert_eq!(&*apply("abc".into(), &[change((0, 2), (0, 1), "")], PositionEncoding::Utf8), "ac");
    }
}
