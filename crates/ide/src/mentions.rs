//! The places of a file where a name is written, as the fleet is asked about them.

use nixscope_db::{Db, SourceFile};
use nixscope_eval::{PlaceKind, SourcePlace};
use nixscope_fleet::Mention;
use nixscope_hir::{
    AttrName, BindingValue, Bindings, Body, Definition, Expr, ExprId, NameId, Symbol, body, resolve,
    source_map,
};
use nixscope_syntax::TextRange;

/// The places of a file where a name is written and another file may be meant.
pub(crate) fn mentions_of(db: &dyn Db, file: SourceFile, name: Symbol) -> Vec<Mention> {
    let body = body(db, file);
    let further = source_map(db, file).further_places();
    let mut out = Vec::new();
    for (id, expr) in body.exprs.iter() {
        match expr {
            Expr::Select { path, .. } | Expr::HasAttr { path, .. } => {
                let named = |attr: &AttrName| attr.as_static() == Some(name);
                let found = path.iter().enumerate().filter(|(_, attr)| named(attr));
                out.extend(found.map(|(index, _)| Mention::Selected { expr: id, index }));
            }
            Expr::WithName { name: written, .. } if *written == name => {
                if let Some(Definition::With(owner)) = resolve(body, id) {
                    out.push(Mention::With { expr: id, owner });
                }
            }
            Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => {
                for binding in bindings.named.iter().filter(|binding| binding.name == name) {
                    out.push(Mention::Key(binding.place));
                    let more = further.iter().filter(|(first, _)| *first == binding.place);
                    out.extend(more.map(|(_, more)| Mention::Key(*more)));
                    out.extend(inherited(bindings, binding.place));
                }
            }
            Expr::Let { bindings, .. } => {
                let named = bindings.named.iter().filter(|binding| binding.name == name);
                out.extend(named.filter_map(|binding| inherited(bindings, binding.place)));
            }
            _ => {}
        }
    }
    out
}

/// The mention that a name of `inherit (from) name;` is.
pub(crate) fn inherited(bindings: &Bindings, place: NameId) -> Option<Mention> {
    let binding = bindings.named.iter().find(|binding| binding.place == place)?;
    match binding.value {
        BindingValue::InheritFrom(index) => {
            Some(Mention::Inherited { from: *bindings.inherit_from.get(index as usize)?, name: place })
        }
        _ => None,
    }
}

/// Where a mention's name is written.
pub(crate) fn place_of(body: &Body, file: SourceFile, mention: Mention) -> SourcePlace {
    let name = |name: NameId| PlaceKind::Name(Body::raw_name(name));
    let kind = match mention {
        Mention::Selected { expr, index } => match &body.exprs[expr] {
            Expr::Select { path, .. } | Expr::HasAttr { path, .. } => match path.get(index) {
                Some(attr) => name(attr.place()),
                None => PlaceKind::Expr(Body::raw(expr)),
            },
            _ => PlaceKind::Expr(Body::raw(expr)),
        },
        Mention::Inherited { name: place, .. } | Mention::Key(place) => name(place),
        Mention::With { expr, .. } => PlaceKind::Expr(Body::raw(expr)),
    };
    SourcePlace { source: file, kind }
}

/// The variables of a file that are bound at a place.
pub(crate) fn variables(body: &Body, place: NameId) -> Vec<ExprId> {
    let bound = |id: ExprId| matches!(resolve(body, id), Some(Definition::Name(name, _)) if name == place);
    let locals = body.exprs.iter().filter(|(_, expr)| matches!(expr, Expr::Local { .. }));
    locals.map(|(id, _)| id).filter(|id| bound(*id)).collect()
}

/// The set or `let` that has a binding at a place.
pub(crate) fn binding_at(body: &Body, place: NameId) -> Option<(ExprId, &Bindings)> {
    body.exprs.iter().find_map(|(id, expr)| match expr {
        Expr::Attrs(bindings) | Expr::RecAttrs(bindings) | Expr::Let { bindings, .. } => {
            let bindings: &Bindings = bindings;
            bindings.named.iter().any(|binding| binding.place == place).then_some((id, bindings))
        }
        _ => None,
    })
}

/// The place of a name's first piece: `a.b = 1; a.c = 2;` writes `a` twice and binds it once.
pub(crate) fn first_piece(db: &dyn Db, file: SourceFile, place: NameId) -> NameId {
    let further = source_map(db, file).further_places();
    further.iter().find(|(_, more)| *more == place).map_or(place, |(first, _)| *first)
}

/// The text of a name without quotes around it, for replacing.
pub(crate) fn bare(text: &str, range: TextRange) -> TextRange {
    let slice = text.get(usize::from(range.start())..usize::from(range.end())).unwrap_or("");
    let quoted = slice.len() >= 2 && slice.starts_with('"') && slice.ends_with('"');
    if quoted {
        TextRange::new(
            range.start() + nixscope_syntax::TextSize::from(1),
            range.end() - nixscope_syntax::TextSize::from(1),
        )
    } else {
        range
    }
}
