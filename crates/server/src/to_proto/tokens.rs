//! Semantic tokens, and what changed of them.

use nixscope_ide::{SourceFile, Token, TokenKind};
use tower_lsp::lsp_types as lsp;

use crate::snapshot::{Cancellable, Snapshot};

/// The modifier "introduced here", as a bit.
const DECLARATION: u32 = 1;
/// The modifier "nothing uses it".
const UNUSED: u32 = 1 << 1;

pub(crate) fn legend() -> lsp::SemanticTokensLegend {
    let name = |kind: &TokenKind| match kind {
        TokenKind::Variable => lsp::SemanticTokenType::VARIABLE,
        TokenKind::Parameter => lsp::SemanticTokenType::PARAMETER,
        TokenKind::Property => lsp::SemanticTokenType::PROPERTY,
        TokenKind::Function => lsp::SemanticTokenType::FUNCTION,
        TokenKind::Builtin => lsp::SemanticTokenType::new("builtin"),
        TokenKind::Constant => lsp::SemanticTokenType::new("constant"),
        TokenKind::Host => lsp::SemanticTokenType::new("host"),
        TokenKind::Input => lsp::SemanticTokenType::new("input"),
        TokenKind::Secret => lsp::SemanticTokenType::new("secret"),
        TokenKind::Option => lsp::SemanticTokenType::new("option"),
    };
    lsp::SemanticTokensLegend {
        token_types: TokenKind::ALL.iter().map(name).collect(),
        token_modifiers: vec![
            lsp::SemanticTokenModifier::DECLARATION,
            lsp::SemanticTokenModifier::new("unused"),
        ],
    }
}

/// The tokens as the protocol counts them: each relative to the one before.
pub(crate) fn tokens(
    snapshot: &Snapshot,
    file: SourceFile,
    tokens: &[Token],
) -> Cancellable<Vec<lsp::SemanticToken>> {
    let lines = snapshot.lines(file)?;
    let mut out = Vec::with_capacity(tokens.len());
    let (mut line, mut column) = (0, 0);
    for token in tokens {
        let span = lines.span(token.range);
        // A quoted name can have a line break in it; a token cannot.
        if span.start.line != span.end.line || span.start.column >= span.end.column {
            continue;
        }
        let delta_line = span.start.line - line;
        let delta_start = if delta_line == 0 { span.start.column - column } else { span.start.column };
        let kind = TokenKind::ALL.iter().position(|kind| *kind == token.kind).unwrap_or(0);
        let mut modifiers = 0;
        if token.declaration {
            modifiers |= DECLARATION;
        }
        if token.unused {
            modifiers |= UNUSED;
        }
        out.push(lsp::SemanticToken {
            delta_line,
            delta_start,
            length: span.end.column - span.start.column,
            token_type: u32::try_from(kind).unwrap_or(0),
            token_modifiers_bitset: modifiers,
        });
        (line, column) = (span.start.line, span.start.column);
    }
    Ok(out)
}

/// The one edit that makes the old tokens the new ones.
pub(crate) fn token_edits(
    old: &[lsp::SemanticToken],
    new: &[lsp::SemanticToken],
) -> Vec<lsp::SemanticTokensEdit> {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    if start == old.len() && start == new.len() {
        return Vec::new();
    }
    // Each token is five numbers.
    let count = |tokens: usize| u32::try_from(tokens * 5).unwrap_or(u32::MAX);
    vec![lsp::SemanticTokensEdit {
        start: count(start),
        delete_count: count(old.len() - start - end),
        data: Some(new[start..new.len() - end].to_vec()),
    }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_edit_leads_from_the_old_to_the_new() {
        let token = |length: u32| lsp::SemanticToken {
            delta_line: 0,
            delta_start: 1,
            length,
            token_type: 0,
            token_modifiers_bitset: 0,
        };
        let list = |lengths: &[u32]| lengths.iter().map(|it| token(*it)).collect::<Vec<_>>();
        for (old, new) in
            [(&[1, 2, 3][..], &[1, 4, 3][..]), (&[1, 1], &[1]), (&[], &[1]), (&[1, 2], &[2]), (&[1], &[1])]
        {
            let (old, new) = (list(old), list(new));
            let mut made = old.clone();
            for edit in token_edits(&old, &new) {
                let (start, gone) = (edit.start as usize / 5, edit.delete_count as usize / 5);
                made.splice(start..start + gone, edit.data.unwrap_or_default());
            }
            assert_eq!(made, new);
        }
    }
}
