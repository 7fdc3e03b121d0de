//! The definitions that a system's modules make of an option.
//!
//! Source: nixpkgs `lib/modules.nix`, `pushDownProperties`, `dischargeProperties`, `filterOverrides`,
//! `mkDefinition`.

use nixscope_hir::Symbol;

use super::options::type_tag;
use super::system::System;
use crate::Evaluator;
use crate::error::{ErrorKind, Eval, Halt};
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Attrs, Unknown, Value};

/// The priority of a definition that says nothing about it.
pub(crate) const DEFAULT_PRIORITY: i64 = 100;
/// The order of a definition that says nothing about it.
pub(crate) const DEFAULT_ORDER: i64 = 1000;

/// A definition of an option.
#[derive(Clone, Copy)]
pub struct Def<'h> {
    /// The module's index in the closure.
    pub module: usize,
    /// The file that messages name: the module's, or what `mkDefinition` says.
    pub file: &'h str,
    /// The option's name in the definition.
    pub place: Place,
    /// The value, without `mkIf` and its like around it.
    pub value: &'h Thunk<'h>,
    /// Its priority; a lower one wins.
    pub priority: i64,
    /// Whether it was given a priority.
    pub explicit_priority: bool,
    /// Its order among list elements.
    pub order: i64,
    /// Whether its conditions hold; none where that is not known.
    pub active: Option<bool>,
    /// The last condition around it.
    pub condition: Option<&'h Thunk<'h>>,
    /// Set where the definition stops short of the path: something unknown may define it.
    pub unknown: Option<&'h Unknown<'h>>,
    /// How many names of the path it stops short of; 0 for a definition of the path itself.
    pub short_of: usize,
}

struct Walk<'a, 'h> {
    ev: &'a Evaluator<'h>,
    inactive_too: bool,
    defs: Vec<Def<'h>>,
}

#[derive(Clone, Copy)]
struct State<'h> {
    module: usize,
    file: &'h str,
    place: Place,
    priority: Option<i64>,
    order: Option<i64>,
    active: Option<bool>,
    conditions: Option<&'h Conditions<'h>>,
}

/// The conditions around a definition, the innermost first. They are evaluated only once something is
/// found below them: the condition of a module that does not define an option may depend on it.
#[derive(Clone, Copy)]
struct Conditions<'h> {
    condition: &'h Thunk<'h>,
    outer: Option<&'h Conditions<'h>>,
}

