//! The value of an option: its definitions, merged as its type says.
//!
//! Source: nixpkgs `lib/modules.nix`, `mergeDefinitions`; `lib/types.nix`.

use std::rc::Rc;

use nixscope_hir::Symbol;

use super::definitions::{Def, below};
use super::options::{OptionNode, show_option_path};
use super::system::{System, SystemId};
use crate::Evaluator;
use crate::error::{ErrorKind, Eval, Halt};
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Attr, Attrs, Reason, Taint, Value};

/// A merge that waits to be done, kept beside the heap because it owns memory.
pub(crate) struct PendingMerge<'h> {
    system: SystemId,
    path: Vec<Symbol>,
    defs: Vec<Def<'h>>,
    ty: Option<&'h Attrs<'h>>,
}

impl<'h> System<'h> {
    /// The value of a declared option, computed on demand.
    pub(super) fn option_thunk(&self, ev: &Evaluator<'h>, path: &'h [Symbol]) -> &'h Thunk<'h> {
        if let Some(known) = self.values.borrow().get(path) {
            return known;
        }
        let pending = PendingMerge { system: self.id, path: path.to_vec(), defs: Vec::new(), ty: None };
        let thunk = ev.delay_merge(force_option, pending);
        self.values.borrow_mut().insert(path.to_vec(), thunk);
        thunk
    }

    pub(super) fn untyped_thunk(
        &self,
        ev: &Evaluator<'h>,
        path: &[Symbol],
        defs: Vec<Def<'h>>,
    ) -> &'h Thunk<'h> {
        ev.delay_merge(force_merge, PendingMerge { system: self.id, path: path.to_vec(), defs, ty: None })
    }

    /// The value of an option as the host's configuration has it: none where nothing defines or
    /// declares it.
    pub fn value_at(&self, ev: &Evaluator<'h>, path: &[Symbol]) -> Eval<'h, Option<Value<'h>>> {
        let mut value = self.config(ev);
        for name in path {
            match ev.get_attr(value, *name, Place::NONE)? {
                Some(attr) => value = ev.force(attr.value)?,
                None => return Ok(None),
            }
        }
        Ok(Some(value))
    }

    /// The definitions that make the value: the active ones of the lowest priority.
    pub fn winners(defs: &[Def<'h>]) -> Vec<Def<'h>> {
        let known = defs.iter().filter(|def| def.active != Some(false) && def.unknown.is_none());
        let Some(lowest) = known.clone().map(|def| def.priority).min() else { return Vec::new() };
        known.filter(|def| def.priority == lowest).copied().collect()
    }

    /// Merges definitions of an option whose type is not known: sets by name, lists end to end.
    pub(super) fn merge_untyped(
        &self,
        ev: &Evaluator<'h>,
        path: &[Symbol],
        defs: &[Def<'h>],
    ) -> Eval<'h, Value<'h>> {
        merge(ev, self, path, None, defs)
    }
}

impl<'h> Evaluator<'h> {
    fn delay_merge(
        &self,
        run: for<'a> fn(&'a Evaluator<'h>, &'h [&'h Thunk<'h>], Symbol) -> Eval<'h, Value<'h>>,
        pending: PendingMerge<'h>,
    ) -> &'h Thunk<'h> {
        let place = pending.defs.first().map_or(Place::NONE, |def| def.value.place());
        let mut merges = self.merges.borrow_mut();
        let index = merges.len() as i64;
        merges.push(Rc::new(pending));
        drop(merges);
        self.delay_native(run, &[self.done(Value::Int(index))], self.names.value, place)
    }

    fn pending_merge(&self, args: &[&'h Thunk<'h>]) -> Option<Rc<PendingMerge<'h>>> {
        match args.first()?.peek()? {
            Value::Int(index) => self.merges.borrow().get(index as usize).cloned(),
            _ => None,
        }
    }
}

fn force_merge<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], _: Symbol) -> Eval<'h, Value<'h>> {
    let Some(pending) = ev.pending_merge(args) else { return Ok(Value::Null) };
    let system = ev.system(pending.system);
    merge(ev, &system, &pending.path, pending.ty, &pending.defs)
}

