//! The evaluator: what one evaluation has at hand, and how values are forced.

mod apply;
mod budget;
mod cycle;
mod expr;
mod files;
mod make;
mod models;
mod operators;
pub(crate) mod select;
pub(crate) mod site;
pub(crate) mod trail;

use std::cell::{Cell, RefCell};

use nixscope_db::{Db, SourceFile};
use nixscope_hir::{Body, Symbol};
use rustc_hash::FxHashMap;

use crate::error::{ErrorKind, Eval, EvalError, Halt};
use crate::heap::{Call, FileContext, Heap, State, Thunk};
use crate::place::Place;
use crate::value::{Attrs, Unknown, Value};

pub use budget::Budget;
pub use models::{Models, NoModels};

/// More notes than this are not kept with an error.
const MAX_NOTES: usize = 32;

/// Something that happened on the way and that a reader of the program would want to know.
#[derive(Clone, Copy)]
pub struct Event<'h> {
    /// What.
    pub kind: EventKind<'h>,
    /// Where.
    pub place: Place,
}

/// What happened.
#[derive(Clone, Copy)]
pub enum EventKind<'h> {
    /// A file's content was needed and the file comes from a derivation.
    ImportFromDerivation {
        /// The builtin: `import`, `readFile`, …
        builtin: &'static str,
        /// What was to be read.
        what: &'h Unknown<'h>,
    },
    /// A file was read as text.
    ReadFile {
        /// Its path.
        path: &'h str,
    },
    /// A value needed itself.
    InfiniteRecursion,
    /// The program warned, by `builtins.warn`.
    Warning {
        /// Of what.
        message: &'h str,
    },
    /// A file to be imported is not there.
    MissingFile {
        /// Its path.
        path: &'h str,
    },
}

/// Compiled expressions; none where the text is no expression.
type Regexes<'h> = FxHashMap<(&'h str, bool), Option<std::rc::Rc<regex::bytes::Regex>>>;

/// One evaluation.
pub struct Evaluator<'h> {
    /// The database files are read from.
    pub db: &'h dyn Db,
    /// The memory.
    pub heap: &'h Heap,
    pub(crate) models: &'h dyn Models,
    /// Bodies that stand in for those of files.
    drafts: &'h [(SourceFile, &'h Body)],
    budget: Budget,
    steps: Cell<u64>,
    /// The step after which the budget is spent: of the whole evaluation, or of a part of it.
    limit: Cell<u64>,
    /// How often something was refused because steps or memory were spent.
    refusals: Cell<u64>,
    depth: Cell<u32>,
    files: RefCell<Vec<SourceFile>>,
    contexts: RefCell<FxHashMap<SourceFile, &'h FileContext<'h>>>,
    imports: RefCell<FxHashMap<SourceFile, &'h Thunk<'h>>>,
    /// Sets that are the whole value of a file.
    origins: RefCell<FxHashMap<*const Attrs<'h>, SourceFile>>,
    /// Configuration that a module from outside may add to: the set or list, and what stands for the rest.
    pub(crate) extensible: RefCell<FxHashMap<*const (), &'h Unknown<'h>>>,
    events: RefCell<Vec<Event<'h>>>,
    /// Compiled expressions by text, and whether they are to match all of a string.
    pub(crate) regexes: RefCell<Regexes<'h>>,
    /// The files that texts were read from, by the texts' addresses.
    pub(crate) texts: RefCell<FxHashMap<usize, SourceFile>>,
    /// Whether a list or set was made whose elements or attributes may be missing.
    pub(crate) has_absent: Cell<bool>,
    pub(crate) memo: RefCell<FxHashMap<&'static str, Value<'h>>>,
    /// Where the platforms of package sets are said, by the unknowns that stand for these.
    pub(crate) platforms: RefCell<FxHashMap<*const Unknown<'h>, crate::modules::PlatformSource<'h>>>,
    /// Platforms with all that follows from their names, by name.
    pub(crate) elaborated: RefCell<FxHashMap<&'h str, &'h Thunk<'h>>>,
    pub(crate) systems: RefCell<Vec<std::rc::Rc<crate::modules::System<'h>>>>,
    pub(crate) merges: RefCell<Vec<std::rc::Rc<crate::modules::PendingMerge<'h>>>>,
    /// The functions whose calls are recorded, by their addresses, in this order; and those calls: which function,
    /// the environment.
    pub(crate) watching: Cell<&'h [(*const nixscope_hir::Lambda, usize)]>,
    pub(crate) observed: RefCell<Vec<(usize, &'h crate::heap::Env<'h>)>>,
    /// Whether the way of values is recorded, and what of it was.
    recording: Cell<bool>,
    trail: RefCell<trail::Trail<'h>>,
    /// The values that need each other, of the last infinite recursion.
    cycle: RefCell<cycle::Cycle>,
    /// How many alternatives of choices are being looked at, one inside the other.
    pub(crate) forks: Cell<u32>,
    pub(crate) names: Names,
}

