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
use crate::value::{Attr, Attrs, ContextItem, Reason, Taint, Value};

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

/// The names of the outputs, as `derivation` reads them.
fn outputs<'h>(ev: &Evaluator<'h>, args: &'h Thunk<'h>, place: Place) -> Eval<'h, Vec<Symbol>> {
    strict_outputs(ev, ev.force_attrs(args, place)?, true, place)
}

/// The names of the outputs; `out` where the derivation does not say or it is not known. They are a list, or words of one
/// string where attributes are passed to the builder as strings.
fn strict_outputs<'h>(
    ev: &Evaluator<'h>,
    set: &'h Attrs<'h>,
    structured: bool,
    place: Place,
) -> Eval<'h, Vec<Symbol>> {
    let mut names = Vec::new();
    if let Some(attr) = set.get(Symbol::new("outputs")) {
        let place = attr.place.or(place);
        let named = match structured || matches!(ev.force(attr.value)?, Value::List(_)) {
            true => listed_names(ev, attr.value, place),
            false => ev
                .coerce(ev.force(attr.value)?, Coercion::ToString, place)
                .map(|words| (words.text.split_whitespace().map(Symbol::new).collect(), true)),
        };
        match named {
            Ok((known, is_complete)) => {
                if known.is_empty() && is_complete {
                    return Err(ev.error(ErrorKind::Other, "a derivation needs an output", place));
                }
                names = known;
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

/// The names in a list, as far as they are known, and whether that is all of them.
fn listed_names<'h>(ev: &Evaluator<'h>, list: &'h Thunk<'h>, place: Place) -> Eval<'h, (Vec<Symbol>, bool)> {
    let list = ev.force_list(list, place)?;
    let mut names = Vec::with_capacity(list.items.len());
    for item in list.items {
        match ev.force_name(item, place) {
            Ok(name) => names.push(name),
            Err(Halt::Unknown(_)) => {}
            Err(error) => return Err(error),
        }
    }
    let is_complete = list.open.is_none() && names.len() == list.items.len();
    Ok((names, is_complete))
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
    if !name_is_valid(name) {
        let message = format!("a derivation cannot be named {name:?}");
        return Err(ev.error(ErrorKind::Other, &message, place));
    }
    let structured = flag(ev, set, "__structuredAttrs", true, place)?;
    let ignores_nulls = flag(ev, set, "__ignoreNulls", false, place)?;
    let mut fingerprint = String::new();
    for attr in set.sorted() {
        if ignores_nulls && matches!(ev.force(attr.value)?, Value::Null) {
            continue;
        }
        check_special(ev, set, attr, structured, place)?;
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
    for required in ["builder", "system"].map(Symbol::new) {
        if set.get(required).is_none() && set.open.is_none() {
            return Err(ev.missing_attribute(Value::Attrs(set), required, place));
        }
    }
    let hash = sha256(&fingerprint);
    let drv_path = ev.heap.str(&store_path("text", &hash, &format!("{name}.drv")));
    let closure = ev.heap.slice(&[ContextItem::Derivation(drv_path)]);
    let mut entries = vec![ev.attr("drvPath", ev.string_in(drv_path, closure))];
    for output in strict_outputs(ev, set, structured, place)? {
        let output = output.as_str();
        let file = if output == "out" { name.to_string() } else { format!("{name}-{output}") };
        let path = ev.heap.str(&store_path(&format!("output:{output}"), &hash, &file));
        let context = ev.heap.slice(&[ContextItem::Output(drv_path, output)]);
        entries.push(ev.attr(output, ev.string_in(path, context)));
    }
    Ok(ev.attrs(entries))
}

/// A switch of a derivation: off where it is not there.
fn flag<'h>(
    ev: &Evaluator<'h>,
    set: &'h Attrs<'h>,
    name: &str,
    if_unknown: bool,
    place: Place,
) -> Eval<'h, bool> {
    let Some(attr) = set.get(Symbol::new(name)) else { return Ok(false) };
    match ev.force_bool(attr.value, attr.place.or(place)) {
        Err(Halt::Unknown(_)) => Ok(if_unknown),
        known => known,
    }
}

/// Checks an attribute that is for Nix, not for the builder. They are checked with the others, in the order of the names.
fn check_special<'h>(
    ev: &Evaluator<'h>,
    set: &'h Attrs<'h>,
    attr: &Attr<'h>,
    structured: bool,
    place: Place,
) -> Eval<'h, ()> {
    /// What `outputHashMode` may say; the last two need experimental features.
    const HASH_MODES: [&str; 5] = ["flat", "recursive", "nar", "git", "text"];
    let place = attr.place.or(place);
    let checked = match attr.name.as_str() {
        "__contentAddressed" | "__impure" => ev.force_bool(attr.value, place).map(drop),
        "args" => ev.force_list(attr.value, place).map(drop),
        "outputs" => strict_outputs(ev, set, structured, place).map(drop),
        "outputHashMode" => ev.coerce(ev.force(attr.value)?, Coercion::ToString, place).and_then(|mode| {
            if HASH_MODES.contains(&mode.text) {
                return Ok(());
            }
            let message = format!("{:?} is no mode of hashing an output", mode.text);
            Err(ev.error(ErrorKind::Other, &message, place))
        }),
        _ => Ok(()),
    };
    match checked {
        Err(Halt::Unknown(_)) => Ok(()),
        known => known,
    }
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