/// A declared option: its definitions, else its default; then `apply`.
fn force_option<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], _: Symbol) -> Eval<'h, Value<'h>> {
    let Some(pending) = ev.pending_merge(args) else { return Ok(Value::Null) };
    let system = ev.system(pending.system);
    let options = system.options(ev);
    let Some(node) = options.descend(&pending.path) else { return Ok(Value::Null) };
    let ty = option_type(ev, node);
    let defs = system.definitions(ev, &pending.path, false);
    let certain = defs.iter().any(|def| def.active == Some(true) && def.unknown.is_none());
    let merged = |defs: &[Def<'h>]| merge(ev, &system, &pending.path, ty, defs);
    let value = match (node.attribute("default"), certain) {
        (None, _) if defs.is_empty() => match empty_value(ev, ty)? {
            Some(value) => value,
            None => return Err(no_definition(ev, &system, &pending.path, node)),
        },
        (Some(default), false) => {
            let default_def = Def {
                module: 0,
                place: default.place(),
                value: default,
                priority: 1500,
                explicit_priority: true,
                order: super::definitions::DEFAULT_ORDER,
                active: Some(true),
                condition: None,
                unknown: None,
            };
            let default = merged(&[default_def])?;
            if defs.is_empty() {
                default
            } else {
                // Every definition depends on something unknown: it or the default.
                let condition = unknown_condition(ev, &system, &pending.path, &defs);
                let alternatives = [ev.done(merged(&defs)?), ev.done(default)];
                ev.choice(condition, &alternatives, false)
            }
        }
        _ => merged(&defs)?,
    };
    match node.attribute("apply") {
        Some(apply) => {
            let function = ev.force(apply)?;
            ev.apply(function, ev.done(value), apply.place())
        }
        None => Ok(value),
    }
}

fn unknown_condition<'h>(
    ev: &Evaluator<'h>,
    system: &System<'h>,
    path: &[Symbol],
    defs: &[Def<'h>],
) -> &'h crate::value::Unknown<'h> {
    let from_condition = defs.iter().find_map(|def| match ev.force(def.condition?) {
        Ok(Value::Unknown(unknown)) => Some(unknown),
        _ => def.unknown,
    });
    let _ = system;
    from_condition.unwrap_or_else(|| {
        let name = format!("config.{}", show_option_path(path));
        ev.unknown(&name, Reason::Condition, Taint::None, Place::NONE)
    })
}

fn no_definition<'h>(
    ev: &Evaluator<'h>,
    system: &System<'h>,
    path: &[Symbol],
    node: &OptionNode<'h>,
) -> Halt<'h> {
    let name = show_option_path(path);
    if !system.is_complete(ev) {
        let unknown = ev.unknown(&format!("config.{name}"), Reason::ExternalOption, Taint::None, Place::NONE);
        return Halt::Unknown(unknown);
    }
    let place = node.declarations.first().map_or(Place::NONE, |decl| decl.place);
    let message =
        format!("the option `{name}` is used but has no value: nothing defines it and it has no default");
    ev.error(ErrorKind::Other, &message, place)
}

/// The option's type, where it is known.
pub(super) fn option_type<'h>(ev: &Evaluator<'h>, node: &OptionNode<'h>) -> Option<&'h Attrs<'h>> {
    let ty = node.attribute("type")?;
    ev.force_attrs(ty, ty.place()).ok()
}

pub(super) fn type_name<'h>(ev: &Evaluator<'h>, ty: &Attrs<'h>) -> &'h str {
    match ty.get(ev.names.name).map(|attr| ev.force(attr.value)) {
        Some(Ok(Value::Str(text))) => text.text,
        _ => "",
    }
}

/// A type inside a type: `nestedTypes.<name>`.
pub(super) fn nested_type<'h>(ev: &Evaluator<'h>, ty: &Attrs<'h>, name: &str) -> Option<&'h Attrs<'h>> {
    let nested = ev.force_attrs(ty.get(Symbol::new("nestedTypes"))?.value, Place::NONE).ok()?;
    ev.force_attrs(nested.get(Symbol::new(name))?.value, Place::NONE).ok()
}

fn payload<'h>(ev: &Evaluator<'h>, ty: &Attrs<'h>, name: &str) -> Option<Value<'h>> {
    let functor = ev.force_attrs(ty.get(Symbol::new("functor"))?.value, Place::NONE).ok()?;
    let payload = ev.force_attrs(functor.get(Symbol::new("payload"))?.value, Place::NONE).ok()?;
    ev.force(payload.get(Symbol::new(name))?.value).ok()
}

