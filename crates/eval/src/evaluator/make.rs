//! Making values and thunks.

use nixscope_hir::Symbol;

use super::Evaluator;
use crate::error::{Eval, Halt};
use crate::heap::{Call, NativeThunk, State, Thunk};
use crate::place::Place;
use crate::value::{Attr, Attrs, ContextItem, List, Reason, Str, Taint, Unknown, UnknownKind, Value};

impl<'h> Evaluator<'h> {
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
        let call = self.heap.alloc(Call { function, arguments: [argument] });
        self.heap.thunk(Thunk::new(State::Apply(call), argument.place))
    }

    pub(crate) fn delay_apply2(
        &self,
        function: Value<'h>,
        first: &'h Thunk<'h>,
        second: &'h Thunk<'h>,
    ) -> &'h Thunk<'h> {
        let call = self.heap.alloc(Call { function, arguments: [first, second] });
        self.heap.thunk(Thunk::new(State::Apply2(call), second.place))
    }

    /// A delayed selection of one attribute.
    pub fn delay_select(&self, base: &'h Thunk<'h>, name: Symbol, place: Place) -> &'h Thunk<'h> {
        self.heap.thunk(Thunk::new(State::Select(self.heap.alloc((base, name))), place))
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
}

/// Tying knots: what a flake's `self` needs.
impl<'h> Evaluator<'h> {
    /// A thunk that is given its content later, with [`Evaluator::set_cell`].
    pub fn cell(&self) -> &'h Thunk<'h> {
        self.heap.thunk(Thunk::new(State::Done(Value::Null), Place::NONE))
    }

    /// Gives a thunk made by [`Evaluator::cell`] the content of another.
    pub fn set_cell(&self, cell: &'h Thunk<'h>, content: &'h Thunk<'h>) {
        fn run<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], _: Symbol) -> Eval<'h, Value<'h>> {
            ev.force(args[0])
        }
        let delayed = self.delay_native(run, &[content], self.names.value, Place::NONE);
        cell.state.set(content.peek().map_or_else(|| delayed.state.get(), State::Done));
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
