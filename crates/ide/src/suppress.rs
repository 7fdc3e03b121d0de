//! Suppressing a finding: the comment that says so, and where it goes.

use nixscope_db::Db;
use nixscope_lints::{Diagnostic, Edit};
use nixscope_syntax::{SuppressionScope, SyntaxKind, TextRange, TextSize, parse, suppressions};

/// What puts a suppression at a finding, and what puts one at its file's head; none where no comment can stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suppress {
    /// For this line.
    pub here: Option<Edit>,
    /// For the file.
    pub in_file: Option<Edit>,
}

pub(crate) fn suppress(db: &dyn Db, found: &Diagnostic) -> Suppress {
    if !found.file.path(db).is_nix() {
        return Suppress { here: None, in_file: None };
    }
    Suppress { here: here(db, found), in_file: in_file(db, found) }
}

fn here(db: &dyn Db, found: &Diagnostic) -> Option<Edit> {
    let text = found.file.text(db).as_str();
    let before = text.get(..usize::from(found.range.start()))?;
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(line_start..)?.lines().next().unwrap_or("");
    // A line break inside a string or comment is no place for a comment.
    let at = TextSize::try_from(line_start).ok()?;
    let token = parse(db, found.file).syntax().token_at_offset(at).right_biased();
    let splits = token
        .is_some_and(|token| token.text_range().start() < at && token.kind() != SyntaxKind::TOKEN_WHITESPACE);
    if splits {
        return None;
    }
    let name = found.lint.name;
    let is_at = |scope: SuppressionScope| match scope {
        SuppressionScope::Lines(lines) => lines.contains_inclusive(found.range.start()),
        SuppressionScope::File => false,
    };
    let known = suppressions(db, found.file).iter().rev().find(|it| is_at(it.scope));
    if let Some(known) = known {
        let range = TextRange::empty(known.range.end());
        return Some(Edit { file: found.file, range, new_text: format!(", {name}") });
    }
    let indent = &line[..line.len() - line.trim_start().len()];
    let new_text = format!("{indent}# nixscope: ignore[{name}]\n");
    Some(Edit { file: found.file, range: TextRange::empty(at), new_text })
}

fn in_file(db: &dyn Db, found: &Diagnostic) -> Option<Edit> {
    let text = found.file.text(db).as_str();
    let name = found.lint.name;
    let known = suppressions(db, found.file).iter().rev().find(|it| it.scope == SuppressionScope::File);
    if let Some(known) = known {
        let range = TextRange::empty(known.range.end());
        return Some(Edit { file: found.file, range, new_text: format!(", {name}") });
    }
    // Below the line that says what runs the file.
    let at = match text.starts_with("#!") {
        true => text.find('\n').map_or(text.len(), |at| at + 1),
        false => 0,
    };
    let range = TextRange::empty(TextSize::try_from(at).ok()?);
    Some(Edit { file: found.file, range, new_text: format!("# nixscope: ignore-file[{name}]\n") })
}
