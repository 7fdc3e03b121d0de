//! What is wrong with the options of a host: the ground on which the lints for options stand.
//!
//! Only what is known is a problem. A definition under a condition that is not known, a value that is
//! not known, an option that a module from outside may declare: none of these is reported.

mod arguments;
mod namespaces;
mod uses;

use std::collections::BTreeSet;
use std::rc::Rc;

use nixscope_eval::modules::{
    Def, OptionFault, OptionFaultKind, OptionNode, System, SystemId, Unmatched, show_option_path,
};
use nixscope_eval::{Evaluator, Halt, Place, SourcePlace, Thunk, Value};
use nixscope_hir::Symbol;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::closure::is_embedded;
use crate::host_eval::{nested_path, nested_systems, show};
use crate::secrets;

pub use self::arguments::MissingArgument;
use self::namespaces::is_slip;
pub use self::namespaces::is_system_namespace;

/// Everything found wrong with the options of one host.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HostProblems {
    /// Options whose declarations or definitions are wrong; sorted by path.
    pub options: Vec<OptionProblem>,
    /// Options of the repository without default that nothing sets, sorted by path. That is wrong only
    /// where something reads them.
    pub unset: Vec<UnsetOption>,
    /// Entries of `assertions` that are known not to hold.
    pub assertions: Vec<Notice>,
    /// Entries of `warnings`.
    pub warnings: Vec<Notice>,
    /// Definitions of options that were renamed.
    pub renamed: Vec<RenamedOption>,
    /// Arguments that modules of the repository use and that nothing provides.
    pub arguments: Vec<MissingArgument>,
}

/// An option that something is wrong with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OptionProblem {
    /// The option, as people write it.
    pub path: SmolStr,
    /// The system inside the host that it is an option of: `home-manager.users.alice`.
    pub within: Option<SmolStr>,
    /// What is wrong.
    pub kind: OptionProblemKind,
    /// The type that a definition does not have, as nixpkgs describes types.
    pub expected: Option<SmolStr>,
    /// Whether an `enable` around the option is off: then perhaps nobody reads it.
    pub off: bool,
    /// The definitions that are wrong, or that do not agree.
    pub definitions: Vec<ProblemDefinition>,
    /// Where the option is declared, if it is.
    pub declared_at: Option<SourcePlace>,
    /// Declared options with similar names, the most similar first.
    pub nearest: Vec<SmolStr>,
}

/// The kinds of problem.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum OptionProblemKind {
    /// A definition is not of the option's type.
    TypeMismatch,
    /// Definitions of one priority do not agree.
    Conflict,
    /// No module declares the option, and none from outside can.
    Undeclared,
    /// A read-only option is set more than once.
    ReadOnly,
    /// An option without a value is read by what a module sets; the definition is the one that reads it.
    NoValue,
    /// The declarations do not go together.
    Declaration,
}

/// A definition that is part of a problem.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProblemDefinition {
    /// The option's name in the definition.
    pub name: Option<SourcePlace>,
    /// The value as written, without `mkIf` and its like around it.
    pub value: Option<SourcePlace>,
    /// The value, printed, where it is short and no secret.
    pub text: Option<SmolStr>,
}

/// An option that has no value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnsetOption {
    /// The option.
    pub path: SmolStr,
    /// The system inside the host.
    pub within: Option<SmolStr>,
    /// Where it is declared.
    pub declared_at: Option<SourcePlace>,
}

/// A message that a module gives to who evaluates the host.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// The message.
    pub message: SmolStr,
    /// The system inside the host.
    pub within: Option<SmolStr>,
    /// Where the entry is written.
    pub place: Option<SourcePlace>,
}

/// An option that is an alias of another, and is set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RenamedOption {
    /// The old path.
    pub from: SmolStr,
    /// The new one.
    pub to: SmolStr,
    /// The definitions of the old one.
    pub definitions: Vec<SourcePlace>,
}

/// What all options of a host may take to be evaluated.
const STEPS: u64 = 10_000_000;

/// What one option may take.
const STEPS_PER_OPTION: u64 = 200_000;

/// The priority of an option's default.
const DEFAULT_VALUE_PRIORITY: i64 = 1500;

/// How many values inside one option are looked at.
const MAX_VALUES: usize = 2_000;

/// What is wrong with the options of a host.
pub(crate) fn problems<'h>(ev: &Evaluator<'h>, system: &Rc<System<'h>>) -> HostProblems {
    let mut found = HostProblems::default();
    ev.within(STEPS, || {
        Search::of(ev, &mut found, None, system).system();
        for (kind, name, inner) in nested_systems(ev, system) {
            // A variant of the host has the host's own modules too, which are not at hand there.
            if !matches!(kind, "home-manager" | "container" | "microvm") {
                continue;
            }
            let path = nested_path(kind, name);
            let within = SmolStr::from(show_option_path(&path));
            Search::of(ev, &mut found, Some(within), &inner).system();
        }
    });
    found.options.sort_by(|a, b| (&a.path, &a.within, a.kind).cmp(&(&b.path, &b.within, b.kind)));
    found.unset.sort_by(|a, b| (&a.path, &a.within).cmp(&(&b.path, &b.within)));
    found
}

