//! Applying fixes: all that go together, each file in one pass, and never a file that parses worse.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use nixscope_db::FileText;
use nixscope_ide::{Analysis, Applicability, Diagnostic, Edit, Fix, TextRange, TextSize, VfsPath};
use nixscope_project::DiskFileSystem;
use nixscope_syntax::parse_text;
use nixscope_vfs::FileSystem;
use similar::TextDiff;

use super::diagnostics;
use crate::session::Session;
use crate::write::write_atomically;

/// What the fixes make of one file.
struct Change {
    path: VfsPath,
    before: String,
    after: String,
}

/// How often fixes are looked for again in what fixes have made.
const ROUNDS: usize = 20;

/// What fixes, one after the other until there are no more, make of a project.
pub(super) struct Mended {
    /// The files that change, sorted.
    changes: Vec<Change>,
    /// How many findings that mends.
    pub(super) fixes: usize,
    /// What is left alone, and why.
    pub(super) notes: Vec<String>,
}

/// Applies the fixes of the findings below the wanted paths, in memory, until nothing is left to mend: a fix may uncover
/// another, and of two that touch the same text only one is applied at a time.
pub(super) fn mend(session: &mut Session, wanted: &[VfsPath], with_unsafe: bool) -> Result<Mended> {
    let mut before: BTreeMap<VfsPath, String> = BTreeMap::new();
    let mut after: BTreeMap<VfsPath, String> = BTreeMap::new();
    let mut mended = Mended { changes: Vec::new(), fixes: 0, notes: Vec::new() };
    for _ in 0..ROUNDS {
        let analysis = session.analysis_of_all();
        let plan = plan(&analysis, &diagnostics(&analysis, wanted)?, with_unsafe);
        // A change waits for all snapshots.
        drop(analysis);
        for note in plan.notes {
            if !mended.notes.contains(&note) {
                mended.notes.push(note);
            }
        }
        if plan.changes.is_empty() {
            break;
        }
        mended.fixes += plan.fixes;
        let mut changed = Vec::new();
        for Change { path, before: old, after: new } in plan.changes {
            session.overlay.set(path.clone(), new.as_str().into());
            before.entry(path.clone()).or_insert(old);
            after.insert(path.clone(), new);
            changed.push(path);
        }
        session.host.refresh(&changed);
    }
    for (path, after) in after {
        let before = before.remove(&path).unwrap_or_default();
        if before != after {
            mended.changes.push(Change { path, before, after });
        }
    }
    Ok(mended)
}

/// What can be mended at once.
struct Plan {
    /// The files that change, sorted.
    changes: Vec<Change>,
    /// How many findings that mends.
    fixes: usize,
    /// What is left alone, and why.
    notes: Vec<String>,
}

/// Chooses the fixes of the findings that go together: in order of place, the first of two that touch
/// the same text. A fix is applied in all its files or not at all.
fn plan(analysis: &Analysis, found: &[Diagnostic], with_unsafe: bool) -> Plan {
    let root = analysis.root();
    let allowed = |fix: &&Fix| {
        (with_unsafe || fix.applicability == Applicability::Safe)
            && fix.edits.iter().all(|edit| analysis.path(edit.file).starts_with(&root))
    };
    let mut fixes: Vec<&Fix> = Vec::new();
    let mut taken: BTreeMap<VfsPath, Taken> = BTreeMap::new();
    for fix in found.iter().filter_map(|it| it.fix.as_ref()).filter(allowed) {
        let free = |edit: &Edit| {
            taken.get(&analysis.path(edit.file)).is_none_or(|others| others.is_free(edit.range))
        };
        if !fix.edits.is_empty() && fix.edits.iter().all(free) {
            for edit in &fix.edits {
                taken.entry(analysis.path(edit.file)).or_default().take(edit.range);
            }
            fixes.push(fix);
        }
    }

    let mut notes = Vec::new();
    loop {
        let changes = apply(analysis, &fixes);
        let bad: BTreeSet<&VfsPath> = changes.iter().filter(|it| is_worse(it)).map(|it| &it.path).collect();
        if bad.is_empty() {
            return Plan { changes, fixes: fixes.len(), notes };
        }
        for path in &bad {
            notes.push(format!("{path}: left alone: with its fixes it would not parse"));
        }
        fixes.retain(|fix| !fix.edits.iter().any(|edit| bad.contains(&analysis.path(edit.file))));
    }
}

