//! Submodules: a system of its own for each value.

use std::rc::Rc;

use nixscope_hir::Symbol;

use super::{Merge, payload};
use crate::Evaluator;
use crate::error::Eval;
use crate::heap::Thunk;
use crate::modules::check;
use crate::modules::definitions::Def;
use crate::modules::system::{Setting, System};
use crate::place::Place;
use crate::value::{Attr, Attrs, Value};

impl<'h> Merge<'_, 'h> {
    /// A submodule: a system of its own, whose modules are the type's and the definitions.
    pub(super) fn submodule(&self, ty: &'h Attrs<'h>) -> Eval<'h, Value<'h>> {
        let system = submodule_system(self.ev, self.system, ty, self.path, self.defs)?;
        let id = self.ev.done(Value::Int(i64::from(system.id.0)));
        check::checked_config(self.ev, self.ev.heap.slice(&[id]), self.ev.names.value)
    }
}

/// The system of a submodule's value, or of its options where there are no definitions.
pub(in crate::modules) fn submodule_system<'h>(
    ev: &Evaluator<'h>,
    parent: &System<'h>,
    ty: &'h Attrs<'h>,
    path: &[Symbol],
    defs: &[Def<'h>],
) -> Eval<'h, Rc<System<'h>>> {
    let mut lists: Vec<&'h Thunk<'h>> = Vec::new();
    lists.extend(setting_of(ev, ty, "modules")?.map(|list| ev.done(list)));
    let special = match setting_of(ev, ty, "specialArgs")? {
        Some(given) => ev.as_attrs(given, Place::NONE)?,
        None => ev.heap.alloc(Attrs { entries: &[], open: None }),
    };
    let shorthand = matches!(setting_of(ev, ty, "shorthandOnlyDefinesConfig")?, Some(Value::Bool(true)));
    let modules: Vec<&'h Thunk<'h>> = defs.iter().map(|def| as_module(ev, def, shorthand)).collect();
    if let Some(first) = defs.first() {
        lists.push(ev.done_at(ev.list(&modules), first.place));
    }
    let class = match setting_of(ev, ty, "class")? {
        Some(Value::Str(class)) => Some(class.text),
        _ => None,
    };
    let setting = Setting {
        closed: true,
        expected_class: class,
        prefix: parent.full_path(ev, path),
        name: Some(path.last().map_or("", |name| name.as_str())),
        ..Setting::default()
    };
    Ok(ev.new_system_with(lists, special, class.unwrap_or("submodule"), Some(parent.id), setting))
}

/// One of the arguments of `submoduleWith`. Several declarations of a type may not agree about it.
fn setting_of<'h>(ev: &Evaluator<'h>, ty: &Attrs<'h>, name: &str) -> Eval<'h, Option<Value<'h>>> {
    match payload(ev, ty, name) {
        Ok(value) => Ok(value),
        Err(error) if !ev.is_lenient() => Err(error),
        Err(_) => Ok(None),
    }
}

/// A definition as a module: a set may be its configuration only, anything else is imported.
fn as_module<'h>(ev: &Evaluator<'h>, def: &Def<'h>, shorthand: bool) -> &'h Thunk<'h> {
    let is_set = || matches!(ev.force(def.value), Ok(Value::Attrs(_) | Value::Config(_) | Value::Choice(_)));
    let (name, value) = match shorthand && is_set() {
        true => ("config", def.value),
        false => ("imports", ev.done_at(ev.list(&[def.value]), def.place)),
    };
    let content = Attr { name: Symbol::new(name), place: def.place, value };
    ev.done_at(ev.attrs(vec![ev.attr("_file", ev.string(def.file)), content]), def.place)
}
