//! Short text for an expression, for messages.

use crate::expr::{AttrName, Body, Expr, ExprId};

/// The expression as a short path-like text: `self.nixosConfigurations.web`, `config.a."b c"`. What is
/// neither a name nor a selection is shown as `…`.
pub fn describe(body: &Body, expr: ExprId) -> String {
    match &body.exprs[expr] {
        Expr::Local { name, .. }
        | Expr::Global(name)
        | Expr::WithName { name, .. }
        | Expr::Unresolved(name) => name.to_string(),
        Expr::Select { base, path, .. } => {
            let mut text = describe(body, *base);
            for attr in path {
                text.push('.');
                match attr {
                    AttrName::Static(name, _) => text.push_str(name.as_str()),
                    AttrName::Dynamic(expr, _) => text.push_str(&format!("${{{}}}", describe(body, *expr))),
                }
            }
            text
        }
        Expr::Apply { function, .. } => format!("{} …", describe(body, *function)),
        Expr::Str(text) => format!("{text:?}"),
        Expr::Int(value) => value.to_string(),
        _ => "…".into(),
    }
}
