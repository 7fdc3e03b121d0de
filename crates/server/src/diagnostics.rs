//! Findings on their way to the client: computed on a snapshot, shown where they are news.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use nixscope_ide::{SourceFile, VfsPath};
use rustc_hash::{FxHashMap, FxHashSet};
use tokio::sync::mpsc::UnboundedSender;

use crate::client::ClientFeatures;
use crate::documents::Documents;
use crate::questions::describe;
use crate::snapshot::{Cancellable, Snapshot};
use crate::to_proto::{self, DiagnosticSet};
use crate::workspace::ConfigReport;

/// What one file's diagnostics are.
pub(crate) struct FileFindings {
    path: VfsPath,
    uri: Arc<str>,
    /// The version of the text they are about; none where the file was not open.
    version: Option<i32>,
    set: DiagnosticSet,
}

/// What a computation of diagnostics came to.
pub(crate) enum Report {
    /// The open Nix documents; the rest follows.
    Open(Vec<FileFindings>),
    /// Every file that has findings.
    All(Vec<FileFindings>),
    /// A change stopped it.
    Cancelled,
    /// It broke; why.
    Failed(String),
}

/// A message for the client.
pub(crate) enum Outgoing {
    /// Show these diagnostics of this document, in place of those shown before.
    Publish(Arc<str>, Option<i32>, DiagnosticSet),
    /// Ask again for the diagnostics of open documents.
    Refresh,
    /// Tell the user.
    Warn(String),
}

/// Computes every diagnostic: what the user looks at first, then the fleet.
pub(crate) fn compute(snapshot: Snapshot, config: &ConfigReport, send: impl Fn(Report)) {
    let _span = tracing::debug_span!("diagnostics").entered();
    let computed = catch_unwind(AssertUnwindSafe(|| -> Cancellable<_> {
        send(Report::Open(open_documents(&snapshot)?));
        let mut findings = fleet(&snapshot)?;
        findings.extend(configuration(&snapshot, config)?);
        Ok(findings)
    }));
    // The change that waits for this snapshot goes first.
    drop(snapshot);
    send(match computed {
        Ok(Ok(findings)) => Report::All(findings),
        Ok(Err(_)) => Report::Cancelled,
        Err(panic) => Report::Failed(describe("diagnostics", &*panic)),
    });
}

fn open_documents(snapshot: &Snapshot) -> Cancellable<Vec<FileFindings>> {
    let mut findings = Vec::new();
    for (path, document) in snapshot.documents().iter().filter(|(_, document)| document.nix) {
        let set = of_file(snapshot, snapshot.analysis.file(path))?;
        let (uri, version) = (document.uri.clone(), Some(document.version));
        findings.push(FileFindings { path: path.clone(), uri, version, set });
    }
    Ok(findings)
}

fn fleet(snapshot: &Snapshot) -> Cancellable<Vec<FileFindings>> {
    let all = snapshot.analysis.all_diagnostics()?;
    let mut findings = Vec::new();
    for group in all.chunk_by(|a, b| a.file == b.file) {
        let file = group[0].file;
        let path = snapshot.analysis.path(file);
        let document = snapshot.documents().get(&path);
        // Those were computed with the open documents.
        if document.is_some_and(|document| document.nix) {
            continue;
        }
        let Some(uri) = snapshot.uri(file) else { continue };
        let set = to_proto::diagnostics(snapshot, group)?;
        findings.push(FileFindings { path, uri, version: document.map(|document| document.version), set });
    }
    Ok(findings)
}

/// What is wrong with `nixscope.toml`.
fn configuration(snapshot: &Snapshot, config: &ConfigReport) -> Cancellable<Option<FileFindings>> {
    let path = config.path.clone();
    let file = snapshot.analysis.file(&path);
    let Some(uri) = snapshot.uri(file).filter(|_| !config.errors.is_empty()) else { return Ok(None) };
    let set = to_proto::config_errors(&*snapshot.lines(file)?, &config.errors);
    Ok(Some(FileFindings { uri, version: snapshot.version(&path), path, set }))
}

/// The diagnostics of one Nix file.
pub(crate) fn of_file(snapshot: &Snapshot, file: SourceFile) -> Cancellable<DiagnosticSet> {
    to_proto::diagnostics(snapshot, &snapshot.analysis.diagnostics(file)?)
}

