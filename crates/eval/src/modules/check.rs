//! What is wrong with a system as a whole: modules that fail, and definitions that no option takes.
//!
//! Source: nixpkgs `lib/modules.nix`, `mergeModules'` (`unmatchedDefns`), `checkUnmatched`.

use std::collections::BTreeMap;

use nixscope_hir::Symbol;

use super::closure::{ModuleProblem, ProblemCause};
use super::definitions::{DEFAULT_ORDER, DEFAULT_PRIORITY, Def};
use super::faults::{OptionFault, OptionFaultKind};
use super::options::{OptionNode, show_option_path, type_tag};
use super::system::System;
use crate::Evaluator;
use crate::error::{ErrorKind, Eval, EvalError, Halt};
use crate::evaluator::select::edit_distance;
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Attr, Attrs, Value};

/// A definition of something that no module declares.
#[derive(Clone)]
pub struct Unmatched<'h> {
    /// The path up to the first name that is not declared.
    pub path: Vec<Symbol>,
    /// The definition, with the conditions and priorities around it.
    pub def: Def<'h>,
}

/// The definitions that no option takes.
#[derive(Default)]
pub struct Undeclared<'h> {
    /// In the order of their paths.
    pub definitions: Vec<Unmatched<'h>>,
    /// A definition that is no set although there are only options below its path, and its type.
    pub no_set: Option<(Vec<Symbol>, Def<'h>, &'static str)>,
}

/// A set that defines what is below a path, without the properties around it.
#[derive(Clone, Copy)]
struct Piece<'h> {
    attrs: &'h Attrs<'h>,
    outer: Option<&'h Outer<'h>>,
    module: usize,
    file: &'h str,
}

/// A property around a definition, to be put around what is inside it.
#[derive(Clone, Copy)]
struct Outer<'h> {
    property: &'h Attrs<'h>,
    outer: Option<&'h Outer<'h>>,
}

struct Walk<'a, 'h> {
    ev: &'a Evaluator<'h>,
    found: Undeclared<'h>,
}

/// How many names are proposed for one that is not declared.
const SUGGESTIONS: usize = 3;

/// Among more names than this only very similar ones are proposed.
const MANY_NAMES: usize = 100;

