//! What a move of files changes in the text: paths that lead to them, and paths that lead out of them.

use nixscope_db::{Db, EntryKind, SourceFile, VfsPath};
use nixscope_fleet::Project;
use nixscope_hir::{Expr, PathBase, StrPart, body, source_map};
use nixscope_lints::Edit;
use nixscope_syntax::{TextRange, TextSize};

/// The edits that keep every relative path leading to where it led, when files or directories move. Each edit is of a
/// file where it lies before the move.
pub(crate) fn moved_files(db: &dyn Db, project: Project, moves: &[(VfsPath, VfsPath)]) -> Vec<Edit> {
    let mut out = Vec::new();
    for path in project.files(db) {
        let file = nixscope_db::source(db, path);
        let Some(before) = path.parent() else { continue };
        let after = after(moves, path).parent().unwrap_or_else(|| before.clone());
        for (range, text) in relative_paths(db, file) {
            let target = before.join(&text);
            let moved = target_after(db, moves, &target);
            // A path that leads to nothing led nowhere before either.
            let leads = nixscope_db::kind(db, &target) != EntryKind::Missing;
            if !leads || (moved == target && after == before) {
                continue;
            }
            let mut new_text = relative(&after, &moved);
            if text.ends_with('/') {
                new_text.push('/');
            }
            if new_text != text {
                out.push(Edit { file, range, new_text });
            }
        }
    }
    out
}

/// Where a path is after the moves.
fn after(moves: &[(VfsPath, VfsPath)], path: &VfsPath) -> VfsPath {
    for (from, to) in moves {
        match path.strip_prefix(from) {
            Some("") => return to.clone(),
            Some(rest) => return to.join(rest),
            None => {}
        }
    }
    path.clone()
}

/// The same for what a path in the text names: a directory stands for its `default.nix`.
fn target_after(db: &dyn Db, moves: &[(VfsPath, VfsPath)], target: &VfsPath) -> VfsPath {
    if nixscope_db::kind(db, target) == EntryKind::Directory {
        let default = target.join("default.nix");
        let moved = after(moves, &default);
        if moved != default && after(moves, target) == *target {
            return match (moved.file_name(), moved.parent()) {
                ("default.nix", Some(directory)) => directory,
                _ => moved,
            };
        }
    }
    after(moves, target)
}

/// The relative paths of a file, as written; of one with a computed part, the directories before it, with the `/`.
fn relative_paths(db: &dyn Db, file: SourceFile) -> Vec<(TextRange, String)> {
    let (body, map) = (body(db, file), source_map(db, file));
    let text = file.text(db).as_str();
    let mut out = Vec::new();
    for (id, expr) in body.exprs.iter() {
        let written = match expr {
            Expr::Path(PathBase::File, _) => true,
            Expr::InterpolatedPath(PathBase::File, parts) => matches!(parts.first(), Some(StrPart::Text(_))),
            _ => false,
        };
        let range = map.expr(id);
        let Some(source) = text.get(usize::from(range.start())..usize::from(range.end())) else { continue };
        if !written || !source.starts_with(['.']) {
            continue;
        }
        let fixed = match source.find("${") {
            Some(at) => match source[..at].rfind('/') {
                Some(slash) => &source[..=slash],
                None => continue,
            },
            None => source,
        };
        let end = range.start() + TextSize::of(fixed);
        out.push((TextRange::new(range.start(), end), fixed.to_string()));
    }
    out
}

/// A path as it is written in a file of a directory: `./x`, `../x`.
pub(crate) fn relative(from: &VfsPath, to: &VfsPath) -> String {
    let (from, to): (Vec<&str>, Vec<&str>) = (names(from), names(to));
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let mut parts = vec![".."; from.len() - common];
    if parts.is_empty() {
        parts.push(".");
    }
    parts.extend(&to[common..]);
    match parts.as_slice() {
        ["."] => "./.".to_string(),
        [only] if *only == ".." => "../.".to_string(),
        parts => parts.join("/"),
    }
}

fn names(path: &VfsPath) -> Vec<&str> {
    path.as_str().split('/').filter(|name| !name.is_empty()).collect()
}