/// Symbols that the evaluator itself looks for.
pub(crate) struct Names {
    pub functor: Symbol,
    pub to_string: Symbol,
    pub out_path: Symbol,
    pub overrides: Symbol,
    pub kind: Symbol,
    pub name: Symbol,
    pub value: Symbol,
    pub condition: Symbol,
    pub content: Symbol,
    pub contents: Symbol,
    pub priority: Symbol,
    pub file: Symbol,
}

/// Runs an evaluation in a heap of its own.
pub fn evaluate<R>(
    db: &dyn Db,
    models: &dyn Models,
    budget: Budget,
    run: impl for<'h> FnOnce(&Evaluator<'h>) -> R,
) -> R {
    evaluate_over(db, models, budget, &[], run)
}

/// Runs an evaluation in which some files have other bodies than the database says: half-written text
/// that was mended.
pub fn evaluate_over<R>(
    db: &dyn Db,
    models: &dyn Models,
    budget: Budget,
    drafts: &[(SourceFile, &Body)],
    run: impl for<'h> FnOnce(&Evaluator<'h>) -> R,
) -> R {
    let heap = Heap::default();
    // An outer stack of some size spares the first hundreds of calls from growing it step by step.
    stacker::maybe_grow(1 << 20, 16 << 20, || {
        let ev = Evaluator {
            db,
            heap: &heap,
            models,
            drafts,
            budget,
            steps: Cell::new(0),
            limit: Cell::new(budget.steps),
            refusals: Cell::new(0),
            depth: Cell::new(0),
            files: RefCell::default(),
            contexts: RefCell::default(),
            imports: RefCell::default(),
            origins: RefCell::default(),
            extensible: RefCell::default(),
            events: RefCell::default(),
            regexes: RefCell::default(),
            texts: RefCell::default(),
            has_absent: Cell::new(false),
            memo: RefCell::default(),
            platforms: RefCell::default(),
            elaborated: RefCell::default(),
            systems: RefCell::default(),
            merges: RefCell::default(),
            watching: Cell::new(&[]),
            observed: RefCell::default(),
            recording: Cell::new(false),
            trail: RefCell::default(),
            cycle: RefCell::default(),
            forks: Cell::new(0),
            names: Names {
                functor: Symbol::new("__functor"),
                to_string: Symbol::new("__toString"),
                out_path: Symbol::new("outPath"),
                overrides: Symbol::new("__overrides"),
                kind: Symbol::new("_type"),
                name: Symbol::new("name"),
                value: Symbol::new("value"),
                condition: Symbol::new("condition"),
                content: Symbol::new("content"),
                contents: Symbol::new("contents"),
                priority: Symbol::new("priority"),
                file: Symbol::new("file"),
            },
        };
        run(&ev)
    })
}

impl<'h> Evaluator<'h> {
    /// The value of a thunk. Never [`Halt::Unknown`]: an unknown is a value here.
    pub fn force(&self, thunk: &'h Thunk<'h>) -> Eval<'h, Value<'h>> {
        if let State::Done(value) = thunk.state.get() {
            return Ok(value);
        }
        self.force_pending(thunk)
    }

