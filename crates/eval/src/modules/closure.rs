//! The closure of a system: every module that its imports reach.
//!
//! Source: nixpkgs `lib/modules.nix`, `collectModules`, `unifyModuleSyntax`. The order is the order of
//! reading: a module, then what it imports. Definitions are merged in another order, which each
//! module's rank says.

mod disabled;
mod module;
mod order;
mod origin;

use std::collections::hash_map::Entry;

use nixscope_db::{SourceFile, VfsPath};
use nixscope_hir::{ExprId, Symbol};
use rustc_hash::FxHashMap;

use self::disabled::Disabled;
use super::options::type_tag;
use super::system::System;
use crate::Evaluator;
use crate::error::{ErrorKind, Halt};
use crate::heap::{Env, Thunk};
use crate::place::{Place, PlaceKind};
use crate::value::{Attr, Attrs, Closure as Function, Unknown, Value};

/// The modules of a system.
#[derive(Default)]
pub struct Closure<'h> {
    /// In the order of import, without the disabled ones.
    pub modules: Vec<ModuleInstance<'h>>,
    /// Modules that are unknown: they come from outside.
    pub external: Vec<ExternalImport<'h>>,
    /// Lists of imports of which something is unknown.
    pub gaps: Vec<(&'h Unknown<'h>, Place)>,
    /// What went wrong.
    pub problems: Vec<ModuleProblem<'h>>,
    /// Every import that was followed, also of what is disabled.
    pub(super) graph: order::Graph<'h>,
}

/// One module of a system.
#[derive(Clone, Copy)]
pub struct ModuleInstance<'h> {
    /// The file it is written in.
    pub file: Option<SourceFile>,
    /// What messages call it: its `_file`, or its file's path.
    pub name: &'h str,
    /// What it is known by: a module that is imported twice counts once.
    pub key: &'h str,
    /// Its turn when definitions are merged: lower ones come first.
    pub rank: usize,
    /// Whether it is a value in a list rather than a file of its own.
    pub inline: bool,
    /// Where it is imported.
    pub place: Place,
    /// The index of the module that imports it; none for the system's own list.
    pub importer: Option<usize>,
    /// Set where the import depends on something unknown.
    pub condition: Option<&'h Unknown<'h>>,
    /// Its definitions.
    pub config: Option<&'h Thunk<'h>>,
    /// Its declarations.
    pub options: Option<&'h Thunk<'h>>,
    /// Where its `imports` are written, if it has any.
    pub imports: Option<Place>,
    /// Its function, by the id of the expression, and the environment of its body.
    pub function: Option<(ExprId, &'h Env<'h>)>,
}

impl ModuleInstance<'_> {
    /// Whether code of the module is in a file: the one it is said to come from (`_file` may say so), or
    /// the one its function is written in.
    pub fn is_in(&self, source: SourceFile) -> bool {
        self.file == Some(source) || self.function_file() == Some(source)
    }

    /// The file that its function is written in.
    pub fn function_file(&self) -> Option<SourceFile> {
        self.function.map(|(_, env)| env.file().source)
    }
}

/// A module that is not known.
#[derive(Clone, Copy)]
pub struct ExternalImport<'h> {
    /// What it is.
    pub module: &'h Unknown<'h>,
    /// Where it is imported.
    pub place: Place,
}

/// Something that went wrong with a module.
#[derive(Clone, Copy)]
pub struct ModuleProblem<'h> {
    /// What.
    pub cause: ProblemCause,
    /// For people.
    pub message: &'h str,
    /// Where.
    pub place: Place,
    /// What was being done, the innermost first.
    pub notes: &'h [&'h str],
}

/// The kinds of problem.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProblemCause {
    /// The file is not there.
    MissingFile,
    /// Its evaluation fails.
    Failed(ErrorKind),
}

