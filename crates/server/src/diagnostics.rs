//! Findings on their way to the client: computed on a snapshot, shown where they are news.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use nixscope_ide::{SourceFile, VfsPath};
use nixscope_report::parallel;
use rustc_hash::{FxHashMap, FxHashSet};
use tokio::sync::mpsc::UnboundedSender;

use crate::client::ClientFeatures;
use crate::documents::{Document, Documents};
use crate::questions::describe;
use crate::snapshot::{Cancellable, Snapshot};
use crate::to_proto::{self, DiagnosticSet};
use crate::workspace::ConfigReport;

/// What one file's diagnostics are.
pub(crate) struct FileFindings {
    /// The file.
    pub(crate) path: VfsPath,
    /// The directory of the project that says so.
    home: VfsPath,
    /// The file's address.
    pub(crate) uri: Arc<str>,
    /// The version of the text they are about; none where the file was not open.
    pub(crate) version: Option<i32>,
    /// The diagnostics.
    pub(crate) set: DiagnosticSet,
}

/// What a computation of diagnostics came to.
pub(crate) enum Report {
    /// The open Nix documents; the rest follows.
    Open(Vec<FileFindings>),
    /// Every file of a project that has findings; the project's directory.
    All(VfsPath, Vec<FileFindings>),
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

/// Computes every diagnostic of a project: what the user looks at first, then the fleet.
pub(crate) fn compute(snapshot: Snapshot, config: &ConfigReport, send: impl Fn(Report)) {
    let _span = tracing::debug_span!("diagnostics").entered();
    let home = snapshot.analysis.root();
    let computed = catch_unwind(AssertUnwindSafe(|| -> Cancellable<_> {
        send(Report::Open(open_documents(&snapshot)?));
        let mut findings = fleet(&snapshot)?;
        findings.extend(configuration(&snapshot, config)?);
        Ok(findings)
    }));
    // The change that waits for this snapshot goes first.
    drop(snapshot);
    send(match computed {
        Ok(Ok(findings)) => Report::All(home, findings),
        Ok(Err(_)) => Report::Cancelled,
        Err(panic) => Report::Failed(describe("diagnostics", &*panic)),
    });
}

/// Every file of a project that has findings, for a client that asks for all.
pub(crate) fn of_project(snapshot: &Snapshot) -> Cancellable<Vec<FileFindings>> {
    let mut findings = open_documents(snapshot)?;
    findings.extend(fleet(snapshot)?);
    findings.retain(|it| !it.set.is_empty());
    Ok(findings)
}

fn open_documents(snapshot: &Snapshot) -> Cancellable<Vec<FileFindings>> {
    let mut findings = Vec::new();
    let home = snapshot.analysis.root();
    let own = |(path, document): &(&VfsPath, &Document)| document.nix && snapshot.owns(path);
    for (path, document) in snapshot.documents().iter().filter(own) {
        let set = of_file(snapshot, snapshot.analysis.file(path))?;
        let (uri, version) = (document.uri.clone(), Some(document.version));
        findings.push(FileFindings { path: path.clone(), home: home.clone(), uri, version, set });
    }
    Ok(findings)
}

fn fleet(snapshot: &Snapshot) -> Cancellable<Vec<FileFindings>> {
    parallel::prepare(&snapshot.analysis, true);
    let all = snapshot.analysis.all_diagnostics()?;
    let mut findings = Vec::new();
    for group in all.chunk_by(|a, b| a.file == b.file) {
        let file = group[0].file;
        let path = snapshot.analysis.path(file);
        let document = snapshot.documents().get(&path);
        // Those were computed with the open documents, or are another project's to show.
        if document.is_some_and(|document| document.nix) || !snapshot.owns(&path) {
            continue;
        }
        let Some(uri) = snapshot.uri(file) else { continue };
        let set = to_proto::diagnostics(snapshot, group)?;
        let version = document.map(|document| document.version);
        findings.push(FileFindings { path, home: snapshot.analysis.root(), uri, version, set });
    }
    Ok(findings)
}

/// What is wrong with `nixscope.toml`.
fn configuration(snapshot: &Snapshot, config: &ConfigReport) -> Cancellable<Option<FileFindings>> {
    let path = config.path.clone();
    let file = snapshot.analysis.file(&path);
    let Some(uri) = snapshot.uri(file).filter(|_| !config.errors.is_empty()) else { return Ok(None) };
    let set = to_proto::config_errors(&*snapshot.lines(file)?, &config.errors);
    let home = snapshot.analysis.root();
    Ok(Some(FileFindings { uri, version: snapshot.version(&path), path, home, set }))
}

/// The diagnostics of one Nix file.
pub(crate) fn of_file(snapshot: &Snapshot, file: SourceFile) -> Cancellable<DiagnosticSet> {
    to_proto::diagnostics(snapshot, &snapshot.analysis.diagnostics(file)?)
}

/// What the client was shown of one file.
struct Shown {
    uri: Arc<str>,
    digest: u64,
    /// The directory of the project that said so.
    home: VfsPath,
}

/// What the client was shown, so that it is told news only.
pub(crate) struct Board {
    client: ClientFeatures,
    outgoing: UnboundedSender<Outgoing>,
    /// By path. Nothing is here that the client pulls.
    shown: FxHashMap<VfsPath, Shown>,
    /// By path: what the client pulled for which version.
    pulled: FxHashMap<VfsPath, (Option<i32>, u64)>,
    /// Whether the client asks for the diagnostics of the whole workspace.
    pulls_workspace: bool,
    /// Opened documents of which nothing was shown yet: they get their diagnostics even if there are none.
    waiting: FxHashSet<VfsPath>,
}

impl Board {
    /// A board on which nothing stands.
    pub(crate) fn new(client: ClientFeatures, outgoing: UnboundedSender<Outgoing>) -> Board {
        let (shown, pulled, waiting) = Default::default();
        Board { client, outgoing, shown, pulled, pulls_workspace: false, waiting }
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

    /// The client asked for the diagnostics of the whole workspace and got these: nothing of a Nix file is shown to
    /// it unasked from now on.
    pub(crate) fn pulled_all(&mut self, found: Vec<(VfsPath, Option<i32>, u64)>) {
        self.pulls_workspace = true;
        let shown: Vec<VfsPath> = self.shown.keys().filter(|path| path.is_nix()).cloned().collect();
        shown.iter().for_each(|path| self.clear(path));
        self.pulled.retain(|_, (version, _)| version.is_some());
        self.pulled.extend(found.into_iter().map(|(path, version, digest)| (path, (version, digest))));
    }

    /// Clears what projects showed that are there no more.
    pub(crate) fn keep_only(&mut self, homes: &[VfsPath]) {
        let gone = self.shown.iter().filter(|(_, it)| !homes.contains(&it.home));
        let gone: Vec<VfsPath> = gone.map(|(path, _)| path.clone()).collect();
        gone.iter().for_each(|path| self.clear(path));
    }

    /// Shows findings, except those about a text that is not the newest.
    pub(crate) fn show(&mut self, documents: &Documents, findings: Vec<FileFindings>) {
        let mut refresh = false;
        for found in findings {
            let document = documents.get(&found.path);
            if document.map(|document| document.version) != found.version {
                continue;
            }
            let open = document.is_some_and(|document| document.nix);
            if self.client.pulls_diagnostics && (open || (self.pulls_workspace && found.path.is_nix())) {
                refresh |= self.is_news_to_the_puller(&found);
            } else {
                self.publish(found);
            }
        }
        if refresh && self.client.refreshes_diagnostics {
            self.send(Outgoing::Refresh);
        }
    }

    /// Shows the findings of a whole project and clears the files that have none any more.
    pub(crate) fn show_all(&mut self, documents: &Documents, home: &VfsPath, findings: Vec<FileFindings>) {
        let found: FxHashSet<VfsPath> = findings.iter().map(|found| found.path.clone()).collect();
        self.show(documents, findings);
        let open_nix = |path: &VfsPath| documents.get(path).is_some_and(|document| document.nix);
        let mended = |path: &VfsPath| !found.contains(path) && !open_nix(path);
        let shown = self.shown.iter().filter(|(path, it)| it.home == *home && mended(path));
        let gone: Vec<VfsPath> = shown.map(|(path, _)| path.clone()).collect();
        for path in gone {
            self.clear(&path);
        }
        let before = self.pulled.len();
        self.pulled.retain(|path, _| !path.starts_with(home) || !mended(path));
        if self.pulled.len() < before && self.client.refreshes_diagnostics {
            self.send(Outgoing::Refresh);
        }
    }

    /// Whether another file's change gave an open document other diagnostics than the client pulled.
    fn is_news_to_the_puller(&mut self, found: &FileFindings) -> bool {
        let news = match self.pulled.get(&found.path) {
            Some((version, digest)) => *version == found.version && *digest != found.set.digest(),
            // A file that nobody has open had nothing to say before.
            None => found.version.is_none() && !found.set.is_empty(),
        };
        if news && found.version.is_none() {
            self.pulled.insert(found.path.clone(), (None, found.set.digest()));
        } else if news {
            self.pulled.remove(&found.path);
        }
        news
    }

    fn publish(&mut self, found: FileFindings) {
        let before = self.shown.get(&found.path);
        if before.is_some_and(|it| it.uri != found.uri) {
            self.clear(&found.path);
        }
        let before = self.shown.get(&found.path).map(|it| it.digest);
        let awaited = self.waiting.remove(&found.path);
        let unchanged = before.map_or(found.set.is_empty(), |digest| digest == found.set.digest());
        if unchanged && !awaited {
            return;
        }
        if found.set.is_empty() {
            self.shown.remove(&found.path);
        } else {
            let shown = Shown { uri: found.uri.clone(), digest: found.set.digest(), home: found.home };
            self.shown.insert(found.path, shown);
        }
        let version = found.version.filter(|_| self.client.diagnostic_versions);
        self.send(Outgoing::Publish(found.uri, version, found.set));
    }

    fn clear(&mut self, path: &VfsPath) {
        if let Some(Shown { uri, .. }) = self.shown.remove(path) {
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
