//! The option path that the key of a binding defines.

use nixscope_eval::{Evaluator, Place, Sites};
use nixscope_hir::{AttrName, BindingValue, Bindings, Body, Expr, ExprId, NameId, Symbol};

use crate::sites::{Parents, callee_name};

/// The option path of a key inside a module: the keys around it, without `config`, through `mkIf`,
/// `mkMerge` and their like. None where the key is in a `let`, an argument of some other function, or
/// among the declarations.
pub(crate) fn option_key_path<'h>(
    ev: &Evaluator<'h>,
    sites: &mut Sites<'_, 'h>,
    key: NameId,
) -> Option<Vec<Symbol>> {
    match key_path(ev, sites, key)? {
        Keys::Definition(path) => Some(path),
        Keys::Declaration(_) => None,
    }
}

/// The keys around a key of a module.
pub(crate) enum Keys {
    /// Of a definition, without `config`.
    Definition(Vec<Symbol>),
    /// Of a declaration, without `options`.
    Declaration(Vec<Symbol>),
}

/// The keys around a key, and what they are about.
pub(crate) fn key_path<'h>(ev: &Evaluator<'h>, sites: &mut Sites<'_, 'h>, key: NameId) -> Option<Keys> {
    let body = sites.file().body;
    let parents = Parents::new(body);
    let (mut holder, name) = find_key(body, key)?;
    let mut path = vec![key_symbol(ev, sites, name)?];
    while let Some(parent) = parents.of(holder) {
        match &body.exprs[parent] {
            Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => {
                let name = key_of_value(bindings, holder)?;
                path.push(key_symbol(ev, sites, name)?);
            }
            Expr::Apply { function, args } => {
                let wraps = matches!(
                    callee_name(body, *function)?,
                    "mkIf"
                        | "mkMerge"
                        | "mkForce"
                        | "mkDefault"
                        | "mkOverride"
                        | "mkVMOverride"
                        | "mkBefore"
                        | "mkAfter"
                        | "mkOrder"
                        | "optionalAttrs"
                        | "mkOptionDefault"
                        | "recursiveUpdate"
                );
                if !wraps || !args.contains(&holder) {
                    return None;
                }
            }
            // `mkMerge [ { … } ]`; any other list is a value.
            Expr::List(_) => {
                let above = parents.of(parent)?;
                let merges = matches!(&body.exprs[above], Expr::Apply { function, .. }
                    if callee_name(body, *function) == Some("mkMerge"));
                // A module written into a list of modules is the end of the path.
                if !merges {
                    break;
                }
            }
            Expr::Let { body, .. } if *body == holder => {}
            Expr::With(_, body) | Expr::Assert(_, body) if *body == holder => {}
            Expr::If(condition, ..) if *condition != holder => {}
            Expr::Binary(nixscope_hir::BinaryOp::Update, ..) => {}
            Expr::Lambda(lambda) if lambda.body == holder => {
                // The module's own function ends the path; so does a submodule's.
                break;
            }
            _ => return None,
        }
        holder = parent;
    }
    path.reverse();
    let mut make: fn(Vec<Symbol>) -> Keys = Keys::Definition;
    match path.first()?.as_str() {
        "config" => {
            path.remove(0);
        }
        "options" => {
            path.remove(0);
            make = Keys::Declaration;
        }
        "imports" | "disabledModules" | "_module" => return None,
        _ => {}
    }
    (!path.is_empty()).then(|| make(path))
}

#[derive(Clone, Copy)]
enum Key {
    Static(Symbol),
    Dynamic(ExprId, NameId),
}

/// The set that holds a key.
fn find_key(body: &Body, key: NameId) -> Option<(ExprId, Key)> {
    body.exprs.iter().find_map(|(id, expr)| {
        let (Expr::Attrs(bindings) | Expr::RecAttrs(bindings)) = expr else { return None };
        let named = bindings.named.iter().find(|binding| binding.place == key);
        let dynamic = bindings.dynamic.iter().find(|(_, place, _)| *place == key);
        match (named, dynamic) {
            (Some(binding), _) => Some((id, Key::Static(binding.name))),
            (None, Some((name, place, _))) => Some((id, Key::Dynamic(*name, *place))),
            (None, None) => None,
        }
    })
}

fn key_of_value(bindings: &Bindings, value: ExprId) -> Option<Key> {
    let named = bindings.named.iter().find(|binding| binding.value == BindingValue::Expr(value));
    let dynamic = || bindings.dynamic.iter().find(|(_, _, it)| *it == value);
    match named {
        Some(binding) => Some(Key::Static(binding.name)),
        None => dynamic().map(|(name, place, _)| Key::Dynamic(*name, *place)),
    }
}

fn key_symbol<'h>(ev: &Evaluator<'h>, sites: &mut Sites<'_, 'h>, key: Key) -> Option<Symbol> {
    match key {
        Key::Static(name) => Some(name),
        Key::Dynamic(expr, place) => {
            let env = sites.env(expr);
            ev.attr_name(env, &AttrName::Dynamic(expr, place), Place::NONE).ok()
        }
    }
}
