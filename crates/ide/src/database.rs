//! The database, its owner and its snapshots.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, UnwindSafe};
use std::sync::{Arc, Mutex};

use nixscope_db::{Db, Files, SourceFile, VfsPath};
use nixscope_fleet::{FleetIndex, Project};
use nixscope_lints::Diagnostic;
use nixscope_syntax::{LineIndex, line_index};
use nixscope_vfs::FileSystem;
use salsa::{Database as _, Setter};

use crate::diagnostics::{self, Settings};
use crate::suppress::{self, Suppress};

/// The database behind editors and the command line.
#[salsa::db]
#[derive(Clone)]
pub(crate) struct RootDatabase {
    storage: salsa::Storage<Self>,
    files: Files,
}

#[salsa::db]
impl salsa::Database for RootDatabase {}

#[salsa::db]
impl Db for RootDatabase {
    fn files(&self) -> &Files {
        &self.files
    }

    fn fork(&self) -> Box<dyn Db> {
        Box::new(self.clone())
    }
}

/// The owner of the database: takes changes and hands out snapshots.
///
/// A change waits until every snapshot is dropped, after telling their queries to stop; so a
/// snapshot must not be kept where the owner's thread would wait for itself.
pub struct AnalysisHost {
    db: RootDatabase,
    project: Project,
    settings: Settings,
    log: Option<Arc<Mutex<Vec<String>>>>,
}

/// A snapshot of the database. Clone one per thread.
#[derive(Clone)]
pub struct Analysis {
    db: RootDatabase,
    pub(crate) project: Project,
    settings: Settings,
}

/// A query was stopped because the database is about to change. Ask again on a new snapshot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cancelled;

/// An answer, or the news that the question must be asked again.
pub type Cancellable<T> = Result<T, Cancelled>;

impl AnalysisHost {
    /// A database over a file system. `root` is the flake's directory, `files` the Nix files below it
    /// that are not ignored. `durable` paths never change while the process runs.
    pub fn new(
        file_system: Arc<dyn FileSystem>,
        durable: Vec<VfsPath>,
        root: VfsPath,
        files: Vec<VfsPath>,
        settings: Settings,
    ) -> AnalysisHost {
        AnalysisHost::build(file_system, durable, root, files, settings, None)
    }

    /// The same, remembering the names of the queries that run; for tests of incrementality.
    pub fn with_query_log(
        file_system: Arc<dyn FileSystem>,
        durable: Vec<VfsPath>,
        root: VfsPath,
        files: Vec<VfsPath>,
        settings: Settings,
    ) -> AnalysisHost {
        AnalysisHost::build(file_system, durable, root, files, settings, Some(Arc::default()))
    }

    fn build(
        file_system: Arc<dyn FileSystem>,
        durable: Vec<VfsPath>,
        root: VfsPath,
        mut files: Vec<VfsPath>,
        settings: Settings,
        log: Option<Arc<Mutex<Vec<String>>>>,
    ) -> AnalysisHost {
        let callback = log.clone().map(|log| -> Box<dyn Fn(salsa::Event) + Send + Sync> {
            Box::new(move |event| {
                if let salsa::EventKind::WillExecute { database_key } = event.kind
                    && let Ok(mut log) = log.lock()
                {
                    log.push(format!("{database_key:?}"));
                }
            })
        });
        let db =
            RootDatabase { storage: salsa::Storage::new(callback), files: Files::new(file_system, durable) };
        files.sort();
        make_durable(&db.files, &root, &settings);
        let project = Project::builder(
            root,
            files,
            settings.input_sources.clone(),
            settings.secret_directories.clone(),
        )
        .evaluation(settings.evaluation.clone())
        .new(&db);
        AnalysisHost { db, project, settings, log }
    }

    /// A snapshot.
    pub fn analysis(&self) -> Analysis {
        Analysis { db: self.db.clone(), project: self.project, settings: self.settings.clone() }
    }

    /// Looks again at paths that may have changed: on disk, or in the overlay of open files.
    pub fn refresh(&mut self, paths: &[VfsPath]) {
        let files = self.db.files.clone();
        for path in paths {
            files.refresh(&mut self.db, path);
        }
    }

    /// Sets the list of the repository's Nix files; nothing happens where it is the same.
    pub fn set_files(&mut self, mut files: Vec<VfsPath>) {
        files.sort();
        if self.project.files(&self.db) != files {
            self.project.set_files(&mut self.db).to(files);
        }
    }

