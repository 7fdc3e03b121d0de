//! The module system as functions that Nix code calls: `evalModules`, `extendModules`.

use nixscope_hir::Symbol;

use super::system::{Setting, System};
use crate::Evaluator;
use crate::builtins::Builtin;
use crate::error::Eval;
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Attr, Attrs, Native, Value};

pub(crate) const BUILTINS: &[Builtin] = &[Builtin {
    name: "__evalModules",
    arity: 1,
    run: eval_modules,
    doc: "`lib.evalModules { modules, specialArgs ? { }, … }`: evaluates modules to `{ config, options, … }`.",
}];

static EXTEND_MODULES: Builtin = Builtin {
    name: "extendModules",
    arity: 2,
    run: extend_modules,
    doc: "`system.extendModules { modules ? [ ], specialArgs ? { }, … }`: the same system with more modules.",
};

fn eval_modules<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let given = ev.force_attrs(args[0], place)?;
    let get = |name: &str| given.get(Symbol::new(name)).map(|attr| attr.value);
    let mut modules: Vec<&'h Thunk<'h>> = get("modules").into_iter().collect();
    // What `_module` has taken over.
    modules.extend(get("args").map(|args| setting_module(ev, "args", args)));
    if let Some(check) = get("check") {
        let names = [("_type", ev.string("override")), ("priority", Value::Int(1000))];
        let mut property: Vec<Attr<'h>> = names.map(|(name, value)| ev.attr(name, value)).into();
        property.push(Attr { name: ev.names.content, place: check.place(), value: check });
        modules.push(setting_module(ev, "check", ev.done(ev.attrs(property))));
    }
    let class = match get("class").map(|it| ev.force(it)) {
        Some(Ok(Value::Str(text))) => Some(text.text),
        _ => None,
    };
    let prefix = prefix(ev, given).unwrap_or(&[]);
    let setting = Setting { closed: true, expected_class: class, prefix, ..Setting::default() };
    let special = special_args(ev, given, place);
    let system = ev.new_system_with(modules, special, class.unwrap_or("submodule"), None, setting);
    Ok(ev.system_value(&system))
}

/// A list with one module, which sets one of `_module`'s options.
fn setting_module<'h>(ev: &Evaluator<'h>, name: &str, value: &'h Thunk<'h>) -> &'h Thunk<'h> {
    let settings = ev.attrs(vec![Attr { name: Symbol::new(name), place: value.place(), value }]);
    let config = ev.attrs(vec![ev.attr("_module", settings)]);
    let module = ev.attrs(vec![ev.attr("config", config)]);
    ev.done(ev.list(&[ev.done(module)]))
}

fn prefix<'h>(ev: &Evaluator<'h>, given: &Attrs<'h>) -> Option<&'h [Symbol]> {
    let list = ev.force_list(given.get(Symbol::new("prefix"))?.value, Place::NONE).ok()?;
    let mut path = Vec::with_capacity(list.items.len());
    for item in list.items {
        path.push(Symbol::new(ev.force_str(item, Place::NONE).ok()?.text));
    }
    Some(ev.heap.slice(&path))
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

/// The function that makes the same system with more modules.
pub(super) fn extend_modules_of<'h>(ev: &Evaluator<'h>, system: &System<'h>) -> Value<'h> {
    let id = ev.done(Value::Int(i64::from(system.id.0)));
    Value::Native(ev.heap.alloc(Native { builtin: &EXTEND_MODULES, args: ev.heap.slice(&[id]) }))
}

fn extend_modules<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let base = ev.system_arg(args);
    let given = ev.force_attrs(args[1], place)?;
    let mut modules = base.modules.clone();
    modules.extend(given.get(Symbol::new("modules")).map(|attr| attr.value));
    let more = special_args(ev, given, place);
    let merged = ev.update(Value::Attrs(base.special_args), Value::Attrs(more), place)?;
    let merged = ev.as_attrs(merged, place)?;
    let setting = Setting { prefix: prefix(ev, given).unwrap_or(base.setting.prefix), ..base.setting };
    let system = ev.new_system_with(modules, merged, base.class, base.parent, setting);
    Ok(ev.system_value(&system))
}

/// The type of an option that holds a system like this one: a submodule with its modules.
pub(super) fn module_type<'h>(ev: &Evaluator<'h>, system: &System<'h>) -> Eval<'h, Value<'h>> {
    let mut modules = ev.list(&[]);
    for list in &system.modules {
        let list = ev.force(list)?;
        modules = ev.concat(modules, list, Place::NONE)?;
    }
    let class = system.setting.expected_class.map_or(Value::Null, |class| ev.string(class));
    let given = ev.attrs(vec![
        ev.attr("modules", modules),
        ev.attr("specialArgs", Value::Attrs(system.special_args)),
        ev.attr("class", class),
    ]);
    let submodule = ev.library(&["types", "submoduleWith"])?;
    ev.apply(submodule, ev.done(given), Place::NONE)
}

/// The attribute `type` of a system.
pub(super) fn type_of<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], _: Symbol) -> Eval<'h, Value<'h>> {
    module_type(ev, &ev.system_arg(args))
}

/// The attribute `graph` of a system: which module imports which.
pub(super) fn graph_of<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], _: Symbol) -> Eval<'h, Value<'h>> {
    Ok(ev.system_arg(args).closure(ev).graph.value(ev))
}
