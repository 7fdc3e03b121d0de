//! Selection ranges: from the word at a place outwards.

use nixscope_db::{Db, SourceFile};
use nixscope_syntax::{SyntaxKind, TextRange, TextSize, parse};

/// The ranges around a place, the innermost first, each larger than the one before.
pub(crate) fn selection_ranges(db: &dyn Db, file: SourceFile, offset: TextSize) -> Vec<TextRange> {
    let root = parse(db, file).syntax();
    let whole = root.text_range();
    let mut out: Vec<TextRange> = Vec::new();
    let mut push = |range: TextRange| {
        let grows = out.last().is_none_or(|last| range.contains_range(*last) && range != *last);
        if grows && !range.is_empty() {
            out.push(range);
        }
    };
    if offset <= whole.end() {
        let token = root.token_at_offset(offset);
        let word = token.clone().find(|token| token.kind() != SyntaxKind::TOKEN_WHITESPACE);
        if let Some(token) = word.or_else(|| token.right_biased()) {
            if token.kind() != SyntaxKind::TOKEN_WHITESPACE {
                push(token.text_range());
            }
            for node in token.parent_ancestors() {
                if let Some(inner) = inside(&node) {
                    push(inner);
                }
                push(node.text_range());
            }
        }
    }
    push(whole);
    if out.is_empty() {
        out.push(TextRange::empty(offset.min(whole.end())));
    }
    out
}

/// What is between a node's brackets.
fn inside(node: &nixscope_syntax::SyntaxNode) -> Option<TextRange> {
    let bracketed = matches!(
        node.kind(),
        SyntaxKind::NODE_ATTR_SET | SyntaxKind::NODE_LIST | SyntaxKind::NODE_PAREN | SyntaxKind::NODE_STRING
    );
    if !bracketed {
        return None;
    }
    let first = node.first_child_or_token()?;
    let last = node.last_child_or_token()?;
    let (start, end) = (first.text_range().end(), last.text_range().start());
    (first != last && start < end).then(|| TextRange::new(start, end))
}