/// What a type gives where there is no definition at all.
fn empty_value<'h>(ev: &Evaluator<'h>, ty: Option<&'h Attrs<'h>>) -> Eval<'h, Option<Value<'h>>> {
    let Some(ty) = ty else { return Ok(None) };
    let Some(empty) = ty.get(Symbol::new("emptyValue")) else { return Ok(None) };
    let empty = ev.force_attrs(empty.value, Place::NONE)?;
    match empty.get(ev.names.value) {
        Some(value) => Ok(Some(ev.force(value.value)?)),
        None => Ok(None),
    }
}

/// Merges definitions as a type says.
fn merge<'h>(
    ev: &Evaluator<'h>,
    system: &System<'h>,
    path: &[Symbol],
    ty: Option<&'h Attrs<'h>>,
    defs: &[Def<'h>],
) -> Eval<'h, Value<'h>> {
    if let Some(unknown) = defs.iter().find_map(|def| def.unknown)
        && defs.iter().all(|def| def.unknown.is_some())
    {
        return Ok(Value::Unknown(unknown));
    }
    let mut winners = System::winners(defs);
    winners.sort_by_key(|def| def.order);
    let Some(first) = winners.first() else {
        let name = format!("config.{}", show_option_path(path));
        return Err(Halt::Unknown(ev.unknown(&name, Reason::ExternalOption, Taint::None, Place::NONE)));
    };
    let merge = Merge { ev, system, path, defs: &winners };
    let Some(ty) = ty else {
        let value = merge.by_shape()?;
        merge.note_extensible(value);
        return Ok(value);
    };
    match type_name(ev, ty) {
        "listOf" | "nonEmptyListOf" => merge.lists(),
        "attrsOf" | "lazyAttrsOf" | "attrsWith" => merge.named(nested_type(ev, ty, "elemType")),
        "submodule" | "deferredModule" if type_name(ev, ty) == "submodule" => merge.submodule(ty),
        "nullOr" => {
            let null = |def: &Def<'h>| matches!(ev.force(def.value), Ok(Value::Null));
            if winners.iter().all(null) {
                return Ok(Value::Null);
            }
            merge_with(ev, system, path, nested_type(ev, ty, "elemType"), &winners)
        }
        "either" | "oneOf" => {
            let side = if merge.all_check(nested_type(ev, ty, "left")) { "left" } else { "right" };
            merge_with(ev, system, path, nested_type(ev, ty, side), &winners)
        }
        "coercedTo" => merge.coerced(ty),
        "separatedString" | "lines" | "commas" | "envVar" | "strings" => {
            let separator = match payload(ev, ty, "sep") {
                Some(Value::Str(text)) => text.text,
                _ => "\n",
            };
            merge.strings(separator)
        }
        "attrs" => merge.shallow(),
        "raw" | "functionTo" | "optionType" | "package" if winners.len() == 1 => ev.force(first.value),
        "deferredModule" => merge.deferred(),
        _ => merge.by_shape(),
    }
}

fn merge_with<'h>(
    ev: &Evaluator<'h>,
    system: &System<'h>,
    path: &[Symbol],
    ty: Option<&'h Attrs<'h>>,
    defs: &[Def<'h>],
) -> Eval<'h, Value<'h>> {
    ev.deeper(|| merge(ev, system, path, ty, defs))
}

struct Merge<'a, 'h> {
    ev: &'a Evaluator<'h>,
    system: &'a System<'h>,
    path: &'a [Symbol],
    /// The definitions that count, in order; at least one.
    defs: &'a [Def<'h>],
}

