//! The evaluator: what one evaluation has at hand, and how values are forced.

mod apply;
mod cycle;
mod expr;
mod files;
mod operators;
pub(crate) mod select;
pub(crate) mod site;
pub(crate) mod trail;

use std::cell::{Cell, RefCell};

use nixscope_db::{Db, SourceFile, VfsPath};
use nixscope_hir::{Body, Symbol};
use rustc_hash::FxHashMap;

use crate::error::{ErrorKind, Eval, EvalError, Halt};
use crate::heap::{FileContext, Heap, NativeThunk, State, Thunk};
use crate::machine::Machine;
use crate::place::Place;
use crate::value::{Attr, Attrs, ContextItem, List, Reason, Str, Taint, Unknown, UnknownKind, Value};

/// How much an evaluation may do before what is left becomes unknown.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Budget {
    /// Expressions evaluated.
    pub steps: u64,
    /// Steps inside steps: a call takes two to four of them.
    pub depth: u32,
    /// Bytes of the heap.
    pub memory: usize,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget { steps: 50_000_000, depth: 400_000, memory: 2 << 30 }
    }
}

/// A value that is printed may be as long as this part of the memory budget.
const OUTPUT_SHARE: usize = 16;

/// What is known of the outside: called when an unknown is selected from or called.
pub trait Models: Sync {
    /// The attribute of an unknown, where it is modelled.
    fn select<'h>(&self, ev: &Evaluator<'h>, base: &'h Unknown<'h>, name: Symbol) -> Option<Value<'h>>;
    /// The result of calling an unknown, where it is modelled.
    fn call<'h>(
        &self,
        ev: &Evaluator<'h>,
        function: &'h Unknown<'h>,
        argument: &'h Thunk<'h>,
    ) -> Option<Value<'h>>;
    /// What a file is called that is not the program's own: `inputs.tools/modules/x.nix`.
    fn outside(&self, _path: &VfsPath) -> Option<String> {
        None
    }
    /// Whether a system whose modules have errors is evaluated all the same. Nix stops at a module that
    /// fails and at a definition of something undeclared; an analysis goes on and reports them.
    fn is_lenient(&self) -> bool {
        false
    }
    /// What is known of the machine that evaluates.
    fn machine(&self) -> &Machine {
        &crate::machine::UNKNOWN
    }
    /// What `<name>` gives where the machine's search path has nothing of that name.
    fn search_path<'h>(&self, _ev: &Evaluator<'h>, _name: &str) -> Option<Value<'h>> {
        None
    }
}

/// No models: every unknown stays one.
pub struct NoModels;

