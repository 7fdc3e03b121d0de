//! Which file a module is the content of.

use nixscope_db::SourceFile;
use nixscope_hir::{BindingValue, Body, Expr, ExprId, spine};

use crate::Evaluator;
use crate::place::{Place, PlaceKind};
use crate::value::Value;

/// The file that a value is the content of: `import ./x.nix { … }` in a list is the module
/// `x.nix`, while a set or function written in the list is inline.
pub(super) fn origin_file<'h>(ev: &Evaluator<'h>, value: Value<'h>, item: Place) -> Option<SourceFile> {
    let here = item.resolve(ev).map(|it| it.source);
    if let Some(file) = ev.file_of(value)
        && here != Some(file)
    {
        return Some(file);
    }
    let place = match value {
        Value::Lambda(function) => function.place,
        Value::Attrs(attrs) if is_import(ev, item) => {
            attrs.entries.iter().map(|attr| attr.place).find(|place| !place.is_none())?
        }
        _ => return None,
    };
    let place = place.resolve(ev)?;
    if here == Some(place.source) {
        return None;
    }
    let body = ev.context(place.source).body;
    let on_spine = match place.kind {
        PlaceKind::Expr(raw) => spine(body).any(|expr| Body::raw(expr) == raw),
        PlaceKind::Name(raw) => {
            spine(body).last().is_some_and(|end| binds(body, end, |name| Body::raw_name(name) == raw))
        }
        PlaceKind::Offset(_) => false,
    };
    on_spine.then_some(place.source)
}

/// Whether the expression at a place is a call of `import`, or of a helper named after it.
fn is_import(ev: &Evaluator<'_>, place: Place) -> bool {
    let Some(place) = place.resolve(ev) else { return false };
    let PlaceKind::Expr(raw) = place.kind else { return false };
    let body = ev.context(place.source).body;
    let Expr::Apply { function, .. } = &body.exprs[Body::expr_from_raw(raw)] else { return false };
    match &body.exprs[*function] {
        Expr::Global(name) | Expr::Local { name, .. } => name.as_str().starts_with("import"),
        Expr::Select { path, .. } => path
            .last()
            .and_then(|attr| attr.as_static())
            .is_some_and(|name| name.as_str().starts_with("import")),
        _ => false,
    }
}

/// Whether a literal set has a binding at a place.
fn binds(body: &Body, expr: ExprId, is: impl Fn(nixscope_hir::NameId) -> bool) -> bool {
    match &body.exprs[expr] {
        Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => bindings
            .named
            .iter()
            .any(|binding| !matches!(binding.value, BindingValue::Inherit(_)) && is(binding.place)),
        _ => false,
    }
}