impl<'h> System<'h> {
    /// The definitions that no option of this system takes. Conditions are not evaluated, and what is
    /// unknown is passed over.
    pub fn undeclared(&self, ev: &Evaluator<'h>) -> Undeclared<'h> {
        let closure = self.closure(ev);
        let mut order: Vec<usize> = (0..closure.modules.len()).collect();
        order.sort_by_key(|index| closure.modules[*index].rank);
        let mut walk = Walk { ev, found: Undeclared::default() };
        let mut pieces = Vec::new();
        for index in order {
            let module = &closure.modules[index];
            if let Some(config) = module.config {
                walk.open(config, index, module.name, None, &[], &mut pieces);
            }
        }
        walk.level(&self.options(ev), &pieces, &mut Vec::new());
        walk.found
    }

    /// The definitions that Nix would refuse because nothing declares what they define: none where a
    /// freeform type takes them, or the check is switched off.
    pub fn refused(&self, ev: &Evaluator<'h>) -> Vec<Unmatched<'h>> {
        if !self.is_complete(ev) || self.may_be_freeform(ev) {
            return Vec::new();
        }
        let check = [Symbol::new("_module"), Symbol::new("check")];
        match self.value_at(ev, &check) {
            Ok(Some(Value::Bool(true))) => self.undeclared(ev).definitions,
            _ => Vec::new(),
        }
    }

    /// Fails as Nix does where a module fails, or a definition has no option.
    fn check(&self, ev: &Evaluator<'h>) -> Eval<'h, ()> {
        if let Some(problem) = self.closure(ev).problems.first() {
            return Err(module_error(ev, problem));
        }
        self.freeform(ev)?;
        if self.may_be_freeform(ev) || !self.is_complete(ev) {
            return Ok(());
        }
        let undeclared = self.undeclared(ev);
        if let Some((path, def, ty)) = undeclared.no_set {
            return Err(no_set(ev, self, &path, def, ty));
        }
        let Some(first) = undeclared.definitions.first() else { return Ok(()) };
        let check = [Symbol::new("_module"), Symbol::new("check")];
        match self.value_at(ev, &check)? {
            Some(Value::Bool(true)) => Err(self.undeclared_error(ev, first)),
            _ => Ok(()),
        }
    }

    /// The error that nothing declares what is defined.
    fn undeclared_error(&self, ev: &Evaluator<'h>, first: &Unmatched<'h>) -> Halt<'h> {
        let path = self.full_path(ev, &first.path);
        let option = show_option_path(path);
        let failed = self.abort_in(ev, first);
        if let Some(halt) = failed {
            let halt = ev.noted(halt, || format!("while evaluating a definition from `{}'", first.def.file));
            return ev.noted(halt, || {
                format!(
                    "while evaluating the error message for definitions for `{option}', which is an option \
                     that does not exist"
                )
            });
        }
        let nearest = self.nearest_options(ev, &first.path);
        let proposals: Vec<String> =
            nearest.iter().map(|path| format!("`{}'", show_option_path(self.full_path(ev, path)))).collect();
        let proposal = match proposals.split_last() {
            None => String::new(),
            Some((only, [])) => format!("\n\nDid you mean {only}?"),
            Some((last, others)) => format!("\n\nDid you mean {} or {last}?", others.join(", ")),
        };
        let tree = self.options(ev);
        let prefix = show_option_path(self.setting.prefix);
        let help = match (tree.children.len() > 1, prefix.as_str()) {
            (true, _) => String::new(),
            (false, "") => {
                "\n\nIt seems as if you're trying to declare an option by placing it into `config' \
                            rather than `options'!\n"
                    .into()
            }
            (false, prefix) => format!(
                "\n\nHowever there are no options defined in `{prefix}'. Are you sure you've\ndeclared your \
                 options properly? This can happen if you e.g. declared your options in `types.submodule'\n\
                 under `config' rather than `options'.\n"
            ),
        };
        let message = format!(
            "The option `{option}' does not exist. Definition values:{}{proposal}{help}",
            ev.show_definitions(&[first.def]),
        );
        let definitions = ev.heap.slice(&[first.def]);
        let fault = OptionFault { kind: OptionFaultKind::Undeclared, path, expected: None, definitions };
        ev.option_error(fault, &message, first.def.place)
    }

    /// What nothing can catch, where showing a definition runs into it.
    fn abort_in(&self, ev: &Evaluator<'h>, first: &Unmatched<'h>) -> Option<Halt<'h>> {
        match ev.force(first.def.value) {
            Err(Halt::Fail(error)) if !error.kind.is_catchable() => Some(Halt::Fail(error)),
            _ => None,
        }
    }

    /// The declared names that are most like the last one of a path, as paths.
    pub fn nearest_options(&self, ev: &Evaluator<'h>, path: &[Symbol]) -> Vec<Vec<Symbol>> {
        let Some((last, parent)) = path.split_last() else { return Vec::new() };
        let tree = self.options(ev);
        let Some(node) = tree.descend(parent) else { return Vec::new() };
        let few = node.children.len() < MANY_NAMES;
        let mut names: Vec<(usize, &str)> = node
            .children
            .keys()
            .filter(|name| !parent.is_empty() || **name != "_module")
            .map(|name| (edit_distance(last.as_str(), name), *name))
            .filter(|(distance, _)| few || *distance <= 2)
            .collect();
        names.sort_unstable();
        let path = |name: &str| parent.iter().copied().chain([Symbol::new(name)]).collect();
        names.into_iter().take(SUGGESTIONS).map(|(_, name)| path(name)).collect()
    }
}

fn module_error<'h>(ev: &Evaluator<'h>, problem: &ModuleProblem<'h>) -> Halt<'h> {
    let kind = match problem.cause {
        ProblemCause::MissingFile => ErrorKind::File,
        ProblemCause::Failed(kind) => kind,
    };
    let ModuleProblem { message, place, notes, .. } = *problem;
    Halt::Fail(ev.heap.alloc(EvalError { kind, message, place, notes, option: None }))
}

fn no_set<'h>(ev: &Evaluator<'h>, system: &System<'h>, path: &[Symbol], def: Def<'h>, ty: &str) -> Halt<'h> {
    let path = system.full_path(ev, path);
    let option = show_option_path(path);
    let message = format!(
        "In module `{}', you're trying to define a value of type `{ty}'\nrather than an attribute set for \
         the option\n`{option}'!\n\nThis usually happens if `{option}' has option\ndefinitions inside that \
         are not matched.",
        def.file,
    );
    let definitions = ev.heap.slice(&[def]);
    let fault = OptionFault { kind: OptionFaultKind::TypeMismatch, path, expected: None, definitions };
    ev.option_error(fault, &message, def.place)
}

