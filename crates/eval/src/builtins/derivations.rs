//! Derivations, symbolically: a set that knows its name, its arguments and its outputs.
//!
//! The hash in a store path is not Nix's: that would need the hashes of all sources. It follows from
//! the arguments alone, so that equal derivations are equal and different ones differ.

use nixscope_hir::Symbol;

use super::Builtin;
use super::hashes::{sha256, store_path};
use crate::Evaluator;
use crate::coerce::Coercion;
use crate::error::{ErrorKind, Eval, Halt};
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Attr, ContextItem, Reason, Taint, Value};

pub(super) const BUILTINS: &[Builtin] = &[
    Builtin {
        name: "derivation",
        arity: 1,
        run: derivation,
        doc: "`derivation { name; system; builder; outputs ? [ \"out\" ]; … }`: a set that stands for a build.",
    },
    Builtin {
        name: "derivationStrict",
        arity: 1,
        run: derivation_strict,
        doc: "`derivationStrict args`: the paths of a derivation and of its outputs.",
    },
];

fn derivation<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let outputs = outputs(ev, args[0], place)?;
    let first = outputs.first().copied().unwrap_or_else(|| Symbol::new("out"));
    let strict = ev.delay_native(strict_later, &[args[0]], first, place);
    output(ev, &[args[0], strict], first)
}

/// The names of the outputs; `out` where the derivation does not say or it is not known.
fn outputs<'h>(ev: &Evaluator<'h>, args: &'h Thunk<'h>, place: Place) -> Eval<'h, Vec<Symbol>> {
    let set = ev.force_attrs(args, place)?;
    let mut names = Vec::new();
    if let Some(attr) = set.get(Symbol::new("outputs")) {
        match ev.force_list(attr.value, attr.place.or(place)) {
            Ok(list) => {
                if list.items.is_empty() && list.open.is_none() {
                    return Err(ev.error(
                        ErrorKind::Other,
                        "a derivation needs an output",
                        attr.place.or(place),
                    ));
                }
                for item in list.items {
                    match ev.force_name(item, place) {
                        Ok(name) => names.push(name),
                        Err(Halt::Unknown(_)) => {}
                        Err(error) => return Err(error),
                    }
                }
            }
            Err(Halt::Unknown(_)) => {}
            Err(error) => return Err(error),
        }
    }
    let repeated = names.iter().enumerate().any(|(at, name)| names[..at].contains(name));
    if repeated || names.iter().any(|name| matches!(name.as_str(), "drv" | "drvPath")) {
        return Err(ev.error(
            ErrorKind::Other,
            "the outputs of this derivation cannot have these names",
            place,
        ));
    }
    if names.is_empty() {
        names.push(Symbol::new("out"));
    }
    Ok(names)
}

/// One output of a derivation, as a set; `args` are its arguments and its paths.
fn output<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], name: Symbol) -> Eval<'h, Value<'h>> {
    let (arguments, strict) = (args[0], args[1]);
    let place = strict.place();
    let set = ev.force_attrs(arguments, place)?;
    let delayed = |name: Symbol| ev.delay_native(output_later, &[arguments, strict], name, place);
    let mut entries = Vec::with_capacity(set.entries.len() + 8);
    entries.extend_from_slice(set.entries);
    let mut all = Vec::new();
    for output in outputs(ev, arguments, place)? {
        let value = delayed(output);
        all.push(value);
        entries.push(Attr { name: output, place, value });
    }
    let drv_path = Symbol::new("drvPath");
    let mut add = |name: &str, value| entries.push(Attr { name: Symbol::new(name), place, value });
    add("all", ev.done(ev.list(&all)));
    add("drvAttrs", arguments);
    add("outPath", ev.delay_select(strict, name, place));
    add("drvPath", ev.delay_select(strict, drv_path, place));
    add("type", ev.done_at(ev.string_in("derivation", &[]), place));
    add("outputName", ev.done_at(ev.symbol(name), place));
    Ok(match (ev.attrs(entries), set.open) {
        (Value::Attrs(attrs), Some(open)) => ev.attrs_sorted(attrs.entries, Some(open)),
        (value, _) => value,
    })
}

