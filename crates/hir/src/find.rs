//! What stands at a place of the text.

use std::cmp::Reverse;

use nixscope_syntax::TextSize;

use crate::expr::{AttrName, Body, Expr, ExprId, NameId};
use crate::places::SourceMap;

/// What stands at a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Found {
    /// The innermost expression that covers the place.
    pub expr: ExprId,
    /// What of it is at the place.
    pub site: Site,
}

/// What of an expression is at a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Site {
    /// The expression itself.
    Expr,
    /// The n-th name of a selection's or `?`'s path.
    Path(usize),
    /// A name that is introduced here: a key, a formal, an inherited name.
    Name(NameId),
}

/// The innermost thing at an offset; a place between two things belongs to the one that begins there.
pub fn at_offset(body: &Body, map: &SourceMap, offset: TextSize) -> Option<Found> {
    let name = body
        .names
        .iter()
        .map(|(id, _)| (id, map.name(id)))
        .filter(|(_, range)| range.contains_inclusive(offset) && !range.is_empty())
        .min_by_key(|(id, range)| (!range.contains(offset), range.len(), Reverse(Body::raw_name(*id))))
        .map(|(id, _)| id);
    let expr = body
        .exprs
        .iter()
        .map(|(id, _)| (id, map.expr(id)))
        .filter(|(_, range)| range.contains_inclusive(offset) && !range.is_empty())
        .min_by_key(|(id, range)| (!range.contains(offset), range.len(), Body::raw(*id)))
        .map(|(id, _)| id)?;
    let Some(name) = name else { return Some(Found { expr, site: Site::Expr }) };
    // `${…}` in a name: what stands inside it is finer than the name. A variable of `inherit x;` has the name's
    // own range.
    let (whole, inner) = (map.name(name), map.expr(expr));
    if whole.contains_range(inner) && inner.len() < whole.len() {
        return Some(Found { expr, site: Site::Expr });
    }
    for (id, it) in body.exprs.iter() {
        let (Expr::Select { path, .. } | Expr::HasAttr { path, .. }) = it else { continue };
        if let Some(index) = path.iter().position(|attr: &AttrName| attr.place() == name) {
            return Some(Found { expr: id, site: Site::Path(index) });
        }
    }
    Some(Found { expr, site: Site::Name(name) })
}

/// From a file's root inwards through functions, `let`s, `with`s and `assert`s: what the file is.
pub fn spine(body: &Body) -> impl Iterator<Item = ExprId> + '_ {
    std::iter::successors(Some(body.root), |expr| match &body.exprs[*expr] {
        Expr::Lambda(lambda) => Some(lambda.body),
        Expr::Let { body, .. } | Expr::With(_, body) | Expr::Assert(_, body) => Some(*body),
        _ => None,
    })
}
