//! Paths: the files and directories that a path that is being written can lead to.

use nixscope_db::{Db, EntryKind, SourceFile};
use nixscope_syntax::{TextRange, TextSize};

use super::{Completion, CompletionKind};

/// The entries of the directory that the path at the cursor has come to; none where no path is written.
pub(super) fn paths(db: &dyn Db, file: SourceFile, text: &str, offset: TextSize) -> Option<Vec<Completion>> {
    let at = usize::from(offset).min(text.len());
    let before = text.get(..at)?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || "._-+/".contains(c);
    let start = before.len() - before.chars().rev().take_while(|c| is_part(*c)).count();
    let written = &before[start..];
    if !written.starts_with("./") && !written.starts_with("../") {
        return None;
    }
    // `a./b` is no path, `"${x}./b"` is text.
    if before[..start].ends_with(['}', '$', ':']) {
        return None;
    }
    let (directory, prefix) = written.rsplit_once('/')?;
    let base = file.path(db).parent()?.join(directory);
    let after = text.get(at..)?;
    let rest = after.chars().take_while(|c| is_part(*c) && *c != '/').count();
    let size = |at: usize| TextSize::try_from(at).unwrap_or_default();
    let range = TextRange::new(size(at - prefix.len()), size(at + rest));
    let own = file.path(db).file_name();
    let mut out = Vec::new();
    for (name, kind) in nixscope_db::list(db, &base) {
        let hidden = name.starts_with('.') && !prefix.starts_with('.');
        let plain = name.chars().all(|c| is_part(c) && c != '/');
        let itself = directory == "." && **name == *own;
        if hidden || !plain || itself {
            continue;
        }
        let (kind, rank) = match kind {
            EntryKind::Directory => (CompletionKind::Directory, 1),
            _ if name.ends_with(".nix") => (CompletionKind::File, 0),
            _ => (CompletionKind::File, 2),
        };
        out.push(Completion {
            label: (**name).into(),
            kind,
            detail: None,
            insert: name.to_string(),
            snippet: None,
            range,
            documentation: None,
            rank,
        });
    }
    out.sort_by(|a, b| (a.rank, &a.label).cmp(&(b.rank, &b.label)));
    Some(out)
}
