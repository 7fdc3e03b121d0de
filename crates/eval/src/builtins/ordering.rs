//! `sort` and `genericClosure`.

use nixscope_hir::Symbol;
use rustc_hash::FxHashSet;

use super::Builtin;
use super::partial::absent;
use crate::Evaluator;
use crate::error::{ErrorKind, Eval, Halt};
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::Value;

pub(super) const BUILTINS: &[Builtin] = &[
    Builtin {
        name: "sort",
        arity: 2,
        run: sort,
        doc: "`sort less list`: the list in order; elements of which neither is less keep theirs.",
    },
    Builtin {
        name: "genericClosure",
        arity: 1,
        run: generic_closure,
        doc: "`genericClosure { startSet; operator; }`: the sets of `startSet` and all that `operator` finds from them, each `key` once.",
    },
];

fn sort<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let list = ev.force_list(args[1], place)?;
    if list.items.is_empty() {
        return Ok(Value::List(list));
    }
    let less = ev.force_function(args[0], place)?;
    if let Value::Native(native) = less
        && native.builtin.name == "lessThan"
        && native.args.is_empty()
        && let Some(sorted) = sort_scalars(ev, list.items)?
    {
        return Ok(ev.open_list(&sorted, list.open));
    }
    let mut items = list.items.to_vec();
    let mut spare = items.clone();
    merge_sort(&mut items, &mut spare, &mut |a, b| {
        let answer = ev.apply_all(less, &[a, b], place)?;
        // Where the order is not known the elements stay as they are.
        Ok(ev.as_truth(answer, place)?.unwrap_or(false))
    })?;
    Ok(ev.open_list(&items, list.open))
}

/// Sorts integers or strings without calling anything; none where the elements are neither.
fn sort_scalars<'h>(ev: &Evaluator<'h>, items: &[&'h Thunk<'h>]) -> Eval<'h, Option<Vec<&'h Thunk<'h>>>> {
    match ev.force(items[0])? {
        Value::Int(_) => sort_keyed(ev, items, |value| match value {
            Value::Int(value) => Some(value),
            _ => None,
        }),
        Value::Str(_) => sort_keyed(ev, items, |value| match value {
            Value::Str(text) => Some(text.text),
            _ => None,
        }),
        _ => Ok(None),
    }
}

fn sort_keyed<'h, K: Ord>(
    ev: &Evaluator<'h>,
    items: &[&'h Thunk<'h>],
    key: impl Fn(Value<'h>) -> Option<K>,
) -> Eval<'h, Option<Vec<&'h Thunk<'h>>>> {
    let mut keyed = Vec::with_capacity(items.len());
    for item in items {
        match key(ev.force(item)?) {
            Some(key) => keyed.push((key, *item)),
            None => return Ok(None),
        }
    }
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(Some(keyed.into_iter().map(|(_, item)| item).collect()))
}

/// A stable merge sort whose comparison can fail and need not be consistent.
fn merge_sort<'h, T: Copy>(
    items: &mut [T],
    spare: &mut [T],
    less: &mut impl FnMut(T, T) -> Eval<'h, bool>,
) -> Eval<'h, ()> {
    const SHORT: usize = 8;
    if items.len() <= SHORT {
        for end in 1..items.len() {
            let mut at = end;
            while at > 0 && less(items[at], items[at - 1])? {
                items.swap(at, at - 1);
                at -= 1;
            }
        }
        return Ok(());
    }
    let middle = items.len() / 2;
    let (left, right) = items.split_at_mut(middle);
    let (left_spare, right_spare) = spare.split_at_mut(middle);
    merge_sort(left, left_spare, less)?;
    merge_sort(right, right_spare, less)?;
    if !less(right[0], left[middle - 1])? {
        return Ok(());
    }
    let (mut i, mut j) = (0, 0);
    for slot in spare.iter_mut() {
        let take_right = match (left.get(i), right.get(j)) {
            (Some(a), Some(b)) => less(*b, *a)?,
            (None, _) => true,
            (_, None) => false,
        };
        if take_right {
            *slot = right[j];
            j += 1;
        } else {
            *slot = left[i];
            i += 1;
        }
    }
    items.copy_from_slice(spare);
    Ok(())
}

