//! The value of an option: its definitions, checked and merged as its type says.
//!
//! A type's `check` and `merge` are functions of the library, or of the program; they are called as
//! nixpkgs calls them. Only where the library's own types have structure (lists, sets, alternatives,
//! submodules) is merging done natively, because what is unknown in one element must not make the
//! others unknown, and because every element is to keep its place.
//!
//! Source: nixpkgs `lib/modules.nix`, `evalOptionValue`, `mergeDefinitions`; `lib/types.nix`.

mod composite;
mod conditional;
mod shapes;
mod submodule;

use std::rc::Rc;

use nixscope_hir::Symbol;

pub(super) use self::submodule::submodule_system;
use super::definitions::{DEFAULT_ORDER, Def, below};
use super::faults::{OptionFault, OptionFaultKind};
use super::options::{OptionNode, show_option_path};
use super::system::{System, SystemId};
use crate::Evaluator;
use crate::error::{Eval, EvalError, Halt};
use crate::heap::{RunNative, Thunk};
use crate::place::Place;
use crate::value::{Attrs, Reason, Taint, Value};

/// A merge that waits to be done, kept beside the heap because it owns memory.
pub(crate) struct PendingMerge<'h> {
    system: SystemId,
    path: Vec<Symbol>,
    defs: Vec<Def<'h>>,
    ty: Option<&'h Attrs<'h>>,
    /// Set where `defs` are definitions of the set around it: the attribute is looked for only when
    /// the value is asked for.
    attribute: Option<Symbol>,
}

/// The priority of an option's default.
const DEFAULT_VALUE_PRIORITY: i64 = 1500;

impl<'h> System<'h> {
    /// The value of a declared option, computed on demand.
    pub(super) fn option_thunk(&self, ev: &Evaluator<'h>, path: &'h [Symbol]) -> &'h Thunk<'h> {
        if let Some(known) = self.values.borrow().get(path) {
            return known;
        }
        let thunk = ev.delay_merge(force_option, self.pending(path.to_vec(), Vec::new(), None));
        self.values.borrow_mut().insert(path.to_vec(), thunk);
        thunk
    }

    pub(super) fn untyped_thunk(
        &self,
        ev: &Evaluator<'h>,
        path: &[Symbol],
        defs: Vec<Def<'h>>,
    ) -> &'h Thunk<'h> {
        ev.delay_merge(force_merge, self.pending(path.to_vec(), defs, None))
    }

    pub(super) fn typed_thunk(
        &self,
        ev: &Evaluator<'h>,
        path: &[Symbol],
        defs: Vec<Def<'h>>,
        ty: &'h Attrs<'h>,
    ) -> &'h Thunk<'h> {
        ev.delay_merge(force_merge, self.pending(path.to_vec(), defs, Some(ty)))
    }

