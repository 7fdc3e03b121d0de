//! What Nix's own parser refuses and rnix accepts.
//!
//! Source: Nix's `parser.y` and `lexer.l`; the manual's "Nix Language" chapter.

use std::collections::BTreeSet;

use rnix::SyntaxKind::*;
use rnix::ast::{self, HasEntry};
use rowan::ast::AstNode;

use crate::errors::SyntaxError;
use crate::{SyntaxNode, SyntaxToken};

/// Appends what is wrong in a tree that rnix found well-formed.
pub(crate) fn validate(root: &SyntaxNode, errors: &mut Vec<SyntaxError>) {
    for element in root.descendants_with_tokens() {
        match element {
            rowan::NodeOrToken::Token(token) => validate_token(&token, errors),
            rowan::NodeOrToken::Node(node) => validate_node(&node, errors),
        }
    }
}

fn validate_token(token: &SyntaxToken, errors: &mut Vec<SyntaxError>) {
    match token.kind() {
        TOKEN_INTEGER if token.text().parse::<i64>().is_err() => errors.push(SyntaxError::new(
            token.text_range(),
            format!("the integer {} does not fit into 64 bits (largest: {})", token.text(), i64::MAX),
        )),
        // To Nix the point is a selection then: only after another digit may a float end in it.
        TOKEN_FLOAT if token.text().starts_with('0') && ends_in_point(token.text()) => {
            errors.push(SyntaxError::new(
                token.text_range(),
                "a float that begins with zero needs digits after its point",
            ))
        }
        TOKEN_COMMENT if token.text().starts_with("/*") && !closes(token.text()) => {
            errors.push(SyntaxError::new(token.text_range(), "this comment is not closed: `*/` is missing"))
        }
        TOKEN_PATH_REL | TOKEN_PATH_ABS | TOKEN_PATH_HOME
            if token.text().ends_with('/') && token.next_sibling_or_token().is_none() =>
        {
            errors.push(SyntaxError::new(token.text_range(), "a path may not end in a slash"))
        }
        TOKEN_STRING_CONTENT if token.text().contains('\0') => errors.push(SyntaxError::new(
            token.text_range(),
            "a string cannot hold the character with the number 0",
        )),
        TOKEN_ERROR => errors.push(SyntaxError::new(
            token.text_range(),
            format!("`{}` means nothing here", token.text().lines().next().unwrap_or("")),
        )),
        _ => {}
    }
}

fn ends_in_point(float: &str) -> bool {
    float.split(['e', 'E']).next().is_some_and(|mantissa| mantissa.ends_with('.'))
}

fn closes(comment: &str) -> bool {
    comment.len() >= 4 && comment.ends_with("*/")
}

fn validate_node(node: &SyntaxNode, errors: &mut Vec<SyntaxError>) {
    match node.kind() {
        NODE_PATTERN => {
            if let Some(pattern) = ast::Pattern::cast(node.clone()) {
                validate_pattern(&pattern, errors);
            }
        }
        NODE_LET_IN => {
            if let Some(let_in) = ast::LetIn::cast(node.clone()) {
                refuse_dynamic_attrs(&let_in, errors);
            }
        }
        NODE_INHERIT => {
            if let Some(inherit) = ast::Inherit::cast(node.clone()) {
                validate_inherit(&inherit, errors);
            }
        }
        _ => {}
    }
}

fn validate_pattern(pattern: &ast::Pattern, errors: &mut Vec<SyntaxError>) {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let bound = pattern.pat_bind().and_then(|bind| bind.ident());
    let entries = pattern.pat_entries().filter_map(|entry| entry.ident());
    for ident in entries.chain(bound) {
        let name = ident.syntax().text().to_string();
        if seen.contains(&name) {
            errors.push(SyntaxError::new(
                ident.syntax().text_range(),
                format!("the argument `{name}` is listed twice in this pattern"),
            ));
        } else {
            seen.insert(name);
        }
    }
}

fn refuse_dynamic_attrs(let_in: &ast::LetIn, errors: &mut Vec<SyntaxError>) {
    for entry in let_in.attrpath_values() {
        let first = entry.attrpath().and_then(|path| path.attrs().next());
        if let Some(attr) = first
            && is_dynamic(&attr)
        {
            errors.push(SyntaxError::new(
                attr.syntax().text_range(),
                "a `let` cannot bind a computed name: its names must be known before anything is evaluated",
            ));
        }
    }
}

fn validate_inherit(inherit: &ast::Inherit, errors: &mut Vec<SyntaxError>) {
    for attr in inherit.attrs().filter(is_dynamic) {
        errors.push(SyntaxError::new(
            attr.syntax().text_range(),
            "`inherit` takes plain names only, not computed ones",
        ));
    }
}

/// Whether the name is only known by evaluation. A string without interpolation is a plain name.
fn is_dynamic(attr: &ast::Attr) -> bool {
    match attr {
        ast::Attr::Ident(_) => false,
        ast::Attr::Dynamic(dynamic) => match dynamic.expr() {
            Some(ast::Expr::Str(text)) => has_interpolation(&text),
            _ => true,
        },
        ast::Attr::Str(text) => has_interpolation(text),
    }
}

fn has_interpolation(text: &ast::Str) -> bool {
    text.syntax().children().next().is_some()
}
