//! A database over a fixture, with the log of the queries that ran.

use std::sync::{Arc, Mutex};

use nixscope_db::{Db, Files};
use nixscope_vfs::{FileSystem, MemoryFileSystem, VfsPath};
use salsa::Database;

use crate::Fixture;

/// A database in memory that remembers every query it executes.
#[salsa::db]
#[derive(Clone)]
pub struct TestDatabase {
    storage: salsa::Storage<Self>,
    files: Files,
    memory: Arc<MemoryFileSystem>,
    log: Arc<Mutex<Vec<String>>>,
}

#[salsa::db]
impl Database for TestDatabase {}

#[salsa::db]
impl Db for TestDatabase {
    fn files(&self) -> &Files {
        &self.files
    }

    fn fork(&self) -> Box<dyn Db> {
        Box::new(self.clone())
    }
}

impl TestDatabase {
    /// A database over the fixture's files.
    pub fn new(fixture: &Fixture) -> TestDatabase {
        let memory = Arc::new(MemoryFileSystem::default());
        for (path, text) in &fixture.files {
            memory.insert_text(VfsPath::new(path), text.as_str());
        }
        TestDatabase::over(memory.clone(), memory, Vec::new())
    }

    /// A database over any file system; `memory` is where [`TestDatabase::edit`] writes.
    pub fn over(
        memory: Arc<MemoryFileSystem>,
        file_system: Arc<dyn FileSystem>,
        durable: Vec<VfsPath>,
    ) -> TestDatabase {
        let log: Arc<Mutex<Vec<String>>> = Arc::default();
        let sink = log.clone();
        let storage = salsa::Storage::new(Some(Box::new(move |event| {
            if let salsa::EventKind::WillExecute { database_key } = event.kind
                && let Ok(mut log) = sink.lock()
            {
                log.push(format!("{database_key:?}"));
            }
        })));
        TestDatabase { storage, files: Files::new(file_system, durable), memory, log }
    }

    /// Writes a file and tells the database, as an editor or the watcher would.
    pub fn edit(&mut self, path: &str, text: &str) {
        let path = VfsPath::new(path);
        self.memory.insert_text(path.clone(), text);
        let files = self.files.clone();
        files.refresh(self, &path);
    }

    /// Takes a file away and tells the database.
    pub fn remove(&mut self, path: &str) {
        let path = VfsPath::new(path);
        self.memory.remove(&path);
        let files = self.files.clone();
        files.refresh(self, &path);
    }

    /// The queries executed since the last call, as `query(key)`, in order.
    pub fn take_log(&self) -> Vec<String> {
        self.log.lock().map(|mut log| std::mem::take(&mut *log)).unwrap_or_default()
    }
}
