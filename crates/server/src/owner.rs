//! The one owner of the database: a thread that takes changes and questions in the order in which the
//! client sent them.
//!
//! A change waits until every snapshot is dropped, after telling their queries to stop, so it must run
//! on no async thread and under no lock. A question gets a snapshot and goes to the pool.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use nixscope_ide::VfsPath;
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::mpsc::UnboundedSender;

use crate::client::{ClientFeatures, Introduction};
use crate::diagnostics::{self, Board, Outgoing, Report};
use crate::documents::{Document, Documents, TextChange};
use crate::questions::describe;
use crate::snapshot::Snapshot;
use crate::uris::folder_of;
use crate::workspace::{FileChange, Workspace};

/// How long the client must be silent before diagnostics are computed.
const DEBOUNCE: Duration = Duration::from_millis(75);

/// A computation that wants a snapshot.
pub(crate) type Job = Box<dyn FnOnce(Snapshot) + Send>;

/// What the owner is told.
pub(crate) enum Event {
    /// The client introduced itself.
    Start(Box<Introduction>),
    /// The client is ready for messages of ours.
    Ready,
    /// A document was opened.
    Open(VfsPath, Document),
    /// A document was edited.
    Change(VfsPath, i32, Vec<TextChange>),
    /// A document was closed.
    Close(VfsPath),
    /// A document was saved.
    Save(VfsPath),
    /// Files changed on the disk.
    Watched(Vec<FileChange>),
    /// The client's settings; all of them.
    Settings(Value),
    /// A question.
    Ask(Job),
    /// The client asked for a document's diagnostics and got those of this digest.
    Pulled(VfsPath, Option<i32>, u64),
    /// Diagnostics were computed.
    Report(Report),
}

/// The way to the owner. Posting never waits.
#[derive(Clone)]
pub(crate) struct OwnerHandle {
    sender: Sender<Event>,
}

impl OwnerHandle {
    /// Starts the owner's thread. Questions run on the runtime's blocking threads, messages for the
    /// client go to `outgoing`.
    pub(crate) fn spawn(
        runtime: Handle,
        outgoing: UnboundedSender<Outgoing>,
    ) -> std::io::Result<OwnerHandle> {
        let (sender, receiver) = channel();
        let handle = OwnerHandle { sender };
        let own = handle.clone();
        // The database is made on the thread that owns it.
        std::thread::Builder::new().name("owner".into()).stack_size(STACK).spawn(move || {
            let client = ClientFeatures::new(&Value::Null);
            let (board, documents) = (Board::new(client, outgoing), Documents::default());
            let owner = Owner {
                own,
                runtime,
                client,
                workspace: None,
                documents,
                board,
                due: None,
                state: State::Silent,
            };
            owner.run(&receiver);
        })?;
        Ok(handle)
    }

    /// Tells the owner something.
    pub(crate) fn post(&self, event: Event) {
        if self.sender.send(event).is_err() {
            tracing::error!("the owner of the database is gone");
        }
    }

    /// Asks for a computation on a snapshot that holds everything posted before.
    pub(crate) fn ask(&self, job: Job) {
        self.post(Event::Ask(job));
    }
}

/// The stack of threads that compute.
pub(crate) const STACK: usize = 16 << 20;

/// Where the computation of diagnostics is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// The client takes no messages yet.
    Silent,
    /// Nothing is computed.
    Idle,
    /// A computation is on its way.
    Running,
}

struct Owner {
    own: OwnerHandle,
    runtime: Handle,
    client: ClientFeatures,
    /// None until the client introduced itself.
    workspace: Option<Workspace>,
    documents: Documents,
    board: Board,
    /// When diagnostics are to be computed.
    due: Option<Instant>,
    state: State,
}

