//! Which files changed since a revision, and the disk as it was then.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use nixscope_vfs::{EntryKind, FileSystem, FileText, MAX_FILE_SIZE, VfsPath};

use crate::{command, git};

/// The files that differ from a revision, each with its text then; none for a file that was not there.
pub type Changes = BTreeMap<VfsPath, Option<FileText>>;

/// The files of the work tree around a directory that differ from a revision, those included that git does
/// not track yet and does not ignore.
///
/// # Errors
/// There is no repository or no such revision, or git cannot be run.
pub fn changes_since(directory: &Path, revision: &str) -> Result<Changes> {
    let top = git(directory, ["rev-parse", "--show-toplevel"]).with_context(|| {
        format!("{}: not in a git repository, so nothing is known of its past", directory.display())
    })?;
    let top =
        PathBuf::from(String::from_utf8(top).context("the repository's path is not UTF-8 text")?.trim_end());
    // Whatever begins with a dash would be an option.
    if revision.starts_with('-') {
        bail!("`{revision}` is no revision");
    }
    let commit =
        git(&top, ["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")]).map_err(|_| {
            anyhow!(
                "there is no revision `{revision}` in {}; a shallow clone has only the newest",
                top.display()
            )
        })?;
    let commit = String::from_utf8_lossy(&commit).trim().to_string();
    let changed = git(&top, ["diff", "--name-only", "-z", "--no-renames", &commit, "--"])?;
    let new = git(&top, ["ls-files", "-z", "--others", "--exclude-standard"])?;
    let names = changed.split(|byte| *byte == 0).chain(new.split(|byte| *byte == 0));
    let mut names: Vec<String> = names
        .filter(|name| !name.is_empty())
        // A name that is not UTF-8 cannot be written in Nix, nor can one with a line break be asked for.
        .filter_map(|name| String::from_utf8(name.to_vec()).ok().filter(|name| !name.contains('\n')))
        .collect();
    names.sort();
    names.dedup();
    let texts = texts_at(&top, &commit, &names)?;
    let root =
        top.to_str().map(VfsPath::new).ok_or_else(|| anyhow!("the repository's path is not UTF-8 text"))?;
    Ok(names.iter().map(|name| root.join(name)).zip(texts).collect())
}

/// The texts of files at a commit, in the order of the names.
fn texts_at(top: &Path, commit: &str, names: &[String]) -> Result<Vec<Option<FileText>>> {
    let mut child = command(top, ["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot run `git`, which must be installed for this")?;
    let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        bail!("cannot talk to git");
    };
    let questions: String = names.iter().map(|name| format!("{commit}:{name}\n")).collect();
    // Asked from another thread, for git answers before it has read everything.
    let asking = std::thread::spawn(move || stdin.write_all(questions.as_bytes()));
    let mut answers = BufReader::new(stdout);
    let texts = names.iter().map(|_| next_text(&mut answers)).collect::<Result<Vec<_>>>();
    drop(answers);
    let _ = asking.join();
    let _ = child.wait();
    texts
}

/// Reads one answer of `cat-file --batch`: a line with the object's kind and size, then its content.
fn next_text(answers: &mut impl BufRead) -> Result<Option<FileText>> {
    let mut line = String::new();
    if answers.read_line(&mut line).context("git's answer")? == 0 {
        bail!("git ended before it had answered");
    }
    let mut words = line.trim_end().rsplitn(3, ' ');
    let (size, kind) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let Ok(size) = size.parse::<u64>() else { return Ok(None) };
    let mut bytes = Vec::new();
    let kept = if size > MAX_FILE_SIZE { 0 } else { size };
    answers.take(kept).read_to_end(&mut bytes).context("git's answer")?;
    // What is too large is passed over, and so is the line break behind each object.
    std::io::copy(&mut answers.take(size - kept + 1), &mut std::io::sink()).context("git's answer")?;
    Ok(match kind {
        "blob" if size > MAX_FILE_SIZE => Some(FileText::TooLarge(size)),
        "blob" => Some(FileText::from_bytes(bytes)),
        _ => None,
    })
}

/// The disk as it was: what has changed since is what it was then.
pub struct Past {
    /// What lies there now.
    pub disk: Arc<dyn FileSystem>,
    /// What has changed since.
    pub changes: Arc<Changes>,
}

impl Past {
    /// The changed files below a directory, with their paths from there.
    fn below<'a>(&'a self, path: &'a VfsPath) -> impl Iterator<Item = (&'a str, bool)> {
        self.changes.iter().filter_map(|(file, text)| Some((file.strip_prefix(path)?, text.is_some())))
    }
}

impl FileSystem for Past {
    fn kind(&self, path: &VfsPath) -> EntryKind {
        match self.changes.get(path) {
            Some(Some(_)) => return EntryKind::File,
            Some(None) => return EntryKind::Missing,
            None => {}
        }
        match self.disk.kind(path) {
            EntryKind::Missing if self.below(path).any(|(_, was_there)| was_there) => EntryKind::Directory,
            // A directory that holds new files only is new itself: git knows no empty ones.
            EntryKind::Directory if self.below(path).next().is_some() && self.list(path).is_empty() => {
                EntryKind::Missing
            }
            kind => kind,
        }
    }

    fn read(&self, path: &VfsPath) -> FileText {
        match self.changes.get(path) {
            Some(Some(text)) => text.clone(),
            Some(None) => FileText::Unreadable("no such file".into()),
            None => self.disk.read(path),
        }
    }

    fn list(&self, path: &VfsPath) -> Vec<(Box<str>, EntryKind)> {
        let mut names: BTreeMap<Box<str>, EntryKind> = self.disk.list(path).into_iter().collect();
        for (rest, was_there) in self.below(path) {
            let name = rest.split('/').next().unwrap_or(rest);
            match (was_there, rest.contains('/')) {
                (true, true) => drop(names.insert(name.into(), EntryKind::Directory)),
                (true, false) => drop(names.insert(name.into(), EntryKind::File)),
                (false, false) => drop(names.remove(name)),
                (false, true) => {
                    if self.kind(&path.join(name)) == EntryKind::Missing {
                        names.remove(name);
                    }
                }
            }
        }
        names.into_iter().collect()
    }
}
