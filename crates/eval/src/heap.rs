//! The memory of one evaluation: a bump allocator, thunks, environments.

use std::cell::Cell;

use bumpalo::Bump;
use nixscope_db::SourceFile;
use nixscope_hir::{Body, ExprId, Symbol};

use crate::error::EvalError;
use crate::place::Place;
use crate::value::Value;

/// The memory of one evaluation. Nothing in it is dropped one by one; it must hold nothing that owns
/// memory elsewhere.
#[derive(Default)]
pub struct Heap {
    bump: Bump,
}

impl Heap {
    /// Puts a value that lives as long as the heap.
    pub fn alloc<T: Copy>(&self, value: T) -> &T {
        self.bump.alloc(value)
    }

    /// Puts a thunk.
    pub fn thunk<'h>(&'h self, thunk: Thunk<'h>) -> &'h Thunk<'h> {
        self.bump.alloc(thunk)
    }

    /// Puts many thunks side by side.
    pub(crate) fn thunks<'h>(&'h self, len: usize, fill: impl FnMut(usize) -> Thunk<'h>) -> &'h [Thunk<'h>] {
        self.bump.alloc_slice_fill_with(len, fill)
    }

    pub(crate) fn env<'h>(&'h self, env: Env<'h>) -> &'h Env<'h> {
        self.bump.alloc(env)
    }

    /// Copies a string.
    pub fn str(&self, text: &str) -> &str {
        self.bump.alloc_str(text)
    }

    /// Copies a slice.
    pub fn slice<T: Copy>(&self, items: &[T]) -> &[T] {
        self.bump.alloc_slice_copy(items)
    }

    /// Fills a slice.
    pub fn slice_with<T>(&self, len: usize, fill: impl FnMut(usize) -> T) -> &mut [T]
    where
        T: Copy,
    {
        self.bump.alloc_slice_fill_with(len, fill)
    }

    pub(crate) fn slots<'h>(&'h self, len: usize, fill: &'h Thunk<'h>) -> Slots<'h> {
        match len {
            1 => Slots::One(Cell::new(fill)),
            _ => Slots::Many(self.bump.alloc_slice_fill_with(len, |_| Cell::new(fill))),
        }
    }

    /// Bytes handed out so far.
    pub fn allocated(&self) -> usize {
        self.bump.allocated_bytes()
    }
}

/// A value that may not have been computed yet. Most of what an evaluation takes is thunks: 24 bytes each, for which every
/// state fits beside the tag of a value.
pub struct Thunk<'h> {
    pub(crate) state: Cell<State<'h>>,
    pub(crate) place: Place,
}

#[derive(Clone, Copy)]
pub(crate) enum State<'h> {
    Done(Value<'h>),
    /// The expression that the thunk's place is, in an environment.
    Expr(&'h Env<'h>),
    /// `function argument`
    Apply(&'h Call<'h, 1>),
    /// `function first second`
    Apply2(&'h Call<'h, 2>),
    /// `base.name`, for `inherit (base) name`.
    Select(&'h (&'h Thunk<'h>, Symbol)),
    /// Anything else: a function of the evaluator and two words of data.
    Native(&'h NativeThunk<'h>),
    Busy,
    Failed(&'h EvalError<'h>),
}

/// A delayed call.
#[derive(Clone, Copy)]
pub(crate) struct Call<'h, const N: usize> {
    pub(crate) function: Value<'h>,
    pub(crate) arguments: [&'h Thunk<'h>; N],
}

/// A function of the evaluator that a thunk may wait to run.
pub(crate) type RunNative<'h> =
    for<'a> fn(&'a crate::Evaluator<'h>, &'h [&'h Thunk<'h>], Symbol) -> crate::error::Eval<'h, Value<'h>>;

/// A delayed computation of the evaluator's own.
#[derive(Clone, Copy)]
pub(crate) struct NativeThunk<'h> {
    pub(crate) run: RunNative<'h>,
    pub(crate) args: &'h [&'h Thunk<'h>],
    pub(crate) name: Symbol,
}

impl<'h> Thunk<'h> {
    /// A thunk that is already a value.
    pub fn done(value: Value<'h>, place: Place) -> Thunk<'h> {
        Thunk { state: Cell::new(State::Done(value)), place }
    }

    pub(crate) fn new(state: State<'h>, place: Place) -> Thunk<'h> {
        Thunk { state: Cell::new(state), place }
    }

    /// An expression that waits to be evaluated; its place says which.
    pub(crate) fn expr(env: &'h Env<'h>, expr: ExprId) -> Thunk<'h> {
        Thunk::new(State::Expr(env), Place::expr(env.file.index, expr))
    }

    /// Where the value is written.
    pub fn place(&self) -> Place {
        self.place
    }

    /// The value, if it has been computed.
    pub fn peek(&self) -> Option<Value<'h>> {
        match self.state.get() {
            State::Done(value) => Some(value),
            _ => None,
        }
    }

    /// The expression that would be evaluated, if it has not been yet.
    pub fn pending_expr(&self) -> Option<(&'h Env<'h>, ExprId)> {
        match self.state.get() {
            State::Expr(env) => Some((env, self.place.expr_id()?)),
            _ => None,
        }
    }
}

/// What one file contributes to an evaluation.
#[derive(Clone, Copy)]
pub struct FileContext<'h> {
    /// The file.
    pub source: SourceFile,
    /// Its expressions.
    pub body: &'h Body,
    /// Its path.
    pub path: &'h str,
    /// The directory that relative paths start from.
    pub directory: &'h str,
    pub(crate) index: u32,
    /// What the file is, behind its functions and `let`s: the end of its spine.
    pub(crate) end: ExprId,
    /// What comes before the base environment, in a file that `scopedImport` reads.
    pub(crate) scope: Option<&'h Thunk<'h>>,
}

/// An environment: the slots of one scope, and the one around it. Every call makes one, so it is small: 32 bytes, with the
/// argument of a plain function in it.
pub struct Env<'h> {
    pub(crate) parent: Option<&'h Env<'h>>,
    pub(crate) file: &'h FileContext<'h>,
    /// What the names of the scope stand for; of a `with`, its namespace.
    pub(crate) slots: Slots<'h>,
}

/// The slots of an environment.
pub(crate) enum Slots<'h> {
    One(Cell<&'h Thunk<'h>>),
    Many(&'h [Cell<&'h Thunk<'h>>]),
}

impl<'h> Slots<'h> {
    pub(crate) const NONE: Slots<'h> = Slots::Many(&[]);

    pub(crate) fn cells(&self) -> &[Cell<&'h Thunk<'h>>] {
        match self {
            Slots::One(cell) => std::slice::from_ref(cell),
            Slots::Many(cells) => cells,
        }
    }
}

const _: () = assert!(size_of::<Env<'static>>() == 32 && size_of::<Thunk<'static>>() == 24);

impl<'h> Env<'h> {
    /// The file whose expressions run in this environment.
    pub fn file(&self) -> &'h FileContext<'h> {
        self.file
    }

    /// It and the environments around it, innermost first.
    pub fn ancestors(&'h self) -> impl Iterator<Item = &'h Env<'h>> {
        std::iter::successors(Some(self), |env| env.parent)
    }
}