impl Models for NoModels {
    fn select<'h>(&self, _: &Evaluator<'h>, _: &'h Unknown<'h>, _: Symbol) -> Option<Value<'h>> {
        None
    }
    fn call<'h>(&self, _: &Evaluator<'h>, _: &'h Unknown<'h>, _: &'h Thunk<'h>) -> Option<Value<'h>> {
        None
    }
}

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
    depth: Cell<u32>,
    files: RefCell<Vec<SourceFile>>,
    contexts: RefCell<FxHashMap<SourceFile, &'h FileContext<'h>>>,
    imports: RefCell<FxHashMap<SourceFile, &'h Thunk<'h>>>,
    /// Sets that are the whole value of a file.
    origins: RefCell<FxHashMap<*const Attrs<'h>, SourceFile>>,
    /// Configuration that a module from outside may add to: the set, and what stands for the rest.
    pub(crate) extensible: RefCell<FxHashMap<*const Attrs<'h>, &'h Unknown<'h>>>,
    events: RefCell<Vec<Event<'h>>>,
    /// Compiled expressions by text, and whether they are to match all of a string.
    pub(crate) regexes: RefCell<Regexes<'h>>,
    /// The files that texts were read from, by the texts' addresses.
    pub(crate) texts: RefCell<FxHashMap<usize, SourceFile>>,
    /// Whether a list or set was made whose elements or attributes may be missing.
    pub(crate) has_absent: Cell<bool>,
    pub(crate) memo: RefCell<FxHashMap<&'static str, Value<'h>>>,
    pub(crate) systems: RefCell<Vec<std::rc::Rc<crate::modules::System<'h>>>>,
    pub(crate) merges: RefCell<Vec<std::rc::Rc<crate::modules::PendingMerge<'h>>>>,
    /// The functions whose calls are recorded, and those calls: which function, the environment.
    pub(crate) watching: Cell<&'h [&'h nixscope_hir::Lambda]>,
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
            State::Expr(env, expr) => {
                self.note_env(thunk, env);
                self.eval(env, expr)
            }
            State::Apply(function, argument) => self.apply(function, argument, thunk.place),
            State::Apply2(function, (first, second)) => {
                self.apply_all(function, &[*first, *second], thunk.place)
            }
            State::Select(base, name) => self.force_select(base, name, thunk.place),
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

    /// Runs one level deeper: counts it, and grows the stack where it is nearly used up.
    pub(crate) fn deeper<R>(&self, run: impl FnOnce() -> Eval<'h, R>) -> Eval<'h, R> {
        let depth = self.depth.get();
        if depth > self.budget.depth {
            return Err(self.error(
                ErrorKind::StackOverflow,
                "the calls are nested too deeply (an endless recursion?)",
                Place::NONE,
            ));
        }
        self.depth.set(depth + 1);
        let result = stacker::maybe_grow(128 << 10, 8 << 20, run);
        self.depth.set(depth);
        result
    }

    /// Counts a step; from time to time looks whether the answer is still wanted and affordable.
    #[inline]
    pub(crate) fn step(&self) -> Eval<'h, ()> {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        if steps & 0xfff == 0 || steps > self.limit.get() { self.check_budget(steps) } else { Ok(()) }
    }

    #[cold]
    fn check_budget(&self, steps: u64) -> Eval<'h, ()> {
        self.db.unwind_if_revision_cancelled();
        if steps > self.limit.get() || self.heap.allocated() > self.budget.memory {
            return Err(self.error(ErrorKind::Budget, "the evaluation budget was spent", Place::NONE));
        }
        Ok(())
    }

    /// Fails where a text that is made to be shown or stored is longer than an evaluation's output may be.
    pub(crate) fn room_for_output(&self, bytes: usize) -> Eval<'h, ()> {
        if bytes <= self.budget.memory / OUTPUT_SHARE {
            return self.room_for(bytes);
        }
        Err(self.error(ErrorKind::Budget, "the value is too large to be printed", Place::NONE))
    }

    /// Whether the memory budget has that many bytes left.
    pub(crate) fn has_room(&self, bytes: usize) -> bool {
        self.heap.allocated().saturating_add(bytes) <= self.budget.memory
    }

    /// Runs a part of the evaluation with a budget of its own, for what is nice to know but may be dear:
    /// a default that is shown to people.
    pub fn within<R>(&self, steps: u64, run: impl FnOnce() -> R) -> R {
        let outer = self.limit.get();
        self.limit.set(outer.min(self.steps.get().saturating_add(steps)));
        let result = run();
        self.limit.set(outer);
        result
    }

    /// The calls of some functions that `run` makes, up to `limit` of each: the function's index, and the
    /// environment of the call. What was evaluated before is not called again, so this comes first.
    pub fn observe_calls(
        &self,
        functions: &[&'h nixscope_hir::Lambda],
        limit: usize,
        run: impl FnOnce(),
    ) -> Vec<(usize, &'h crate::heap::Env<'h>)> {
        let outer = self.watching.replace(self.heap.slice(functions));
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
    pub fn force_what_can_be(&self, thunk: &'h Thunk<'h>) {
        let mut seen: rustc_hash::FxHashSet<*const ()> = rustc_hash::FxHashSet::default();
        let mut stack = vec![thunk];
        while let Some(thunk) = stack.pop() {
            match self.force(thunk) {
                Ok(Value::List(list)) if seen.insert(std::ptr::from_ref(list).cast()) => {
                    stack.extend(list.items.iter().rev());
                }
                Ok(Value::Attrs(attrs)) if seen.insert(std::ptr::from_ref(attrs).cast()) => {
                    stack.extend(attrs.entries.iter().map(|attr| attr.value));
                }
                Ok(Value::Choice(choice)) => stack.extend(choice.alternatives.iter()),
                // What goes into something unknown: the text of `pkgs.writeText`.
                Ok(Value::Unknown(unknown)) if seen.insert(std::ptr::from_ref(unknown).cast()) => {
                    stack.extend(unknown.arguments());
                }
                Err(Halt::Fail(error)) if error.kind == ErrorKind::Budget => return,
                _ => {}
            }
        }
    }

    /// The files that were evaluated or read as text so far, each once, in no particular order.
    pub fn files_read(&self) -> Vec<SourceFile> {
        let mut files: rustc_hash::FxHashSet<SourceFile> = self.contexts.borrow().keys().copied().collect();
        files.extend(self.texts.borrow().values());
        files.into_iter().collect()
    }

    /// What a file is called that is not the program's own; none for its own files.
    pub fn outside(&self, file: SourceFile) -> Option<String> {
        self.models.outside(file.path(self.db))
    }

    /// How many expressions were evaluated so far.
    pub fn steps(&self) -> u64 {
        self.steps.get()
    }

    /// Whether a budget has been spent, so that what is missing in the results is unknown.
    pub fn is_exhausted(&self) -> bool {
        self.steps.get() > self.budget.steps || self.heap.allocated() > self.budget.memory
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

    /// A new unknown.
    pub fn unknown(&self, path: &str, reason: Reason, taint: Taint, place: Place) -> &'h Unknown<'h> {
        let kind = UnknownKind::Root(self.heap.str(path));
        self.heap.alloc(Unknown { kind, reason, taint, place })
    }

    /// A value as a thunk.
    pub fn done(&self, value: Value<'h>) -> &'h Thunk<'h> {
        self.heap.thunk(Thunk::done(value, Place::NONE))
    }

    /// A value as a thunk with its origin.
    pub fn done_at(&self, value: Value<'h>, place: Place) -> &'h Thunk<'h> {
        self.heap.thunk(Thunk::done(value, place))
    }

    /// A thunk that fails.
    pub(crate) fn failed(&self, halt: Halt<'h>, place: Place) -> &'h Thunk<'h> {
        match halt {
            Halt::Fail(error) => self.heap.thunk(Thunk::new(State::Failed(error), place)),
            Halt::Unknown(unknown) => self.done_at(Value::Unknown(unknown), place),
        }
    }

    pub(crate) fn delay_apply(&self, function: Value<'h>, argument: &'h Thunk<'h>) -> &'h Thunk<'h> {
        self.heap.thunk(Thunk::new(State::Apply(function, argument), argument.place))
    }

    pub(crate) fn delay_apply2(
        &self,
        function: Value<'h>,
        first: &'h Thunk<'h>,
        second: &'h Thunk<'h>,
    ) -> &'h Thunk<'h> {
        let pair = self.heap.alloc((first, second));
        self.heap.thunk(Thunk::new(State::Apply2(function, pair), second.place))
    }

    /// A delayed selection of one attribute.
    pub fn delay_select(&self, base: &'h Thunk<'h>, name: Symbol, place: Place) -> &'h Thunk<'h> {
        self.heap.thunk(Thunk::new(State::Select(base, name), place))
    }

    pub(crate) fn delay_native(
        &self,
        run: for<'a> fn(&'a Evaluator<'h>, &'h [&'h Thunk<'h>], Symbol) -> Eval<'h, Value<'h>>,
        args: &[&'h Thunk<'h>],
        name: Symbol,
        place: Place,
    ) -> &'h Thunk<'h> {
        let native = self.heap.alloc(NativeThunk { run, args: self.heap.slice(args), name });
        self.heap.thunk(Thunk::new(State::Native(native), place))
    }

    /// A string value without context.
    pub fn string(&self, text: &str) -> Value<'h> {
        self.string_in(self.heap.str(text), &[])
    }

    /// A string value of text that is in the heap already.
    pub(crate) fn string_in(&self, text: &'h str, context: &'h [ContextItem<'h>]) -> Value<'h> {
        Value::Str(self.heap.alloc(Str { text, context }))
    }

    /// A path value; the path must be absolute, and is normalised.
    pub fn path(&self, path: &str) -> Value<'h> {
        let normal = nixscope_db::VfsPath::new(path);
        Value::Path(self.heap.alloc(self.heap.str(normal.as_str())))
    }

    /// A list value.
    pub fn list(&self, items: &[&'h Thunk<'h>]) -> Value<'h> {
        self.list_in(self.heap.slice(items))
    }

    pub(crate) fn list_in(&self, items: &'h [&'h Thunk<'h>]) -> Value<'h> {
        Value::List(self.heap.alloc(List { items, open: None }))
    }

    /// An attribute set; where a name occurs twice the last one counts.
    pub fn attrs(&self, mut entries: Vec<Attr<'h>>) -> Value<'h> {
        entries.sort_by_key(|attr| attr.name);
        // Stable sort: of equal names the last is the one to keep.
        entries.reverse();
        entries.dedup_by_key(|attr| attr.name);
        entries.reverse();
        self.attrs_sorted(&entries, None)
    }

    pub(crate) fn attrs_sorted(&self, entries: &[Attr<'h>], open: Option<&'h Unknown<'h>>) -> Value<'h> {
        let entries = self.heap.slice(entries);
        Value::Attrs(self.heap.alloc(Attrs { entries, open }))
    }

    /// An attribute without a place.
    pub fn attr(&self, name: &str, value: Value<'h>) -> Attr<'h> {
        Attr { name: Symbol::new(name), place: Place::NONE, value: self.done(value) }
    }

    pub(crate) fn file_by_index(&self, index: u32) -> Option<SourceFile> {
        self.files.borrow().get(index as usize).copied()
    }
}

/// States that `force_pending` has already returned for.
fn unreachable_state<'h>() -> Eval<'h, Value<'h>> {
    Ok(Value::Null)
}

/// Tying knots: what a flake's `self` needs.
impl<'h> Evaluator<'h> {
    /// A thunk that is given its content later, with [`Evaluator::set_cell`].
    pub fn cell(&self) -> &'h Thunk<'h> {
        self.heap.thunk(Thunk::new(State::Done(Value::Null), Place::NONE))
    }

    /// Gives a thunk made by [`Evaluator::cell`] the content of another that is not forced yet.
    pub fn set_cell(&self, cell: &'h Thunk<'h>, content: &'h Thunk<'h>) {
        cell.state.set(content.state.get());
    }

    /// `function argument`, where the function is not known yet.
    pub fn delay_call(&self, function: &'h Thunk<'h>, argument: &'h Thunk<'h>) -> &'h Thunk<'h> {
        fn run<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], _: Symbol) -> Eval<'h, Value<'h>> {
            let function = ev.force(args[0])?;
            ev.apply(function, args[1], args[0].place)
        }
        self.delay_native(run, &[function, argument], self.names.value, function.place)
    }

    /// `left // right`, delayed.
    pub fn delay_update(&self, left: &'h Thunk<'h>, right: &'h Thunk<'h>) -> &'h Thunk<'h> {
        fn run<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], _: Symbol) -> Eval<'h, Value<'h>> {
            let (left, right) = (ev.force(args[0])?, ev.force(args[1])?);
            ev.update(left, right, Place::NONE)
        }
        self.delay_native(run, &[left, right], self.names.value, Place::NONE)
    }
}