/// The ranges of a file that are taken by edits; no two of them touch.
#[derive(Default)]
struct Taken {
    /// By their beginning.
    ranges: BTreeMap<TextSize, TextRange>,
}

impl Taken {
    fn take(&mut self, range: TextRange) {
        self.ranges.insert(range.start(), range);
    }

    fn is_free(&self, range: TextRange) -> bool {
        // The last that begins before the end may begin at the very end, beside the range; what is
        // before the last two ends before they begin.
        let last_two = self.ranges.range(..=range.end()).rev().take(2);
        last_two.into_iter().all(|(_, other)| !touch(*other, range))
    }
}

/// Whether two edits cannot both be made: they overlap, or one inserts at an end of the other, where the
/// order would matter.
fn touch(a: TextRange, b: TextRange) -> bool {
    if a.is_empty() || b.is_empty() {
        return a.start() <= b.end() && b.start() <= a.end();
    }
    a.start() < b.end() && b.start() < a.end()
}

fn apply(analysis: &Analysis, fixes: &[&Fix]) -> Vec<Change> {
    let mut by_file: BTreeMap<VfsPath, Vec<&Edit>> = BTreeMap::new();
    for edit in fixes.iter().flat_map(|fix| &fix.edits) {
        by_file.entry(analysis.path(edit.file)).or_default().push(edit);
    }
    by_file
        .into_iter()
        .filter_map(|(path, mut edits)| {
            let before = analysis.text(edits.first()?.file);
            edits.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
            let after = edited(&before, &edits)?;
            (after != before).then_some(Change { path, before, after })
        })
        .collect()
}

/// The text after some edits; none where they do not fit it.
fn edited(text: &str, edits: &[&Edit]) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        out.push_str(text.get(at..edit.range.start().into())?);
        out.push_str(&edit.new_text);
        at = edit.range.end().into();
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

fn is_worse(change: &Change) -> bool {
    parse_text(&change.after).errors().len() > parse_text(&change.before).errors().len()
}

impl Mended {
    /// Writes the files and says how many; what could not be written is left as it was and said.
    pub(super) fn write(&mut self) -> usize {
        let disk = DiskFileSystem::new();
        let mut written = 0;
        for change in &self.changes {
            let same = matches!(disk.read(&change.path), FileText::Text(text) if *text == *change.before);
            if !same {
                self.notes.push(format!("{}: left alone: it has changed in the meantime", change.path));
                continue;
            }
            match write_atomically(Path::new(change.path.as_str()), change.after.as_bytes()) {
                Ok(()) => written += 1,
                Err(error) => self.notes.push(format!("{error:#}")),
            }
        }
        written
    }

    /// Looks at the disk again.
    pub(super) fn forget(&self, session: &mut Session) {
        let paths: Vec<VfsPath> = session.overlay.paths();
        paths.iter().for_each(|path| session.overlay.remove(path));
        session.host.refresh(&paths);
    }

    /// The changes as one unified diff; `shown` gives a file's name in it.
    pub(super) fn diff(&self, shown: impl Fn(&VfsPath) -> String) -> String {
        let mut out = String::new();
        for change in &self.changes {
            let name = shown(&change.path);
            let diff = TextDiff::from_lines(change.before.as_str(), change.after.as_str());
            let mut unified = diff.unified_diff();
            unified.header(&format!("a/{name}"), &format!("b/{name}"));
            out.push_str(&unified.to_string());
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_beside_each_other_go_together() {
        let range = |start: u32, end: u32| TextRange::new(start.into(), end.into());
        assert!(!touch(range(0, 3), range(3, 5)));
        assert!(touch(range(0, 3), range(2, 5)));
        assert!(touch(range(3, 3), range(3, 5)));
        assert!(touch(range(3, 3), range(0, 3)));
        assert!(!touch(range(3, 3), range(4, 5)));
        let mut taken = Taken::default();
        taken.take(range(2, 5));
        taken.take(range(5, 8));
        assert!(taken.is_free(range(0, 2)) && taken.is_free(range(8, 9)) && taken.is_free(range(9, 9)));
        assert!(!taken.is_free(range(4, 5)) && !taken.is_free(range(0, 3)) && !taken.is_free(range(8, 8)));
    }
}
