//! The texts of files that are open in an editor, laid over another file system.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use nixscope_vfs::{EntryKind, FileSystem, FileText, VfsPath};

/// A file system whose open files hide what is on disk. After a change, tell the database to look at
/// the path again.
pub struct Overlay {
    base: Arc<dyn FileSystem>,
    open: RwLock<BTreeMap<VfsPath, Arc<str>>>,
}

impl Overlay {
    /// Nothing open yet.
    pub fn new(base: Arc<dyn FileSystem>) -> Overlay {
        Overlay { base, open: RwLock::default() }
    }

    /// Sets the text of an open file.
    pub fn set(&self, path: VfsPath, text: Arc<str>) {
        self.open.write().unwrap_or_else(PoisonError::into_inner).insert(path, text);
    }

    /// Closes a file: what is on disk shows again.
    pub fn remove(&self, path: &VfsPath) {
        self.open.write().unwrap_or_else(PoisonError::into_inner).remove(path);
    }

    /// The text of an open file; none where it is not open.
    pub fn get(&self, path: &VfsPath) -> Option<Arc<str>> {
        self.with_open(|open| open.get(path).cloned())
    }

    /// The open files, sorted.
    pub fn paths(&self) -> Vec<VfsPath> {
        self.with_open(|open| open.keys().cloned().collect())
    }

    fn with_open<T>(&self, read: impl FnOnce(&BTreeMap<VfsPath, Arc<str>>) -> T) -> T {
        read(&self.open.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl FileSystem for Overlay {
    fn kind(&self, path: &VfsPath) -> EntryKind {
        if self.with_open(|open| open.contains_key(path)) {
            return EntryKind::File;
        }
        match self.base.kind(path) {
            // A new file may stand in a directory that nobody has made yet.
            EntryKind::Missing if self.with_open(|open| open.keys().any(|file| file.starts_with(path))) => {
                EntryKind::Directory
            }
            kind => kind,
        }
    }

    fn read(&self, path: &VfsPath) -> FileText {
        match self.get(path) {
            Some(text) => FileText::Text(text),
            None => self.base.read(path),
        }
    }

    fn list(&self, path: &VfsPath) -> Vec<(Box<str>, EntryKind)> {
        let on_disk = self.base.list(path);
        self.with_open(|open| {
            if !open.keys().any(|file| file.starts_with(path)) {
                return on_disk;
            }
            let mut names: BTreeMap<Box<str>, EntryKind> = on_disk.into_iter().collect();
            for rest in open.keys().filter_map(|file| file.strip_prefix(path)) {
                match rest.split_once('/') {
                    Some((directory, _)) => {
                        names.entry(directory.into()).or_insert(EntryKind::Directory);
                    }
                    None if !rest.is_empty() => {
                        names.insert(rest.into(), EntryKind::File);
                    }
                    None => {}
                }
            }
            names.into_iter().collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use nixscope_vfs::MemoryFileSystem;

    use super::*;

    #[test]
    fn open_files_hide_the_disk_until_they_close() {
        let disk = Arc::new(MemoryFileSystem::default());
        disk.insert_text(VfsPath::new("/r/a.nix"), "1");
        let overlay = Overlay::new(disk);
        let (a, new) = (VfsPath::new("/r/a.nix"), VfsPath::new("/r/d/new.nix"));
        overlay.set(a.clone(), "2".into());
        overlay.set(new.clone(), "3".into());
        assert_eq!(overlay.read(&a).as_str(), "2");
        assert_eq!(overlay.kind(&VfsPath::new("/r/d")), EntryKind::Directory);
        let names = overlay.list(&VfsPath::new("/r"));
        assert_eq!(
            names.iter().map(|it| (&*it.0, it.1)).collect::<Vec<_>>(),
            [("a.nix", EntryKind::File), ("d", EntryKind::Directory)]
        );
        overlay.remove(&a);
        overlay.remove(&new);
        assert_eq!(overlay.read(&a).as_str(), "1");
        assert_eq!(overlay.kind(&VfsPath::new("/r/d")), EntryKind::Missing);
    }
}
