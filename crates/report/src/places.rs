//! Places as the output has them: a path from the root, line and column from one.

use nixscope_db::{Db, SourceFile};
use nixscope_eval::{EMBEDDED_ROOT, SourcePlace};
use nixscope_ide::{PositionEncoding, TextRange, TextSize, VfsPath};
use nixscope_syntax::line_index;
use serde::Serialize;

/// A line and a column, both from one, the column in characters; and the offset in bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct Position {
    pub line: u32,
    pub column: u32,
    pub offset: u32,
}

/// A position in a file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct Place {
    pub file: String,
    #[serde(flatten)]
    pub at: Position,
}

/// Turns the analysis' places into the output's.
#[derive(Clone, Copy)]
pub struct Places<'a> {
    pub db: &'a dyn Db,
    pub root: &'a VfsPath,
    /// Put before paths inside the root, where several roots share one output.
    pub prefix: &'a str,
}

impl<'a> Places<'a> {
    /// Places of one root.
    pub fn new(db: &'a dyn Db, root: &'a VfsPath) -> Places<'a> {
        Places { db, root, prefix: "" }
    }

    /// A path from the root; an absolute one for what lies outside.
    pub fn path(&self, path: &VfsPath) -> String {
        match path.strip_prefix(self.root) {
            Some("") if self.prefix.is_empty() => ".".to_string(),
            Some(relative) if self.prefix.is_empty() => relative.to_string(),
            Some(relative) => format!("{}/{relative}", self.prefix),
            None => path.to_string(),
        }
    }

    /// A file's path from the root.
    pub fn file(&self, file: SourceFile) -> String {
        self.path(file.path(self.db))
    }

    /// An offset's position in a file.
    pub fn position(&self, file: SourceFile, offset: TextSize) -> Position {
        let at = line_index(self.db, file).line_col(offset, PositionEncoding::Utf32);
        Position { line: at.line + 1, column: at.column + 1, offset: offset.into() }
    }

    /// Both ends of a range.
    pub fn ends(&self, file: SourceFile, range: TextRange) -> (Position, Position) {
        (self.position(file, range.start()), self.position(file, range.end()))
    }

    /// An offset in a file.
    pub fn at(&self, file: SourceFile, offset: TextSize) -> Place {
        Place { file: self.file(file), at: self.position(file, offset) }
    }

    /// Where a place of the index begins.
    pub fn of(&self, place: SourcePlace) -> Place {
        self.at(place.source, place.range(self.db).start())
    }
}

/// The name of a file of the embedded library; none for a file of the disk.
pub fn embedded_name(path: &VfsPath) -> Option<String> {
    path.strip_prefix(&VfsPath::new(EMBEDDED_ROOT)).map(str::to_string)
}
