//! A directory for a suite to run in: a copy of the part of the checkout that it needs, with files of the harness.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A directory that is removed when it is no longer needed.
pub(super) struct Scratch {
    path: PathBuf,
}

impl Scratch {
    /// A new directory, by the suite's name.
    pub(super) fn new(name: &str) -> Result<Scratch> {
        let path = std::env::temp_dir().join(format!("nixscope-conformance-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Scratch { path: path.canonicalize()? })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Puts a file, with the directories above it.
    pub(super) fn put(&self, name: &str, text: &str) -> Result<()> {
        let path = self.path.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Copies a directory; symbolic links stay what they are.
    pub(super) fn copy(&self, from: &Path, to: &str) -> Result<()> {
        copy(from, &self.path.join(to)).with_context(|| format!("cannot copy {}", from.display()))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left in the directory for temporary files is somebody else's to clear away.
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy(&entry.path(), &target)?;
        } else if kind.is_symlink() {
            #[cfg(unix)]
            std::os::unix::fs::symlink(fs::read_link(entry.path())?, &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}
