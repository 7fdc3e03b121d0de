//! Code actions: the fixes of the findings at hand, those of the same kind elsewhere, what is missing, suppressions,
//! refactorings, and all the safe fixes of a file at once.

use nixscope_ide::{
    Applicability, Assist, AssistKind, Diagnostic, Edit, LinkTarget, SourceFile, TextRange, VfsPath,
};

use crate::lines::Span;
use crate::snapshot::{Cancellable, Snapshot};

/// The kind of an action that mends one finding.
pub(crate) const QUICK_FIX: &str = "quickfix";
/// The kind of the action that mends everything that can be mended safely.
pub(crate) const FIX_ALL: &str = "source.fixAll.nixscope";

/// The kinds of the actions that give the text another form and leave its meaning.
pub(crate) const REFACTORINGS: [&str; 3] = ["refactor.extract", "refactor.inline", "refactor.rewrite"];

/// Something that the user may do.
pub(crate) struct Action {
    /// What it does, as an imperative.
    pub(crate) title: String,
    /// [`QUICK_FIX`], [`FIX_ALL`], or one of [`REFACTORINGS`].
    pub(crate) kind: &'static str,
    /// The finding that it mends.
    pub(crate) mends: Option<Diagnostic>,
    /// Whether it is what the user most likely wants.
    pub(crate) preferred: bool,
    /// Whether it only hides a finding.
    pub(crate) is_suppression: bool,
    /// The file that git is told about, instead of edits.
    pub(crate) tracks: Option<VfsPath>,
    /// What it changes; nothing overlaps. An edit of a file that is not there creates it.
    pub(crate) edits: Vec<Edit>,
}

/// What may be done about a part of a file. `only` names the kinds that are asked for; none for all.
pub(crate) fn code_actions(
    snapshot: &Snapshot,
    path: &VfsPath,
    span: Span,
    only: Option<&[String]>,
) -> Cancellable<Vec<Action>> {
    let Some(file) = snapshot.nix_file(path) else { return Ok(Vec::new()) };
    let range = snapshot.lines(file)?.range(span);
    let found = snapshot.analysis.diagnostics(file)?;
    let mut actions = Vec::new();
    if only.is_none_or(|kinds| asks_for(kinds, QUICK_FIX)) {
        let here: Vec<&Diagnostic> = found.iter().filter(|it| touches(it.range, range)).collect();
        actions.extend(here.iter().copied().filter_map(quick_fix));
        actions.extend(of_same_kind(snapshot, &here, &found)?);
        for finding in &here {
            actions.extend(suppress(snapshot, finding)?);
        }
    }
    if only.is_none_or(|kinds| [QUICK_FIX].iter().chain(&REFACTORINGS).any(|kind| asks_for(kinds, kind))) {
        let here = |it: &&Diagnostic| touches(it.range, range);
        let offered = snapshot.analysis.assists(file, range)?.into_iter();
        let offered = offered.map(|it| of_assist(it, found.iter().filter(here)));
        let (missing, refactorings): (Vec<Action>, Vec<Action>) = offered
            .filter(|it| only.is_none_or(|kinds| asks_for(kinds, it.kind)))
            .partition(|it| it.kind == QUICK_FIX);
        // What makes the missing thing comes before what hides that it is missing.
        let fixes = actions.iter().take_while(|it| !it.is_suppression).count();
        actions.splice(fixes..fixes, missing);
        if only.is_none_or(|kinds| asks_for(kinds, QUICK_FIX)) {
            let tracked = track(snapshot, file, range, &found)?;
            actions.splice(fixes..fixes, tracked);
        }
        actions.extend(refactorings);
    }
    // Never by itself: a menu that opens at a place is no place for changes everywhere else.
    if only.is_some_and(|kinds| asks_for(kinds, FIX_ALL)) {
        actions.extend(fix_all(&found, FIX_ALL, "Apply every safe fix".to_string()));
    }
    Ok(actions)
}

fn quick_fix(found: &Diagnostic) -> Option<Action> {
    let fix = found.fix.as_ref().filter(|fix| !overlap(&fix.edits))?;
    Some(Action {
        title: fix.title.clone(),
        kind: QUICK_FIX,
        mends: Some(found.clone()),
        preferred: fix.applicability == Applicability::Safe,
        is_suppression: false,
        tracks: None,
        edits: fix.edits.clone(),
    })
}

fn of_assist<'a>(assist: Assist, mut here: impl Iterator<Item = &'a Diagnostic>) -> Action {
    let [extract, inline, rewrite] = REFACTORINGS;
    let (kind, mends) = match assist.kind {
        AssistKind::Extract => (extract, None),
        AssistKind::Inline => (inline, None),
        AssistKind::Rewrite => (rewrite, None),
        AssistKind::Mend(lint) => (QUICK_FIX, lint.and_then(|lint| here.find(|it| it.lint.name == lint))),
    };
    let (title, edits) = (assist.title, assist.edits);
    Action {
        title,
        kind,
        mends: mends.cloned(),
        preferred: false,
        is_suppression: false,
        tracks: None,
        edits,
    }
}

