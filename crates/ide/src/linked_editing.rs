//! Linked editing: a local name and its uses, edited at once.

use nixscope_db::{Db, SourceFile};
use nixscope_hir::{Definition, NameId, ScopeKind, Site, at_offset, body, resolve, source_map};
use nixscope_syntax::{TextRange, TextSize};

use crate::mentions::{binding_at, variables};

/// The places that change together with the name at a place; empty where others would have to follow.
pub(crate) fn linked_ranges(db: &dyn Db, file: SourceFile, offset: TextSize) -> Vec<TextRange> {
    let (body, map) = (body(db, file), source_map(db, file));
    let Some(found) = at_offset(body, map, offset) else { return Vec::new() };
    let name: Option<NameId> = match found.site {
        Site::Name(name) => Some(name),
        Site::Expr => match resolve(body, found.expr) {
            Some(Definition::Name(name, _)) => Some(name),
            _ => None,
        },
        Site::Path(_) => None,
    };
    let Some(name) = name else { return Vec::new() };
    let local = body.scopes.iter().any(|(_, scope)| {
        matches!(scope.kind, ScopeKind::Let(_)) && scope.names.iter().any(|(_, it)| *it == name)
    });
    // A name that is inherited, or bound in pieces, is written in more ways than one.
    let inherited = binding_at(body, name)
        .and_then(|(_, bindings)| bindings.named.iter().find(|it| it.place == name))
        .is_none_or(|it| !matches!(it.value, nixscope_hir::BindingValue::Expr(_)));
    let pieces = map.further_places().iter().any(|(first, _)| *first == name);
    if !local || inherited || pieces {
        return Vec::new();
    }
    let uses = variables(body, name);
    let inherits = |range: &TextRange| body.names.iter().any(|(id, _)| map.name(id) == *range);
    let mut ranges: Vec<TextRange> = uses.into_iter().map(|id| map.expr(id)).collect();
    if ranges.iter().any(inherits) {
        return Vec::new();
    }
    ranges.push(map.name(name));
    ranges.sort_by_key(|range| range.start());
    ranges.dedup();
    ranges
}
