//! Choices: values that depend on something unknown.

use nixscope_hir::Symbol;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::Evaluator;
use crate::error::{Eval, Halt};
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Attr, Attrs, Choice, List, Unknown, Value};

/// More alternatives than this are not kept apart: the value is unknown.
const MAX_ALTERNATIVES: usize = 16;

/// As many alternatives are looked at to take one choice apart. Without a limit, a recursion that a condition ends would
/// not end where the condition is not known.
const MAX_LOOKED_AT: usize = 64;

/// Conditions that are not known inside as many alternatives give no further choice but an unknown. The cost of choices
/// multiplies with each level: a parser that runs over an unknown text would look at every text there is.
const MAX_FORKS: u32 = 10;

/// A choice taken apart.
pub(crate) struct Apart<'h> {
    /// The values of the alternatives that do not fail.
    pub(crate) values: Vec<Value<'h>>,
    /// Whether these are all.
    pub(crate) all: bool,
    /// Whether there may be no value.
    pub(crate) absent: bool,
}

/// An element without its perhaps: that it may be absent is said anew of every element of a choice of lists. Lists that
/// grew out of each other (`if elem x list then list else list ++ [ x ]`) have the same elements, then.
fn without_doubt<'h>(item: &'h Thunk<'h>) -> &'h Thunk<'h> {
    let mut item = item;
    while let Some(Value::Choice(Choice { alternatives: [only], absent: true, .. })) = item.peek() {
        item = only;
    }
    item
}

