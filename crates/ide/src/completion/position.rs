//! What the cursor's name is in a mended text: a selection, a key, a variable, an argument.

use nixscope_hir::{BindingValue, Bindings, Body, Expr, ExprId, NameId, ScopeId, StrPart};

use super::draft::{CURSOR, Mended};

/// What is written at the cursor.
#[derive(Clone, Copy, Debug)]
pub(super) enum Position {
    /// A name of a selection's path, after so many others.
    Selection { expr: ExprId, names: usize },
    /// A name of `inherit (from) …`.
    Inherited(ExprId),
    /// An expression, and the key whose value it is.
    Variable { scope: Option<ScopeId>, key: Option<NameId> },
    /// A name of `inherit …`.
    Name(Option<ScopeId>),
    /// A key of a set; the function that gets the set.
    Key { key: NameId, call: Option<ExprId> },
    /// A formal argument; whether of the flake's outputs.
    Formal { outputs: bool },
    /// Text inside a string; the key whose value it is.
    Text { key: Option<NameId> },
}

/// What the cursor's name is.
pub(super) fn position(mended: &Mended) -> Option<Position> {
    let body = &mended.body;
    for (id, expr) in body.exprs.iter() {
        let found = match expr {
            Expr::Select { path, .. } | Expr::HasAttr { path, .. } => path
                .iter()
                .position(|attr| attr.as_static().is_some_and(|name| name.as_str() == CURSOR))
                .map(|names| Position::Selection { expr: id, names }),
            Expr::Local { name, .. } | Expr::Unresolved(name) | Expr::WithName { name, .. }
                if name.as_str() == CURSOR =>
            {
                match is_inherited(body, id) {
                    true => Some(Position::Name(body.scope_of(id))),
                    false => {
                        Some(Position::Variable { scope: body.scope_of(id), key: key_of_value(body, id) })
                    }
                }
            }
            Expr::Attrs(bindings) | Expr::RecAttrs(bindings) | Expr::Let { bindings, .. } => {
                in_bindings(body, id, bindings)
            }
            Expr::Lambda(lambda) => {
                let here = lambda.formals.iter().flatten().any(|formal| formal.name.as_str() == CURSOR);
                here.then(|| Position::Formal { outputs: is_outputs(body, id) })
            }
            Expr::Str(text) if text.contains(CURSOR) => Some(Position::Text { key: key_of_value(body, id) }),
            Expr::Interpolated(parts)
                if parts.iter().any(|part| matches!(part, StrPart::Text(text) if text.contains(CURSOR))) =>
            {
                Some(Position::Text { key: None })
            }
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

fn in_bindings(body: &Body, holder: ExprId, bindings: &Bindings) -> Option<Position> {
    let binding = bindings.named.iter().find(|binding| binding.name.as_str() == CURSOR)?;
    match binding.value {
        BindingValue::InheritFrom(index) => {
            bindings.inherit_from.get(index as usize).map(|from| Position::Inherited(*from))
        }
        BindingValue::Inherit(_) => None,
        BindingValue::Expr(_) if matches!(body.exprs[holder], Expr::Let { .. }) => None,
        BindingValue::Expr(_) => Some(Position::Key { key: binding.place, call: callee_of(body, holder) }),
    }
}

/// The key whose value an expression is.
fn key_of_value(body: &Body, value: ExprId) -> Option<NameId> {
    body.exprs
        .iter()
        .find_map(|(_, expr)| match expr {
            Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => bindings
                .named
                .iter()
                .find(|binding| binding.value == BindingValue::Expr(value))
                .map(|binding| binding.place),
            // The last argument of `mkDefault` and its like is the value too.
            _ => None,
        })
        .or_else(|| {
            let (call, ..) = body
                .exprs
                .iter()
                .find(|(_, expr)| matches!(expr, Expr::Apply { args, .. } if args.last() == Some(&value)))?;
            let Expr::Apply { function, .. } = &body.exprs[call] else { return None };
            let name = match &body.exprs[*function] {
                Expr::Select { path, .. } => path.last()?.as_static()?,
                Expr::WithName { name, .. } | Expr::Local { name, .. } => *name,
                _ => return None,
            };
            let wraps = matches!(
                name.as_str(),
                "mkDefault"
                    | "mkForce"
                    | "mkIf"
                    | "mkOverride"
                    | "mkBefore"
                    | "mkAfter"
                    | "mkOptionDefault"
                    | "mkVMOverride"
            );
            if wraps { key_of_value(body, call) } else { None }
        })
}

/// The function that an expression is the argument of.
fn callee_of(body: &Body, argument: ExprId) -> Option<ExprId> {
    body.exprs.iter().find_map(|(_, expr)| match expr {
        Expr::Apply { function, args } if args.first() == Some(&argument) => Some(*function),
        _ => None,
    })
}

fn is_inherited(body: &Body, variable: ExprId) -> bool {
    body.exprs.iter().any(|(_, expr)| match expr {
        Expr::Attrs(bindings) | Expr::RecAttrs(bindings) | Expr::Let { bindings, .. } => {
            bindings.named.iter().any(|binding| binding.value == BindingValue::Inherit(variable))
        }
        _ => false,
    })
}

fn is_outputs(body: &Body, lambda: ExprId) -> bool {
    match &body.exprs[body.root] {
        Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => bindings
            .named
            .iter()
            .any(|it| it.name.as_str() == "outputs" && it.value == BindingValue::Expr(lambda)),
        _ => false,
    }
}

/// A name as it is written in an attribute path: quoted where it must be.
pub(super) fn quoted(name: &str) -> String {
    let mut chars = name.chars();
    let starts = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if starts && chars.all(|c| c.is_ascii_alphanumeric() || "_-'".contains(c)) {
        return name.to_string();
    }
    format!("\"{}\"", escaped(name))
}

/// A name as it is written between quotes.
pub(super) fn escaped(name: &str) -> String {
    name.replace('\\', "\\\\").replace('"', "\\\"").replace("${", "\\${")
}