/// Tells git about the files that paths at hand lead to and that it does not have.
fn track(
    snapshot: &Snapshot,
    file: SourceFile,
    range: TextRange,
    found: &[Diagnostic],
) -> Cancellable<Vec<Action>> {
    let here = found.iter().filter(|it| it.lint.name == "untracked-import" && touches(it.range, range));
    let here: Vec<&Diagnostic> = here.collect();
    if here.is_empty() {
        return Ok(Vec::new());
    }
    let links = snapshot.analysis.links(file)?;
    let root = snapshot.analysis.root();
    let action = |finding: &Diagnostic| {
        let link = links.iter().find(|link| link.range == finding.range)?;
        let LinkTarget::File(path) = &link.target else { return None };
        let shown = path.strip_prefix(&root).unwrap_or(path.as_str()).trim_start_matches('/');
        Some(Action {
            title: format!("Add `{shown}` to git"),
            kind: QUICK_FIX,
            mends: Some(finding.clone()),
            preferred: true,
            is_suppression: false,
            tracks: Some(path.clone()),
            edits: Vec::new(),
        })
    };
    Ok(here.into_iter().filter_map(action).collect())
}

/// The safe fixes of the lints at hand, in the whole file and in the whole repository, where there are more than one.
fn of_same_kind(
    snapshot: &Snapshot,
    here: &[&Diagnostic],
    in_file: &[Diagnostic],
) -> Cancellable<Vec<Action>> {
    let mut actions = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    let is_safe =
        |it: &Diagnostic| it.fix.as_ref().is_some_and(|fix| fix.applicability == Applicability::Safe);
    for name in here.iter().filter(|it| is_safe(it)).map(|it| it.lint.name) {
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let same = |found: &[Diagnostic]| -> Vec<Diagnostic> {
            found.iter().filter(|it| it.lint.name == name && is_safe(it)).cloned().collect()
        };
        let own = same(in_file);
        if own.len() > 1 {
            actions.extend(fix_all(&own, QUICK_FIX, format!("Fix every {name} in this file")));
        }
        let all = same(&snapshot.analysis.all_diagnostics()?);
        if all.len() > own.len() {
            actions.extend(fix_all(&all, QUICK_FIX, format!("Fix every {name} in the repository")));
        }
    }
    Ok(actions)
}

/// The comments that suppress a finding.
fn suppress(snapshot: &Snapshot, found: &Diagnostic) -> Cancellable<Vec<Action>> {
    let name = found.lint.name;
    let suppress = snapshot.analysis.suppress(found)?;
    let action = |title: String, edit: Edit| Action {
        title,
        kind: QUICK_FIX,
        mends: Some(found.clone()),
        preferred: false,
        is_suppression: true,
        tracks: None,
        edits: vec![edit],
    };
    let here = suppress.here.map(|edit| action(format!("Suppress {name} here"), edit));
    let in_file = suppress.in_file.map(|edit| action(format!("Suppress {name} in this file"), edit));
    Ok(here.into_iter().chain(in_file).collect())
}

/// Every safe fix that does not get into the way of one before it, as one action.
fn fix_all(found: &[Diagnostic], kind: &'static str, title: String) -> Option<Action> {
    let mut edits: Vec<Edit> = Vec::new();
    for fix in found.iter().filter_map(|found| found.fix.as_ref()) {
        let in_the_way = fix.edits.iter().any(|new| edits.iter().any(|old| clash(old, new)));
        if fix.applicability == Applicability::Safe && !overlap(&fix.edits) && !in_the_way {
            edits.extend(fix.edits.iter().cloned());
        }
    }
    (!edits.is_empty()).then_some(Action {
        title,
        kind,
        mends: None,
        preferred: false,
        is_suppression: false,
        tracks: None,
        edits,
    })
}

/// Whether one of the kinds asked for is the kind or one above it.
fn asks_for(kinds: &[String], kind: &str) -> bool {
    kinds.iter().any(|asked| {
        asked.is_empty()
            || kind.strip_prefix(asked.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

fn touches(a: TextRange, b: TextRange) -> bool {
    a.start() <= b.end() && b.start() <= a.end()
}

/// Whether two of the edits get into each other's way.
fn overlap(edits: &[Edit]) -> bool {
    edits.iter().enumerate().any(|(at, edit)| edits[..at].iter().any(|before| clash(before, edit)))
}

/// Whether two edits of a file share text, or insert at the same place.
fn clash(a: &Edit, b: &Edit) -> bool {
    let apart = a.range.end() <= b.range.start() || b.range.end() <= a.range.start();
    a.file == b.file && (!apart || a.range == b.range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_asks_for_what_is_below_it() {
        for (asked, kind, want) in [
            ("", QUICK_FIX, true),
            ("quickfix", QUICK_FIX, true),
            ("quick", QUICK_FIX, false),
            ("source", FIX_ALL, true),
            ("source.fixAll", FIX_ALL, true),
            ("source.fixAll.other", FIX_ALL, false),
            ("refactor", QUICK_FIX, false),
        ] {
            assert_eq!(asks_for(&[asked.to_string()], kind), want, "{asked:?} {kind}");
        }
    }
}
