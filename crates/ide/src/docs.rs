//! Doc-comments: the text before a binding that says what it is.
//!
//! Source: RFC 145, `/** … */` before the binding or the value; older code has `/* … */` and `#`.

use nixscope_db::{Db, SourceFile};
use nixscope_hir::{BindingValue, Expr};
use nixscope_syntax::{SyntaxKind, SyntaxNode, TextSize, parse};

/// The doc-comment of the binding whose name stands at an offset, as Markdown.
pub(crate) fn doc_comment(db: &dyn Db, file: SourceFile, offset: TextSize) -> Option<String> {
    let root = parse(db, file).syntax();
    if offset >= root.text_range().end() {
        return None;
    }
    let token = root.token_at_offset(offset).right_biased()?;
    for node in token.parent_ancestors() {
        match node.kind() {
            SyntaxKind::NODE_LAMBDA => {
                if let Some(found) = before(&node) {
                    return Some(found);
                }
            }
            SyntaxKind::NODE_ATTRPATH_VALUE => {
                return before(&node).or_else(|| before(&node.last_child()?));
            }
            _ => {}
        }
    }
    None
}

/// The doc-comment of a function of the embedded library, by its name.
pub(crate) fn of_library(db: &dyn Db, name: &str) -> Option<String> {
    nixscope_eval::embedded_files().iter().filter(|(path, _)| path.contains("/lib/")).find_map(
        |(path, text)| {
            if !text.contains(name) {
                return None;
            }
            let file = nixscope_db::source(db, &nixscope_db::VfsPath::new(path));
            let (body, map) = (nixscope_hir::body(db, file), nixscope_hir::source_map(db, file));
            let bindings = body.exprs.iter().filter_map(|(_, expr)| match expr {
                Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => Some(bindings),
                _ => None,
            });
            let mut named = bindings
                .flat_map(|it| it.named.iter())
                .filter(|it| it.name.as_str() == name && matches!(it.value, BindingValue::Expr(_)));
            named.find_map(|binding| doc_comment(db, file, map.name(binding.place).start()))
        },
    )
}

/// The comment right before a node.
fn before(node: &SyntaxNode) -> Option<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut at = node.first_token()?.prev_token();
    while let Some(token) = at {
        match token.kind() {
            SyntaxKind::TOKEN_COMMENT => {
                let text = token.text();
                if let Some(block) = text.strip_prefix("/*").and_then(|it| it.strip_suffix("*/")) {
                    if !lines.is_empty() {
                        break;
                    }
                    return Some(undent(block.trim_start_matches('*')));
                }
                // A comment behind the line before is about that line.
                let own_line = token.prev_token().is_none_or(|it| it.text().contains('\n'));
                if !own_line {
                    break;
                }
                lines.push(text.trim_start_matches('#').trim().to_string());
            }
            SyntaxKind::TOKEN_WHITESPACE => {
                if token.text().matches('\n').count() > 1 {
                    break;
                }
            }
            _ => break,
        }
        at = token.prev_token();
    }
    lines.reverse();
    let text = lines.join("\n").trim().to_string();
    (!text.is_empty()).then_some(text)
}

fn undent(block: &str) -> String {
    let indent = block
        .lines()
        .skip(1)
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    let lines: Vec<&str> = block
        .lines()
        .enumerate()
        .map(
            |(index, line)| {
                if index == 0 { line.trim() } else { line.get(indent..).unwrap_or("").trim_end() }
            },
        )
        .collect();
    lines.join("\n").trim().to_string()
}