/// Where a fault is met.
#[derive(Clone, Copy)]
enum Phase<'h> {
    /// While an option is evaluated that perhaps nobody reads.
    Declared,
    /// While something is evaluated that a module sets, and that the system reads: its definition.
    Used(Def<'h>),
}

struct Search<'a, 'h> {
    ev: &'a Evaluator<'h>,
    found: &'a mut HostProblems,
    within: Option<SmolStr>,
    system: Rc<System<'h>>,
    phase: Phase<'h>,
    systems: BTreeSet<SystemId>,
    seen: FxHashSet<*const ()>,
    /// Names of arguments that are read and that nothing provides.
    arguments: FxHashSet<SmolStr>,
}

impl<'a, 'h> Search<'a, 'h> {
    fn of(
        ev: &'a Evaluator<'h>,
        found: &'a mut HostProblems,
        within: Option<SmolStr>,
        system: &Rc<System<'h>>,
    ) -> Search<'a, 'h> {
        Search {
            ev,
            found,
            within,
            system: system.clone(),
            phase: Phase::Declared,
            systems: BTreeSet::new(),
            seen: FxHashSet::default(),
            arguments: FxHashSet::default(),
        }
    }

    fn system(&mut self) {
        let system = self.system.clone();
        let options = system.options(self.ev);
        let mut declared: Vec<Vec<Symbol>> = Vec::new();
        options.visit(&mut Vec::new(), &mut |path, node| {
            let own = node.declarations.iter().any(|decl| self.is_own(decl.place));
            let alias = node.attribute("description").and_then(|it| self.text(it));
            match alias.as_deref().and_then(aliased) {
                // What is an alias for good is shown; the old name of a renamed option is not.
                Some(to) if self.is_hidden(node) => self.renamed(&system, path, to),
                Some(_) => {}
                None if own => declared.push(path.to_vec()),
                None => {}
            }
        });
        for path in &declared {
            self.ev.within(STEPS_PER_OPTION, || self.option(&system, path));
        }
        let undeclared = system.undeclared(self.ev).definitions;
        self.uses(&undeclared);
        self.missing_arguments();
        self.notices(&system, "assertions");
        self.notices(&system, "warnings");
        self.undeclared(&undeclared);
    }

    fn is_hidden(&self, node: &OptionNode<'h>) -> bool {
        node.attribute("visible").is_some_and(|it| matches!(self.ev.force(it), Ok(Value::Bool(false))))
    }

    fn is_own(&self, place: Place) -> bool {
        place.resolve(self.ev).is_some_and(|place| !is_embedded(self.ev, place.source))
    }

    fn text(&self, thunk: &'h Thunk<'h>) -> Option<String> {
        match self.ev.force(thunk) {
            Ok(Value::Str(text)) => Some(text.text.to_string()),
            _ => None,
        }
    }

    /// An option that the repository declares.
    fn option(&mut self, system: &Rc<System<'h>>, path: &[Symbol]) {
        let options = system.options(self.ev);
        let Some(node) = options.descend(path) else { return };
        if self.may_extend_another(path, node) {
            return;
        }
        let defs = system.definitions(self.ev, path, false);
        let shown = || SmolStr::from(show_option_path(system.full_path(self.ev, path)));
        if defs.is_empty() && node.attribute("default").is_none() && system.needs_definition(self.ev, path) {
            let declared_at = node.declarations.first().and_then(|decl| decl.place.resolve(self.ev));
            let within = self.within.clone();
            self.found.unset.push(UnsetOption { path: shown(), within, declared_at });
        }
        if self.found.unset.iter().any(|it| it.within == self.within && it.path == shown()) {
            return;
        }
        if let Ok(Some(value)) = self.note(system.value_at(self.ev, path)) {
            let mut left = MAX_VALUES;
            self.inside(value, &mut left);
        }
    }

    /// Notes the fault that an error is about.
    fn note<T>(&mut self, result: Result<T, Halt<'h>>) -> Result<T, ()> {
        match result {
            Ok(value) => Ok(value),
            Err(Halt::Fail(error)) => {
                if let Some(fault) = error.option {
                    self.fault(fault);
                }
                Err(())
            }
            Err(Halt::Unknown(_)) => Err(()),
        }
    }

