//! What one question is answered from: the database and the open documents at one moment.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;

use nixscope_ide::{Analysis, Cancelled, HintSettings, SourceFile, TextRange, TextSize, VfsPath};
use rustc_hash::FxHashMap;

use crate::client::ClientFeatures;
use crate::documents::{Document, Documents};
use crate::lines::{LineTable, Point, Span};
use crate::workspaces::project_of;

/// An answer, or the news that the question must be asked again.
pub(crate) type Cancellable<T> = Result<T, Cancelled>;

/// What the user configured that is not the analysis' business.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Preferences {
    /// The formatter's program and arguments; empty for none.
    pub(crate) formatter: Vec<String>,
    /// Which inlay hints are shown.
    pub(crate) hints: HintSettings,
}

/// The database and the open documents at one moment. Lives on one thread of the pool and dies there:
/// the next change waits for it.
pub(crate) struct Snapshot {
    /// The database.
    pub(crate) analysis: Analysis,
    /// What the client can do.
    pub(crate) client: ClientFeatures,
    /// What the user configured of the server itself.
    pub(crate) preferences: Arc<Preferences>,
    documents: Documents,
    /// Every project's directory, and which of them this is of.
    roots: Arc<[VfsPath]>,
    home: usize,
    lines: RefCell<FxHashMap<SourceFile, Arc<LineTable>>>,
}

impl Snapshot {
    /// The database and the documents that it was made with.
    pub(crate) fn new(
        analysis: Analysis,
        documents: Documents,
        client: ClientFeatures,
        preferences: Arc<Preferences>,
        (roots, home): (Arc<[VfsPath]>, usize),
    ) -> Snapshot {
        Snapshot { analysis, client, preferences, documents, roots, home, lines: RefCell::default() }
    }

    /// Whether a file belongs to this project, and not to another inside or around it.
    pub(crate) fn owns(&self, path: &VfsPath) -> bool {
        project_of(&self.roots, path) == self.home
    }

    /// The open documents.
    pub(crate) fn documents(&self) -> &Documents {
        &self.documents
    }

    /// The version of an open document.
    pub(crate) fn version(&self, path: &VfsPath) -> Option<i32> {
        self.documents.get(path).map(|document| document.version)
    }

    /// The Nix file at a path; none where it is something else, or where nothing is.
    pub(crate) fn nix_file(&self, path: &VfsPath) -> Option<SourceFile> {
        let nix = match self.documents.get(path) {
            Some(document) => document.nix,
            None => path.is_nix() && Path::new(path.as_str()).is_file(),
        };
        nix.then(|| self.analysis.file(path))
    }

    /// The address of a file, spelt as the client spells it; none for a file that no client can open.
    pub(crate) fn uri(&self, file: SourceFile) -> Option<Arc<str>> {
        let path = self.analysis.path(file);
        if let Some(Document { uri, .. }) = self.documents.get(&path) {
            return Some(uri.clone());
        }
        let exists = Path::new(path.as_str()).exists();
        exists.then(|| crate::uris::uri_of(&path)).flatten().map(Arc::from)
    }

    /// The lines of a file.
    pub(crate) fn lines(&self, file: SourceFile) -> Cancellable<Arc<LineTable>> {
        if let Some(known) = self.lines.borrow().get(&file) {
            return Ok(known.clone());
        }
        let text = self.analysis.run(|db| file.text(db).clone())?;
        let text = match text {
            nixscope_vfs::FileText::Text(text) => text,
            _ => "".into(),
        };
        let table = Arc::new(LineTable::new(text, self.client.encoding));
        self.lines.borrow_mut().insert(file, table.clone());
        Ok(table)
    }

    /// The points of a range in a file.
    pub(crate) fn span(&self, file: SourceFile, range: TextRange) -> Cancellable<Span> {
        Ok(self.lines(file)?.span(range))
    }

    /// The byte offset of a point in a file.
    pub(crate) fn offset(&self, file: SourceFile, point: Point) -> Cancellable<TextSize> {
        Ok(self.lines(file)?.offset(point))
    }
}