impl<'h> Evaluator<'h> {
    /// A choice of alternatives; widened to its condition where there are too many.
    pub fn choice(
        &self,
        condition: &'h Unknown<'h>,
        alternatives: &[&'h Thunk<'h>],
        absent: bool,
    ) -> Value<'h> {
        if alternatives.len() > MAX_ALTERNATIVES {
            return Value::Unknown(condition);
        }
        let alternatives = self.heap.slice(alternatives);
        Value::Choice(self.heap.alloc(Choice { condition, alternatives, absent }))
    }

    /// Applies a step to every alternative. Alternatives that fail are not the ones taken; if all
    /// fail, the first failure is the result.
    pub(crate) fn map_choice(
        &self,
        choice: &'h Choice<'h>,
        mut step: impl FnMut(Value<'h>) -> Eval<'h, Value<'h>>,
    ) -> Eval<'h, Value<'h>> {
        let mut results: Vec<&'h Thunk<'h>> = Vec::new();
        let mut failure = None;
        for alternative in choice.alternatives {
            let result = self.fork(1, || match self.force(alternative) {
                Ok(value) => self.catch_unknown(step(value)),
                Err(error) => Err(error),
            });
            match result {
                Ok(value) => results.push(self.done_at(value, alternative.place())),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        match (results.as_slice(), failure) {
            ([], Some(failure)) => Err(failure),
            ([], None) => Ok(Value::Unknown(choice.condition)),
            _ => Ok(self.choice(choice.condition, &results, choice.absent)),
        }
    }

    /// The alternatives' values, nested choices taken apart, failing ones left out; not all where there are too many.
    pub fn alternatives(&self, choice: &'h Choice<'h>) -> Vec<Value<'h>> {
        self.take_apart(choice).values
    }

    /// The alternatives' values.
    pub(crate) fn take_apart(&self, choice: &'h Choice<'h>) -> Apart<'h> {
        let mut out = Apart { values: Vec::new(), all: true, absent: choice.absent };
        // With each alternative, how many choices lie around it.
        let mut stack: Vec<(&'h Thunk<'h>, u32)> =
            choice.alternatives.iter().rev().map(|thunk| (*thunk, 1)).collect();
        let mut looked_at = 0;
        while let Some((thunk, level)) = stack.pop() {
            looked_at += 1;
            if out.values.len() >= MAX_ALTERNATIVES || looked_at > MAX_LOOKED_AT {
                out.all = false;
                break;
            }
            match self.fork(level, || self.force(thunk)) {
                Ok(Value::Choice(inner)) => {
                    out.absent |= inner.absent;
                    stack.extend(inner.alternatives.iter().rev().map(|thunk| (*thunk, level + 1)));
                }
                Ok(value) => out.values.push(value),
                Err(_) => {}
            }
        }
        out
    }

    /// Looks at an alternative inside so many choices.
    pub(crate) fn fork<R>(&self, levels: u32, run: impl FnOnce() -> R) -> R {
        let outer = self.forks.get();
        self.forks.set(outer + levels);
        let result = run();
        self.forks.set(outer);
        result
    }

    /// Both branches of a condition that is not known; where that would be a choice inside too many others, unknown.
    pub(crate) fn branch(&self, condition: &'h Unknown<'h>, branches: &[&'h Thunk<'h>]) -> Value<'h> {
        match self.forks.get() < MAX_FORKS {
            true => self.choice(condition, branches, false),
            false => Value::Unknown(condition),
        }
    }

    /// Takes a choice apart where it does not matter which alternative is taken; else it is unknown.
    /// Sets, lists and functions stay a choice if they are the only kind.
    #[inline]
    pub fn settle(&self, value: Value<'h>) -> Eval<'h, Value<'h>> {
        match value {
            Value::Choice(choice) => self.settle_choice(choice),
            value => Ok(value),
        }
    }

    #[cold]
    fn settle_choice(&self, choice: &'h Choice<'h>) -> Eval<'h, Value<'h>> {
        let Apart { values, all, .. } = self.take_apart(choice);
        let Some((first, rest)) = values.split_first() else { return Ok(Value::Unknown(choice.condition)) };
        if rest.is_empty() && all {
            return Ok(*first);
        }
        let same = all
            && rest.iter().all(|other| match (first, other) {
                (Value::Bool(a), Value::Bool(b)) => a == b,
                (Value::Int(a), Value::Int(b)) => a == b,
                (Value::Null, Value::Null) => true,
                (Value::Str(a), Value::Str(b)) => a.text == b.text,
                (Value::Path(a), Value::Path(b)) => a == b,
                _ => false,
            });
        if same {
            return Ok(*first);
        }
        if values.iter().all(|value| matches!(value, Value::Attrs(_))) {
            return Ok(Value::Attrs(self.merge_attr_choice(choice, Place::NONE)?));
        }
        if values.iter().all(|value| matches!(value, Value::List(_))) {
            return Ok(Value::List(self.merge_list_choice(choice, Place::NONE)?));
        }
        Ok(Value::Unknown(choice.condition))
    }

    /// A choice of sets as one set, whose attributes may be absent.
    pub(crate) fn merge_attr_choice(&self, choice: &'h Choice<'h>, place: Place) -> Eval<'h, &'h Attrs<'h>> {
        let mut sets: Vec<&'h Attrs<'h>> = Vec::new();
        let Apart { values, all, .. } = self.take_apart(choice);
        let mut open = if all { None } else { Some(choice.condition) };
        for value in values {
            match self.as_attrs(value, place) {
                Ok(attrs) => {
                    open = open.or(attrs.open);
                    sets.push(attrs);
                }
                Err(Halt::Unknown(unknown)) => open = Some(unknown),
                Err(Halt::Fail(_)) => {}
            }
        }
        if sets.is_empty() {
            return Err(Halt::Unknown(open.unwrap_or(choice.condition)));
        }
        let mut merged: FxHashMap<Symbol, (Attr<'h>, Vec<&'h Thunk<'h>>)> = FxHashMap::default();
        for attr in sets.iter().flat_map(|set| set.entries) {
            merged.entry(attr.name).or_insert((*attr, Vec::new())).1.push(attr.value);
        }
        let total = sets.len();
        let mut entries: Vec<Attr<'h>> = merged
            .into_values()
            .map(|(attr, mut values)| {
                let everywhere = values.len() == total && !choice.absent && all;
                values.dedup_by(|a, b| std::ptr::eq(*a, *b));
                if everywhere && values.len() == 1 {
                    return attr;
                }
                self.has_absent.set(true);
                let value = self.choice(choice.condition, &values, !everywhere);
                Attr { value: self.done_at(value, attr.value.place()), ..attr }
            })
            .collect();
        entries.sort_unstable_by_key(|attr| attr.name);
        let entries = self.heap.slice(&entries);
        Ok(self.heap.alloc(Attrs { entries, open }))
    }

    /// A choice of lists as one list, whose elements may be absent.
    pub(crate) fn merge_list_choice(&self, choice: &'h Choice<'h>, place: Place) -> Eval<'h, &'h List<'h>> {
        let mut items: Vec<&'h Thunk<'h>> = Vec::new();
        let mut known: FxHashSet<*const Thunk<'h>> = FxHashSet::default();
        let Apart { values, all, .. } = self.take_apart(choice);
        let mut open = if all { None } else { Some(choice.condition) };
        let mut any = false;
        for value in values {
            match self.as_list(value, place) {
                Ok(list) => {
                    any = true;
                    open = open.or(list.open);
                    let plain = list.items.iter().map(|item| without_doubt(item));
                    items.extend(plain.filter(|item| known.insert(std::ptr::from_ref(*item))));
                }
                Err(Halt::Unknown(unknown)) => open = Some(unknown),
                Err(Halt::Fail(_)) => {}
            }
        }
        if !any {
            return Err(Halt::Unknown(open.unwrap_or(choice.condition)));
        }
        self.has_absent.set(true);
        let items: Vec<&'h Thunk<'h>> = items
            .into_iter()
            .map(|item| self.done_at(self.choice(choice.condition, &[item], true), item.place()))
            .collect();
        let items = self.heap.slice(&items);
        Ok(self.heap.alloc(List { items, open }))
    }

    /// The value as a list; a choice of lists as one list with elements that may be absent.
    pub fn as_list(&self, value: Value<'h>, place: Place) -> Eval<'h, &'h List<'h>> {
        match value {
            Value::List(list) => Ok(list),
            Value::Choice(choice) => self.merge_list_choice(choice, place),
            other => Err(self.type_error("a list", other, place)),
        }
    }

    /// The value as a list; see [`Evaluator::as_list`].
    pub fn force_list(&self, thunk: &'h Thunk<'h>, place: Place) -> Eval<'h, &'h List<'h>> {
        let value = self.force(thunk)?;
        self.as_list(value, place)
    }

    /// A list whose length and elements are all known.
    pub(crate) fn closed_list(&self, thunk: &'h Thunk<'h>, place: Place) -> Eval<'h, &'h List<'h>> {
        let list = self.force_list(thunk, place)?;
        match list.open {
            Some(unknown) => Err(Halt::Unknown(unknown)),
            None => Ok(list),
        }
    }
}
