//! Builtins on lists.

use nixscope_hir::Symbol;
use rustc_hash::FxHashMap;

use super::Builtin;
use super::partial::absent;
use crate::Evaluator;
use crate::error::{ErrorKind, Eval, Halt};
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Attr, List, Unknown, Value};

pub(super) const BUILTINS: &[Builtin] = &[
    Builtin { name: "all", arity: 2, run: all, doc: "`all f list`: whether `f` is true of every element." },
    Builtin { name: "any", arity: 2, run: any, doc: "`any f list`: whether `f` is true of some element." },
    Builtin {
        name: "concatLists",
        arity: 1,
        run: concat_lists,
        doc: "`concatLists lists`: one list of a list of lists.",
    },
    Builtin {
        name: "concatMap",
        arity: 2,
        run: concat_map,
        doc: "`concatMap f list`: `concatLists (map f list)`.",
    },
    Builtin { name: "elem", arity: 2, run: elem, doc: "`elem x list`: whether an element equals `x`." },
    Builtin {
        name: "elemAt",
        arity: 2,
        run: elem_at,
        doc: "`elemAt list n`: the element at an index that starts at 0.",
    },
    Builtin {
        name: "filter",
        arity: 2,
        run: filter,
        doc: "`filter f list`: the elements of which `f` is true.",
    },
    Builtin {
        name: "foldl'",
        arity: 3,
        run: foldl,
        doc: "`foldl' f start list`: `f (f start x0) x1 …`, evaluated at every step.",
    },
    Builtin {
        name: "genList",
        arity: 2,
        run: gen_list,
        doc: "`genList f n`: `[ (f 0) (f 1) … (f (n - 1)) ]`.",
    },
    Builtin {
        name: "groupBy",
        arity: 2,
        run: group_by,
        doc: "`groupBy f list`: a set of lists; `f` says to which an element belongs.",
    },
    Builtin { name: "head", arity: 1, run: head, doc: "`head list`: the first element." },
    Builtin { name: "length", arity: 1, run: length, doc: "`length list`: how many elements there are." },
    Builtin { name: "map", arity: 2, run: map, doc: "`map f list`: `f` of every element." },
    Builtin {
        name: "partition",
        arity: 2,
        run: partition,
        doc: "`partition f list`: `{ right; wrong; }`, the elements of which `f` is true and the others.",
    },
    Builtin { name: "tail", arity: 1, run: tail, doc: "`tail list`: the list without its first element." },
];

fn map<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let list = ev.force_list(args[1], place)?;
    if list.items.is_empty() {
        return Ok(Value::List(list));
    }
    let function = ev.force_function(args[0], place)?;
    let items = ev.map_items(function, list.items);
    Ok(Value::List(ev.heap.alloc(List { items, open: list.open })))
}

/// What a predicate says of an element: yes, no, or the unknown it depends on.
fn ask<'h>(
    ev: &Evaluator<'h>,
    predicate: Value<'h>,
    item: &'h Thunk<'h>,
    place: Place,
) -> Eval<'h, Result<bool, &'h Unknown<'h>>> {
    let answer = ev.apply(predicate, item, place)?;
    ev.as_truth(answer, place)
}

fn all<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    quantify(ev, args, place, true)
}

fn any<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    quantify(ev, args, place, false)
}

/// `all` and `any`: one element can decide it, whatever is not known of the others.
fn quantify<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place, all: bool) -> Eval<'h, Value<'h>> {
    let predicate = ev.force_function(args[0], place)?;
    let list = ev.force_list(args[1], place)?;
    let mut unknown = ev.rest_of(list);
    for item in list.items {
        match ask(ev, predicate, item, place)? {
            Ok(answer) if answer == all => {}
            Ok(_) => match absent(item) {
                Some(choice) => unknown = unknown.or(Some(choice.condition)),
                None => return Ok(Value::Bool(!all)),
            },
            Err(it) => unknown = unknown.or(Some(it)),
        }
    }
    match unknown {
        Some(unknown) => Err(Halt::Unknown(unknown)),
        None => Ok(Value::Bool(all)),
    }
}

