//! Builtins on attribute sets.

use nixscope_hir::Symbol;
use rustc_hash::FxHashMap;

use super::Builtin;
use super::partial::absent;
use crate::Evaluator;
use crate::error::{Eval, Halt};
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Attr, Attrs, Choice, List, Unknown, Value};

pub(super) const BUILTINS: &[Builtin] = &[
    Builtin {
        name: "attrNames",
        arity: 1,
        run: attr_names,
        doc: "`attrNames set`: the names of the attributes, sorted.",
    },
    Builtin {
        name: "attrValues",
        arity: 1,
        run: attr_values,
        doc: "`attrValues set`: the values, in the order of the sorted names.",
    },
    Builtin {
        name: "catAttrs",
        arity: 2,
        run: cat_attrs,
        doc: "`catAttrs name list`: the attribute `name` of each set of the list that has it.",
    },
    Builtin {
        name: "functionArgs",
        arity: 1,
        run: function_args,
        doc: "`functionArgs f`: the names that `f` takes from a set, each with whether it has a default.",
    },
    Builtin {
        name: "getAttr",
        arity: 2,
        run: get_attr,
        doc: "`getAttr name set`: the attribute; `set.${name}`.",
    },
    Builtin {
        name: "hasAttr",
        arity: 2,
        run: has_attr,
        doc: "`hasAttr name set`: whether the set has the attribute; `set ? ${name}`.",
    },
    Builtin {
        name: "intersectAttrs",
        arity: 2,
        run: intersect_attrs,
        doc: "`intersectAttrs a b`: the attributes of `b` whose names are in `a`.",
    },
    Builtin {
        name: "listToAttrs",
        arity: 1,
        run: list_to_attrs,
        doc: "`listToAttrs list`: a set of a list of `{ name; value; }`; of equal names the first counts.",
    },
    Builtin {
        name: "mapAttrs",
        arity: 2,
        run: map_attrs,
        doc: "`mapAttrs f set`: every value replaced by `f name value`.",
    },
    Builtin {
        name: "removeAttrs",
        arity: 2,
        run: remove_attrs,
        doc: "`removeAttrs set names`: the set without the attributes of the list.",
    },
    Builtin {
        name: "zipAttrsWith",
        arity: 2,
        run: zip_attrs_with,
        doc: "`zipAttrsWith f list`: merges sets; each value is `f name values`, with the values in the order of the list.",
    },
    Builtin {
        name: "unsafeGetAttrPos",
        arity: 2,
        run: attr_position,
        doc: "`unsafeGetAttrPos name set`: where the attribute is written, `{ file; line; column; }`, or null.",
    },
];

fn attr_names<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let attrs = ev.force_attrs(args[0], place)?;
    let sorted = attrs.sorted();
    let items = ev.heap.slice_with(sorted.len(), |index| ev.name_thunk(sorted[index]));
    Ok(Value::List(ev.heap.alloc(List { items, open: attrs.open })))
}

fn attr_values<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let attrs = ev.force_attrs(args[0], place)?;
    let sorted = attrs.sorted();
    let items = ev.heap.slice_with(sorted.len(), |index| sorted[index].value);
    Ok(Value::List(ev.heap.alloc(List { items, open: attrs.open })))
}

fn cat_attrs<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let name = ev.force_name(args[0], place)?;
    let list = ev.force_list(args[1], place)?;
    let mut open = list.open;
    let mut found = Vec::with_capacity(list.items.len());
    for item in list.items {
        let set = match ev.force_attrs(item, place) {
            Ok(set) => set,
            Err(Halt::Unknown(unknown)) => {
                open = open.or(Some(unknown));
                continue;
            }
            Err(error) => return Err(error),
        };
        match set.get(name) {
            Some(attr) => found.push(attr.value),
            None => open = open.or(set.open),
        }
    }
    Ok(ev.open_list(&found, open))
}

fn function_args<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let function = ev.settle(ev.force(args[0])?)?;
    match function {
        Value::Lambda(_) | Value::Native(_) => {
            let formals = ev.formals(function).unwrap_or_default();
            let entry =
                |(name, default, place)| Attr { name, place, value: ev.done_at(Value::Bool(default), place) };
            Ok(ev.attrs(formals.into_iter().map(entry).collect()))
        }
        other => Err(ev.type_error("a function", other, place)),
    }
}

fn get_attr<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let name = ev.force_name(args[0], place)?;
    let set = ev.force(args[1])?;
    match ev.get_attr(set, name, place) {
        Ok(Some(attr)) => ev.force(attr.value),
        Ok(None) => Err(ev.missing_attribute(set, name, place)),
        Err(Halt::Unknown(unknown)) => ev.select_unknown(unknown, name, place),
        Err(error) => Err(error),
    }
}