/// The keys that were seen; numbers, strings and paths by hash, what is left by comparison.
#[derive(Default)]
struct Keys<'h> {
    numbers: FxHashSet<u64>,
    texts: FxHashSet<&'h str>,
    paths: FxHashSet<&'h str>,
    lists: Vec<Value<'h>>,
    /// The type of all keys: those of different types have no order.
    kind: Option<&'static str>,
}

impl<'h> Keys<'h> {
    fn insert(&mut self, ev: &Evaluator<'h>, key: Value<'h>, place: Place) -> Eval<'h, bool> {
        let kind = match key {
            Value::Unknown(unknown) => return Err(Halt::Unknown(unknown)),
            Value::Int(_) | Value::Float(_) => "number",
            Value::Str(_) | Value::Path(_) | Value::List(_) => key.type_name(),
            other => return Err(ev.type_error("a key that can be compared", other, place)),
        };
        if *self.kind.get_or_insert(kind) != kind {
            return Err(ev.error(ErrorKind::Type, "the keys of a closure must all have one type", place));
        }
        Ok(match key {
            Value::Int(value) => self.numbers.insert(value.cast_unsigned()),
            Value::Float(value) if value.fract() == 0.0 && value.abs() < 9e15 => {
                self.numbers.insert((value as i64).cast_unsigned())
            }
            Value::Str(text) => self.texts.insert(text.text),
            Value::Path(path) => self.paths.insert(path),
            other => {
                for known in &self.lists {
                    if ev.equal(*known, other, place)? {
                        return Ok(false);
                    }
                }
                self.lists.push(other);
                true
            }
        })
    }
}

fn generic_closure<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let set = ev.force(args[0])?;
    let part = |name: &str| {
        let name = Symbol::new(name);
        match ev.get_attr(set, name, place)? {
            Some(attr) => Ok(attr.value),
            None => Err(ev.missing_attribute(set, name, place)),
        }
    };
    let start = ev.force_list(part("startSet")?, place)?;
    let mut open = start.open;
    if start.items.is_empty() {
        return Ok(Value::List(start));
    }
    let operator = ev.force(part("operator")?)?;
    let key_name = Symbol::new("key");
    let mut keys = Keys::default();
    let mut found: Vec<&'h Thunk<'h>> = start.items.to_vec();
    let mut closure: Vec<&'h Thunk<'h>> = Vec::new();
    let mut next = 0;
    while let Some(item) = found.get(next).copied() {
        next += 1;
        let value = ev.force(item)?;
        let attr = match ev.get_attr(value, key_name, place) {
            Ok(Some(attr)) => attr,
            Ok(None) => return Err(ev.missing_attribute(value, key_name, item.place().or(place))),
            Err(Halt::Unknown(unknown)) => {
                open = open.or(Some(unknown));
                continue;
            }
            Err(error) => return Err(error),
        };
        let key = ev.settle(ev.force(attr.value)?)?;
        match keys.insert(ev, key, place) {
            Ok(true) => {}
            Ok(false) => continue,
            // It may or may not be one that is there already: it stays.
            Err(Halt::Unknown(unknown)) => {
                closure.push(ev.maybe(unknown, item));
                open = open.or(Some(unknown));
                continue;
            }
            Err(error) => return Err(error),
        }
        closure.push(item);
        let more = ev.apply(operator, item, place)?;
        let more = ev.list_operand(more, place)?;
        open = open.or(more.open);
        match absent(item) {
            None => found.extend_from_slice(more.items),
            Some(choice) => found.extend(more.items.iter().map(|it| ev.maybe(choice.condition, it))),
        }
        ev.room_for(found.len() * size_of::<usize>())?;
    }
    Ok(ev.open_list(&closure, open))
}