    fn pending(&self, path: Vec<Symbol>, defs: Vec<Def<'h>>, ty: Option<&'h Attrs<'h>>) -> PendingMerge<'h> {
        PendingMerge { system: self.id, path, defs, ty, attribute: None }
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

    /// Brings definitions into the order in which they are merged.
    pub(super) fn sort(&self, ev: &Evaluator<'h>, defs: &mut [Def<'h>]) {
        let closure = self.closure(ev);
        let rank = |def: &Def<'h>| closure.modules.get(def.module).map_or(0, |module| module.rank);
        defs.sort_by_key(|def| (def.order, rank(def)));
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

    /// Merges what has no option of its own.
    pub(super) fn merge_freeform(
        &self,
        ev: &Evaluator<'h>,
        ty: &'h Attrs<'h>,
        defs: &[Def<'h>],
    ) -> Eval<'h, Value<'h>> {
        // A freeform type is not asked whether it likes the definitions.
        Merge { ev, system: self, path: &[], defs }.typed(ty)
    }

    /// Whether an option of this system has no value unless something defines it.
    pub fn needs_definition(&self, ev: &Evaluator<'h>, path: &[Symbol]) -> bool {
        let node = self.option_node(ev, path);
        match self.type_of(ev, &node, path) {
            Ok(Some(ty)) => {
                node.attribute("default").is_none() && matches!(empty_value(ev, Some(ty)), Ok(None))
            }
            _ => false,
        }
    }

    /// An option's default, as a definition of the lowest priority.
    pub(super) fn default_definition(&self, ev: &Evaluator<'h>, node: &OptionNode<'h>) -> Option<Def<'h>> {
        let value = node.attribute("default")?;
        let first = node.declarations.first()?;
        Some(Def {
            // Before the definitions of every module.
            module: usize::MAX,
            file: self.module_name(ev, first.module),
            place: value.place(),
            value,
            priority: DEFAULT_VALUE_PRIORITY,
            explicit_priority: true,
            order: DEFAULT_ORDER,
            active: Some(true),
            condition: None,
            unknown: None,
            short_of: 0,
        })
    }
}

impl<'h> Evaluator<'h> {
    fn delay_merge(&self, run: RunNative<'h>, pending: PendingMerge<'h>) -> &'h Thunk<'h> {
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
    let Some(name) = pending.attribute else {
        return merge(ev, &system, &pending.path, pending.ty, &pending.defs);
    };
    let defs: Vec<Def<'h>> = pending.defs.iter().flat_map(|def| below(ev, def, &[name])).collect();
    if !defs.is_empty() {
        return merge(ev, &system, &pending.path, pending.ty, &defs);
    }
    match empty_value(ev, pending.ty)? {
        Some(value) => Ok(value),
        None => Err(no_value(ev, &system, &pending.path, pending.ty, Place::NONE)),
    }
}

/// A declared option: its definitions and its default; then `apply`.
fn force_option<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], _: Symbol) -> Eval<'h, Value<'h>> {
    let Some(pending) = ev.pending_merge(args) else { return Ok(Value::Null) };
    let system = ev.system(pending.system);
    let path = &pending.path;
    option_of(ev, &system, path).map_err(|halt| {
        ev.noted(halt, || {
            let shown = show_option_path(system.full_path(ev, path));
            format!("while evaluating the option `{shown}':")
        })
    })
}

fn option_of<'h>(ev: &Evaluator<'h>, system: &System<'h>, path: &[Symbol]) -> Eval<'h, Value<'h>> {
    let options = system.options(ev);
    let Some(node) = options.descend(path) else { return Ok(Value::Null) };
    let mut ty = system.type_of(ev, node, path)?;
    if ty.is_none() && node.attribute("type").is_none() && system.setting.closed {
        ty = ev.force_attrs(ev.done(ev.library(&["types", "unspecified"])?), Place::NONE).ok();
    }
    let mut defs = system.definitions(ev, path, false);
    if path.len() == 2 && path[0].as_str() == "_module" && system.setting.closed {
        defs.extend(own_settings(ev, system, path[1].as_str()));
    }
    let default = system.default_definition(ev, node);
    check_read_only(ev, system, path, node, &defs, default)?;
    // `my = <unknown>` is written to set something below `my`: the default is not the value for certain. A whole module
    // that is unknown says nothing of the kind.
    if default.is_some()
        && defs.iter().all(|def| def.unknown.is_some())
        && let Some(unknown) = defs.iter().filter(|def| def.short_of < path.len()).find_map(|def| def.unknown)
    {
        return Err(Halt::Unknown(unknown));
    }
    defs.splice(0..0, default);
    let value = if defs.is_empty() {
        match empty_value(ev, ty)? {
            Some(value) => value,
            None => {
                let place = node.declarations.first().map_or(Place::NONE, |decl| decl.place);
                return Err(no_value(ev, system, path, ty, place));
            }
        }
    } else {
        merge(ev, system, path, ty, &defs)?
    };
    match node.attribute("apply") {
        Some(apply) => {
            let function = ev.force(apply)?;
            ev.apply(function, ev.done(value), apply.place())
        }
        None => Ok(value),
    }
}

/// What the module system itself defines of its own options.
fn own_settings<'h>(ev: &Evaluator<'h>, system: &System<'h>, name: &str) -> Option<Def<'h>> {
    let value = match name {
        "args" => ev.attrs(vec![
            ev.attr("extendModules", super::api::extend_modules_of(ev, system)),
            ev.attr("moduleType", super::api::module_type(ev, system).ok()?),
        ]),
        "specialArgs" => Value::Attrs(system.special_args),
        _ => return None,
    };
    Some(Def {
        module: usize::MAX,
        file: "lib/modules.nix",
        place: Place::NONE,
        value: ev.done(value),
        priority: super::definitions::DEFAULT_PRIORITY,
        explicit_priority: false,
        order: DEFAULT_ORDER,
        active: Some(true),
        condition: None,
        unknown: None,
        short_of: 0,
    })
}