/// Who imports a module, and how.
#[derive(Clone, Copy)]
struct Import<'h> {
    importer: Option<usize>,
    condition: Option<&'h Unknown<'h>>,
    /// The importer's name and key, and the position in its list, from one.
    name: &'h str,
    key: &'h str,
    at: usize,
    place: Place,
    /// The place, or that of the module around it where `lib` or a model does the import.
    from: Place,
}

impl<'h> Import<'h> {
    /// The key of a module that has none of its own.
    fn anonymous_key(&self, ev: &Evaluator<'h>) -> &'h str {
        ev.heap.str(&format!("{}:anon-{}", self.key, self.at))
    }
}

struct Collector<'a, 'h> {
    ev: &'a Evaluator<'h>,
    system: &'a System<'h>,
    closure: Closure<'h>,
    /// The index of every file that was imported by path.
    seen: FxHashMap<VfsPath, usize>,
    /// The index of every module with a key of its own.
    keys: FxHashMap<&'h str, usize>,
    disabled: Disabled<'h>,
    depth: u32,
}

/// Deeper chains of imports than this are not followed; real ones have a dozen links.
const MAX_IMPORT_DEPTH: u32 = 500;

/// The file of a module of which nobody knows the file.
const UNKNOWN_FILE: &str = "<unknown-file>";

pub(super) fn collect<'h>(ev: &Evaluator<'h>, system: &System<'h>) -> Closure<'h> {
    let mut collector = Collector {
        ev,
        system,
        closure: Closure::default(),
        seen: FxHashMap::default(),
        keys: FxHashMap::default(),
        disabled: Disabled::default(),
        depth: 0,
    };
    let mut at = 0;
    for list in &system.modules {
        let import = Import {
            importer: None,
            condition: None,
            name: UNKNOWN_FILE,
            key: "",
            at,
            place: list.place(),
            from: list.place(),
        };
        at += collector.list(list, import);
    }
    let Collector { mut closure, disabled, .. } = collector;
    order::arrange(ev, &mut closure, &disabled);
    closure
}

impl<'h> Collector<'_, 'h> {
    /// A list of modules. Gives how many there are.
    fn list(&mut self, list: &'h Thunk<'h>, import: Import<'h>) -> usize {
        let place = list.place();
        match self.ev.force_list(list, place) {
            Ok(list) => {
                for (index, item) in list.items.iter().enumerate() {
                    let at = import.at + index + 1;
                    let place = item.place();
                    let from = if self.is_written_here(place) { place } else { import.from };
                    self.module(item, Import { at, place, from, ..import });
                }
                if let Some(unknown) = list.open {
                    self.closure.gaps.push((unknown, place));
                }
                return list.items.len();
            }
            Err(Halt::Unknown(unknown)) => self.closure.gaps.push((unknown, place)),
            Err(Halt::Fail(error)) => {
                let cause = ProblemCause::Failed(error.kind);
                self.problem_with(cause, error.message, error.place.or(place), error.notes);
            }
        }
        0
    }

    fn problem(&mut self, cause: ProblemCause, message: &'h str, place: Place) {
        self.problem_with(cause, message, place, &[]);
    }

