//! What is known in part: elements and attributes that may be missing, lists and sets that may go on.

use nixscope_hir::Symbol;

use super::Builtin;
use crate::Evaluator;
use crate::error::{ErrorKind, Eval, Halt};
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Attr, Attrs, Choice, List, Native, Taint, Unknown, UnknownKind, Value};

/// Calls a function that was not evaluated when it was passed on.
static CALL: Builtin = Builtin { name: "call", arity: 2, run: call, doc: "" };

fn call<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    ev.apply(ev.force(args[0])?, args[1], place)
}

/// The choice, where an element or attribute value may be missing.
pub(super) fn absent<'h>(thunk: &'h Thunk<'h>) -> Option<&'h Choice<'h>> {
    match thunk.peek() {
        Some(Value::Choice(choice)) if choice.absent => Some(choice),
        _ => None,
    }
}

impl<'h> Evaluator<'h> {
    /// An element or attribute value that may be missing.
    pub(crate) fn maybe(&self, condition: &'h Unknown<'h>, thunk: &'h Thunk<'h>) -> &'h Thunk<'h> {
        self.has_absent.set(true);
        if absent(thunk).is_some() {
            return thunk;
        }
        self.done_at(self.choice(condition, &[thunk], true), thunk.place())
    }

    /// A list that may go on.
    pub(crate) fn open_list(&self, items: &[&'h Thunk<'h>], open: Option<&'h Unknown<'h>>) -> Value<'h> {
        Value::List(self.heap.alloc(List { items: self.heap.slice(items), open }))
    }

    /// The list's elements, if it is known how many there are and which.
    pub(crate) fn exact_list(&self, thunk: &'h Thunk<'h>, place: Place) -> Eval<'h, &'h [&'h Thunk<'h>]> {
        let list = self.closed_list(thunk, place)?;
        self.certain(list.items)?;
        Ok(list.items)
    }

    /// Ends with the unknown that one of the elements depends on, if one may be missing.
    pub(crate) fn certain(&self, items: &[&'h Thunk<'h>]) -> Eval<'h, ()> {
        if !self.has_absent.get() {
            return Ok(());
        }
        match items.iter().find_map(|item| absent(item)) {
            Some(choice) => Err(Halt::Unknown(choice.condition)),
            None => Ok(()),
        }
    }

    /// `function` applied to each element, later; one that may be missing stays so.
    pub(crate) fn map_items(&self, function: Value<'h>, items: &'h [&'h Thunk<'h>]) -> &'h [&'h Thunk<'h>] {
        self.heap.slice_with(items.len(), |index| {
            let item = items[index];
            match absent(item) {
                None => self.delay_apply(function, item),
                Some(choice) => {
                    let mapped: Vec<_> =
                        choice.alternatives.iter().map(|it| self.delay_apply(function, it)).collect();
                    self.done_at(self.choice(choice.condition, &mapped, true), item.place())
                }
            }
        })
    }

    /// The set of an argument. One that is unknown is a set of which nothing is known; what is taken
    /// from it is named after the builtin.
    pub(crate) fn partial_attrs(
        &self,
        builtin: &str,
        thunk: &'h Thunk<'h>,
        place: Place,
    ) -> Eval<'h, &'h Attrs<'h>> {
        match self.force_attrs(thunk, place) {
            Err(Halt::Unknown(unknown)) => {
                let open = Some(self.made_from(builtin, unknown, thunk, place));
                Ok(self.heap.alloc(Attrs { entries: &[], open }))
            }
            other => other,
        }
    }

    /// The unknown result of a builtin that got an unknown.
    pub(crate) fn made_from(
        &self,
        builtin: &str,
        unknown: &'h Unknown<'h>,
        thunk: &'h Thunk<'h>,
        place: Place,
    ) -> &'h Unknown<'h> {
        let taint = match unknown.taint {
            Taint::Derivation => Taint::Derivation,
            Taint::PackageSet | Taint::None => Taint::None,
        };
        let reason = unknown.reason;
        let function = self.unknown(&format!("builtins.{builtin}"), reason, taint, place);
        self.heap.alloc(Unknown { kind: UnknownKind::Call(function, thunk), reason, taint, place })
    }

    /// Fails where the evaluation may not take that much more memory.
    pub(crate) fn room_for(&self, bytes: usize) -> Eval<'h, ()> {
        if bytes < 1 << 16 || self.has_room(bytes) {
            return Ok(());
        }
        Err(self.error(ErrorKind::Budget, "the evaluation's memory budget was spent", Place::NONE))
    }

    /// An attribute's name as a value.
    pub(crate) fn name_thunk(&self, attr: &Attr<'h>) -> &'h Thunk<'h> {
        let name = self.done_at(self.symbol(attr.name), attr.place);
        match absent(attr.value) {
            Some(choice) => self.maybe(choice.condition, name),
            None => name,
        }
    }

    /// A name as a string value; its text is not copied.
    pub(crate) fn symbol(&self, name: Symbol) -> Value<'h> {
        self.string_in(name.as_str(), &[])
    }

    /// A function; fails at once where it is none.
    pub(crate) fn force_function(&self, thunk: &'h Thunk<'h>, place: Place) -> Eval<'h, Value<'h>> {
        let value = self.force(thunk)?;
        match value {
            Value::Lambda(_) | Value::Native(_) | Value::Unknown(_) | Value::Choice(_) => Ok(value),
            Value::Attrs(attrs) if attrs.open.is_some() || attrs.get(self.names.functor).is_some() => {
                Ok(value)
            }
            other => Err(self.type_error("a function", other, place)),
        }
    }

    /// A function that is called later, if at all: where it fails, only its calls fail.
    pub(crate) fn later_function(&self, thunk: &'h Thunk<'h>) -> Value<'h> {
        match self.force(thunk) {
            Ok(function) => function,
            Err(_) => {
                let args = self.heap.slice(&[thunk]);
                Value::Native(self.heap.alloc(Native { builtin: &CALL, args }))
            }
        }
    }

    /// A name given as a string.
    pub(crate) fn force_name(&self, thunk: &'h Thunk<'h>, place: Place) -> Eval<'h, Symbol> {
        Ok(Symbol::new(self.force_str(thunk, place)?.text))
    }
}