impl<'h> Merge<'_, 'h> {
    /// Without a type: sets are merged by name, lists end to end, anything else must agree.
    fn by_shape(&self) -> Eval<'h, Value<'h>> {
        let mut values = Vec::with_capacity(self.defs.len());
        for def in self.defs {
            values.push(self.ev.force(def.value)?);
        }
        if let [only] = values.as_slice() {
            // A set may hold properties further down, which only merging takes away.
            return match only {
                Value::Attrs(attrs) if !self.is_plain(attrs) => Ok(*only),
                Value::Attrs(_) => self.named(None),
                _ => Ok(*only),
            };
        }
        if values.iter().all(|value| matches!(value, Value::Attrs(_) | Value::Config(_))) {
            return self.named(None);
        }
        if values.iter().all(|value| matches!(value, Value::List(_) | Value::Choice(_))) {
            return self.lists();
        }
        for value in &values[1..] {
            match self.ev.equal(values[0], *value, Place::NONE) {
                Ok(true) => {}
                _ => return Ok(self.one_of()),
            }
        }
        Ok(values[0])
    }

    /// A set at a path that nothing here declares: the module from outside that does may have more in it.
    fn note_extensible(&self, value: Value<'h>) {
        let Value::Attrs(attrs) = value else { return };
        let declared = || self.system.options(self.ev).declared_prefix(self.path).is_some();
        if attrs.open.is_some() || self.system.is_complete(self.ev) || !self.is_plain(attrs) || declared() {
            return;
        }
        let name = format!("config.{}", show_option_path(self.path));
        let unknown = self.ev.unknown(&name, Reason::ExternalOption, Taint::None, Place::NONE);
        self.ev.extensible.borrow_mut().insert(std::ptr::from_ref(attrs), unknown);
    }

    /// Whether a set is data to be merged: derivations and tagged sets are values.
    fn is_plain(&self, attrs: &Attrs<'h>) -> bool {
        ["_type", "outPath", "__functor", "type"].iter().all(|name| match attrs.get(Symbol::new(name)) {
            Some(attr) if *name == "type" => {
                !matches!(self.ev.force(attr.value), Ok(Value::Str(text)) if text.text == "derivation")
            }
            other => other.is_none(),
        })
    }

    /// Definitions that cannot be merged: one of them, it is not known which.
    fn one_of(&self) -> Value<'h> {
        let name = format!("config.{}", show_option_path(self.path));
        let condition = self.ev.unknown(&name, Reason::Condition, Taint::None, Place::NONE);
        let values: Vec<&'h Thunk<'h>> = self.defs.iter().map(|def| def.value).collect();
        self.ev.choice(condition, &values, false)
    }

    fn lists(&self) -> Eval<'h, Value<'h>> {
        let mut result = self.ev.list(&[]);
        for def in self.defs {
            let value = self.ev.force(def.value)?;
            let uncertain = def.active.is_none();
            let list = self.ev.list_operand(value, def.place)?;
            let value = if uncertain { self.maybe_items(list.items) } else { Value::List(list) };
            result = self.ev.concat(result, value, def.place)?;
        }
        Ok(result)
    }

    /// Elements of a definition whose condition is unknown.
    fn maybe_items(&self, items: &'h [&'h Thunk<'h>]) -> Value<'h> {
        let name = format!("config.{}", show_option_path(self.path));
        let condition = self.ev.unknown(&name, Reason::Condition, Taint::None, Place::NONE);
        let items: Vec<&'h Thunk<'h>> = items
            .iter()
            .map(|item| self.ev.done_at(self.ev.choice(condition, &[item], true), item.place()))
            .collect();
        self.ev.list(&items)
    }

    /// A set: each name's definitions merged when it is asked for.
    fn named(&self, element: Option<&'h Attrs<'h>>) -> Eval<'h, Value<'h>> {
        let mut names: Vec<(Symbol, Place, bool)> = Vec::new();
        let mut open = None;
        for def in self.defs {
            match self.ev.force_attrs(def.value, def.place) {
                Ok(attrs) => {
                    open = open.or(attrs.open);
                    for attr in attrs.entries {
                        let certain = def.active == Some(true);
                        match names.iter_mut().find(|(name, ..)| *name == attr.name) {
                            Some(known) => known.2 |= certain,
                            None => names.push((attr.name, attr.place, certain)),
                        }
                    }
                }
                Err(Halt::Unknown(unknown)) => open = Some(unknown),
                Err(error) => return Err(error),
            }
        }
        let mut entries: Vec<Attr<'h>> = Vec::with_capacity(names.len());
        for (name, place, _) in names {
            let defs: Vec<Def<'h>> = self.defs.iter().flat_map(|def| below(self.ev, def, &[name])).collect();
            if defs.is_empty() {
                // Every definition of it has a condition that is false.
                continue;
            }
            let mut path = self.path.to_vec();
            path.push(name);
            let pending = PendingMerge { system: self.system.id, path, defs, ty: element };
            entries.push(Attr { name, place, value: self.ev.delay_merge(force_merge, pending) });
        }
        entries.sort_unstable_by_key(|attr| attr.name);
        Ok(self.ev.attrs_sorted(&entries, open))
    }

    fn shallow(&self) -> Eval<'h, Value<'h>> {
        let mut result = self.ev.attrs(Vec::new());
        for def in self.defs {
            let value = self.ev.force(def.value)?;
            result = self.ev.update(result, value, def.place)?;
        }
        Ok(result)
    }

    fn strings(&self, separator: &str) -> Eval<'h, Value<'h>> {
        let mut text = String::new();
        let mut context = Vec::new();
        for (index, def) in self.defs.iter().enumerate() {
            let part = self.ev.force_str(def.value, def.place)?;
            if index > 0 {
                text.push_str(separator);
            }
            text.push_str(part.text);
            context.extend_from_slice(part.context);
        }
        Ok(self.ev.string_with(&text, context))
    }

    /// A submodule: a system of its own, whose modules are the type's and the definitions.
    fn submodule(&self, ty: &'h Attrs<'h>) -> Eval<'h, Value<'h>> {
        let system = submodule_system(self.ev, self.system, ty, self.path, self.defs)?;
        Ok(system.config(self.ev))
    }

    fn deferred(&self) -> Eval<'h, Value<'h>> {
        let imports: Vec<&'h Thunk<'h>> = self.defs.iter().map(|def| def.value).collect();
        Ok(self.ev.attrs(vec![self.ev.attr("imports", self.ev.list(&imports))]))
    }

    fn coerced(&self, ty: &'h Attrs<'h>) -> Eval<'h, Value<'h>> {
        let source = nested_type(self.ev, ty, "coercedType");
        let target = nested_type(self.ev, ty, "finalType");
        let function = payload(self.ev, ty, "coerceFunc");
        let mut coerced: Vec<Def<'h>> = Vec::with_capacity(self.defs.len());
        for def in self.defs {
            let needs = !self.checks(target, def) && self.checks(source, def);
            let value = match (needs, function) {
                (true, Some(function)) => self.ev.done(self.ev.apply(function, def.value, def.place)?),
                _ => def.value,
            };
            coerced.push(Def { value, ..*def });
        }
        merge_with(self.ev, self.system, self.path, target, &coerced)
    }

    fn all_check(&self, ty: Option<&'h Attrs<'h>>) -> bool {
        self.defs.iter().all(|def| self.checks(ty, def))
    }

    /// Whether a type accepts a definition; what cannot be known is accepted.
    fn checks(&self, ty: Option<&'h Attrs<'h>>, def: &Def<'h>) -> bool {
        let Some(check) = ty.and_then(|ty| ty.get(Symbol::new("check"))) else { return true };
        let Ok(function) = self.ev.force(check.value) else { return true };
        match self.ev.apply(function, def.value, def.place) {
            Ok(Value::Bool(accepted)) => accepted,
            _ => true,
        }
    }
}

