//! Attribute paths: flat or nested, quoted or not.

use nixscope_syntax::ast::{self, HasEntry};
use nixscope_syntax::{AstNode, TextRange};

use super::{Assist, Context, is_identifier, text};

/// `a = { b = 1; c = 2; };` to `a.b = 1; a.c = 2;`.
pub(super) fn flatten(cx: &Context<'_>) -> Option<Assist> {
    let binding: ast::AttrpathValue = cx.ancestors().filter_map(ast::AttrpathValue::cast).find(|it| {
        // At the key, not somewhere inside the value.
        it.attrpath().is_some_and(|path| path.syntax().text_range().contains_range(cx.range))
    })?;
    let ast::Expr::AttrSet(set) = binding.value()? else { return None };
    let path = text(&binding.attrpath()?);
    let entries: Vec<ast::Entry> = set.entries().collect();
    let has_comment = set
        .syntax()
        .descendants_with_tokens()
        .any(|it| it.kind() == nixscope_syntax::SyntaxKind::TOKEN_COMMENT);
    if set.rec_token().is_some() || entries.is_empty() || has_comment {
        return None;
    }
    let mut lines = Vec::new();
    for entry in entries {
        let ast::Entry::AttrpathValue(inner) = entry else { return None };
        lines.push(format!("{path}.{} = {};", text(&inner.attrpath()?), text(&inner.value()?)));
    }
    let indent = cx.indent(binding.syntax().text_range());
    cx.rewrite(
        "Flatten into attribute paths",
        vec![cx.edit(binding.syntax().text_range(), lines.join(&format!("\n{indent}")))],
    )
}

/// `a.b = 1; a.c = 2;` to `a = { b = 1; c = 2; };`: all that begin with the same name.
pub(super) fn pack(cx: &Context<'_>) -> Option<Assist> {
    let binding: ast::AttrpathValue = cx.node()?;
    let path = binding.attrpath()?;
    if !path.syntax().text_range().contains_range(cx.range) || path.attrs().count() < 2 {
        return None;
    }
    let first = text(&path.attrs().next()?);
    let set = binding.syntax().parent()?;
    let siblings: Vec<ast::AttrpathValue> = set
        .children()
        .filter_map(ast::AttrpathValue::cast)
        .filter(|it| {
            it.attrpath().and_then(|path| path.attrs().next()).is_some_and(|name| text(&name) == first)
        })
        .collect();
    let indent = cx.indent(siblings.first()?.syntax().text_range());
    let mut lines = Vec::new();
    for sibling in &siblings {
        let path = sibling.attrpath()?;
        let rest: Vec<String> = path.attrs().skip(1).map(|name| text(&name)).collect();
        if rest.is_empty() {
            return None;
        }
        lines.push(format!("{indent}  {} = {};", rest.join("."), text(&sibling.value()?)));
    }
    let packed = format!("{first} = {{\n{}\n{indent}}};", lines.join("\n"));
    let mut edits = vec![cx.edit(siblings.first()?.syntax().text_range(), packed)];
    for sibling in &siblings[1..] {
        edits.push(cx.edit(with_blank_before(sibling.syntax()), ""));
    }
    cx.rewrite("Pack into one attribute set", edits)
}

/// `a` to `"a"`.
pub(super) fn quote(cx: &Context<'_>) -> Option<Assist> {
    let name: ast::Ident = cx.node()?;
    let in_path = name.syntax().parent().is_some_and(|it| ast::Attrpath::can_cast(it.kind()));
    let range = name.syntax().text_range();
    in_path.then(|| {
        cx.rewrite("Quote the attribute name", vec![cx.edit(range, format!("\"{}\"", text(&name)))])
    })?
}

/// `"a"` to `a`.
pub(super) fn unquote(cx: &Context<'_>) -> Option<Assist> {
    let string: ast::Str = cx.node()?;
    let in_path = string.syntax().parent().is_some_and(|it| ast::Attrpath::can_cast(it.kind()));
    let written = text(&string);
    let inner = written.strip_prefix('"')?.strip_suffix('"')?;
    if !in_path || !is_identifier(inner) {
        return None;
    }
    cx.rewrite("Remove the quotes", vec![cx.edit(string.syntax().text_range(), inner)])
}

fn with_blank_before(node: &nixscope_syntax::SyntaxNode) -> TextRange {
    let range = node.text_range();
    match node.first_token().and_then(|token| token.prev_token()) {
        Some(blank) if blank.kind() == nixscope_syntax::SyntaxKind::TOKEN_WHITESPACE => {
            blank.text_range().cover(range)
        }
        _ => range,
    }
}
