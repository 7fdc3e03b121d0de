//! The one owner of the database: a thread that takes changes and questions in the order in which the
//! client sent them.
//!
//! A change waits until every snapshot is dropped, after telling their queries to stop, so it must run
//! on no async thread and under no lock. A question gets a snapshot and goes to the pool.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
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
use crate::workspaces::Workspaces;

/// How long the client must be silent before diagnostics are computed.
const DEBOUNCE: Duration = Duration::from_millis(75);

/// A computation that wants a snapshot.
pub(crate) type Job = Box<dyn FnOnce(Snapshot) + Send>;

/// A computation that wants a snapshot of each project; the number says which.
pub(crate) type WideJob = Arc<dyn Fn(usize, Snapshot) + Send + Sync>;

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
    /// The client's folders changed: those that came, those that went.
    Folders(Vec<VfsPath>, Vec<VfsPath>),
    /// A question about a file, or about the project that it belongs to.
    Ask(VfsPath, Job),
    /// A question about every project.
    AskEverywhere(WideJob),
    /// The client asked for a document's diagnostics and got those of this digest.
    Pulled(VfsPath, Option<i32>, u64),
    /// The same for the whole workspace: every document that had any.
    PulledAll(Vec<(VfsPath, Option<i32>, u64)>),
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
                workspaces: None,
                folders: Vec::new(),
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

    /// Asks for a computation on a snapshot, of a file's project, that holds everything posted before.
    pub(crate) fn ask(&self, about: &VfsPath, job: Job) {
        self.post(Event::Ask(about.clone(), job));
    }

    /// The same on a snapshot of every project.
    pub(crate) fn ask_everywhere(&self, job: WideJob) {
        self.post(Event::AskEverywhere(job));
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
    /// Computations are on their way, one for each project: so many.
    Running(usize),
}

struct Owner {
    own: OwnerHandle,
    runtime: Handle,
    client: ClientFeatures,
    /// None until the client introduced itself.
    workspaces: Option<Workspaces>,
    /// The client's folders.
    folders: Vec<VfsPath>,
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
                match (self.documents.change(&path, version, &changes, encoding), &mut self.workspaces) {
                    (Some(text), Some(workspaces)) => workspaces.set_text(&path, text),
                    _ => return tracing::debug!("a change of {path}, which is not open"),
                }
                self.changed();
            }
            Event::Close(path) => {
                let closed = self.documents.close(&path);
                if let (Some(_), Some(workspaces)) = (closed, &mut self.workspaces) {
                    workspaces.clear_text(&path);
                    self.board.closed(&path);
                    self.changed();
                }
            }
            Event::Save(path) => {
                if let Some(workspaces) = &mut self.workspaces
                    && !self.client.watches_files
                {
                    workspaces.saved(&path);
                    self.changed();
                }
            }
            Event::Watched(changes) => {
                if let Some(workspaces) = &mut self.workspaces {
                    workspaces.look_again(&changes);
                    self.changed();
                }
            }
            Event::Settings(settings) => {
                self.configure(&settings);
                self.changed();
            }
            Event::Folders(added, removed) => self.change_folders(added, &removed),
            Event::Ask(about, job) => {
                let index = self.workspaces.as_ref().map_or(0, |it| it.index_of(&about));
                if let Some(snapshot) = self.snapshots().into_iter().nth(index) {
                    self.runtime.spawn_blocking(move || job(snapshot));
                }
            }
            Event::AskEverywhere(job) => {
                for (index, snapshot) in self.snapshots().into_iter().enumerate() {
                    let job = job.clone();
                    self.runtime.spawn_blocking(move || job(index, snapshot));
                }
            }
            Event::PulledAll(found) => self.board.pulled_all(found),
            Event::Pulled(path, version, digest) => self.board.pulled(path, version, digest),
            Event::Report(report) => self.report(report),
        }
    }

    fn start(&mut self, introduction: Introduction) {
        tracing::info!("{} in {:?}", introduction.name, introduction.roots);
        self.client = introduction.features;
        self.board.set_client(introduction.features);
        let folders: Vec<VfsPath> = introduction.roots.iter().filter_map(|it| folder_of(it)).collect();
        self.folders.clone_from(&folders);
        self.workspaces = Some(Workspaces::open(folders));
        self.configure(&introduction.options);
    }

    fn configure(&mut self, settings: &Value) {
        let wrong = self.workspaces.as_mut().and_then(|workspaces| workspaces.configure(settings));
        if let Some(wrong) = wrong {
            self.board.warn(format!("nixscope: the settings of the editor: {wrong}"));
        }
    }

    fn open(&mut self, path: VfsPath, document: Document) {
        let Some(workspaces) = &mut self.workspaces else { return };
        // Of a client without a folder, documents say where the flakes are.
        workspaces.adopt(&path);
        workspaces.set_text(&path, document.text.clone());
        self.board.opened(&path, document.nix);
        self.documents.open(path, document);
        self.changed();
    }

    /// Diagnostics are computed when the client has been silent for a moment.
    fn changed(&mut self) {
        self.due = Some(Instant::now() + DEBOUNCE);
    }

    fn change_folders(&mut self, added: Vec<VfsPath>, removed: &[VfsPath]) {
        self.folders.retain(|folder| !removed.contains(folder) && !added.contains(folder));
        self.folders.extend(added);
        if let Some(workspaces) = &mut self.workspaces {
            workspaces.set_folders(self.folders.clone());
            self.board.keep_only(&workspaces.roots());
            self.changed();
        }
    }

    /// A snapshot of every project. Those that are not used are dropped at once.
    fn snapshots(&self) -> Vec<Snapshot> {
        let Some(workspaces) = &self.workspaces else { return Vec::new() };
        let roots = workspaces.roots();
        let snapshot = |(index, workspace): (usize, &Workspace)| {
            let (analysis, preferences) = (workspace.analysis(), workspace.preferences());
            let home = (roots.clone(), index);
            Snapshot::new(analysis, self.documents.clone(), self.client, preferences, home)
        };
        workspaces.all().iter().enumerate().map(snapshot).collect()
    }

    fn compute(&mut self) {
        self.due = None;
        let Some(workspaces) = &self.workspaces else { return };
        let configs: Vec<_> = workspaces.all().iter().map(Workspace::config_report).collect();
        self.state = State::Running(configs.len());
        // Apart from each other: a change of one project must not wait for another's snapshot.
        for (snapshot, config) in self.snapshots().into_iter().zip(configs) {
            let own = self.own.clone();
            let send = move |report| own.post(Event::Report(report));
            self.runtime.spawn_blocking(move || diagnostics::compute(snapshot, &config, send));
        }
    }

    fn report(&mut self, report: Report) {
        match report {
            Report::Open(findings) => return self.board.show(&self.documents, findings),
            // A change since then: the next computation knows better which files have none.
            Report::All(_, findings) if self.due.is_some() => self.board.show(&self.documents, findings),
            Report::All(home, findings) => self.board.show_all(&self.documents, &home, findings),
            Report::Cancelled => {
                self.due.get_or_insert_with(|| Instant::now() + DEBOUNCE);
            }
            Report::Failed(why) => tracing::error!("{why}"),
        }
        self.state = match self.state {
            State::Running(left) if left > 1 => State::Running(left - 1),
            _ => State::Idle,
        };
    }
}