fn check_read_only<'h>(
    ev: &Evaluator<'h>,
    system: &System<'h>,
    path: &[Symbol],
    node: &OptionNode<'h>,
    defs: &[Def<'h>],
    default: Option<Def<'h>>,
) -> Eval<'h, ()> {
    let Some(read_only) = node.attribute("readOnly") else { return Ok(()) };
    let mut certain: Vec<Def<'h>> =
        defs.iter().filter(|def| def.active == Some(true) && def.unknown.is_none()).copied().collect();
    certain.extend(default);
    if certain.len() < 2 || !matches!(ev.force(read_only), Ok(Value::Bool(true))) {
        return Ok(());
    }
    let path = system.full_path(ev, path);
    let message = format!(
        "The option `{}' is read-only, but it's set multiple times. Definition values:{}",
        show_option_path(path),
        ev.show_definitions(&certain),
    );
    let definitions = ev.heap.slice(&certain);
    let fault = OptionFault { kind: OptionFaultKind::ReadOnly, path, expected: None, definitions };
    Err(ev.option_error(fault, &message, Place::NONE))
}

fn no_value<'h>(
    ev: &Evaluator<'h>,
    system: &System<'h>,
    path: &[Symbol],
    ty: Option<&'h Attrs<'h>>,
    place: Place,
) -> Halt<'h> {
    let path = system.full_path(ev, path);
    let name = show_option_path(path);
    if !system.is_complete(ev) {
        let unknown = ev.unknown(&format!("config.{name}"), Reason::ExternalOption, Taint::None, Place::NONE);
        return Halt::Unknown(unknown);
    }
    let message =
        format!("The option `{name}' was accessed but has no value defined. Try setting the option.");
    let expected = ty.map(|ty| description(ev, ty));
    let fault = OptionFault { kind: OptionFaultKind::NoValue, path, expected, definitions: &[] };
    ev.option_error(fault, &message, place)
}

/// The option's type, where it is known.
pub(super) fn option_type<'h>(ev: &Evaluator<'h>, node: &OptionNode<'h>) -> Option<&'h Attrs<'h>> {
    let ty = node.attribute("type")?;
    ev.force_attrs(ty, ty.place()).ok()
}

pub(super) fn type_name<'h>(ev: &Evaluator<'h>, ty: &Attrs<'h>) -> &'h str {
    text_of(ev, ty, ev.names.name)
}

/// A type as nixpkgs describes it: `null or string`.
pub(super) fn description<'h>(ev: &Evaluator<'h>, ty: &Attrs<'h>) -> &'h str {
    text_of(ev, ty, Symbol::new("description"))
}

fn text_of<'h>(ev: &Evaluator<'h>, ty: &Attrs<'h>, name: Symbol) -> &'h str {
    match ty.get(name).map(|attr| ev.force(attr.value)) {
        Some(Ok(Value::Str(text))) => text.text,
        _ => "",
    }
}

/// A type inside a type: `nestedTypes.<name>`.
pub(super) fn nested_type<'h>(ev: &Evaluator<'h>, ty: &Attrs<'h>, name: &str) -> Option<&'h Attrs<'h>> {
    let nested = ev.force_attrs(ty.get(Symbol::new("nestedTypes"))?.value, Place::NONE).ok()?;
    ev.force_attrs(nested.get(Symbol::new(name))?.value, Place::NONE).ok()
}

/// What a type was made with: `functor.payload.<name>`.
fn payload<'h>(ev: &Evaluator<'h>, ty: &Attrs<'h>, name: &str) -> Eval<'h, Option<Value<'h>>> {
    let Some(functor) = ty.get(Symbol::new("functor")) else { return Ok(None) };
    let functor = ev.force_attrs(functor.value, Place::NONE)?;
    let Some(payload) = functor.get(Symbol::new("payload")) else { return Ok(None) };
    let payload = ev.force_attrs(payload.value, Place::NONE)?;
    match payload.get(Symbol::new(name)) {
        Some(attr) => Ok(Some(ev.force(attr.value)?)),
        None => Ok(None),
    }
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
    if winners.is_empty() {
        let name = format!("config.{}", show_option_path(path));
        return Err(Halt::Unknown(ev.unknown(&name, Reason::ExternalOption, Taint::None, Place::NONE)));
    }
    if let Some(value) = conditional::value(ev, system, path, ty, (defs, &winners)) {
        return value;
    }
    system.sort(ev, &mut winners);
    let merge = Merge { ev, system, path, defs: &winners };
    let Some(ty) = ty else {
        let value = merge.by_shape()?;
        return Ok(merge.extensible(value));
    };
    merge.check(ty)?;
    ev.deeper(|| merge.typed(ty))
}