    /// Sets which of the files git does not have, sorted; nothing happens where they are the same.
    pub fn set_untracked(&mut self, files: Vec<VfsPath>) {
        if self.project.untracked(&self.db) != files {
            self.project.set_untracked(&mut self.db).to(files);
        }
    }

    /// Sets the settings.
    pub fn set_settings(&mut self, settings: Settings) {
        if self.project.input_sources(&self.db) != settings.input_sources {
            make_durable(&self.db.files, self.project.root(&self.db), &settings);
            let sources = settings.input_sources.clone();
            self.project.set_input_sources(&mut self.db).to(sources);
        }
        if self.project.secret_directories(&self.db) != settings.secret_directories {
            let directories = settings.secret_directories.clone();
            self.project.set_secret_directories(&mut self.db).to(directories);
        }
        if *self.project.evaluation(&self.db) != settings.evaluation {
            let evaluation = settings.evaluation.clone();
            self.project.set_evaluation(&mut self.db).to(evaluation);
        }
        self.settings = settings;
    }

    /// From now on hosts are evaluated together, in so many batches: all of them are done sooner, but an edit then costs
    /// a batch rather than a host. For programs that answer once.
    pub fn batch_hosts(&mut self, batches: NonZeroUsize) {
        if self.project.batches(&self.db) != Some(batches) {
            self.project.set_batches(&mut self.db).to(Some(batches));
        }
    }

    /// Tells the queries of every snapshot to stop, ahead of a change.
    pub fn request_cancellation(&mut self) {
        self.db.trigger_cancellation();
    }

    /// The queries that ran since the last call; empty without a log.
    pub fn take_query_log(&self) -> Vec<String> {
        let taken =
            self.log.as_ref().and_then(|log| log.lock().ok().map(|mut log| std::mem::take(&mut *log)));
        taken.unwrap_or_default()
    }
}

/// Sources of inputs change seldom, like the store's; but not those inside the repository.
fn make_durable(files: &Files, root: &VfsPath, settings: &Settings) {
    let outside = settings.input_sources.iter().map(|(_, path)| path).filter(|path| !path.starts_with(root));
    files.add_durable(outside.cloned());
}

impl Analysis {
    /// The flake's directory.
    pub fn root(&self) -> VfsPath {
        self.project.root(&self.db).clone()
    }

    /// The settings that its findings follow.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The repository's Nix files.
    pub fn files(&self) -> Vec<VfsPath> {
        self.project.files(&self.db).to_vec()
    }

    /// The file at a path; there is one for every path, if only one that cannot be read.
    pub fn file(&self, path: &VfsPath) -> SourceFile {
        nixscope_db::source(&self.db, path)
    }

    /// A file's path.
    pub fn path(&self, file: SourceFile) -> VfsPath {
        file.path(&self.db).clone()
    }

    /// A file's text; empty where there is none.
    pub fn text(&self, file: SourceFile) -> String {
        file.text(&self.db).as_str().to_string()
    }

    /// A file's line index.
    pub fn line_index(&self, file: SourceFile) -> Cancellable<LineIndex> {
        self.run(|db| line_index(db, file).clone())
    }

    /// Everything that is wrong in one file by itself and, where the fleet index says so, as part of
    /// the fleet. Levels, selection and suppressions are applied.
    pub fn diagnostics(&self, file: SourceFile) -> Cancellable<Vec<Diagnostic>> {
        self.run(|db| diagnostics::of_file(db, self.project, &self.settings, file))
    }

    /// Every finding of the repository, sorted by path and place.
    pub fn all_diagnostics(&self) -> Cancellable<Vec<Diagnostic>> {
        self.run(|db| diagnostics::of_project(db, self.project, &self.settings))
    }

    /// What suppresses a finding.
    pub fn suppress(&self, found: &Diagnostic) -> Cancellable<Suppress> {
        self.run(|db| suppress::suppress(db, found))
    }

    /// The fleet's index.
    pub fn fleet(&self) -> Cancellable<FleetIndex> {
        self.run(|db| nixscope_fleet::fleet(db, self.project).clone())
    }

    /// Runs a question against the database; a panic of salsa's that says "cancelled" is caught.
    pub fn run<T>(&self, question: impl FnOnce(&dyn Db) -> T) -> Cancellable<T> {
        let db: &dyn Db = &self.db;
        let question = AssertUnwindSafe(|| question(db));
        fn catch<T>(question: impl FnOnce() -> T + UnwindSafe) -> Cancellable<T> {
            salsa::Cancelled::catch(question).map_err(|_| Cancelled)
        }
        catch(question)
    }

    /// The project, for those who ask the database directly through [`Analysis::run`].
    pub fn project(&self) -> Project {
        self.project
    }
}
