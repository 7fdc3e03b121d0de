//! The value of string literals: escapes, and the indentation that `''…''` strips.
//!
//! Source: the Nix manual, "String literal"; Nix's `stripIndentation`.

use nixscope_syntax::SyntaxKind::{NODE_INTERPOL, TOKEN_STRING_CONTENT};
use nixscope_syntax::{AstNode, ast};

/// A piece of a string literal, as in its value.
pub(crate) enum Piece {
    Text(String),
    Expr(Option<ast::Expr>),
}

/// The pieces of a literal's value, texts merged, none empty.
pub(crate) fn pieces(literal: &ast::Str) -> Vec<Piece> {
    let mut raw: Vec<Piece> = Vec::new();
    for element in literal.syntax().children_with_tokens() {
        match element {
            rowan::NodeOrToken::Token(token) if token.kind() == TOKEN_STRING_CONTENT => {
                raw.push(Piece::Text(token.text().into()));
            }
            rowan::NodeOrToken::Node(node) if node.kind() == NODE_INTERPOL => {
                let expr = ast::Interpol::cast(node).and_then(|it| it.expr());
                raw.push(Piece::Expr(expr));
            }
            _ => {}
        }
    }
    let indented = literal.syntax().first_token().is_some_and(|token| token.text() == "''");
    if indented {
        strip_indentation(&mut raw);
    }
    for piece in &mut raw {
        if let Piece::Text(text) = piece {
            *text = if indented { unescape_indented(text) } else { unescape(text) };
        }
    }
    raw.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
    raw
}

/// `\n`, `\"`, `\${`; a bare carriage return is a line feed.
fn unescape(raw: &str) -> String {
    if !raw.contains(['\\', '\r']) {
        return raw.into();
    }
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some('t') => out.push('\t'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            '\r' => {
                out.push('\n');
                chars.next_if_eq(&'\n');
            }
            c => out.push(c),
        }
    }
    out
}

/// `''${`, `'''`, `''\n`.
fn unescape_indented(raw: &str) -> String {
    if !raw.contains("''") {
        return raw.into();
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find("''") {
        out.push_str(&rest[..at]);
        rest = &rest[at + 2..];
        if let Some(after) = rest.strip_prefix('\'') {
            out.push_str("''");
            rest = after;
        } else if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(after) = rest.strip_prefix('\\') {
            let mut chars = after.chars();
            match chars.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some('t') => out.push('\t'),
                Some(other) => out.push(other),
                None => {}
            }
            rest = chars.as_str();
        } else {
            out.push_str("''");
        }
    }
    out.push_str(rest);
    out
}

/// Takes the common indentation away, the first line if it is blank, and the blanks of the last line.
fn strip_indentation(pieces: &mut [Piece]) {
    // The opening quotes may be followed by blanks and a line break, which do not count.
    if let Some(Piece::Text(first)) = pieces.first_mut()
        && let Some((head, tail)) = first.split_once('\n')
        && head.chars().all(|c| c == ' ')
    {
        *first = tail.into();
    }
    let mut minimum = usize::MAX;
    let mut at_line_start = true;
    let mut current = 0;
    for piece in pieces.iter() {
        match piece {
            Piece::Expr(_) => {
                if at_line_start {
                    minimum = minimum.min(current);
                    at_line_start = false;
                }
            }
            Piece::Text(text) => {
                for c in text.chars() {
                    match c {
                        ' ' if at_line_start => current += 1,
                        '\n' => {
                            at_line_start = true;
                            current = 0;
                        }
                        _ if at_line_start => {
                            minimum = minimum.min(current);
                            at_line_start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    let mut at_line_start = true;
    let mut dropped = 0;
    let last = pieces.len().saturating_sub(1);
    for (index, piece) in pieces.iter_mut().enumerate() {
        match piece {
            Piece::Expr(_) => {
                at_line_start = false;
                dropped = 0;
            }
            Piece::Text(text) => {
                let mut out = String::with_capacity(text.len());
                for c in text.chars() {
                    match c {
                        ' ' if at_line_start => {
                            if dropped >= minimum {
                                out.push(' ');
                            }
                            dropped += 1;
                        }
                        '\n' => {
                            out.push('\n');
                            at_line_start = true;
                            dropped = 0;
                        }
                        c => {
                            out.push(c);
                            at_line_start = false;
                        }
                    }
                }
                if index == last
                    && let Some(cut) = out.rfind('\n')
                    && out[cut + 1..].chars().all(|c| c == ' ')
                {
                    out.truncate(cut + 1);
                }
                *text = out;
            }
        }
    }
}