    fn fault(&mut self, fault: &OptionFault<'h>) {
        let kind = match fault.kind {
            OptionFaultKind::TypeMismatch => OptionProblemKind::TypeMismatch,
            OptionFaultKind::Conflict => OptionProblemKind::Conflict,
            OptionFaultKind::Undeclared => OptionProblemKind::Undeclared,
            OptionFaultKind::ReadOnly => OptionProblemKind::ReadOnly,
            OptionFaultKind::NoValue => OptionProblemKind::NoValue,
            OptionFaultKind::Declaration => OptionProblemKind::Declaration,
        };
        // What depends on something unknown is not known to be wrong, and what lies in another system is
        // reported there.
        let tree = self.system.options(self.ev);
        if fault.definitions.iter().any(|def| def.active != Some(true))
            || tree.declared_prefix(fault.path).is_none()
        {
            return;
        }
        match (kind, self.phase) {
            // What nobody reads needs no value, and its default may be of any type.
            (OptionProblemKind::NoValue, Phase::Declared) => return,
            (OptionProblemKind::TypeMismatch, Phase::Declared)
                if fault.definitions.iter().all(|def| def.priority >= DEFAULT_VALUE_PRIORITY) =>
            {
                return;
            }
            (OptionProblemKind::NoValue, Phase::Used(reader)) => {
                return self.no_value(&show_option_path(fault.path), &reader);
            }
            _ => {}
        }
        let definitions: Vec<ProblemDefinition> =
            fault.definitions.iter().map(|def| self.definition(def)).collect();
        // Values that cannot be shown may be alike.
        if kind == OptionProblemKind::Conflict {
            let first = definitions.iter().find_map(|it| it.text.as_ref());
            if !definitions.iter().any(|it| it.text.is_some() && it.text.as_ref() != first) {
                return;
            }
        }
        let problem = OptionProblem {
            path: show_option_path(fault.path).into(),
            within: self.within.clone(),
            kind,
            expected: fault.expected.map(SmolStr::from),
            off: self.is_off(fault.path),
            definitions,
            declared_at: self.declared_at(fault.path),
            nearest: Vec::new(),
        };
        self.push(problem);
    }

    fn push(&mut self, problem: OptionProblem) {
        if !self.found.options.contains(&problem) {
            self.found.options.push(problem);
        }
    }

    /// Whether an option around a path, or beside it, switches off what it is for.
    fn is_off(&self, path: &[Symbol]) -> bool {
        let enable = Symbol::new("enable");
        (1..path.len()).any(|length| {
            let switch = [&path[..length], &[enable]].concat();
            switch != path && matches!(self.system.value_at(self.ev, &switch), Ok(Some(Value::Bool(false))))
        })
    }

    fn definition(&self, def: &Def<'h>) -> ProblemDefinition {
        ProblemDefinition {
            name: def.place.resolve(self.ev),
            value: def.value.place().resolve(self.ev),
            text: show(self.ev, def.value),
        }
    }

    /// The values inside a value: elements, attributes, the options of submodules.
    fn inside(&mut self, value: Value<'h>, left: &mut usize) {
        let mut stack = vec![value];
        while let Some(value) = stack.pop() {
            if *left == 0 {
                return;
            }
            *left -= 1;
            let thunks: Vec<&'h Thunk<'h>> = match value {
                Value::List(list) if self.seen.insert(std::ptr::from_ref(list).cast()) => list.items.to_vec(),
                Value::Attrs(attrs)
                    if attrs.get(Symbol::new("_type")).is_none()
                        && self.seen.insert(std::ptr::from_ref(attrs).cast()) =>
                {
                    attrs.entries.iter().map(|attr| attr.value).collect()
                }
                Value::Config(node) => {
                    let system = self.ev.system(node.system);
                    if system.parent.is_none() {
                        continue;
                    }
                    if self.systems.insert(node.system) {
                        let is_own = system
                            .full_path(self.ev, &[])
                            .first()
                            .is_some_and(|first| self.is_own_root(*first));
                        for unmatched in system.refused(self.ev) {
                            if is_own || is_slip(self.ev, &system, &unmatched.path) {
                                self.refused(&system, &unmatched);
                            }
                        }
                    }
                    match self.note(node.to_attrs(self.ev)) {
                        Ok(attrs) => attrs.entries.iter().map(|attr| attr.value).collect(),
                        Err(()) => continue,
                    }
                }
                _ => continue,
            };
            for thunk in thunks {
                if let Ok(value) = self.note(self.ev.force(thunk)) {
                    stack.push(value);
                }
            }
        }
    }

    fn refused(&mut self, system: &System<'h>, unmatched: &Unmatched<'h>) {
        let nearest = system.nearest_options(self.ev, &unmatched.path);
        let shown = |path: &[Symbol]| show_option_path(system.full_path(self.ev, path)).into();
        self.found.options.push(OptionProblem {
            path: shown(&unmatched.path),
            within: self.within.clone(),
            kind: OptionProblemKind::Undeclared,
            expected: None,
            off: false,
            definitions: vec![self.definition(&unmatched.def)],
            declared_at: None,
            nearest: nearest.iter().map(|path| shown(path)).collect(),
        });
    }

