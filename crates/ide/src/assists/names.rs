//! Names: of a `with`, and such that nothing binds.

use nixscope_hir::{Expr, ScopeKind, Site, at_offset};
use nixscope_syntax::ast;
use nixscope_syntax::{AstNode, TextRange};

use super::{Assist, Context, text};

/// `with a; [ b c ]` to `[ a.b a.c ]`.
pub(super) fn with_to_explicit(cx: &Context<'_>) -> Option<Assist> {
    let with: ast::With = cx.node()?;
    let (namespace, inner) = (with.namespace()?, with.body()?);
    // Elsewhere in the body the user means something else.
    let head = TextRange::new(with.syntax().text_range().start(), inner.syntax().text_range().start());
    if !head.contains_range(cx.range) || !matches!(namespace, ast::Expr::Ident(_) | ast::Expr::Select(_)) {
        return None;
    }
    let source = text(&namespace);
    let mut edits = vec![cx.edit(head, "")];
    for (id, expr) in cx.body.exprs.iter() {
        let Expr::WithName { withs, .. } = expr else { continue };
        let range = cx.map.expr(id);
        if !inner.syntax().text_range().contains_range(range) {
            continue;
        }
        // A name that another `with` may give as well cannot be told apart.
        if withs.len() != 1 {
            return None;
        }
        if is_inherited(cx, range) {
            return None;
        }
        edits.push(cx.edit(TextRange::empty(range.start()), format!("{source}.")));
    }
    // A name of the namespace's root that is bound again inside would be meant instead.
    let root = source.split('.').next().unwrap_or("").to_string();
    let shadowed = cx.body.scopes.iter().any(|(_, scope)| {
        let owner = cx.map.expr(scope.kind.owner());
        let inside =
            inner.syntax().text_range().contains_range(owner) && !matches!(scope.kind, ScopeKind::With(_));
        inside && scope.names.iter().any(|(name, _)| name.as_str() == root)
    });
    if shadowed || edits.len() == 1 {
        return None;
    }
    cx.rewrite("Name the source of each name instead of `with`", edits)
}

fn is_inherited(cx: &Context<'_>, range: TextRange) -> bool {
    let node = cx.root.covering_element(range);
    node.ancestors().take(3).any(|it| ast::Inherit::can_cast(it.kind()))
}

/// Adds a name that nothing binds to the arguments of the function around it.
pub(super) fn add_to_pattern(cx: &Context<'_>) -> Option<Assist> {
    let found = at_offset(cx.body, cx.map, cx.range.start())?;
    let (Site::Expr, Expr::Unresolved(name)) = (found.site, &cx.body.exprs[found.expr]) else { return None };
    let pattern = cx.ancestors().find_map(|node| {
        let lambda = ast::Lambda::cast(node)?;
        match lambda.param()? {
            ast::Param::Pattern(pattern) => Some(pattern),
            ast::Param::IdentParam(_) => None,
        }
    })?;
    let (at, new_text) = match (pattern.pat_entries().last(), pattern.ellipsis_token()) {
        (Some(last), _) => (last.syntax().text_range().end(), format!(", {name}")),
        (None, Some(dots)) => (dots.text_range().start(), format!("{name}, ")),
        (None, None) => {
            let brace = pattern
                .syntax()
                .children_with_tokens()
                .find(|it| it.kind() == nixscope_syntax::SyntaxKind::TOKEN_L_BRACE)?;
            (brace.text_range().end(), format!(" {name} "))
        }
    };
    let title = format!("Add `{name}` to the function's arguments");
    cx.rewrite(&title, vec![cx.edit(TextRange::empty(at), new_text)])
}