fn has_attr<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let name = ev.force_name(args[0], place)?;
    let set = ev.force(args[1])?;
    match ev.get_attr(set, name, place)? {
        Some(attr) => match absent(attr.value) {
            Some(choice) => Err(Halt::Unknown(choice.condition)),
            None => Ok(Value::Bool(true)),
        },
        None => Ok(Value::Bool(false)),
    }
}

fn attr_position<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let name = ev.force_name(args[0], place)?;
    let set = ev.force(args[1])?;
    Ok(match ev.get_attr(set, name, place)? {
        Some(attr) => ev.position(attr.place),
        None => Value::Null,
    })
}

fn intersect_attrs<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let names = ev.force_attrs(args[0], place)?;
    let values = match ev.force_attrs(args[1], place) {
        Err(Halt::Unknown(unknown)) => ev.heap.alloc(Attrs { entries: &[], open: Some(unknown) }),
        other => other?,
    };
    let mut entries = Vec::with_capacity(names.entries.len().min(values.entries.len()));
    if names.open.is_none() && values.open.is_none() && names.entries.len() * 8 < values.entries.len() {
        let wanted = names.entries.iter();
        entries.extend(wanted.filter(|it| absent(it.value).is_none()).filter_map(|it| values.get(it.name)));
        if entries.len() == names.entries.len() {
            return Ok(ev.attrs_sorted(&entries, None));
        }
        entries.clear();
    }
    let mut wanted = names.entries.iter().peekable();
    let mut given = values.entries.iter().peekable();
    loop {
        match (wanted.peek(), given.peek()) {
            (Some(name), Some(attr)) if name.name == attr.name => {
                entries.push(match absent(name.value) {
                    Some(choice) => Attr { value: ev.maybe(choice.condition, attr.value), ..**attr },
                    None => **attr,
                });
                wanted.next();
                given.next();
            }
            (Some(name), other) if other.is_none_or(|attr| name.name < attr.name) => {
                // Whoever asks a set that is not known for a name expects to find it.
                if let Some(unknown) = values.open {
                    let base = ev.done(Value::Unknown(unknown));
                    let value = ev.delay_select(base, name.name, name.place);
                    entries.push(Attr { name: name.name, place: name.place, value });
                }
                wanted.next();
            }
            (_, Some(attr)) => {
                if let Some(unknown) = names.open {
                    entries.push(Attr { value: ev.maybe(unknown, attr.value), ..**attr });
                }
                given.next();
            }
            (_, None) => break,
        }
    }
    Ok(ev.attrs_sorted(&entries, names.open.and(values.open)))
}

fn list_to_attrs<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let list = ev.force_list(args[0], place)?;
    let mut builder =
        Builder { entries: Vec::with_capacity(list.items.len()), open: list.open, partial: false };
    for item in list.items {
        let value = ev.force(item)?;
        match value {
            Value::Choice(choice) => {
                let alternatives = ev.alternatives(choice);
                let certain = alternatives.len() == 1 && !choice.absent;
                for alternative in alternatives {
                    let condition = (!certain).then_some(choice.condition);
                    builder.add(ev, item, alternative, condition, place)?;
                }
            }
            value => builder.add(ev, item, value, None, place)?,
        }
    }
    Ok(builder.finish(ev))
}

/// Collects the attributes of `listToAttrs`.
struct Builder<'h> {
    entries: Vec<Attr<'h>>,
    open: Option<&'h Unknown<'h>>,
    /// Whether an attribute may be missing.
    partial: bool,
}