    /// Where the option of a path, or the one that holds it, is declared.
    fn declared_at(&self, path: &[Symbol]) -> Option<SourcePlace> {
        let tree = self.system.options(self.ev);
        let node = tree.descend(&path[..tree.declared_prefix(path)?])?;
        let place = node.declarations.first()?.place.resolve(self.ev)?;
        (!is_embedded(self.ev, place.source)).then_some(place)
    }

    /// Whether a declaration may only add to the type of an option from outside. Two declarations must not both
    /// have a default or a description, and those from outside have.
    fn may_extend_another(&self, path: &[Symbol], node: &OptionNode<'h>) -> bool {
        let is_outside = path.first().is_none_or(|first| !self.is_own_root(*first));
        is_outside
            && ["default", "defaultText", "description", "example", "apply"]
                .iter()
                .all(|name| node.attribute(name).is_none())
    }

    /// Whether no module is missing, but for those that are known to come from outside.
    fn knows_all_modules(&self) -> bool {
        let closure = self.system.closure(self.ev);
        closure.gaps.is_empty() && closure.problems.is_empty()
    }

    /// Definitions of nothing in a name space that only the repository declares.
    fn undeclared(&mut self, undeclared: &[Unmatched<'h>]) {
        if !self.knows_all_modules() {
            return;
        }
        let system = self.system.clone();
        for unmatched in undeclared {
            if self.is_own(unmatched.def.place)
                && !self.may_be_absent(unmatched.def.value)
                && self.is_own_space(&unmatched.path)
            {
                self.refused(&system, unmatched);
            }
        }
    }

    /// Whether an attribute is there only under a condition that is not known.
    fn may_be_absent(&self, mut value: &'h Thunk<'h>) -> bool {
        loop {
            match self.ev.force(value) {
                Ok(Value::Choice(choice)) => return choice.absent,
                Ok(Value::Attrs(attrs)) if attrs.get(Symbol::new("_type")).is_some() => {
                    match attrs.get(Symbol::new("content")) {
                        Some(content) => value = content.value,
                        None => return false,
                    }
                }
                _ => return false,
            }
        }
    }

    fn renamed(&mut self, system: &Rc<System<'h>>, path: &[Symbol], to: &str) {
        let definitions: Vec<SourcePlace> = system
            .definitions(self.ev, path, false)
            .iter()
            .filter(|def| def.active == Some(true) && def.unknown.is_none() && self.is_own(def.place))
            .filter_map(|def| def.place.resolve(self.ev))
            .collect();
        if !definitions.is_empty() {
            let from = show_option_path(path).into();
            self.found.renamed.push(RenamedOption { from, to: to.into(), definitions });
        }
    }

    /// The entries of `assertions` that do not hold, or those of `warnings`.
    fn notices(&mut self, system: &Rc<System<'h>>, option: &str) {
        for def in system.definitions(self.ev, &[Symbol::new(option)], false) {
            if def.active != Some(true) || def.unknown.is_some() {
                continue;
            }
            let Ok(list) = self.ev.force_list(def.value, def.place) else { continue };
            for item in list.items {
                let message = self.ev.within(STEPS_PER_OPTION, || match option {
                    "warnings" => self.text(item),
                    _ => self.failed_assertion(item),
                });
                let Some(message) = message.filter(|it| !secrets::reveals(self.ev, it)) else { continue };
                let place = item.place().resolve(self.ev);
                let own = place.filter(|place| !is_embedded(self.ev, place.source));
                let notice = Notice { message: message.into(), within: self.within.clone(), place: own };
                match option {
                    "warnings" => self.found.warnings.push(notice),
                    _ => self.found.assertions.push(notice),
                }
            }
        }
    }

    fn failed_assertion(&self, item: &'h Thunk<'h>) -> Option<String> {
        let attrs = self.ev.force_attrs(item, item.place()).ok()?;
        let holds = attrs.get(Symbol::new("assertion"))?;
        match self.ev.force(holds.value) {
            Ok(Value::Bool(false)) => self.text(attrs.get(Symbol::new("message"))?.value),
            _ => None,
        }
    }
}

/// The option that a description says another one is an alias of.
fn aliased(description: &str) -> Option<&str> {
    let rest = description.strip_prefix("Alias of ")?;
    let (_, rest) = rest.split_once('`')?;
    rest.split_once('`').map(|(path, _)| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_says_of_what() {
        assert_eq!(aliased("Alias of {option}`a.b`."), Some("a.b"));
        assert_eq!(aliased("The port."), None);
    }
}
