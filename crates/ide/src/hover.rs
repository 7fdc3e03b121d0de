//! Hover.

use nixscope_db::{Db, SourceFile};
use nixscope_fleet::Project;
use nixscope_syntax::{TextRange, TextSize};

/// What stands at a place, for people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hover {
    /// Markdown.
    pub markdown: String,
    /// What it is about.
    pub range: TextRange,
}

/// What stands at a place; none where there is nothing to say.
pub(crate) fn hover(_db: &dyn Db, _project: Project, _file: SourceFile, _offset: TextSize) -> Option<Hover> {
    None
}
