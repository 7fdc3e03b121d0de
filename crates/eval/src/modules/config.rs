//! The `config` argument: an attribute set that the module system computes on demand.

use std::collections::BTreeMap;

use nixscope_hir::Symbol;

use super::options::OptionNode;
use super::system::{System, SystemId};
use crate::Evaluator;
use crate::error::{Eval, Halt};
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Attr, Attrs, Reason, Taint, Unknown, UnknownKind, Value};

/// A node of a configuration: a path that is not an option itself, but may have options below.
#[derive(Clone, Copy)]
pub struct ConfigNode<'h> {
    /// The system.
    pub system: SystemId,
    /// The path from the configuration's root.
    pub path: &'h [Symbol],
}

impl<'h> ConfigNode<'h> {
    /// The attribute of that name. `Ok(None)` where nothing defines or declares it and everything is
    /// known that could; an unknown where a module from outside may.
    pub fn get(&self, ev: &Evaluator<'h>, name: Symbol, place: Place) -> Eval<'h, Option<Attr<'h>>> {
        let mut path = self.path.to_vec();
        path.push(name);
        let system = ev.system(self.system);
        let known = system.values.borrow().get(path.as_slice()).copied();
        if let Some(value) = known {
            return Ok(Some(Attr { name, place, value }));
        }
        if system.is_collecting() && !ev.is_lenient() {
            return Err(system.recursion(ev, place));
        }
        if system.is_collecting() {
            // An import that depends on the configuration: Nix recurses endlessly, here it is unknown.
            return Err(Halt::Unknown(self.unknown(ev, name, place)));
        }
        let path: &'h [Symbol] = ev.heap.slice(&path);
        if let Some(value) = self.own_name(ev, &system, path) {
            return Ok(Some(Attr { name, place, value }));
        }
        let options = system.options(ev);
        let node = options.descend(path);
        if node.is_some_and(OptionNode::is_option) {
            let value = system.option_thunk(ev, path);
            return Ok(Some(Attr { name, place, value }));
        }
        if node.is_some_and(|node| !node.children.is_empty()) {
            let value = ev.done(Value::Config(ev.heap.alloc(ConfigNode { system: self.system, path })));
            system.values.borrow_mut().insert(path.to_vec(), value);
            return Ok(Some(Attr { name, place, value }));
        }
        // Who is lenient gets every definition below, whatever a freeform type makes of the others.
        if !ev.is_lenient()
            && let Some(attr) = system.freeform_at(ev, path)?
        {
            return Ok(Some(Attr { place: attr.place.or(place), ..attr }));
        }
        let complete = system.is_complete(ev);
        // What nothing declares is no part of a configuration; only who is lenient looks at it.
        let defs = match complete && !ev.is_lenient() {
            true => Vec::new(),
            false => system.definitions(ev, path, false),
        };
        if defs.is_empty() {
            return match complete {
                true => Ok(None),
                false => Err(Halt::Unknown(self.unknown(ev, name, place))),
            };
        }
        let value = match system.freeform_members(ev, path) {
            Some(ty) => system.typed_thunk(ev, path, defs, ty),
            None => system.untyped_thunk(ev, path, defs),
        };
        system.values.borrow_mut().insert(path.to_vec(), value);
        Ok(Some(Attr { name, place, value }))
    }

    /// The name of a submodule is its `_module.args.name`, with the sets on the way there.
    fn own_name(&self, ev: &Evaluator<'h>, system: &System<'h>, path: &'h [Symbol]) -> Option<&'h Thunk<'h>> {
        let own = system.setting.name?;
        let is = |at: usize, name: &str| path.get(at).is_none_or(|it| it.as_str() == name);
        if path.len() > 3 || !is(0, "_module") || !is(1, "args") || !is(2, "name") {
            return None;
        }
        if path.len() < 3 {
            return Some(ev.done(Value::Config(ev.heap.alloc(ConfigNode { system: self.system, path }))));
        }
        system.definitions(ev, path, false).is_empty().then(|| ev.done(ev.string(own)))
    }

    /// What stands for an option that only something outside may declare or set.
    pub(super) fn unknown(&self, ev: &Evaluator<'h>, name: Symbol, place: Place) -> &'h Unknown<'h> {
        let mut unknown = ev.unknown("config", Reason::ExternalOption, Taint::None, place);
        for part in self.path.iter().chain([&name]) {
            let kind = UnknownKind::Attr(unknown, *part);
            unknown =
                ev.heap.alloc(Unknown { kind, reason: Reason::ExternalOption, taint: Taint::None, place });
        }
        unknown
    }

    /// Everything that is known to be set or declared below; open where modules from outside may add.
    pub fn to_attrs(&self, ev: &Evaluator<'h>) -> Eval<'h, &'h Attrs<'h>> {
        let system = ev.system(self.system);
        let mut names: BTreeMap<Symbol, Place> = BTreeMap::new();
        let options = system.options(ev);
        if let Some(node) = options.descend(self.path) {
            for (name, child) in &node.children {
                if self.path.is_empty() && *name == "_module" {
                    continue;
                }
                let place = child.declarations.first().map_or(Place::NONE, |decl| decl.place);
                names.insert(Symbol::new(name), place);
            }
        }
        if system.is_complete(ev) && !ev.is_lenient() {
            let mut freeform = system.freeform_value(ev)?;
            for name in self.path {
                freeform = match freeform {
                    Some(value) => match ev.get_attr(value, *name, Place::NONE)? {
                        Some(attr) => Some(ev.force(attr.value)?),
                        None => None,
                    },
                    None => None,
                };
            }
            if let Some(Value::Attrs(attrs)) = freeform {
                names.extend(attrs.entries.iter().map(|attr| (attr.name, attr.place)));
            }
        }
        let lenient = ev.is_lenient() || !system.is_complete(ev);
        for def in if lenient { system.definitions(ev, self.path, false) } else { Vec::new() } {
            if def.unknown.is_some() {
                continue;
            }
            let Ok(attrs) = ev.force_attrs(def.value, def.place) else { continue };
            for attr in attrs.entries {
                // `_module` is of the system, not of its configuration.
                if self.path.is_empty() && attr.name.as_str() == "_module" {
                    continue;
                }
                names.entry(attr.name).or_insert(attr.place);
            }
        }
        let mut entries: Vec<Attr<'h>> = Vec::with_capacity(names.len());
        for (name, place) in names {
            if let Ok(Some(attr)) = self.get(ev, name, place) {
                entries.push(attr);
            }
        }
        entries.sort_unstable_by_key(|attr| attr.name);
        let open = match system.is_complete(ev) {
            true => None,
            false => Some(ev.unknown("config", Reason::ExternalOption, Taint::None, Place::NONE)),
        };
        let entries = ev.heap.slice(&entries);
        Ok(ev.heap.alloc(Attrs { entries, open }))
    }
}
