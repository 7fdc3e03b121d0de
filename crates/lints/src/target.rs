//! What a value is assigned to: the option path of a definition, from the value outwards.

use nixscope_hir::{BinaryOp, BindingValue, Bindings, Expr, ExprId, NameId, Symbol};

use crate::context::FileContext;
use crate::names::{self, Known};

/// Where a value ends up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Target {
    /// The attribute path, outermost first, without a leading `config`; a computed name is none.
    pub(crate) path: Vec<Option<Symbol>>,
    /// The place of the innermost name.
    pub(crate) name: NameId,
    /// Whether the path starts at the body of a module.
    pub(crate) in_module: bool,
}

impl Target {
    /// The path as options are written, `services."a.b".enable`; none with a computed name in it.
    pub(crate) fn option_path(&self) -> Option<String> {
        let mut text = String::new();
        for name in &self.path {
            let name = (*name)?.as_str();
            if !text.is_empty() {
                text.push('.');
            }
            match is_plain_name(name) {
                true => text.push_str(name),
                false => text.push_str(&format!("{name:?}")),
            }
        }
        Some(text)
    }

    /// The innermost name, where it is written out.
    pub(crate) fn last(&self) -> Option<&'static str> {
        self.path.last().copied().flatten().map(Symbol::as_str)
    }

    /// Whether a name of the path is among the given ones.
    pub(crate) fn has(&self, names: &[&str]) -> bool {
        self.path.iter().flatten().any(|it| names.contains(&it.as_str()))
    }
}

/// Whether a name needs no quotes.
pub(crate) fn is_plain_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || "_-'".contains(c))
}

/// What an expression's value is assigned to; none where it is no definition (an argument of a
/// function, an element of a list, a local binding).
pub(crate) fn target(cx: &FileContext<'_>, expr: ExprId) -> Option<Target> {
    let mut path: Vec<Option<Symbol>> = Vec::new();
    let mut innermost = None;
    let mut current = expr;
    let in_module = loop {
        let Some(parent) = cx.outline.parent(current) else {
            break true;
        };
        match &cx.body.exprs[parent] {
            Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => {
                let (name, place) = key_of(bindings, current)?;
                path.push(name);
                innermost = innermost.or(Some(place));
            }
            Expr::Apply { args, .. } => {
                let (function, _) = names::applied(cx.body, parent)?;
                if !hands_through(function, args, current) {
                    return None;
                }
            }
            Expr::List(_) => match cx.outline.parent(parent) {
                Some(outer) if is_merge(cx, outer) => {}
                Some(outer) => break is_module_list(cx, outer, parent),
                None => return None,
            },
            Expr::Let { body, .. } | Expr::With(_, body) | Expr::Assert(_, body) if *body == current => {}
            Expr::If(condition, ..) if *condition != current => {}
            Expr::Binary(BinaryOp::Update, ..) => {}
            Expr::Lambda(lambda) if lambda.body == current => {
                break cx.body.root == parent || is_module_function(lambda);
            }
            _ => return None,
        }
        current = parent;
    };
    path.reverse();
    if in_module
        && path.len() > 1
        && path.first().copied().flatten().is_some_and(|it| it.as_str() == "config")
    {
        path.remove(0);
    }
    Some(Target { path, name: innermost?, in_module })
}

/// The key of a set whose value an expression is.
fn key_of(bindings: &Bindings, value: ExprId) -> Option<(Option<Symbol>, NameId)> {
    let named = bindings.named.iter().find(|it| it.value == BindingValue::Expr(value));
    if let Some(binding) = named {
        return Some((Some(binding.name), binding.place));
    }
    bindings.dynamic.iter().find(|(_, _, it)| *it == value).map(|(_, place, _)| (None, *place))
}

/// Functions whose last argument is, under a condition or with a priority, the value.
fn hands_through(function: Known, args: &[ExprId], value: ExprId) -> bool {
    let wraps = matches!(
        function.library(),
        Some(
            "mkIf"
                | "mkDefault"
                | "mkForce"
                | "mkOverride"
                | "mkVMOverride"
                | "mkOptionDefault"
                | "mkBefore"
                | "mkAfter"
                | "mkOrder"
                | "mkMerge"
                | "optionalAttrs"
                | "recursiveUpdate"
        )
    );
    wraps && args.last() == Some(&value)
}

fn is_merge(cx: &FileContext<'_>, expr: ExprId) -> bool {
    names::applied(cx.body, expr).is_some_and(|(function, _)| function.library() == Some("mkMerge"))
}

/// Whether a list is the `imports` or `modules` of something.
fn is_module_list(cx: &FileContext<'_>, holder: ExprId, list: ExprId) -> bool {
    let key = match &cx.body.exprs[holder] {
        Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => key_of(bindings, list),
        _ => None,
    };
    key.and_then(|(name, _)| name).is_some_and(|name| MODULE_LISTS.contains(&name.as_str()))
}

/// Attributes whose value is a list of modules.
pub(crate) const MODULE_LISTS: &[&str] =
    &["imports", "modules", "extraModules", "sharedModules", "commonModules"];

fn is_module_function(lambda: &nixscope_hir::Lambda) -> bool {
    let formals = lambda.formals.as_deref().unwrap_or_default();
    formals.iter().any(|it| matches!(it.name.as_str(), "config" | "lib" | "pkgs" | "options"))
}