/// Appends the elements of a value that should be a list.
fn append<'h>(
    ev: &Evaluator<'h>,
    value: Value<'h>,
    items: &mut Vec<&'h Thunk<'h>>,
    open: &mut Option<&'h Unknown<'h>>,
    place: Place,
) -> Eval<'h, ()> {
    let list = ev.list_operand(value, place)?;
    items.extend_from_slice(list.items);
    *open = open.or(list.open);
    ev.room_for(items.len() * size_of::<usize>())
}

fn concat_lists<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let lists = ev.force_list(args[0], place)?;
    let mut open = lists.open;
    let mut items = Vec::new();
    for item in lists.items {
        append(ev, ev.force(item)?, &mut items, &mut open, place)?;
    }
    Ok(ev.open_list(&items, open))
}

fn concat_map<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let function = ev.force_function(args[0], place)?;
    let list = ev.force_list(args[1], place)?;
    let mut open = list.open;
    let mut items = Vec::with_capacity(list.items.len());
    for item in list.items {
        let value = match absent(item) {
            None => ev.apply(function, item, place)?,
            Some(choice) => {
                ev.map_choice(choice, |it| ev.apply(function, ev.done_at(it, item.place()), place))?
            }
        };
        append(ev, value, &mut items, &mut open, place)?;
    }
    Ok(ev.open_list(&items, open))
}

fn elem<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let list = ev.force_list(args[1], place)?;
    let mut unknown = ev.rest_of(list);
    for item in list.items {
        // Needed only now: nothing is in an empty list, whatever is looked for.
        match ev.equal(ev.force(args[0])?, ev.force(item)?, place) {
            Ok(false) => {}
            Ok(true) => match absent(item) {
                Some(choice) => unknown = unknown.or(Some(choice.condition)),
                None => return Ok(Value::Bool(true)),
            },
            Err(Halt::Unknown(it)) => unknown = unknown.or(Some(it)),
            Err(error) => return Err(error),
        }
    }
    match unknown {
        Some(unknown) => Err(Halt::Unknown(unknown)),
        None => Ok(Value::Bool(false)),
    }
}

/// The element at an index, if everything before it is certain.
fn nth<'h>(ev: &Evaluator<'h>, list: &'h List<'h>, index: usize, place: Place) -> Eval<'h, Value<'h>> {
    match list.items.get(index) {
        Some(item) => {
            ev.certain(&list.items[..=index])?;
            ev.force(item)
        }
        None => match list.open {
            Some(unknown) => Err(Halt::Unknown(unknown)),
            None => {
                ev.certain(list.items)?;
                let message = format!("the list has {} elements; there is none at {index}", list.items.len());
                Err(ev.error(ErrorKind::Other, &message, place))
            }
        },
    }
}

fn elem_at<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let list = ev.force_list(args[0], place)?;
    let index = ev.force_int(args[1], place)?;
    match usize::try_from(index) {
        Ok(index) => nth(ev, list, index, place),
        Err(_) => Err(ev.error(ErrorKind::Other, &format!("there is no element at {index}"), place)),
    }
}

fn head<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let list = ev.force_list(args[0], place)?;
    nth(ev, list, 0, place)
}

fn tail<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let list = ev.force_list(args[0], place)?;
    match list.items.split_first() {
        Some((first, rest)) => {
            ev.certain(&[*first])?;
            Ok(Value::List(ev.heap.alloc(List { items: rest, open: list.open })))
        }
        None => match list.open {
            Some(unknown) => Err(Halt::Unknown(unknown)),
            None => Err(ev.error(ErrorKind::Other, "the tail of an empty list", place)),
        },
    }
}

fn length<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let items = ev.exact_list(args[0], place)?;
    Ok(Value::Int(i64::try_from(items.len()).unwrap_or(i64::MAX)))
}

