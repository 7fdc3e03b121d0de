//! The operating system's files, with the embedded library laid over them.

use std::fs;
use std::io::{ErrorKind, Read};
use std::sync::Arc;

use nixscope_eval::{EMBEDDED_ROOT, embedded_files};
use nixscope_vfs::{EntryKind, FileSystem, FileText, MAX_FILE_SIZE, MemoryFileSystem, VfsPath};

/// The disk as the analysis sees it: read only, symlinks followed, what is no regular file not read.
pub struct DiskFileSystem {
    embedded: MemoryFileSystem,
    embedded_root: VfsPath,
}

impl DiskFileSystem {
    /// The disk with the embedded library under its own root.
    pub fn new() -> DiskFileSystem {
        let embedded = MemoryFileSystem::default();
        for (path, text) in embedded_files() {
            embedded.insert_text(VfsPath::new(path), Arc::from(*text));
        }
        DiskFileSystem { embedded, embedded_root: VfsPath::new(EMBEDDED_ROOT) }
    }

    fn is_embedded(&self, path: &VfsPath) -> bool {
        path.starts_with(&self.embedded_root)
    }
}

impl Default for DiskFileSystem {
    fn default() -> DiskFileSystem {
        DiskFileSystem::new()
    }
}

impl FileSystem for DiskFileSystem {
    fn kind(&self, path: &VfsPath) -> EntryKind {
        if self.is_embedded(path) {
            return self.embedded.kind(path);
        }
        match fs::metadata(path.as_str()) {
            Ok(metadata) => kind_of(&metadata.file_type()),
            // A link that leads nowhere or in a circle is there all the same.
            Err(_) if fs::symlink_metadata(path.as_str()).is_ok_and(|it| it.is_symlink()) => EntryKind::Other,
            Err(_) => EntryKind::Missing,
        }
    }

    fn read(&self, path: &VfsPath) -> FileText {
        if self.is_embedded(path) {
            return self.embedded.read(path);
        }
        read_file(path.as_str())
    }

    fn list(&self, path: &VfsPath) -> Vec<(Box<str>, EntryKind)> {
        if self.is_embedded(path) {
            return self.embedded.list(path);
        }
        let Ok(entries) = fs::read_dir(path.as_str()) else { return Vec::new() };
        let mut names: Vec<(Box<str>, EntryKind)> = entries
            .filter_map(|entry| {
                let entry = entry.ok()?;
                // A name that is not UTF-8 cannot be written in Nix either.
                let name: Box<str> = entry.file_name().to_str()?.into();
                let kind = entry.file_type().ok()?;
                Some((name, if kind.is_symlink() { EntryKind::Symlink } else { kind_of(&kind) }))
            })
            .collect();
        names.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        names
    }
}

fn kind_of(kind: &fs::FileType) -> EntryKind {
    if kind.is_file() {
        EntryKind::File
    } else if kind.is_dir() {
        EntryKind::Directory
    } else {
        EntryKind::Other
    }
}

fn read_file(path: &str) -> FileText {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => return unreadable(&error),
    };
    if metadata.is_dir() {
        return FileText::Unreadable("it is a directory".into());
    }
    // Opening a pipe would wait for a writer.
    if !metadata.is_file() {
        return FileText::Unreadable("it is not a regular file".into());
    }
    if metadata.len() > MAX_FILE_SIZE {
        return FileText::TooLarge(metadata.len());
    }
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) => return unreadable(&error),
    };
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1);
    // The file may grow while it is read.
    match file.take(MAX_FILE_SIZE + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 > MAX_FILE_SIZE => FileText::TooLarge(bytes.len() as u64),
        Ok(_) => FileText::from_bytes(bytes),
        Err(error) => unreadable(&error),
    }
}

fn unreadable(error: &std::io::Error) -> FileText {
    let why = match error.kind() {
        ErrorKind::NotFound => "no such file".to_string(),
        ErrorKind::PermissionDenied => "permission denied".to_string(),
        _ => error.to_string(),
    };
    FileText::Unreadable(why.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(directory: &tempfile::TempDir, name: &str) -> VfsPath {
        VfsPath::new(directory.path().to_str().unwrap()).join(name)
    }

    #[test]
    fn reads_what_is_text() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("a.nix"), "{ }").unwrap();
        fs::write(directory.path().join("b.nix"), b"{ x = \"\xff\"; }").unwrap();
        fs::File::create(directory.path().join("c.nix")).unwrap().set_len(MAX_FILE_SIZE + 1).unwrap();
        let disk = DiskFileSystem::new();
        assert_eq!(disk.read(&path(&directory, "a.nix")), FileText::Text("{ }".into()));
        assert_eq!(disk.read(&path(&directory, "b.nix")), FileText::NotUtf8(7));
        assert_eq!(disk.read(&path(&directory, "c.nix")), FileText::TooLarge(MAX_FILE_SIZE + 1));
        assert_eq!(disk.read(&path(&directory, "d.nix")), FileText::Unreadable("no such file".into()));
        assert_eq!(disk.read(&path(&directory, "")), FileText::Unreadable("it is a directory".into()));
    }

    #[cfg(unix)]
    #[test]
    fn links_in_a_circle_are_neither_file_nor_directory() {
        let directory = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("b", directory.path().join("a")).unwrap();
        std::os::unix::fs::symlink("a", directory.path().join("b")).unwrap();
        std::os::unix::fs::symlink("nowhere", directory.path().join("c")).unwrap();
        let disk = DiskFileSystem::new();
        assert_eq!(disk.kind(&path(&directory, "a")), EntryKind::Other);
        let names = disk.list(&path(&directory, ""));
        assert_eq!(
            names.iter().map(|it| (&*it.0, it.1)).collect::<Vec<_>>(),
            [("a", EntryKind::Symlink), ("b", EntryKind::Symlink), ("c", EntryKind::Symlink)]
        );
        assert!(matches!(disk.read(&path(&directory, "a")), FileText::Unreadable(_)));
    }

    #[test]
    fn the_embedded_library_is_there() {
        let disk = DiskFileSystem::new();
        let root = VfsPath::new(EMBEDDED_ROOT);
        assert_eq!(disk.kind(&root), EntryKind::Directory);
        assert!(!disk.list(&root).is_empty());
        let lib = VfsPath::new(nixscope_eval::LIB_PATH);
        assert_eq!(disk.kind(&lib), EntryKind::File);
        assert!(!disk.read(&lib).as_str().is_empty());
    }
}
