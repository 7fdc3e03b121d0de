//! The salsa database's inputs: everything nixscope knows of the world outside.
//!
//! A path that is looked at becomes an input, also when nothing is there, so that its appearance
//! invalidates what was concluded from its absence. The tables from path to input are invisible to
//! salsa; that is sound because an entry, once made, is never replaced, and every fact about the
//! path is a field of the entry.

mod files;

pub use files::{Directory, Files, PathEntry, SourceFile};
pub use nixscope_vfs::{EntryKind, FileSystem, FileText, MAX_FILE_SIZE, VfsPath};

/// The database as every query sees it.
#[salsa::db]
pub trait Db: salsa::Database {
    /// The tables of files that were looked at so far.
    fn files(&self) -> &Files;
    /// Another handle of the same database, for another thread. A change waits until it is dropped.
    fn fork(&self) -> Box<dyn Db>;
}

/// What the path names. Depends on that path's entry only.
pub fn kind(db: &dyn Db, path: &VfsPath) -> EntryKind {
    db.files().entry(db, path).kind(db)
}

/// The file at the path, as an input; its text says whether there is one.
pub fn source(db: &dyn Db, path: &VfsPath) -> SourceFile {
    db.files().source(db, path)
}

/// The names in a directory, sorted by bytes, with what they name.
pub fn list<'db>(db: &'db dyn Db, path: &VfsPath) -> &'db [(Box<str>, EntryKind)] {
    db.files().directory(db, path).names(db)
}