    #[inline(never)]
    fn force_pending(&self, thunk: &'h Thunk<'h>) -> Eval<'h, Value<'h>> {
        let state = thunk.state.get();
        match state {
            State::Done(value) => return Ok(value),
            State::Failed(error) => return Err(Halt::Fail(error)),
            State::Busy => {
                self.begin_cycle(thunk);
                self.event(EventKind::InfiniteRecursion, thunk.place);
                return Err(self.error(ErrorKind::InfiniteRecursion, "this value needs itself", thunk.place));
            }
            _ => {}
        }
        thunk.state.set(State::Busy);
        let result = self.deeper(|| match state {
            State::Expr(env) => {
                let Some(expr) = thunk.place.expr_id() else { return unreachable_state() };
                self.note_env(thunk, env);
                let value = self.eval(env, expr);
                self.note_computed(thunk, Some((env.file.body, expr)));
                value
            }
            State::Apply(Call { function, arguments: [argument] }) => {
                self.apply(*function, argument, thunk.place)
            }
            State::Apply2(call) => self.apply_all(call.function, &call.arguments, thunk.place),
            State::Select((base, name)) => {
                let value = self.force_select(base, *name, thunk.place);
                self.note_computed(thunk, None);
                value
            }
            State::Native(native) => (native.run)(self, native.args, native.name),
            State::Done(_) | State::Busy | State::Failed(_) => unreachable_state(),
        });
        let result = self.catch_unknown(result);
        match result {
            Ok(value) => thunk.state.set(State::Done(value)),
            Err(Halt::Fail(error)) if error.kind.is_transient() => {
                if error.kind == ErrorKind::InfiniteRecursion {
                    self.extend_cycle(thunk);
                }
                thunk.state.set(state);
            }
            Err(Halt::Fail(error)) => thunk.state.set(State::Failed(error)),
            Err(Halt::Unknown(_)) => thunk.state.set(state),
        }
        result
    }

    /// An unknown that stopped a computation is its value.
    pub(crate) fn catch_unknown(&self, result: Eval<'h, Value<'h>>) -> Eval<'h, Value<'h>> {
        match result {
            Err(Halt::Unknown(unknown)) => Ok(Value::Unknown(unknown)),
            other => other,
        }
    }