impl<'h> Builder<'h> {
    fn add(
        &mut self,
        ev: &Evaluator<'h>,
        item: &'h Thunk<'h>,
        value: Value<'h>,
        condition: Option<&'h Unknown<'h>>,
        place: Place,
    ) -> Eval<'h, ()> {
        match self.entry(ev, item, value, condition, place) {
            Ok(entry) => {
                self.partial |= condition.is_some();
                self.entries.push(entry);
                Ok(())
            }
            Err(Halt::Unknown(unknown)) => {
                self.open = self.open.or(Some(unknown));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn entry(
        &self,
        ev: &Evaluator<'h>,
        item: &'h Thunk<'h>,
        element: Value<'h>,
        condition: Option<&'h Unknown<'h>>,
        place: Place,
    ) -> Eval<'h, Attr<'h>> {
        let part = |name: Symbol| match ev.get_attr(element, name, place)? {
            Some(attr) => Ok(attr),
            None => Err(ev.missing_attribute(element, name, item.place().or(place))),
        };
        let name = part(ev.names.name)?;
        let symbol = ev.force_name(name.value, name.place.or(place))?;
        let Attr { value, place, .. } = part(ev.names.value)?;
        let value = match condition {
            Some(condition) => ev.maybe(condition, value),
            None => value,
        };
        // As in Nix, the attribute stands where its value is given.
        Ok(Attr { name: symbol, place: place.or(name.place).or(item.place()), value })
    }

    fn finish(self, ev: &Evaluator<'h>) -> Value<'h> {
        let Builder { mut entries, open, partial } = self;
        // Stable, so that of equal names the first is kept.
        entries.sort_by_key(|attr| attr.name);
        if partial {
            entries.dedup_by(|later, first| {
                if later.name != first.name {
                    return false;
                }
                if let Some(choice) = absent(first.value) {
                    first.value = otherwise(ev, choice, later.value);
                }
                true
            });
        } else {
            entries.dedup_by_key(|attr| attr.name);
        }
        ev.attrs_sorted(&entries, open)
    }
}

/// What may be missing, and what counts then.
fn otherwise<'h>(ev: &Evaluator<'h>, first: &'h Choice<'h>, second: &'h Thunk<'h>) -> &'h Thunk<'h> {
    let mut alternatives = first.alternatives.to_vec();
    let mut missing = false;
    match absent(second) {
        Some(choice) => {
            alternatives.extend_from_slice(choice.alternatives);
            missing = true;
        }
        None => alternatives.push(second),
    }
    let place = first.alternatives.first().map_or(Place::NONE, |it| it.place());
    ev.done_at(ev.choice(first.condition, &alternatives, missing), place)
}

fn map_attrs<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let attrs = ev.partial_attrs("mapAttrs", args[1], place)?;
    let function = ev.later_function(args[0]);
    let entries = ev.heap.slice_with(attrs.entries.len(), |index| {
        let attr = attrs.entries[index];
        let name = ev.done_at(ev.symbol(attr.name), attr.place);
        let value = match absent(attr.value) {
            None => ev.delay_apply2(function, name, attr.value),
            Some(choice) => {
                let mapped = choice.alternatives.iter().map(|it| ev.delay_apply2(function, name, it));
                let mapped: Vec<_> = mapped.collect();
                ev.done_at(ev.choice(choice.condition, &mapped, true), attr.value.place())
            }
        };
        Attr { value, ..attr }
    });
    Ok(Value::Attrs(ev.heap.alloc(Attrs { entries, open: attrs.open })))
}

fn remove_attrs<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let attrs = ev.partial_attrs("removeAttrs", args[0], place)?;
    let list = match ev.force_list(args[1], place) {
        Err(Halt::Unknown(unknown)) => ev.heap.alloc(List { items: &[], open: Some(unknown) }),
        other => other?,
    };
    let mut names = Vec::with_capacity(list.items.len());
    let mut doubtful: Vec<(Symbol, &'h Unknown<'h>)> = Vec::new();
    let mut unclear = list.open;
    for item in list.items {
        match ev.force_name(item, place) {
            Ok(name) => match absent(item) {
                Some(choice) => doubtful.push((name, choice.condition)),
                None => names.push(name),
            },
            Err(Halt::Unknown(unknown)) => unclear = unclear.or(Some(unknown)),
            Err(error) => return Err(error),
        }
    }
    names.sort_unstable();
    let kept = attrs.entries.iter().filter(|attr| names.binary_search(&attr.name).is_err());
    let kept: Vec<Attr<'h>> = match (unclear, doubtful.is_empty()) {
        (None, true) => kept.copied().collect(),
        _ => kept
            .map(|attr| {
                let doubt = doubtful.iter().find(|(name, _)| *name == attr.name);
                match doubt.map(|(_, condition)| *condition).or(unclear) {
                    Some(condition) => Attr { value: ev.maybe(condition, attr.value), ..*attr },
                    None => *attr,
                }
            })
            .collect(),
    };
    if kept.len() == attrs.entries.len() && unclear.is_none() && doubtful.is_empty() {
        return Ok(Value::Attrs(attrs));
    }
    Ok(ev.attrs_sorted(&kept, attrs.open))
}

fn zip_attrs_with<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let function = ev.force_function(args[0], place)?;
    let list = ev.force_list(args[1], place)?;
    let mut open = list.open;
    let mut groups: FxHashMap<Symbol, (Place, Vec<&'h Thunk<'h>>)> = FxHashMap::default();
    for item in list.items {
        let set = match ev.force_attrs(item, place) {
            Ok(set) => set,
            Err(Halt::Unknown(unknown)) => {
                open = open.or(Some(unknown));
                continue;
            }
            Err(error) => return Err(error),
        };
        open = open.or(set.open);
        for attr in set.entries {
            groups.entry(attr.name).or_insert_with(|| (attr.place, Vec::new())).1.push(attr.value);
        }
    }
    let mut entries: Vec<Attr<'h>> = groups
        .into_iter()
        .map(|(name, (place, values))| {
            let name_thunk = ev.done_at(ev.symbol(name), place);
            let list = ev.done_at(ev.open_list(&values, open), place);
            Attr { name, place, value: ev.delay_apply2(function, name_thunk, list) }
        })
        .collect();
    entries.sort_unstable_by_key(|attr| attr.name);
    Ok(ev.attrs_sorted(&entries, open))
}