    fn problem_with(&mut self, cause: ProblemCause, message: &'h str, place: Place, notes: &'h [&'h str]) {
        self.closure.problems.push(ModuleProblem { cause, message, place, notes });
    }

    fn failed(&mut self, message: &str, place: Place) {
        let message = self.ev.heap.str(message);
        self.problem(ProblemCause::Failed(ErrorKind::Throw), message, place);
    }

    /// One element of a list of modules.
    fn module(&mut self, item: &'h Thunk<'h>, import: Import<'h>) {
        match self.ev.force(item) {
            Ok(value) => self.value(value, import),
            Err(Halt::Unknown(module)) => self.external(module, import),
            Err(Halt::Fail(error)) => {
                let place = error.place.or(item.place());
                let cause = match error.kind {
                    ErrorKind::File => ProblemCause::MissingFile,
                    kind => ProblemCause::Failed(kind),
                };
                self.problem_with(cause, error.message, place, error.notes);
            }
        }
    }

    fn value(&mut self, value: Value<'h>, import: Import<'h>) {
        match value {
            Value::Choice(choice) => {
                let single = choice.alternatives.len() == 1 && !choice.absent;
                let condition = if single { import.condition } else { Some(choice.condition) };
                for alternative in choice.alternatives {
                    let place = alternative.place().or(import.place);
                    self.module(alternative, Import { condition, place, ..import });
                }
            }
            Value::Unknown(module) => self.external(module, import),
            Value::Path(path) => self.path(path, import),
            Value::Str(text) if text.text.starts_with('/') => self.path(text.text, import),
            Value::Lambda(_) | Value::Native(_) | Value::Attrs(_) => {
                let origin = origin::origin_file(self.ev, value, import.place);
                let key = import.anonymous_key(self.ev);
                self.body(value, origin, import.name, key, import);
            }
            Value::List(_) => {
                let message =
                    "Module imports can't be nested lists. Perhaps you meant to remove one level of lists?";
                self.failed(message, import.place);
            }
            other => {
                let message = format!(
                    "a module must be a path, a set or a function, this is {}",
                    other.describe_type()
                );
                let message = self.ev.heap.str(&message);
                self.problem(ProblemCause::Failed(ErrorKind::Type), message, import.place);
            }
        }
    }

    /// A module that is not here, and what is known of it.
    fn external(&mut self, module: &'h Unknown<'h>, import: Import<'h>) {
        self.closure.external.push(ExternalImport { module, place: import.from });
        if let Some(known) = self.ev.models.module(self.ev, module, self.system.class) {
            self.value(known, Import { place: Place::NONE, ..import });
        }
    }

    /// Whether a place is in no file that is part of the program.
    fn is_written_here(&self, place: Place) -> bool {
        place.resolve(self.ev).is_some_and(|place| !self.ev.is_embedded(place.source))
    }

    fn path(&mut self, text: &'h str, import: Import<'h>) {
        let path = VfsPath::new(text);
        let Some(source) = self.ev.importable(&path) else {
            let message = match nixscope_db::kind(self.ev.db, &path) {
                nixscope_db::EntryKind::Directory => format!("the directory {path} has no default.nix"),
                _ => format!("there is no file {path}"),
            };
            let message = self.ev.heap.str(&message);
            return self.problem(ProblemCause::MissingFile, message, import.place);
        };
        match self.seen.entry(source.path(self.ev.db).clone()) {
            Entry::Occupied(known) => return self.closure.graph.again(*known.get(), import),
            // The module is pushed before anything it imports.
            Entry::Vacant(free) => free.insert(self.closure.modules.len()),
        };
        let thunk = self.ev.import_file(source);
        match self.ev.force(thunk) {
            Ok(value) => self.body(value, Some(source), text, text, import),
            Err(Halt::Fail(error)) => {
                // The file is part of the closure although nothing is known of it.
                self.push(Some(source), text, text, import, None, None);
                let cause = ProblemCause::Failed(error.kind);
                self.problem_with(cause, error.message, error.place, error.notes);
            }
            Err(Halt::Unknown(_)) => {
                self.push(Some(source), text, text, import, None, None);
            }
        }
    }

    fn push(
        &mut self,
        file: Option<SourceFile>,
        name: &'h str,
        key: &'h str,
        import: Import<'h>,
        config: Option<&'h Thunk<'h>>,
        options: Option<&'h Thunk<'h>>,
    ) -> usize {
        let index = self.closure.modules.len();
        self.closure.modules.push(ModuleInstance {
            file: file.or_else(|| import.place.resolve(self.ev).map(|it| it.source)),
            name,
            key,
            rank: 0,
            inline: file.is_none(),
            place: import.place,
            importer: import.importer,
            condition: import.condition,
            config,
            options,
            imports: None,
            function: None,
        });
        self.closure.graph.first(index, name, key, import);
        index
    }
}