fn output_later<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], name: Symbol) -> Eval<'h, Value<'h>> {
    output(ev, args, name)
}

fn strict_later<'h>(ev: &Evaluator<'h>, args: &'h [&'h Thunk<'h>], _: Symbol) -> Eval<'h, Value<'h>> {
    derivation_strict(ev, args, args[0].place())
}

fn derivation_strict<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let set = ev.force_attrs(args[0], place)?;
    let Some(name) = set.get(ev.names.name) else {
        return Err(match set.open {
            Some(unknown) => Halt::Unknown(unknown),
            None => ev.missing_attribute(Value::Attrs(set), ev.names.name, place),
        });
    };
    let name = match ev.force_str(name.value, name.place.or(place)) {
        Ok(name) => name.text,
        Err(Halt::Unknown(_)) => {
            let unknown = ev.unknown("derivation", Reason::Derivation, Taint::Derivation, place);
            return Err(Halt::Unknown(unknown));
        }
        Err(error) => return Err(error),
    };
    for required in ["builder", "system"].map(Symbol::new) {
        if set.get(required).is_none() && set.open.is_none() {
            return Err(ev.missing_attribute(Value::Attrs(set), required, place));
        }
    }
    if !name_is_valid(name) {
        let message = format!("a derivation cannot be named {name:?}");
        return Err(ev.error(ErrorKind::Other, &message, place));
    }
    let structured = match set.get(Symbol::new("__structuredAttrs")) {
        Some(attr) => ev.force_bool(attr.value, attr.place.or(place)).or_else(|halt| match halt {
            Halt::Unknown(_) => Ok(true),
            error => Err(error),
        })?,
        None => false,
    };
    let ignores_nulls = match set.get(Symbol::new("__ignoreNulls")) {
        Some(attr) => match ev.force_bool(attr.value, attr.place.or(place)) {
            Ok(value) => value,
            Err(Halt::Unknown(_)) => false,
            Err(error) => return Err(error),
        },
        None => false,
    };
    let mut fingerprint = String::new();
    for attr in set.sorted() {
        if ignores_nulls && matches!(ev.force(attr.value)?, Value::Null) {
            continue;
        }
        fingerprint.push_str(attr.name.as_str());
        fingerprint.push('=');
        match argument(ev, attr, structured, place) {
            Ok(text) => fingerprint.push_str(text),
            Err(Halt::Unknown(unknown)) => fingerprint.push_str(&unknown.path()),
            Err(error) => return Err(error),
        }
        fingerprint.push('\n');
        ev.room_for(fingerprint.len())?;
    }
    let hash = sha256(&fingerprint);
    let drv_path = ev.heap.str(&store_path("text", &hash, &format!("{name}.drv")));
    let closure = ev.heap.slice(&[ContextItem::Derivation(drv_path)]);
    let mut entries = vec![ev.attr("drvPath", ev.string_in(drv_path, closure))];
    for output in outputs(ev, args[0], place)? {
        let output = output.as_str();
        let file = if output == "out" { name.to_string() } else { format!("{name}-{output}") };
        let path = ev.heap.str(&store_path(&format!("output:{output}"), &hash, &file));
        let context = ev.heap.slice(&[ContextItem::Output(drv_path, output)]);
        entries.push(ev.attr(output, ev.string_in(path, context)));
    }
    Ok(ev.attrs(entries))
}

/// Whether a store path can have the name.
pub(super) fn name_is_valid(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+-._?=".contains(&byte);
    let dots = name.split('-').next().is_some_and(|first| first == "." || first == "..");
    !name.is_empty() && name.len() <= 211 && !dots && name.bytes().all(allowed)
}

/// An argument as the builder sees it.
fn argument<'h>(ev: &Evaluator<'h>, attr: &Attr<'h>, structured: bool, place: Place) -> Eval<'h, &'h str> {
    let value = ev.force(attr.value)?;
    let text = match structured {
        true => ev.json_text(value, place)?,
        false => ev.coerce(value, Coercion::ToString, place)?,
    };
    Ok(text.text)
}