/// What the client was shown, so that it is told news only.
pub(crate) struct Board {
    client: ClientFeatures,
    outgoing: UnboundedSender<Outgoing>,
    /// By path: under which address, and which digest. Nothing is here that the client pulls.
    shown: FxHashMap<VfsPath, (Arc<str>, u64)>,
    /// By path: what the client pulled for which version.
    pulled: FxHashMap<VfsPath, (Option<i32>, u64)>,
    /// Opened documents of which nothing was shown yet: they get their diagnostics even if there are none.
    waiting: FxHashSet<VfsPath>,
}

impl Board {
    /// A board on which nothing stands.
    pub(crate) fn new(client: ClientFeatures, outgoing: UnboundedSender<Outgoing>) -> Board {
        let (shown, pulled, waiting) = Default::default();
        Board { client, outgoing, shown, pulled, waiting }
    }

    /// Says what the client can do.
    pub(crate) fn set_client(&mut self, client: ClientFeatures) {
        self.client = client;
    }

    /// A document was opened: what it is shown from now on is about the client's text.
    pub(crate) fn opened(&mut self, path: &VfsPath, nix: bool) {
        if nix && self.client.pulls_diagnostics {
            self.clear(path);
        } else {
            self.waiting.insert(path.clone());
        }
    }

    /// A document was closed; what is shown of it stays until the next computation.
    pub(crate) fn closed(&mut self, path: &VfsPath) {
        self.pulled.remove(path);
        self.waiting.remove(path);
    }

    /// The client asked and got diagnostics of this digest.
    pub(crate) fn pulled(&mut self, path: VfsPath, version: Option<i32>, digest: u64) {
        self.pulled.insert(path, (version, digest));
    }

    /// Shows findings, except those about a text that is not the newest.
    pub(crate) fn show(&mut self, documents: &Documents, findings: Vec<FileFindings>) {
        let mut refresh = false;
        for found in findings {
            let document = documents.get(&found.path);
            if document.map(|document| document.version) != found.version {
                continue;
            }
            if self.client.pulls_diagnostics && document.is_some_and(|document| document.nix) {
                refresh |= self.is_news_to_the_puller(&found);
            } else {
                self.publish(found);
            }
        }
        if refresh && self.client.refreshes_diagnostics {
            self.send(Outgoing::Refresh);
        }
    }

    /// Shows the findings of the whole fleet and clears the files that have none any more.
    pub(crate) fn show_all(&mut self, documents: &Documents, findings: Vec<FileFindings>) {
        let found: FxHashSet<VfsPath> = findings.iter().map(|found| found.path.clone()).collect();
        self.show(documents, findings);
        let open_nix = |path: &VfsPath| documents.get(path).is_some_and(|document| document.nix);
        let gone: Vec<VfsPath> =
            self.shown.keys().filter(|path| !found.contains(*path) && !open_nix(path)).cloned().collect();
        for path in gone {
            self.clear(&path);
        }
    }

    /// Whether another file's change gave an open document other diagnostics than the client pulled.
    fn is_news_to_the_puller(&mut self, found: &FileFindings) -> bool {
        let news = self
            .pulled
            .get(&found.path)
            .is_some_and(|(version, digest)| *version == found.version && *digest != found.set.digest());
        if news {
            self.pulled.remove(&found.path);
        }
        news
    }

    fn publish(&mut self, found: FileFindings) {
        let before = self.shown.get(&found.path);
        if before.is_some_and(|(uri, _)| *uri != found.uri) {
            self.clear(&found.path);
        }
        let before = self.shown.get(&found.path).map(|(_, digest)| *digest);
        let awaited = self.waiting.remove(&found.path);
        let unchanged = before.map_or(found.set.is_empty(), |digest| digest == found.set.digest());
        if unchanged && !awaited {
            return;
        }
        if found.set.is_empty() {
            self.shown.remove(&found.path);
        } else {
            self.shown.insert(found.path, (found.uri.clone(), found.set.digest()));
        }
        let version = found.version.filter(|_| self.client.diagnostic_versions);
        self.send(Outgoing::Publish(found.uri, version, found.set));
    }

    fn clear(&mut self, path: &VfsPath) {
        if let Some((uri, _)) = self.shown.remove(path) {
            self.send(Outgoing::Publish(uri, None, DiagnosticSet::default()));
        }
    }

    /// Tells the user that something is wrong outside any document.
    pub(crate) fn warn(&self, message: String) {
        self.send(Outgoing::Warn(message));
    }

    fn send(&self, message: Outgoing) {
        // Fails only while the process ends.
        let _ = self.outgoing.send(message);
    }
}
