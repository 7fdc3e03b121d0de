//! The module system as functions that Nix code calls: `evalModules`, `extendModules`.

use nixscope_hir::Symbol;

use super::system::SystemId;
use crate::Evaluator;
use crate::builtins::Builtin;
use crate::error::Eval;
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Attrs, Value};

pub(crate) const BUILTINS: &[Builtin] = &[Builtin {
    name: "__evalModules",
    arity: 1,
    run: eval_modules,
    doc: "`lib.evalModules { modules, specialArgs ? { }, … }`: evaluates modules to `{ config, options, … }`.",
}];

pub(super) static EXTEND_MODULES: Builtin = Builtin {
    name: "extendModules",
    arity: 2,
    run: extend_modules,
    doc: "`system.extendModules { modules ? [ ], specialArgs ? { }, … }`: the same system with more modules.",
};

fn eval_modules<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let given = ev.force_attrs(args[0], place)?;
    let modules = given.get(Symbol::new("modules")).map(|attr| attr.value).into_iter().collect();
    let class = match given.get(Symbol::new("class")).map(|attr| ev.force(attr.value)) {
        Some(Ok(Value::Str(text))) => text.text,
        _ => "submodule",
    };
    let system = ev.new_system(modules, special_args(ev, given, place), class, None);
    Ok(ev.system_value(&system, Vec::new()))
}

/// The `specialArgs` of a call; unknown ones leave the set open.
pub(crate) fn special_args<'h>(ev: &Evaluator<'h>, given: &Attrs<'h>, place: Place) -> &'h Attrs<'h> {
    let empty = || -> &'h Attrs<'h> { ev.heap.alloc(Attrs { entries: &[], open: None }) };
    match given.get(Symbol::new("specialArgs")) {
        None => empty(),
        Some(attr) => match ev.force_attrs(attr.value, place) {
            Ok(attrs) => attrs,
            Err(crate::error::Halt::Unknown(unknown)) => {
                ev.heap.alloc(Attrs { entries: &[], open: Some(unknown) })
            }
            Err(_) => empty(),
        },
    }
}

fn extend_modules<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let Some(Value::Int(id)) = args[0].peek() else { return Ok(Value::Null) };
    let base = ev.system(SystemId(id as u32));
    let given = ev.force_attrs(args[1], place)?;
    let mut modules = base.modules.clone();
    modules.extend(given.get(Symbol::new("modules")).map(|attr| attr.value));
    let more = special_args(ev, given, place);
    let merged = ev.update(Value::Attrs(base.special_args), Value::Attrs(more), place)?;
    let merged = ev.as_attrs(merged, place)?;
    let system = ev.new_system(modules, merged, base.class, base.parent);
    Ok(ev.system_value(&system, Vec::new()))
}
