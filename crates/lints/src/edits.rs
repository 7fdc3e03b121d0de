//! Edits that keep layout and comments: taking out bindings and arguments, unwrapping, parentheses.

use nixscope_hir::{BinaryOp, Expr, ExprId, Lambda};
use nixscope_syntax::{TextRange, TextSize};

use crate::context::FileContext;
use crate::diagnostic::Edit;

/// Replaces a range.
pub(crate) fn replace(cx: &FileContext<'_>, range: TextRange, text: impl Into<String>) -> Edit {
    Edit { file: cx.file, range, new_text: text.into() }
}

/// Takes a range out.
pub(crate) fn remove(cx: &FileContext<'_>, range: TextRange) -> Edit {
    replace(cx, range, "")
}

/// Whether there may be a comment in a range. A `#` in a string counts too: it only costs a fix.
pub(crate) fn may_hold_comment(cx: &FileContext<'_>, range: TextRange) -> bool {
    let text = cx.slice(range);
    text.contains('#') || text.contains("/*")
}

/// Takes an entry of a set or `let` out: with its line where nothing else is on it, else with the blanks
/// behind it.
pub(crate) fn remove_entry(cx: &FileContext<'_>, entry: TextRange) -> Edit {
    remove(cx, with_line(cx, entry))
}

/// The range with the line break behind it and the blanks before it where nothing else is on its lines.
pub(crate) fn with_line(cx: &FileContext<'_>, range: TextRange) -> TextRange {
    let (start, end) = (usize::from(range.start()), usize::from(range.end()));
    let before = cx.text.get(..start).unwrap_or("");
    let after = cx.text.get(end..).unwrap_or("");
    let indent = before.len() - before.trim_end_matches([' ', '\t']).len();
    let starts_line = before.len() == indent || before[..start - indent].ends_with('\n');
    let blanks = after.len() - after.trim_start_matches([' ', '\t', '\r']).len();
    if starts_line && after[blanks..].starts_with('\n') {
        return range_of(start - indent, end + blanks + 1);
    }
    match after[blanks..].starts_with('\n') {
        // The last on its line: the blanks before it go.
        true => range_of(start - indent, end),
        false => range_of(start, end + blanks),
    }
}

/// Takes some formal arguments out of the pattern of a function, each by an edit of its own; none where a comment would go
/// with it. `removed` says which.
pub(crate) fn remove_formals(cx: &FileContext<'_>, lambda: &Lambda, removed: &[bool]) -> Vec<Option<Edit>> {
    let formals = lambda.formals.as_deref().unwrap_or_default();
    let entry = |at: usize| formals.get(at).map(|it| cx.map.entry(it.place));
    let first_kept = removed.iter().position(|it| !it);
    let last_kept = removed.iter().rposition(|it| !it);
    let edit = |at: usize| {
        let own = entry(at)?;
        // The end of a list: the comma before goes, and the one behind, if there is one, stays.
        let is_tail = !lambda.open && last_kept.is_some_and(|kept| kept < at);
        let range = match at.checked_sub(1) {
            Some(before) if is_tail && first_kept.is_some() => {
                TextRange::new(entry(before)?.end(), own.end())
            }
            _ => {
                let rest = cx.text.get(usize::from(own.end())..)?;
                let blanks = rest.trim_start();
                let behind = match blanks.strip_prefix(',') {
                    Some(rest) => rest.trim_start(),
                    // The comma comes after a comment about the argument.
                    None if blanks.starts_with(['#', '/']) => return None,
                    None => rest,
                };
                TextRange::new(own.start(), own.end() + TextSize::of(rest) - TextSize::of(behind))
            }
        };
        (!may_hold_comment(cx, range)).then(|| remove(cx, range))
    };
    (0..formals.len())
        .map(|at| removed.get(at).copied().unwrap_or(false).then(|| edit(at)).flatten())
        .collect()
}

/// The text of an expression, in parentheses where it needs them to be an operand of `!` or a function's
/// argument.
pub(crate) fn as_operand(cx: &FileContext<'_>, expr: ExprId) -> String {
    let text = cx.slice(cx.range(expr));
    match cx.body.exprs[expr] {
        Expr::Apply { .. }
        | Expr::HasAttr { .. }
        | Expr::Lambda(_)
        | Expr::Let { .. }
        | Expr::Binary(..)
        | Expr::Unary(..)
        | Expr::If(..)
        | Expr::With(..)
        | Expr::Assert(..) => format!("({text})"),
        _ => text.to_string(),
    }
}

/// The text of the operand of a `!` that is put before it.
pub(crate) fn negated(cx: &FileContext<'_>, expr: ExprId) -> String {
    match cx.body.exprs[expr] {
        Expr::Apply { .. } | Expr::HasAttr { .. } => format!("!{}", cx.slice(cx.range(expr))),
        _ => format!("!{}", as_operand(cx, expr)),
    }
}

/// Whether what stands in place of an expression needs parentheses, if it is an operator of the strength
/// of `==` or weaker.
pub(crate) fn is_tight(cx: &FileContext<'_>, expr: ExprId) -> bool {
    if cx.outer_range(expr) != cx.range(expr) {
        return false;
    }
    let Some(parent) = cx.outline.parent(expr) else { return false };
    match &cx.body.exprs[parent] {
        Expr::Binary(BinaryOp::And | BinaryOp::Or | BinaryOp::Implies, ..) => false,
        Expr::Binary(..) | Expr::Unary(..) | Expr::Apply { .. } | Expr::List(_) | Expr::HasAttr { .. } => {
            true
        }
        Expr::Select { .. } => true,
        _ => false,
    }
}

fn range_of(start: usize, end: usize) -> TextRange {
    let size = |at: usize| TextSize::try_from(at).unwrap_or_default();
    TextRange::new(size(start), size(end))
}
