//! A file system in memory: fixtures, the embedded library, editors' unsaved files.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use crate::{EntryKind, FileSystem, FileText, VfsPath};

/// Files by path; directories exist where a file lies below them.
#[derive(Default)]
pub struct MemoryFileSystem {
    files: RwLock<BTreeMap<VfsPath, FileText>>,
}

impl MemoryFileSystem {
    /// Puts a file, replacing what was there.
    pub fn insert(&self, path: VfsPath, text: FileText) {
        self.write().insert(path, text);
    }

    /// Puts a text file.
    pub fn insert_text(&self, path: VfsPath, text: impl Into<Arc<str>>) {
        self.insert(path, FileText::Text(text.into()));
    }

    /// Takes a file away; nothing happens where there is none.
    pub fn remove(&self, path: &VfsPath) {
        self.write().remove(path);
    }

    /// Whether this very path holds a file.
    pub fn contains(&self, path: &VfsPath) -> bool {
        self.read_lock().contains_key(path)
    }

    /// Every file's path, sorted.
    pub fn paths(&self) -> Vec<VfsPath> {
        self.read_lock().keys().cloned().collect()
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, BTreeMap<VfsPath, FileText>> {
        self.files.write().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn read_lock(&self) -> std::sync::RwLockReadGuard<'_, BTreeMap<VfsPath, FileText>> {
        self.files.read().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl FileSystem for MemoryFileSystem {
    fn kind(&self, path: &VfsPath) -> EntryKind {
        let files = self.read_lock();
        if files.contains_key(path) {
            return EntryKind::File;
        }
        let below = path.as_str() == "/" || files.keys().any(|file| file.starts_with(path));
        if below { EntryKind::Directory } else { EntryKind::Missing }
    }

    fn read(&self, path: &VfsPath) -> FileText {
        self.read_lock().get(path).cloned().unwrap_or_else(|| FileText::Unreadable("no such file".into()))
    }

    fn list(&self, path: &VfsPath) -> Vec<(Box<str>, EntryKind)> {
        let files = self.read_lock();
        let mut names: BTreeMap<Box<str>, EntryKind> = BTreeMap::new();
        for file in files.keys() {
            let Some(rest) = file.strip_prefix(path) else { continue };
            match rest.split_once('/') {
                Some((directory, _)) => names.insert(directory.into(), EntryKind::Directory),
                None if !rest.is_empty() => names.insert(rest.into(), EntryKind::File),
                None => None,
            };
        }
        names.into_iter().collect()
    }
}