impl Owner {
    fn run(mut self, receiver: &Receiver<Event>) {
        loop {
            let event = match self.due.filter(|_| self.state == State::Idle) {
                None => receiver.recv().map_err(RecvTimeoutError::from),
                Some(due) => receiver.recv_timeout(due.saturating_duration_since(Instant::now())),
            };
            let step = AssertUnwindSafe(|| match event {
                Ok(event) => self.handle(event),
                Err(_) => self.compute(),
            });
            if let Err(panic) = catch_unwind(step) {
                tracing::error!("{}", describe("owner", &*panic));
            }
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Start(introduction) => self.start(*introduction),
            Event::Ready => {
                self.state = State::Idle;
                self.due = Some(Instant::now());
            }
            Event::Open(path, document) => self.open(path, document),
            Event::Change(path, version, changes) => {
                let encoding = self.client.encoding;
                match (self.documents.change(&path, version, &changes, encoding), &mut self.workspace) {
                    (Some(text), Some(workspace)) => workspace.set_text(&path, text),
                    _ => return tracing::debug!("a change of {path}, which is not open"),
                }
                self.changed();
            }
            Event::Close(path) => {
                let closed = self.documents.close(&path);
                if let (Some(_), Some(workspace)) = (closed, &mut self.workspace) {
                    workspace.clear_text(&path);
                    self.board.closed(&path);
                    self.changed();
                }
            }
            Event::Save(path) => {
                if let Some(workspace) = &mut self.workspace
                    && !self.client.watches_files
                {
                    workspace.saved(path);
                    self.changed();
                }
            }
            Event::Watched(changes) => {
                if let Some(workspace) = &mut self.workspace {
                    workspace.look_again(&changes);
                    self.changed();
                }
            }
            Event::Settings(settings) => {
                self.configure(&settings);
                self.changed();
            }
            Event::Ask(job) => {
                if let Some(snapshot) = self.snapshot() {
                    self.runtime.spawn_blocking(move || job(snapshot));
                }
            }
            Event::Pulled(path, version, digest) => self.board.pulled(path, version, digest),
            Event::Report(report) => self.report(report),
        }
    }

    fn start(&mut self, introduction: Introduction) {
        tracing::info!("{} in {:?}", introduction.name, introduction.roots);
        self.client = introduction.features;
        self.board.set_client(introduction.features);
        let folders: Vec<VfsPath> = introduction.roots.iter().filter_map(|it| folder_of(it)).collect();
        self.workspace = Some(Workspace::open(&folders));
        self.configure(&introduction.options);
    }

    fn configure(&mut self, settings: &Value) {
        let wrong = self.workspace.as_mut().and_then(|workspace| workspace.configure(settings));
        if let Some(wrong) = wrong {
            self.board.warn(format!("nixscope: the settings of the editor: {wrong}"));
        }
    }

    fn open(&mut self, path: VfsPath, document: Document) {
        let Some(workspace) = &mut self.workspace else { return };
        // A client without a folder: the first document says where the flake is.
        if workspace.is_nowhere() {
            workspace.adopt(&path);
        }
        workspace.set_text(&path, document.text.clone());
        self.board.opened(&path, document.nix);
        self.documents.open(path, document);
        self.changed();
    }

    /// Diagnostics are computed when the client has been silent for a moment.
    fn changed(&mut self) {
        self.due = Some(Instant::now() + DEBOUNCE);
    }

    fn snapshot(&self) -> Option<Snapshot> {
        let workspace = self.workspace.as_ref()?;
        let (analysis, preferences) = (workspace.analysis(), workspace.preferences());
        Some(Snapshot::new(analysis, self.documents.clone(), self.client, preferences))
    }

    fn compute(&mut self) {
        self.due = None;
        let Some(snapshot) = self.snapshot() else { return };
        let Some(config) = self.workspace.as_ref().map(Workspace::config_report) else { return };
        self.state = State::Running;
        let own = self.own.clone();
        let send = move |report| own.post(Event::Report(report));
        self.runtime.spawn_blocking(move || diagnostics::compute(snapshot, &config, send));
    }

    fn report(&mut self, report: Report) {
        match report {
            Report::Open(findings) => return self.board.show(&self.documents, findings),
            // A change since then: the next computation knows better which files have none.
            Report::All(findings) if self.due.is_some() => self.board.show(&self.documents, findings),
            Report::All(findings) => self.board.show_all(&self.documents, findings),
            Report::Cancelled => {
                self.due.get_or_insert_with(|| Instant::now() + DEBOUNCE);
            }
            Report::Failed(why) => tracing::error!("{why}"),
        }
        self.state = State::Idle;
    }
}
