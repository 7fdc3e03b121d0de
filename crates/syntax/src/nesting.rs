//! A guard against nesting that a recursive parser, or a recursive drop, would not survive.
//!
//! The tokenizer is a flat loop, so an upper bound of the tree's depth is counted on its output,
//! before anything recursive runs.

use rnix::SyntaxKind::{self, *};
use rowan::{TextRange, TextSize};

/// Trees deeper than this are refused. The deepest file of the reference repositories has a depth
/// of about a hundred.
pub(crate) const MAX_DEPTH: u32 = 1_000;

/// The place where the tree would become deeper than [`MAX_DEPTH`], if there is one.
pub(crate) fn too_deep(text: &str) -> Option<TextRange> {
    // How many levels the current bracket adds with its operators and keywords, one count a bracket.
    let mut pending: Vec<u32> = vec![0];
    let mut depth: u32 = 0;
    let mut offset = TextSize::from(0);
    for (kind, token) in rnix::tokenize(text) {
        let range = TextRange::at(offset, TextSize::of(token));
        offset = range.end();
        match kind {
            TOKEN_L_BRACE | TOKEN_L_BRACK | TOKEN_L_PAREN | TOKEN_INTERPOL_START => {
                pending.push(0);
                depth += 1;
            }
            TOKEN_R_BRACE | TOKEN_R_BRACK | TOKEN_R_PAREN | TOKEN_INTERPOL_END => {
                if pending.len() > 1 {
                    depth -= 1 + pending.pop().unwrap_or(0);
                }
            }
            TOKEN_SEMICOLON | TOKEN_COMMA => {
                // The value of a binding ends; what `with …;` and `assert …;` opened goes on, but a
                // bracket that holds a thousand of those one after the other has no other purpose.
                if let Some(top) = pending.last_mut() {
                    depth -= std::mem::take(top);
                }
            }
            kind if deepens(kind) => {
                if let Some(top) = pending.last_mut() {
                    *top += 1;
                    depth += 1;
                }
            }
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Some(range);
        }
    }
    chain_of_prefixes(text)
}

/// Whether each further token of this kind can make the tree one level deeper.
fn deepens(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        TOKEN_COLON
            | TOKEN_IF
            | TOKEN_LET
            | TOKEN_INVERT
            | TOKEN_SUB
            | TOKEN_OR
            | TOKEN_ADD
            | TOKEN_CONCAT
            | TOKEN_UPDATE
            | TOKEN_MUL
            | TOKEN_DIV
            | TOKEN_AND_AND
            | TOKEN_OR_OR
            | TOKEN_IMPLICATION
            | TOKEN_PIPE_LEFT
            | TOKEN_PIPE_RIGHT
            | TOKEN_QUESTION
    )
}

/// `with a; with a; …` and `assert a; …` nest although a semicolon ends each.
fn chain_of_prefixes(text: &str) -> Option<TextRange> {
    let mut chain = 0;
    let mut offset = TextSize::from(0);
    for (kind, token) in rnix::tokenize(text) {
        let range = TextRange::at(offset, TextSize::of(token));
        offset = range.end();
        match kind {
            TOKEN_WITH | TOKEN_ASSERT => chain += 1,
            TOKEN_ASSIGN | TOKEN_R_BRACE | TOKEN_R_BRACK | TOKEN_R_PAREN => chain = 0,
            _ => {}
        }
        if chain > MAX_DEPTH {
            return Some(range);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_would_overflow() {
        for unit in ["[", "(", "{a=", "!", "-", "a:", "if ", "let a=1;in ", "with a;", "\"${", "1+", "a.b or "] {
            let text = unit.repeat(100_000);
            assert!(too_deep(&text).is_some() || unit == "let a=1;in ", "{unit}");
        }
    }

    #[test]
    fn long_is_not_deep() {
        let list = format!("[{}]", "{ a = x: 1 + 1; } ".repeat(50_000));
        assert_eq!(too_deep(&list), None);
    }
}