/// `config` as whoever evaluates a system sees it.
pub(super) fn checked_config<'h>(
    ev: &Evaluator<'h>,
    args: &'h [&'h Thunk<'h>],
    _: Symbol,
) -> Eval<'h, Value<'h>> {
    let system = ev.system_arg(args);
    if !ev.is_lenient() {
        system.check(ev)?;
    }
    Ok(system.config(ev))
}

/// `options`, likewise.
pub(super) fn checked_options<'h>(
    ev: &Evaluator<'h>,
    args: &'h [&'h Thunk<'h>],
    name: Symbol,
) -> Eval<'h, Value<'h>> {
    checked_config(ev, args, name)?;
    super::value::argument(ev, args, name)
}

/// `_module`, likewise.
pub(super) fn checked_settings<'h>(
    ev: &Evaluator<'h>,
    args: &'h [&'h Thunk<'h>],
    name: Symbol,
) -> Eval<'h, Value<'h>> {
    let config = checked_config(ev, args, name)?;
    let settings = ev.delay_select(ev.done(config), Symbol::new("_module"), Place::NONE);
    ev.force(settings)
}

impl<'h> Walk<'_, 'h> {
    /// Opens the properties around a set of definitions.
    fn open(
        &mut self,
        thunk: &'h Thunk<'h>,
        module: usize,
        file: &'h str,
        outer: Option<&'h Outer<'h>>,
        path: &[Symbol],
        pieces: &mut Vec<Piece<'h>>,
    ) {
        let attrs = match self.ev.force(thunk) {
            Ok(Value::Attrs(attrs)) => attrs,
            Ok(Value::Unknown(_) | Value::Choice(_) | Value::Config(_)) | Err(_) => return,
            Ok(value) => {
                let def = self.definition(thunk, thunk.place(), module, file, outer);
                self.found.no_set.get_or_insert((path.to_vec(), def, value.type_name()));
                return;
            }
        };
        let content = |name: Symbol| attrs.get(name).map(|attr| attr.value);
        match type_tag(self.ev, attrs) {
            Some("merge") => {
                let Some(contents) = content(self.ev.names.contents) else { return };
                let Ok(list) = self.ev.force_list(contents, contents.place()) else { return };
                for item in list.items {
                    self.open(item, module, file, outer, path, pieces);
                }
            }
            Some("if" | "override" | "order") => {
                let Some(inner) = content(self.ev.names.content) else { return };
                let outer = self.ev.heap.alloc(Outer { property: attrs, outer });
                self.open(inner, module, file, Some(outer), path, pieces);
            }
            _ => pieces.push(Piece { attrs, outer, module, file }),
        }
    }

    fn level(&mut self, node: &OptionNode<'h>, pieces: &[Piece<'h>], path: &mut Vec<Symbol>) {
        let mut by_name: BTreeMap<&'static str, Vec<(Piece<'h>, Attr<'h>)>> = BTreeMap::new();
        for piece in pieces {
            for attr in piece.attrs.entries {
                by_name.entry(attr.name.as_str()).or_default().push((*piece, *attr));
            }
        }
        for (name, found) in by_name {
            path.push(Symbol::new(name));
            match node.children.get(name) {
                Some(child) if child.is_option() => {}
                // Options that are not known may be below.
                Some(child) if child.open.is_some() => {}
                Some(child) => {
                    let mut inner = Vec::new();
                    for (piece, attr) in found {
                        self.open(attr.value, piece.module, piece.file, piece.outer, path, &mut inner);
                    }
                    self.level(child, &inner, path);
                }
                None if node.open.is_some() => {}
                None => {
                    for (piece, attr) in found {
                        let place = attr.place;
                        let def = self.definition(attr.value, place, piece.module, piece.file, piece.outer);
                        self.found.definitions.push(Unmatched { path: path.clone(), def });
                    }
                }
            }
            path.pop();
        }
    }

    /// A definition with its properties around it again.
    fn definition(
        &self,
        value: &'h Thunk<'h>,
        place: Place,
        module: usize,
        file: &'h str,
        outer: Option<&'h Outer<'h>>,
    ) -> Def<'h> {
        let names = &self.ev.names;
        let mut value = value;
        let mut next = outer;
        while let Some(it) = next {
            let rest = it.property.entries.iter().filter(|attr| attr.name != names.content).copied();
            let content = Attr { name: names.content, place, value };
            value = self.ev.done_at(self.ev.attrs(rest.chain([content]).collect()), value.place());
            next = it.outer;
        }
        Def {
            module,
            file,
            place,
            value,
            priority: DEFAULT_PRIORITY,
            explicit_priority: false,
            order: DEFAULT_ORDER,
            active: Some(true),
            condition: None,
            unknown: None,
            short_of: 0,
        }
    }
}
