//! Which expression holds which: the way up from an expression, which lowering does not keep.

use nixscope_db::{Db, SourceFile};
use nixscope_hir::{AttrName, BindingValue, Bindings, Body, Expr, ExprId, StrPart};

/// The parent of every expression of a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outline {
    parents: Box<[u32]>,
}

const NO_PARENT: u32 = u32::MAX;

/// A file's outline. Recomputed when the file's expressions change, not on an edit of layout.
#[salsa::tracked(returns(ref))]
pub(crate) fn outline(db: &dyn Db, file: SourceFile) -> Outline {
    Outline::of(nixscope_hir::body(db, file))
}

impl Outline {
    /// The outline of a lowered file.
    pub fn of(body: &Body) -> Outline {
        let mut parents = vec![NO_PARENT; body.exprs.len()];
        for (id, expr) in body.exprs.iter() {
            for_each_child(expr, &mut |child| {
                if let Some(slot) = parents.get_mut(Body::raw(child) as usize) {
                    *slot = Body::raw(id);
                }
            });
        }
        Outline { parents: parents.into() }
    }

    /// The expression that an expression is part of; none for the whole file.
    pub fn parent(&self, expr: ExprId) -> Option<ExprId> {
        match self.parents.get(Body::raw(expr) as usize) {
            Some(&NO_PARENT) | None => None,
            Some(&raw) => Some(Body::expr_from_raw(raw)),
        }
    }

    /// The expressions around an expression, from the inside out, without itself.
    pub fn ancestors(&self, expr: ExprId) -> impl Iterator<Item = ExprId> {
        std::iter::successors(self.parent(expr), |it| self.parent(*it))
    }
}

/// Calls `visit` with every direct part of an expression.
pub(crate) fn for_each_child(expr: &Expr, visit: &mut impl FnMut(ExprId)) {
    match expr {
        Expr::Interpolated(parts) | Expr::InterpolatedPath(_, parts) => {
            for part in parts {
                if let StrPart::Expr(expr) = part {
                    visit(*expr);
                }
            }
        }
        Expr::Apply { function, args } => {
            visit(*function);
            args.iter().copied().for_each(visit);
        }
        Expr::Select { base, path, default } => {
            visit(*base);
            path_parts(path, visit);
            default.iter().copied().for_each(visit);
        }
        Expr::HasAttr { base, path } => {
            visit(*base);
            path_parts(path, visit);
        }
        Expr::Lambda(lambda) => {
            lambda.formals.iter().flatten().filter_map(|formal| formal.default).for_each(&mut *visit);
            visit(lambda.body);
        }
        Expr::Let { bindings, body } => {
            binding_parts(bindings, visit);
            visit(*body);
        }
        Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => binding_parts(bindings, visit),
        Expr::List(items) => items.iter().copied().for_each(visit),
        Expr::Binary(_, left, right) => {
            visit(*left);
            visit(*right);
        }
        Expr::Unary(_, operand) => visit(*operand),
        Expr::If(condition, then, otherwise) => {
            visit(*condition);
            visit(*then);
            visit(*otherwise);
        }
        Expr::With(namespace, body) => {
            visit(*namespace);
            visit(*body);
        }
        Expr::Assert(condition, body) => {
            visit(*condition);
            visit(*body);
        }
        Expr::Missing
        | Expr::Int(_)
        | Expr::Float(_)
        | Expr::Str(_)
        | Expr::Path(..)
        | Expr::SearchPath(_)
        | Expr::Local { .. }
        | Expr::Global(_)
        | Expr::WithName { .. }
        | Expr::Unresolved(_)
        | Expr::CurPos => {}
    }
}

fn path_parts(path: &[AttrName], visit: &mut impl FnMut(ExprId)) {
    for attr in path {
        if let AttrName::Dynamic(expr, _) = attr {
            visit(*expr);
        }
    }
}

fn binding_parts(bindings: &Bindings, visit: &mut impl FnMut(ExprId)) {
    for binding in &bindings.named {
        if let BindingValue::Expr(expr) | BindingValue::Inherit(expr) = binding.value {
            visit(expr);
        }
    }
    for (name, _, value) in &bindings.dynamic {
        visit(*name);
        visit(*value);
    }
    bindings.inherit_from.iter().copied().for_each(visit);
}
