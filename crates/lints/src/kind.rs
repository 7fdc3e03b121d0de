//! Kinds of expressions: what a lint asks for, so that one walk over a file serves all of them.

use nixscope_hir::Expr;

/// What an expression is, without what it holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ExprKind {
    /// A number, a hole, `__curPos`.
    Other,
    /// A string, with interpolation or without.
    Str,
    /// A path, also one with interpolation.
    Path,
    /// `<nixpkgs>`
    SearchPath,
    /// A variable, however it is bound.
    Name,
    /// `f a b`
    Apply,
    /// `a.b or c`
    Select,
    /// `a ? b`
    HasAttr,
    /// A function.
    Lambda,
    /// `let … in …`
    Let,
    /// `{ … }` and `rec { … }`
    Attrs,
    /// `[ … ]`
    List,
    /// An operator with two operands.
    Binary,
    /// An operator with one operand.
    Unary,
    /// `if … then … else …`
    If,
    /// `with …; …`
    With,
    /// `assert …; …`
    Assert,
}

impl ExprKind {
    /// How many kinds there are.
    pub(crate) const COUNT: usize = ExprKind::Assert as usize + 1;

    /// The kind of an expression.
    pub fn of(expr: &Expr) -> ExprKind {
        match expr {
            Expr::Missing | Expr::Int(_) | Expr::Float(_) | Expr::CurPos => ExprKind::Other,
            Expr::Str(_) | Expr::Interpolated(_) => ExprKind::Str,
            Expr::Path(..) | Expr::InterpolatedPath(..) => ExprKind::Path,
            Expr::SearchPath(_) => ExprKind::SearchPath,
            Expr::Local { .. } | Expr::Global(_) | Expr::WithName { .. } | Expr::Unresolved(_) => {
                ExprKind::Name
            }
            Expr::Apply { .. } => ExprKind::Apply,
            Expr::Select { .. } => ExprKind::Select,
            Expr::HasAttr { .. } => ExprKind::HasAttr,
            Expr::Lambda(_) => ExprKind::Lambda,
            Expr::Let { .. } => ExprKind::Let,
            Expr::Attrs(_) | Expr::RecAttrs(_) => ExprKind::Attrs,
            Expr::List(_) => ExprKind::List,
            Expr::Binary(..) => ExprKind::Binary,
            Expr::Unary(..) => ExprKind::Unary,
            Expr::If(..) => ExprKind::If,
            Expr::With(..) => ExprKind::With,
            Expr::Assert(..) => ExprKind::Assert,
        }
    }
}
