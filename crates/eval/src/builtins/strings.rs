//! Builtins on strings.

use super::Builtin;
use crate::Evaluator;
use crate::coerce::Coercion;
use crate::error::{ErrorKind, Eval};
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{ContextItem, Str, Value};

pub(super) const BUILTINS: &[Builtin] = &[
    Builtin {
        name: "toString",
        arity: 1,
        run: to_string,
        doc: "`toString x`: `x` as a string; also of numbers, Booleans, null, paths and lists.",
    },
    Builtin {
        name: "stringLength",
        arity: 1,
        run: string_length,
        doc: "`stringLength s`: the number of bytes.",
    },
    Builtin {
        name: "substring",
        arity: 3,
        run: substring,
        doc: "`substring start length s`: a part of a string, counted in bytes; a negative length means up to the end.",
    },
    Builtin {
        name: "concatStringsSep",
        arity: 2,
        run: concat_strings_sep,
        doc: "`concatStringsSep separator list`: the strings of the list with the separator between them.",
    },
    Builtin {
        name: "replaceStrings",
        arity: 3,
        run: replace_strings,
        doc: "`replaceStrings from to s`: each occurrence of a string of `from` replaced by its counterpart of `to`.",
    },
    Builtin {
        name: "baseNameOf",
        arity: 1,
        run: base_name_of,
        doc: "`baseNameOf path`: what follows the last slash.",
    },
    Builtin { name: "dirOf", arity: 1, run: dir_of, doc: "`dirOf path`: what precedes the last slash." },
];

impl<'h> Evaluator<'h> {
    /// The value as a string, as the builtins that take "something like a string" read it.
    pub(super) fn text(&self, thunk: &'h Thunk<'h>, place: Place) -> Eval<'h, &'h Str<'h>> {
        let value = self.force(thunk)?;
        match value {
            Value::Str(text) => Ok(text),
            value => self.coerce(value, Coercion::Interpolation, place),
        }
    }

    /// A string of bytes; what is not UTF-8, because a character was cut, is replaced.
    pub(super) fn bytes(&self, bytes: Vec<u8>, context: Vec<ContextItem<'h>>) -> Value<'h> {
        match String::from_utf8(bytes) {
            Ok(text) => self.string_with(&text, context),
            Err(error) => self.string_with(&String::from_utf8_lossy(error.as_bytes()), context),
        }
    }

    /// A part of a text; shared with it unless that would cut a character.
    pub(super) fn part(&self, text: &'h str, start: usize, end: usize) -> &'h str {
        match text.get(start..end) {
            Some(part) => part,
            None => {
                let bytes = text.as_bytes().get(start..end).unwrap_or_default();
                self.heap.str(&String::from_utf8_lossy(bytes))
            }
        }
    }
}

fn to_string<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let value = ev.force(args[0])?;
    match value {
        Value::Str(_) => Ok(value),
        Value::Choice(choice) => {
            ev.map_choice(choice, |value| Ok(Value::Str(ev.coerce(value, Coercion::ToString, place)?)))
        }
        value => Ok(Value::Str(ev.coerce(value, Coercion::ToString, place)?)),
    }
}

fn string_length<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let text = ev.text(args[0], place)?;
    Ok(Value::Int(i64::try_from(text.text.len()).unwrap_or(i64::MAX)))
}

fn substring<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let start = ev.force_int(args[0], place)?;
    let length = ev.force_int(args[1], place)?;
    let text = ev.text(args[2], place)?;
    let Ok(start) = usize::try_from(start) else {
        return Err(ev.error(ErrorKind::Other, &format!("a substring cannot start at {start}"), place));
    };
    let size = text.text.len();
    let start = start.min(size);
    let end = match usize::try_from(length) {
        Ok(length) => start.saturating_add(length).min(size),
        Err(_) => size,
    };
    Ok(ev.string_in(ev.part(text.text, start, end), text.context))
}

fn concat_strings_sep<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let separator = ev.force_str(args[0], place)?;
    let items = ev.exact_list(args[1], place)?;
    let mut text = String::new();
    let mut context = separator.context.to_vec();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push_str(separator.text);
        }
        let part = ev.text(item, place)?;
        ev.room_for(text.len() + part.text.len())?;
        text.push_str(part.text);
        context.extend_from_slice(part.context);
    }
    Ok(ev.string_with(&text, context))
}

fn replace_strings<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let from = ev.exact_list(args[0], place)?;
    let to = ev.exact_list(args[1], place)?;
    if from.len() != to.len() {
        let message = "replaceStrings needs as many replacements as strings to replace";
        return Err(ev.error(ErrorKind::Other, message, place));
    }
    let mut patterns = Vec::with_capacity(from.len());
    // Which bytes a pattern can start with: most positions of a text are none.
    let mut starts = [false; 256];
    for pattern in from {
        let pattern = ev.force_str(pattern, place)?.text.as_bytes();
        match pattern.first() {
            Some(first) => starts[usize::from(*first)] = true,
            None => starts = [true; 256],
        }
        patterns.push(pattern);
    }
    let subject = ev.force_str(args[2], place)?;
    let bytes = subject.text.as_bytes();
    let mut replacements: Vec<Option<&'h Str<'h>>> = vec![None; to.len()];
    let mut context = subject.context.to_vec();
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    let has_empty = patterns.iter().any(|pattern| pattern.is_empty());
    let mut at = 0;
    while at < bytes.len() || (at == bytes.len() && has_empty) {
        let rest = &bytes[at..];
        let possible = rest.first().is_none_or(|first| starts[usize::from(*first)]);
        let hit = match possible {
            true => patterns.iter().position(|pattern| rest.starts_with(pattern)),
            false => None,
        };
        let Some(index) = hit else {
            let step = rest.iter().skip(1).take_while(|byte| !starts[usize::from(**byte)]).count() + 1;
            out.extend_from_slice(&rest[..step.min(rest.len())]);
            at += step;
            continue;
        };
        let replacement = match replacements[index] {
            Some(known) => known,
            None => {
                let text = ev.force_str(to[index], place)?;
                context.extend_from_slice(text.context);
                replacements[index] = Some(text);
                text
            }
        };
        ev.room_for(out.len() + replacement.text.len())?;
        out.extend_from_slice(replacement.text.as_bytes());
        match patterns[index].len() {
            0 => {
                out.extend(rest.first());
                at += 1;
            }
            length => at += length,
        }
    }
    Ok(ev.bytes(out, context))
}

fn base_name_of<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let text = ev.coerce(ev.force(args[0])?, Coercion::Addition, place)?;
    let whole = text.text.strip_suffix('/').filter(|it| !it.is_empty()).unwrap_or(text.text);
    let name = whole.rsplit_once('/').map_or(whole, |(_, name)| name);
    let context = match ev.force(args[0])? {
        Value::Path(_) => &[],
        _ => text.context,
    };
    Ok(ev.string_in(name, context))
}

fn dir_of<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let value = ev.settle(ev.force(args[0])?)?;
    if let Value::Path(path) = value {
        let cut = path.rfind('/').unwrap_or(0).max(1);
        return Ok(Value::Path(ev.heap.alloc(path.get(..cut).unwrap_or("/"))));
    }
    let text = ev.coerce(value, Coercion::Addition, place)?;
    let directory = match text.text.rfind('/') {
        None => ".",
        Some(0) => "/",
        Some(cut) => &text.text[..cut],
    };
    Ok(ev.string_in(directory, text.context))
}