/// Splits a list by a predicate; an element of which it is not known may be in both parts.
fn divide<'h>(
    ev: &Evaluator<'h>,
    predicate: Value<'h>,
    list: &'h List<'h>,
    place: Place,
    mut right: impl FnMut(&'h Thunk<'h>),
    mut wrong: impl FnMut(&'h Thunk<'h>),
) -> Eval<'h, ()> {
    for item in list.items {
        let item = *item;
        let Some(choice) = absent(item) else {
            match ask(ev, predicate, item, place)? {
                Ok(true) => right(item),
                Ok(false) => wrong(item),
                Err(unknown) => {
                    right(ev.maybe(unknown, item));
                    wrong(ev.maybe(unknown, item));
                }
            }
            continue;
        };
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for alternative in choice.alternatives {
            match ask(ev, predicate, alternative, place) {
                Ok(Ok(true)) => yes.push(*alternative),
                Ok(Ok(false)) => no.push(*alternative),
                Ok(Err(_)) => {
                    yes.push(*alternative);
                    no.push(*alternative);
                }
                // A branch that fails is not the one that is taken.
                Err(_) => {}
            }
        }
        if !yes.is_empty() {
            right(ev.done_at(ev.choice(choice.condition, &yes, true), item.place()));
        }
        if !no.is_empty() {
            wrong(ev.done_at(ev.choice(choice.condition, &no, true), item.place()));
        }
    }
    Ok(())
}

fn filter<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let list = ev.force_list(args[1], place)?;
    if list.items.is_empty() {
        return Ok(Value::List(list));
    }
    let predicate = ev.force_function(args[0], place)?;
    let mut kept = Vec::with_capacity(list.items.len());
    divide(ev, predicate, list, place, |item| kept.push(item), |_| {})?;
    Ok(ev.open_list(&kept, list.open))
}

fn partition<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let predicate = ev.force_function(args[0], place)?;
    let list = ev.force_list(args[1], place)?;
    let (mut right, mut wrong) = (Vec::new(), Vec::new());
    // Unlike `filter`, Nix's `partition` needs the elements even where the predicate does not.
    for item in list.items {
        ev.force(item)?;
    }
    divide(ev, predicate, list, place, |item| right.push(item), |item| wrong.push(item))?;
    let right = ev.attr("right", ev.open_list(&right, list.open));
    let wrong = ev.attr("wrong", ev.open_list(&wrong, list.open));
    Ok(ev.attrs(vec![right, wrong]))
}

fn foldl<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let function = ev.force_function(args[0], place)?;
    let list = ev.force_list(args[2], place)?;
    let mut result = args[1];
    for item in list.items {
        let value = match absent(item) {
            None => ev.apply_all(function, &[result, item], place)?,
            Some(choice) => {
                let mut outcomes = vec![result];
                for alternative in choice.alternatives {
                    // A branch that fails is not the one that is taken.
                    if let Ok(value) = ev.apply_all(function, &[result, alternative], place) {
                        outcomes.push(ev.done(value));
                    }
                }
                ev.choice(choice.condition, &outcomes, false)
            }
        };
        result = ev.done(value);
    }
    // What else the list may hold goes in as one unknown element.
    match list.open {
        Some(unknown) => ev.apply_all(function, &[result, ev.done(Value::Unknown(unknown))], place),
        None => ev.force(result),
    }
}

fn gen_list<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let count = ev.force_int(args[1], place)?;
    let Ok(count) = usize::try_from(count) else {
        return Err(ev.error(ErrorKind::Other, &format!("cannot make a list of {count} elements"), place));
    };
    let function = ev.later_function(args[0]);
    ev.room_for(count.saturating_mul(96))?;
    let numbers = ev
        .heap
        .thunks(count, |index| Thunk::done(Value::Int(i64::try_from(index).unwrap_or(i64::MAX)), place));
    let numbers = ev.heap.slice_with(count, |index| &numbers[index]);
    Ok(ev.list_in(ev.map_items(function, numbers)))
}

fn group_by<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let function = ev.force_function(args[0], place)?;
    let list = ev.force_list(args[1], place)?;
    let mut open = list.open;
    let mut groups: FxHashMap<Symbol, Vec<&'h Thunk<'h>>> = FxHashMap::default();
    for item in list.items {
        let name = ev.settle(ev.apply(function, item, place)?)?;
        match name {
            Value::Str(name) => groups.entry(Symbol::new(name.text)).or_default().push(item),
            Value::Unknown(unknown) => open = open.or(Some(unknown)),
            other => return Err(ev.type_error("a string", other, place)),
        }
    }
    let mut entries: Vec<Attr<'h>> = groups
        .into_iter()
        .map(|(name, items)| {
            let place = items.first().map_or(place, |item| item.place());
            Attr { name, place, value: ev.done_at(ev.open_list(&items, open), place) }
        })
        .collect();
    entries.sort_unstable_by_key(|attr| attr.name);
    Ok(ev.attrs_sorted(&entries, open))
}
