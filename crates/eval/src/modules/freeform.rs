//! Freeform types: what has no option of its own is merged as one value.

use nixscope_hir::Symbol;

use super::merge::{nested_type, type_name};
use super::system::{IMPORTS_HINT, System};
use crate::Evaluator;
use crate::error::{ErrorKind, Eval, Halt};
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Attr, Attrs, Value};

impl<'h> System<'h> {
    /// The type of what has no option of its own, where a module sets one.
    pub(super) fn freeform(&self, ev: &Evaluator<'h>) -> Eval<'h, Option<&'h Attrs<'h>>> {
        if !self.setting.closed {
            return Ok(None);
        }
        let path = [Symbol::new("_module"), Symbol::new("freeformType")];
        if self.definitions(ev, &path, false).is_empty() {
            return Ok(None);
        }
        match ev.force(self.option_thunk(ev, ev.heap.slice(&path))) {
            Ok(Value::Attrs(ty)) => Ok(Some(ty)),
            Ok(_) | Err(Halt::Unknown(_)) => Ok(None),
            // The check of the whole system reports it.
            Err(Halt::Fail(_)) if ev.is_lenient() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The type of a member that no option declares, where the freeform type makes submodules of all of them: their options
    /// are part of the configuration, also for who is lenient.
    pub(super) fn freeform_members(&self, ev: &Evaluator<'h>, path: &[Symbol]) -> Option<&'h Attrs<'h>> {
        let freeform = self.freeform(ev).ok().flatten().filter(|_| path.len() == 1)?;
        if !matches!(type_name(ev, freeform), "attrsOf" | "lazyAttrsOf" | "attrsWith") {
            return None;
        }
        nested_type(ev, freeform, "elemType").filter(|member| type_name(ev, member) == "submodule")
    }

    /// Whether there is a freeform type, or something that may be one and is not known: then a definition without
    /// an option is no mistake.
    pub(super) fn may_be_freeform(&self, ev: &Evaluator<'h>) -> bool {
        let path = [Symbol::new("_module"), Symbol::new("freeformType")];
        !self.definitions(ev, &path, false).is_empty()
            && !matches!(ev.force(self.option_thunk(ev, ev.heap.slice(&path))), Ok(Value::Null))
    }

    /// What has no option of its own, merged; none without a freeform type.
    pub(super) fn freeform_value(&self, ev: &Evaluator<'h>) -> Eval<'h, Option<Value<'h>>> {
        if self.freeform(ev)?.is_none() {
            return Ok(None);
        }
        let key = vec![Symbol::new("«freeform»")];
        let known = self.values.borrow().get(&key).copied();
        let thunk = match known {
            Some(known) => known,
            None => {
                let id = ev.done(Value::Int(i64::from(self.id.0)));
                let thunk = ev.delay_native(force_freeform, &[id], ev.names.value, Place::NONE);
                self.values.borrow_mut().insert(key, thunk);
                thunk
            }
        };
        let value = ev.force(thunk).map_err(|halt| match halt {
            // What is there depends on what is there: `config` is the value that needs itself.
            Halt::Fail(error) if error.kind == ErrorKind::InfiniteRecursion && error.notes.is_empty() => {
                ev.noted(halt, || IMPORTS_HINT.to_string())
            }
            other => other,
        })?;
        Ok(Some(value))
    }

    /// The part of it at a path.
    pub(super) fn freeform_at(&self, ev: &Evaluator<'h>, path: &[Symbol]) -> Eval<'h, Option<Attr<'h>>> {
        let Some(mut value) = self.freeform_value(ev)? else { return Ok(None) };
        let mut found = None;
        for name in path {
            match ev.get_attr(value, *name, Place::NONE)? {
                Some(attr) => found = Some(attr),
                None => return Ok(None),
            }
            if let Some(attr) = found
                && !std::ptr::eq(name, &path[path.len() - 1])
            {
                value = ev.force(attr.value)?;
            }
        }
        Ok(found)
    }
}

fn force_freeform<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], _: Symbol) -> Eval<'h, Value<'h>> {
    let system = ev.system_arg(args);
    let Some(ty) = system.freeform(ev)? else { return Ok(ev.attrs(Vec::new())) };
    let undeclared = system.undeclared(ev);
    let mut defs = Vec::with_capacity(undeclared.definitions.len());
    for unmatched in &undeclared.definitions {
        let mut value = unmatched.def.value;
        for name in unmatched.path.iter().rev() {
            let attr = Attr { name: *name, place: unmatched.def.place, value };
            value = ev.done_at(ev.attrs(vec![attr]), unmatched.def.place);
        }
        defs.push(super::Def { value, ..unmatched.def });
    }
    if defs.is_empty() {
        return Ok(ev.attrs(Vec::new()));
    }
    system.merge_freeform(ev, ty, &defs)
}
