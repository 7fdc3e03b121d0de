//! `inherit`, and what it stands for.

use nixscope_syntax::AstNode;
use nixscope_syntax::ast;

use super::{Assist, Context, text};

/// `x = x;` to `inherit x;`, `x = a.b.x;` to `inherit (a.b) x;`.
pub(super) fn to_inherit(cx: &Context<'_>) -> Option<Assist> {
    let binding: ast::AttrpathValue = cx.node()?;
    let path = binding.attrpath()?;
    let mut names = path.attrs();
    let (Some(ast::Attr::Ident(name)), None) = (names.next(), names.next()) else { return None };
    let name = text(&name);
    // In a `let` or `rec` the variable would be the binding itself.
    let holder = binding.syntax().parent()?;
    let recursive = match ast::AttrSet::cast(holder) {
        Some(set) => set.rec_token().is_some(),
        None => true,
    };
    let inherited = match binding.value()? {
        ast::Expr::Ident(variable) if text(&variable) == name && !recursive => format!("inherit {name};"),
        ast::Expr::Select(select) if select.default_expr().is_none() => {
            let path = select.attrpath()?;
            let parts: Vec<String> = path.attrs().map(|attr| text(&attr)).collect();
            let (last, before) = parts.split_last()?;
            if *last != name {
                return None;
            }
            let base = text(&select.expr()?);
            let source = std::iter::once(base).chain(before.iter().cloned()).collect::<Vec<_>>().join(".");
            format!("inherit ({source}) {name};")
        }
        _ => return None,
    };
    cx.rewrite("Write as inherit", vec![cx.edit(binding.syntax().text_range(), inherited)])
}

/// `inherit (a) x y;` to `x = a.x; y = a.y;`.
pub(super) fn from_inherit(cx: &Context<'_>) -> Option<Assist> {
    let inherit: ast::Inherit = cx.node()?;
    let source = match inherit.from() {
        Some(from) => {
            let expr = from.expr()?;
            let plain = matches!(expr, ast::Expr::Ident(_) | ast::Expr::Select(_) | ast::Expr::Paren(_));
            let written = text(&expr);
            Some(if plain { written } else { format!("({written})") })
        }
        None => None,
    };
    let holder = inherit.syntax().parent()?;
    let recursive = match ast::AttrSet::cast(holder) {
        Some(set) => set.rec_token().is_some(),
        None => true,
    };
    if recursive && source.is_none() {
        return None;
    }
    let names: Vec<String> = inherit.attrs().map(|attr| text(&attr)).collect();
    // `x = x.y;` in a `let` would need itself.
    if recursive
        && source
            .as_ref()
            .is_some_and(|source| names.iter().any(|name| source.split('.').next() == Some(name)))
    {
        return None;
    }
    let bindings: Vec<String> = names
        .iter()
        .map(|name| match &source {
            Some(source) => format!("{name} = {source}.{name};"),
            None => format!("{name} = {name};"),
        })
        .collect();
    if bindings.is_empty() {
        return None;
    }
    cx.rewrite("Write as bindings", vec![cx.edit(inherit.syntax().text_range(), bindings.join(" "))])
}
