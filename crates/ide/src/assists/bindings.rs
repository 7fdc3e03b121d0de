//! Bindings of a `let`: put in place of their names, and made from expressions.

use nixscope_hir::{BindingValue, Definition, Expr, ScopeKind, Site, at_offset, resolve};
use nixscope_syntax::ast;
use nixscope_syntax::{AstNode, TextRange};

use super::{Assist, AssistKind, Context};
use crate::mentions::binding_at;

/// Puts the value of a `let` binding where its name is.
pub(super) fn inline(cx: &Context<'_>) -> Option<Assist> {
    let found = at_offset(cx.body, cx.map, cx.range.start())?;
    if found.site != Site::Expr {
        return None;
    }
    let Some(Definition::Name(name, scope)) = resolve(cx.body, found.expr) else { return None };
    let (ScopeKind::Let(_), Expr::Local { .. }) = (cx.body.scopes[scope].kind, &cx.body.exprs[found.expr])
    else {
        return None;
    };
    let (_, bindings) = binding_at(cx.body, name)?;
    let binding = bindings.named.iter().find(|it| it.place == name)?;
    let BindingValue::Expr(value) = binding.value else { return None };
    let range = cx.map.expr(found.expr);
    let element = cx.root.covering_element(range);
    if element.ancestors().take(3).any(|it| ast::Inherit::can_cast(it.kind())) {
        return None;
    }
    // A name of the value that is bound again on the way here would be another one.
    let mut between = Vec::new();
    let mut at = cx.body.scope_of(found.expr);
    while let Some(id) = at.filter(|id| *id != scope) {
        between.extend(cx.body.scopes[id].names.iter().map(|(name, _)| *name));
        at = cx.body.scopes[id].parent;
    }
    let value_range = cx.map.expr(value);
    // A value that needs itself would go on for ever.
    if value_range.contains_range(range) {
        return None;
    }
    let captured = cx.body.exprs.iter().any(|(id, expr)| {
        let named = match expr {
            Expr::Local { name, .. } | Expr::WithName { name, .. } | Expr::Global(name) => *name,
            _ => return false,
        };
        value_range.contains_range(cx.map.expr(id)) && between.contains(&named)
    });
    let text = cx.root.text().slice(value_range).to_string();
    if captured || text.is_empty() {
        return None;
    }
    let atom = matches!(
        &cx.body.exprs[value],
        Expr::Int(_)
            | Expr::Str(_)
            | Expr::Interpolated(_)
            | Expr::Path(..)
            | Expr::Local { .. }
            | Expr::Global(_)
            | Expr::List(_)
            | Expr::Attrs(_)
            | Expr::Select { default: None, .. }
    );
    let new_text = if atom { text } else { format!("({text})") };
    let title = format!("Put the value of `{}` here", cx.body.names[name]);
    Some(Assist { title, kind: AssistKind::Inline, edits: vec![cx.edit(range, new_text)] })
}

/// Gives the selected expression a name in a `let` around the binding's value that it stands in.
pub(super) fn extract(cx: &Context<'_>) -> Option<Assist> {
    if cx.range.is_empty() {
        return None;
    }
    let selected = cx.ancestors().find(|node| node.text_range() == cx.range).and_then(ast::Expr::cast)?;
    let holder = selected.syntax().ancestors().skip(1).find_map(|node| {
        let value = ast::AttrpathValue::cast(node.clone()).and_then(|it| it.value());
        value.or_else(|| ast::Lambda::cast(node).and_then(|it| it.body()))
    })?;
    let outer = holder.syntax().text_range();
    if outer == cx.range || is_key(&selected) {
        return None;
    }
    // A name that is bound between the two would not be there outside.
    let bound_inside = cx.body.exprs.iter().any(|(id, _)| {
        let range = cx.map.expr(id);
        cx.range.contains_range(range)
            && match resolve(cx.body, id) {
                Some(Definition::Name(_, scope)) => {
                    let owner = cx.map.expr(cx.body.scopes[scope].kind.owner());
                    outer.contains_range(owner) && owner.contains_range(cx.range)
                }
                Some(Definition::With(with)) => {
                    let owner = cx.map.expr(with);
                    outer.contains_range(owner) && owner.contains_range(cx.range)
                }
                _ => false,
            }
    });
    if bound_inside {
        return None;
    }
    let taken = |name: &str| cx.body.names.iter().any(|(_, it)| it.as_str() == name);
    let name = (1..)
        .map(|number| match number {
            1 => "value".to_string(),
            number => format!("value{number}"),
        })
        .find(|name| !taken(name))?;
    let value = cx.root.text().slice(cx.range).to_string();
    Some(Assist {
        title: format!("Extract into a `let` binding `{name}`"),
        kind: AssistKind::Extract,
        edits: vec![
            cx.edit(TextRange::empty(outer.start()), format!("let {name} = {value}; in ")),
            cx.edit(cx.range, name),
        ],
    })
}

fn is_key(expr: &ast::Expr) -> bool {
    expr.syntax()
        .parent()
        .is_some_and(|it| ast::Attrpath::can_cast(it.kind()) || ast::Inherit::can_cast(it.kind()))
}