impl<'h> System<'h> {
    /// The definitions of a path, in the order of the modules. With `inactive_too` also those whose
    /// condition is false.
    pub fn definitions(&self, ev: &Evaluator<'h>, path: &[Symbol], inactive_too: bool) -> Vec<Def<'h>> {
        let closure = self.closure(ev);
        let mut walk = Walk { ev, inactive_too, defs: Vec::new() };
        for (index, module) in closure.modules.iter().enumerate() {
            let Some(config) = module.config else { continue };
            let active = if module.condition.is_some() { None } else { Some(true) };
            let state = State {
                module: index,
                file: module.name,
                place: module.place,
                priority: None,
                order: None,
                active,
                conditions: None,
            };
            walk.thunk(config, path, state);
        }
        walk.defs
    }
}

/// Whether a `_type` says that a set is a definition's property rather than its value.
pub(super) fn is_property(tag: Option<&str>) -> bool {
    matches!(tag, Some("if" | "merge" | "override" | "order" | "definition"))
}

/// What one definition says of a path below it.
pub(super) fn below<'h>(ev: &Evaluator<'h>, def: &Def<'h>, path: &[Symbol]) -> Vec<Def<'h>> {
    let mut walk = Walk { ev, inactive_too: false, defs: Vec::new() };
    let state = State {
        module: def.module,
        file: def.file,
        place: def.place,
        priority: def.explicit_priority.then_some(def.priority),
        order: None,
        active: def.active,
        // What it depends on, where that is not known, is what the parts depend on.
        conditions: def
            .condition
            .filter(|_| def.active.is_none())
            .map(|condition| ev.heap.alloc(Conditions { condition, outer: None }) as &Conditions<'h>),
    };
    walk.thunk(def.value, path, state);
    walk.defs
}

impl<'h> Walk<'_, 'h> {
    fn thunk(&mut self, thunk: &'h Thunk<'h>, path: &[Symbol], state: State<'h>) {
        match self.ev.force(thunk) {
            Ok(value) => self.value(value, thunk, path, state),
            Err(Halt::Unknown(unknown)) => self.stop(thunk, unknown, path, state),
            Err(Halt::Fail(error)) => {
                // A value that fails is still a definition; a failing path to it says nothing.
                if path.is_empty() {
                    self.push(thunk, state);
                } else if matches!(error.kind, ErrorKind::InfiniteRecursion | ErrorKind::Budget) {
                    let unknown = self.ev.unknown(
                        "a definition that needs the option itself",
                        crate::value::Reason::Failed,
                        crate::value::Taint::None,
                        error.place,
                    );
                    self.stop(thunk, unknown, path, state);
                }
            }
        }
    }

    /// Whether every condition around a definition holds; none where that is not known.
    ///
    /// # Errors
    /// If a condition fails and that is no reason to go on.
    fn holds(&self, state: &State<'h>) -> Eval<'h, Option<bool>> {
        let mut result = state.active;
        let mut next = state.conditions;
        while let Some(it) = next {
            match self.ev.force_bool(it.condition, it.condition.place()) {
                Ok(true) => {}
                Ok(false) => return Ok(Some(false)),
                Err(Halt::Fail(error)) if !self.ev.is_lenient() => return Err(Halt::Fail(error)),
                Err(_) => result = result.filter(|active| !active),
            }
            next = it.outer;
        }
        Ok(result)
    }

    fn push(&mut self, value: &'h Thunk<'h>, state: State<'h>) {
        self.push_short(value, state, None, 0);
    }

    fn push_short(
        &mut self,
        value: &'h Thunk<'h>,
        state: State<'h>,
        unknown: Option<&'h Unknown<'h>>,
        short_of: usize,
    ) {
        let (active, value) = match self.holds(&state) {
            Ok(active) => (active, value),
            // Whether it is a definition cannot be told: whoever asks for its value fails.
            Err(halt) => (Some(true), self.ev.failed(halt, value.place())),
        };
        if active == Some(false) && !self.inactive_too {
            return;
        }
        self.defs.push(Def {
            module: state.module,
            file: state.file,
            place: state.place,
            value,
            priority: state.priority.unwrap_or(DEFAULT_PRIORITY),
            explicit_priority: state.priority.is_some(),
            order: state.order.unwrap_or(DEFAULT_ORDER),
            active,
            condition: state.conditions.map(|it| it.condition),
            unknown,
            short_of,
        });
    }

    /// Something unknown on the way: it may or may not define the path.
    fn stop(&mut self, thunk: &'h Thunk<'h>, unknown: &'h Unknown<'h>, path: &[Symbol], state: State<'h>) {
        if path.is_empty() {
            self.push(thunk, state);
        } else {
            let state = State { active: state.active.filter(|active| !active), ..state };
            self.push_short(thunk, state, Some(unknown), path.len());
        }
    }

    fn value(&mut self, value: Value<'h>, thunk: &'h Thunk<'h>, path: &[Symbol], state: State<'h>) {
        match value {
            Value::Attrs(attrs) => self.attrs(attrs, thunk, path, state),
            Value::Choice(choice) => {
                let state = State { active: state.active.filter(|active| !active), ..state };
                if path.is_empty() {
                    // Alternatives of a value are one definition; properties inside must be opened.
                    let tagged = choice.alternatives.iter().any(|it| self.is_property(it));
                    if !tagged {
                        return self.push(thunk, State { active: Some(true), ..state });
                    }
                }
                for alternative in choice.alternatives {
                    self.thunk(alternative, path, state);
                }
            }
            Value::Unknown(unknown) => self.stop(thunk, unknown, path, state),
            Value::Config(node) if !path.is_empty() => {
                if let Ok(Some(attr)) = node.get(self.ev, path[0], state.place) {
                    self.thunk(attr.value, &path[1..], State { place: attr.place.or(state.place), ..state });
                }
            }
            _ if path.is_empty() => self.push(thunk, state),
            _ => {}
        }
    }

    fn is_property(&self, thunk: &'h Thunk<'h>) -> bool {
        match self.ev.force(thunk) {
            Ok(Value::Attrs(attrs)) => is_property(type_tag(self.ev, attrs)),
            _ => false,
        }
    }

    fn attrs(&mut self, attrs: &'h Attrs<'h>, thunk: &'h Thunk<'h>, path: &[Symbol], state: State<'h>) {
        let names = &self.ev.names;
        let get = |name: Symbol| attrs.get(name).map(|attr| attr.value);
        match type_tag(self.ev, attrs) {
            Some("if") => {
                let conditions = match get(names.condition) {
                    Some(condition) => {
                        Some(self.ev.heap.alloc(Conditions { condition, outer: state.conditions })
                            as &Conditions<'h>)
                    }
                    None => state.conditions,
                };
                if let Some(content) = get(names.content) {
                    self.thunk(content, path, State { conditions, ..state });
                }
            }
            Some("merge") => {
                let Some(contents) = get(names.contents) else { return };
                match self.ev.force_list(contents, contents.place()) {
                    Ok(list) => {
                        for item in list.items {
                            self.thunk(item, path, state);
                        }
                        if let Some(unknown) = list.open {
                            self.stop(contents, unknown, path, state);
                        }
                    }
                    Err(Halt::Unknown(unknown)) => self.stop(contents, unknown, path, state),
                    Err(Halt::Fail(_)) => {}
                }
            }
            Some("override") => {
                let priority = get(names.priority).and_then(|it| self.ev.force_int(it, it.place()).ok());
                if let Some(content) = get(names.content) {
                    self.thunk(content, path, State { priority: state.priority.or(priority), ..state });
                }
            }
            Some("order") => {
                let order = get(names.priority).and_then(|it| self.ev.force_int(it, it.place()).ok());
                if let Some(content) = get(names.content) {
                    self.thunk(content, path, State { order: state.order.or(order), ..state });
                }
            }
            Some("definition") => {
                let file = get(self.ev.names.file).and_then(|it| self.ev.force_str(it, it.place()).ok());
                if let Some(value) = get(self.ev.names.value) {
                    self.thunk(value, path, State { file: file.map_or(state.file, |it| it.text), ..state });
                }
            }
            _ => match path.split_first() {
                None => self.push(thunk, state),
                Some((name, rest)) => {
                    if let Some(attr) = attrs.get(*name) {
                        self.thunk(attr.value, rest, State { place: attr.place.or(state.place), ..state });
                    } else if let Some(unknown) = attrs.open {
                        self.stop(thunk, unknown, path, state);
                    }
                }
            },
        }
    }
}