/// Definitions that count, in order; at least one.
struct Merge<'a, 'h> {
    ev: &'a Evaluator<'h>,
    system: &'a System<'h>,
    path: &'a [Symbol],
    defs: &'a [Def<'h>],
}

impl<'h> Merge<'_, 'h> {
    /// Fails if a definition is not of the type. What cannot be known is taken to be.
    fn check(&self, ty: &'h Attrs<'h>) -> Eval<'h, ()> {
        let twofold = self.is_twofold(ty);
        if twofold {
            self.check_coherence(ty)?;
        }
        let wrong: Vec<Def<'h>> = self.defs.iter().filter(|def| self.rejects(ty, def)).copied().collect();
        if wrong.is_empty() {
            return Ok(());
        }
        let path = self.system.full_path(self.ev, self.path);
        let expected = description(self.ev, ty);
        let message = format!(
            "A definition for option `{}' is not of type `{expected}'. {}{}",
            show_option_path(path),
            // nixpkgs has two wordings.
            if twofold { "TypeError: Definition values:" } else { "Definition values:" },
            self.ev.show_definitions(&wrong),
        );
        let definitions = self.ev.heap.slice(&wrong);
        let kind = OptionFaultKind::TypeMismatch;
        let fault = OptionFault { kind, path, expected: Some(expected), definitions };
        Err(self.ev.option_error(fault, &message, Place::NONE))
    }

    /// Whether a type's `merge` checks too: `merge.v2`.
    fn is_twofold(&self, ty: &Attrs<'h>) -> bool {
        let merge = ty.get(Symbol::new("merge")).map(|attr| self.ev.force(attr.value));
        matches!(merge, Some(Ok(Value::Attrs(attrs))) if attrs.get(Symbol::new("v2")).is_some())
    }

    /// Fails if the check of such a type was replaced without its `merge`.
    fn check_coherence(&self, ty: &'h Attrs<'h>) -> Eval<'h, ()> {
        if self.ev.is_lenient() {
            return Ok(());
        }
        let coherent = match ty.get(Symbol::new("check")).map(|attr| self.ev.force(attr.value)) {
            Some(Ok(Value::Attrs(check))) => check.get(Symbol::new("isV2MergeCoherent")).is_some(),
            _ => false,
        };
        if coherent {
            let inner: &[&str] = match type_name(self.ev, ty) {
                "either" => &["left", "right"],
                "coercedTo" => &["coercedType", "finalType"],
                _ => &[],
            };
            for name in inner {
                if let Some(inner) = nested_type(self.ev, ty, name)
                    && self.is_twofold(inner)
                {
                    self.check_coherence(inner)?;
                }
            }
            return Ok(());
        }
        let path = self.system.full_path(self.ev, self.path);
        let message = format!(
            "The option `{}' has a type `{}' that uses\nan ad-hoc `type // {{ check = ...; }}' override, which \
             is incompatible with\nthe v2 merge mechanism.\n\nPlease use `lib.types.addCheck` instead of `type \
             // {{ check }}'.",
            show_option_path(path),
            description(self.ev, ty),
        );
        let kind = OptionFaultKind::Declaration;
        let fault = OptionFault { kind, path, expected: None, definitions: &[] };
        Err(self.ev.option_error(fault, &message, Place::NONE))
    }

    /// Whether a type is known to reject a definition.
    fn rejects(&self, ty: &Attrs<'h>, def: &Def<'h>) -> bool {
        let Some(check) = ty.get(Symbol::new("check")) else { return false };
        let Ok(function) = self.ev.force(check.value) else { return false };
        matches!(self.ev.apply(function, def.value, def.place), Ok(Value::Bool(false)))
    }

    /// The error that definitions do not agree, with what says so as its message.
    fn conflict(&self, halt: Halt<'h>) -> Halt<'h> {
        let Halt::Fail(error) = halt else { return halt };
        if error.option.is_some() || error.kind != crate::error::ErrorKind::Throw {
            return halt;
        }
        let fault = OptionFault {
            kind: OptionFaultKind::Conflict,
            path: self.system.full_path(self.ev, self.path),
            expected: None,
            definitions: self.ev.heap.slice(self.defs),
        };
        let place = self.defs.first().map_or(error.place, |def| def.value.place().or(def.place));
        let option = Some(self.ev.heap.alloc(fault) as &OptionFault<'h>);
        Halt::Fail(self.ev.heap.alloc(EvalError { option, place, ..*error }))
    }
}
