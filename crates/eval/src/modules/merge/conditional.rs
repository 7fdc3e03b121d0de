//! Definitions of which it is not known whether they count: what the option is if they do, and if they do not.

use nixscope_hir::Symbol;

use super::{Merge, merge, nested_type, type_name};
use crate::Evaluator;
use crate::error::{Eval, Halt};
use crate::modules::definitions::Def;
use crate::modules::options::show_option_path;
use crate::modules::system::System;
use crate::place::Place;
use crate::value::{Attrs, Reason, Taint, Unknown, Value};

/// The value where some of the winners count only if something unknown holds; none where all count, and where
/// what they define is merged part by part, so that only the parts are uncertain.
pub(super) fn value<'h>(
    ev: &Evaluator<'h>,
    system: &System<'h>,
    path: &[Symbol],
    ty: Option<&'h Attrs<'h>>,
    (defs, winners): (&[Def<'h>], &[Def<'h>]),
) -> Option<Eval<'h, Value<'h>>> {
    let certain: Vec<Def<'h>> = winners.iter().filter(|def| def.active == Some(true)).copied().collect();
    if certain.len() == winners.len() {
        return None;
    }
    if !certain.is_empty() {
        // All that count have one value: it is that of those that do for certain.
        let known = is_scalar(ev, &certain) && has_one_value(ev, ty, &certain);
        return known.then(|| merge(ev, system, path, ty, &certain));
    }
    let priority = winners[0].priority;
    let weaker: Vec<Def<'h>> =
        defs.iter().filter(|def| def.priority > priority && def.unknown.is_none()).copied().collect();
    let or = if !weaker.is_empty() {
        merge(ev, system, path, ty, &weaker)
    } else if ty.is_none() && is_scalar(ev, winners) && is_declared_outside(ev, system, path) {
        let name = format!("config.{}", show_option_path(path));
        Ok(Value::Unknown(ev.unknown(&name, Reason::ExternalOption, Taint::None, Place::NONE)))
    } else {
        // Nothing else gives it a value: they count, or nobody may ask.
        return None;
    };
    let given = Merge { ev, system, path, defs: winners };
    let either = match ty {
        Some(ty) => given.check(ty).and_then(|()| ev.deeper(|| given.typed(ty))),
        None => given.by_shape().map(|value| given.extensible(value)),
    };
    Some(match (either, or) {
        (Ok(either), Ok(or)) => {
            Ok(ev.choice(condition(ev, path, winners), &[ev.done(either), ev.done(or)], false))
        }
        (Ok(only), Err(_)) | (Err(_), Ok(only)) => Ok(only),
        (Err(halt), Err(_)) => Err(halt),
    })
}

/// What the winners depend on.
pub(super) fn condition<'h>(ev: &Evaluator<'h>, path: &[Symbol], defs: &[Def<'h>]) -> &'h Unknown<'h> {
    let from_condition = defs.iter().find_map(|def| match ev.force(def.condition?) {
        Ok(Value::Unknown(unknown)) | Err(Halt::Unknown(unknown)) => Some(unknown),
        _ => def.unknown,
    });
    from_condition.unwrap_or_else(|| {
        let name = format!("config.{}", show_option_path(path));
        ev.unknown(&name, Reason::Condition, Taint::None, Place::NONE)
    })
}

/// Whether an option is one of a module that is not here, so that it may have a value although nothing here sets it.
fn is_declared_outside<'h>(ev: &Evaluator<'h>, system: &System<'h>, path: &[Symbol]) -> bool {
    !system.is_complete(ev) && system.options(ev).declared_prefix(path).is_none()
}

/// Whether definitions are neither lists nor sets, as far as they are known.
fn is_scalar<'h>(ev: &Evaluator<'h>, defs: &[Def<'h>]) -> bool {
    let scalar = |value: Value<'h>| {
        matches!(
            value,
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) | Value::Path(_)
        )
    };
    defs.iter().all(|def| ev.force(def.value).is_ok_and(scalar))
}

/// Whether definitions of a type must agree. Those of text may be put together: nixpkgs' `separatedString`; what the
/// type of text is that nothing here declares is not known.
fn has_one_value<'h>(ev: &Evaluator<'h>, ty: Option<&'h Attrs<'h>>, defs: &[Def<'h>]) -> bool {
    let Some(ty) = ty else {
        return defs.iter().all(|def| !matches!(ev.force(def.value), Ok(Value::Str(_))));
    };
    match type_name(ev, ty) {
        "nullOr" => nested_type(ev, ty, "elemType").is_some_and(|ty| has_one_value(ev, Some(ty), defs)),
        // `intBetween`, `unsignedInt16`, `strMatching "[a-z]"`.
        name => AGREEING.contains(&name) || ["Int", "intB", "strM"].iter().any(|part| name.contains(part)),
    }
}

/// Types whose definitions must agree: nixpkgs' `mergeEqualOption` and `mergeOneOption`.
const AGREEING: &[&str] = &[
    "bool",
    "int",
    "float",
    "str",
    "nonEmptyStr",
    "singleLineStr",
    "passwdEntry str",
    "path",
    "package",
    "enum",
];
