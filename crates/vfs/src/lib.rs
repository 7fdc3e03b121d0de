//! Where files come from: absolute paths, and the trait through which the rest of the program sees
//! a disk it never touches itself.
//!
//! Everything above this crate names a file by a [`VfsPath`]. What stands behind it (the operating
//! system, an editor's overlay, a test's fixture) is a [`FileSystem`].

mod memory;
mod path;

pub use memory::MemoryFileSystem;
pub use path::VfsPath;

use std::fmt;
use std::sync::Arc;

/// What a path names.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum EntryKind {
    /// Nothing there, or nothing that may be read.
    Missing,
    /// A regular file (symlinks are followed).
    File,
    /// A directory.
    Directory,
    /// A symlink, wherever it leads. Only a directory's names say so: what a path names is what the link leads to.
    Symlink,
    /// Neither: a socket, a device, a symlink that leads nowhere or in a circle.
    Other,
}

/// The text of a file, or why there is none.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum FileText {
    /// The whole file; valid UTF-8.
    Text(Arc<str>),
    /// The file is encrypted as a whole, by git-crypt or age: it is a secret here, and text on the machines that
    /// have the key.
    Encrypted,
    /// The file is not UTF-8; the first bad byte is at this offset.
    NotUtf8(usize),
    /// The file is larger than [`MAX_FILE_SIZE`]; its size in bytes.
    TooLarge(u64),
    /// The file is not there, or could not be read; the reason, for people.
    Unreadable(Arc<str>),
}

/// Files above this many bytes are not read: no Nix file written by a person comes near it.
pub const MAX_FILE_SIZE: u64 = 16 << 20;

impl FileText {
    /// Makes text of bytes, noting where they stop being UTF-8.
    pub fn from_bytes(bytes: Vec<u8>) -> FileText {
        if bytes.starts_with(b"\0GITCRYPT") {
            return FileText::Encrypted;
        }
        match String::from_utf8(bytes) {
            Ok(text) => FileText::Text(text.into()),
            Err(error) if error.as_bytes().starts_with(b"age-encryption.org/") => FileText::Encrypted,
            Err(error) => FileText::NotUtf8(error.utf8_error().valid_up_to()),
        }
    }

    /// The text, or the empty string where there is none.
    pub fn as_str(&self) -> &str {
        match self {
            FileText::Text(text) => text,
            _ => "",
        }
    }
}

impl fmt::Debug for FileText {
    /// Never prints the content: it may be a secret's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FileText::Text(text) => write!(f, "Text({} bytes)", text.len()),
            FileText::Encrypted => f.write_str("Encrypted"),
            FileText::NotUtf8(at) => write!(f, "NotUtf8({at})"),
            FileText::TooLarge(size) => write!(f, "TooLarge({size})"),
            FileText::Unreadable(why) => write!(f, "Unreadable({why})"),
        }
    }
}

/// A disk, read only. Implementations must answer from any thread.
pub trait FileSystem: Send + Sync {
    /// What the path names; symlinks are followed.
    fn kind(&self, path: &VfsPath) -> EntryKind;
    /// The file's text.
    fn read(&self, path: &VfsPath) -> FileText;
    /// The names in a directory, sorted by bytes, with what they are themselves: symlinks are not followed. Empty where it is
    /// none.
    fn list(&self, path: &VfsPath) -> Vec<(Box<str>, EntryKind)>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_file_is_no_text() {
        assert_eq!(FileText::from_bytes(b"\0GITCRYPT\0\x12\xff".to_vec()), FileText::Encrypted);
        assert_eq!(FileText::from_bytes(b"age-encryption.org/v1\n\xff".to_vec()), FileText::Encrypted);
        assert_eq!(FileText::from_bytes(b"ab\xff".to_vec()), FileText::NotUtf8(2));
    }
}