/// The system of a submodule's value, or of its options where there are no definitions.
pub(super) fn submodule_system<'h>(
    ev: &Evaluator<'h>,
    parent: &System<'h>,
    ty: &'h Attrs<'h>,
    path: &[Symbol],
    defs: &[Def<'h>],
) -> Eval<'h, Rc<System<'h>>> {
    let modules = match payload(ev, ty, "modules") {
        Some(list) => vec![ev.done(list)],
        None => Vec::new(),
    };
    let name = match path.last() {
        Some(name) => ev.string(name.as_str()),
        None => ev.string(""),
    };
    let own = ev.attrs(vec![ev.attr("name", name)]);
    let special = match payload(ev, ty, "specialArgs") {
        Some(given) => ev.update(own, given, Place::NONE)?,
        None => own,
    };
    let special = ev.as_attrs(special, Place::NONE)?;
    // A definition that is a function or a path is a module; a set is plain configuration.
    let mut lists = modules;
    let mut inline = Vec::new();
    for def in defs {
        match ev.force(def.value)? {
            Value::Attrs(attrs) if attrs.get(Symbol::new("imports")).is_none() => {
                let thunk = match attrs.get(Symbol::new("config")) {
                    // `shorthandOnlyDefinesConfig` is the exception, not the rule.
                    Some(config) if attrs.entries.len() == 1 => config.value,
                    _ => def.value,
                };
                inline.push((thunk, def.place));
            }
            _ => lists.push(ev.done(ev.list(&[def.value]))),
        }
    }
    let class = match payload(ev, ty, "class") {
        Some(Value::Str(class)) => class.text,
        _ => "submodule",
    };
    Ok(ev.new_system_with(lists, special, class, Some(parent.id), inline))
}