    /// The calls of some functions that `run` makes, up to `limit` of each: the function's index, and the
    /// environment of the call. What was evaluated before is not called again, so this comes first.
    pub fn observe_calls(
        &self,
        functions: &[&'h nixscope_hir::Lambda],
        limit: usize,
        run: impl FnOnce(),
    ) -> Vec<(usize, &'h crate::heap::Env<'h>)> {
        let mut watched: Vec<(*const nixscope_hir::Lambda, usize)> =
            functions.iter().enumerate().map(|(index, it)| (std::ptr::from_ref(*it), index)).collect();
        watched.sort_unstable();
        let outer = self.watching.replace(self.heap.slice(&watched));
        let before = std::mem::take(&mut *self.observed.borrow_mut());
        run();
        self.watching.set(outer);
        let mut seen = vec![0; functions.len()];
        let mut calls = std::mem::replace(&mut *self.observed.borrow_mut(), before);
        calls.retain(|(function, _)| {
            seen[*function] += 1;
            seen[*function] <= limit
        });
        calls
    }

    /// Forces a value and what is in it, as far as it can be forced: what fails is passed over.
    ///
    /// Level by level, so that a set without an end (a scope of packages that holds itself) takes nothing from what
    /// stands beside it, and no deeper than anyone writes.
    pub fn force_what_can_be(&self, thunk: &'h Thunk<'h>) {
        const DEEPEST: usize = 64;
        let mut seen: rustc_hash::FxHashSet<*const ()> = rustc_hash::FxHashSet::default();
        let mut level = vec![thunk];
        for _ in 0..DEEPEST {
            let mut below = Vec::new();
            for thunk in level {
                // Looking at what is known already is a step too: sets share a great deal of what is in them.
                if !seen.insert(std::ptr::from_ref(thunk).cast()) {
                    continue;
                }
                if self.step().is_err() {
                    return;
                }
                match self.force(thunk) {
                    Ok(Value::List(list)) if seen.insert(std::ptr::from_ref(list).cast()) => {
                        below.extend(list.items);
                    }
                    Ok(Value::Attrs(attrs)) if seen.insert(std::ptr::from_ref(attrs).cast()) => {
                        below.extend(attrs.entries.iter().map(|attr| attr.value));
                    }
                    Ok(Value::Choice(choice)) => below.extend(choice.alternatives),
                    // What goes into something unknown: the text of `pkgs.writeText`.
                    Ok(Value::Unknown(unknown)) if seen.insert(std::ptr::from_ref(unknown).cast()) => {
                        below.extend(unknown.arguments());
                    }
                    Err(Halt::Fail(error)) if error.kind == ErrorKind::Budget => return,
                    _ => {}
                }
            }
            level = below;
        }
    }

    /// The files that were evaluated or read as text so far, each once, in no particular order.
    pub fn files_read(&self) -> Vec<SourceFile> {
        let mut files: rustc_hash::FxHashSet<SourceFile> = self.contexts.borrow().keys().copied().collect();
        files.extend(self.texts.borrow().values());
        files.into_iter().collect()
    }

    /// Whether a file is part of the program: the library, or a model.
    pub fn is_embedded(&self, file: SourceFile) -> bool {
        file.path(self.db).as_str().starts_with(crate::EMBEDDED_ROOT)
    }

    /// What a file is called that is not the program's own; none for its own files.
    pub fn outside(&self, file: SourceFile) -> Option<String> {
        self.models.outside(file.path(self.db))
    }

    /// What happened so far, in order.
    pub fn events(&self) -> Vec<Event<'h>> {
        self.events.borrow().clone()
    }

    /// Whether something of the kind happened so far.
    pub fn any_event(&self, is: impl FnMut(&Event<'h>) -> bool) -> bool {
        self.events.borrow().iter().any(is)
    }

    pub(crate) fn event(&self, kind: EventKind<'h>, place: Place) {
        self.events.borrow_mut().push(Event { kind, place });
    }

    /// An error of the program.
    pub fn error(&self, kind: ErrorKind, message: &str, place: Place) -> Halt<'h> {
        let message = self.heap.str(message);
        Halt::Fail(self.heap.alloc(EvalError { kind, message, place, notes: &[], option: None }))
    }

    /// An error with one more note of what was being done.
    pub(crate) fn noted(&self, halt: Halt<'h>, note: impl FnOnce() -> String) -> Halt<'h> {
        let Halt::Fail(error) = halt else { return halt };
        if error.notes.len() >= MAX_NOTES {
            return halt;
        }
        let mut notes = error.notes.to_vec();
        notes.push(self.heap.str(&note()));
        let notes = self.heap.slice(&notes);
        Halt::Fail(self.heap.alloc(EvalError { notes, ..*error }))
    }

    /// Whether what is wrong with one module or option is to leave the rest as it is.
    pub(crate) fn is_lenient(&self) -> bool {
        self.models.is_lenient()
    }

    /// The error that a value has the wrong type; for an unknown value the unknown.
    pub fn type_error(&self, wanted: &str, value: Value<'h>, place: Place) -> Halt<'h> {
        match value {
            Value::Unknown(unknown) => Halt::Unknown(unknown),
            Value::Choice(choice) => Halt::Unknown(choice.condition),
            other => {
                let message = format!("expected {wanted}, found {}", other.describe_type());
                self.error(ErrorKind::Type, &message, place)
            }
        }
    }

    pub(crate) fn file_by_index(&self, index: u32) -> Option<SourceFile> {
        self.files.borrow().get(index as usize).copied()
    }
}

/// States that `force_pending` has already returned for, or that nothing makes.
fn unreachable_state<'h>() -> Eval<'h, Value<'h>> {
    Ok(Value::Null)
}
