//! Values as text: as `nix-instantiate --eval --strict` prints them, and as JSON.

mod trace;

pub use trace::print_trace;

use std::fmt::Write;

use nixscope_hir::Symbol;
use rustc_hash::FxHashSet;

use crate::Evaluator;
use crate::error::{Eval, Halt};
use crate::heap::Thunk;
use crate::value::{Attrs, Unknown, Value};

impl<'h> Evaluator<'h> {
    /// Forces a value and everything in it. Stops where it meets itself again.
    pub fn force_deep(&self, thunk: &'h Thunk<'h>) -> Eval<'h, ()> {
        let mut seen: FxHashSet<*const ()> = FxHashSet::default();
        let mut stack = vec![thunk];
        while let Some(thunk) = stack.pop() {
            match self.force(thunk)? {
                Value::List(list) if seen.insert(std::ptr::from_ref(list).cast()) => {
                    stack.extend(list.items.iter().rev());
                }
                Value::Attrs(attrs) if seen.insert(std::ptr::from_ref(attrs).cast()) => {
                    stack.extend(attrs.sorted().iter().rev().map(|attr| attr.value));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// The value as `nix-instantiate --eval --strict` prints it. Unknowns are `«unknown: why»`.
///
/// # Errors
/// The first error of a part, in the order of printing.
pub fn print_value<'h>(ev: &Evaluator<'h>, value: Value<'h>) -> Eval<'h, String> {
    let mut printer = Printer { ev, out: String::new(), seen: FxHashSet::default() };
    printer.value(value, std::ptr::null())?;
    Ok(printer.out)
}

struct Printer<'e, 'h> {
    ev: &'e Evaluator<'h>,
    out: String,
    /// The sets and lists that were printed: Nix prints each once.
    seen: FxHashSet<*const ()>,
}

impl<'h> Printer<'_, 'h> {
    fn element(&mut self, thunk: &'h Thunk<'h>) -> Eval<'h, ()> {
        let ev = self.ev;
        ev.step()?;
        ev.room_for_output(self.out.len())?;
        let value = ev.force(thunk)?;
        ev.deeper(|| self.value(value, std::ptr::from_ref(thunk).cast()))
    }

    /// Prints a value that stands in the thunk at an address.
    fn value(&mut self, value: Value<'h>, thunk: *const ()) -> Eval<'h, ()> {
        match value {
            Value::Null => self.out.push_str("null"),
            Value::Bool(value) => self.out.push_str(if value { "true" } else { "false" }),
            Value::Int(value) => {
                let _ = write!(self.out, "{value}");
            }
            Value::Float(value) => self.out.push_str(&print_float(value)),
            Value::Str(text) => quote(text.text, &mut self.out),
            Value::Path(path) => self.out.push_str(path),
            Value::Lambda(_) => self.out.push_str("<LAMBDA>"),
            Value::Native(native) if native.args.is_empty() => self.out.push_str("<PRIMOP>"),
            Value::Native(_) => self.out.push_str("<PRIMOP-APP>"),
            Value::Unknown(unknown) => self.unknown(unknown),
            Value::Choice(choice) if choice.absent => self.unknown(choice.condition),
            Value::Choice(_) => match self.ev.settle(value)? {
                Value::Choice(choice) => self.unknown(choice.condition),
                settled => self.value(settled, thunk)?,
            },
            Value::Config(node) => self.attrs(node.to_attrs(self.ev)?)?,
            Value::List(list) => {
                // Nix keeps one or two elements inside the value, longer lists outside.
                let address = match list.items.len() {
                    0..=2 => thunk,
                    _ => list.items.as_ptr().cast(),
                };
                if !list.items.is_empty() && !address.is_null() && !self.seen.insert(address) {
                    self.out.push_str("«repeated»");
                    return Ok(());
                }
                self.out.push_str("[ ");
                for item in list.items {
                    self.element(item)?;
                    self.out.push(' ');
                }
                self.rest(list.open);
                self.out.push(']');
            }
            Value::Attrs(attrs) => match derivation_path(self.ev, attrs)? {
                Some(path) => {
                    let _ = write!(self.out, "«derivation {path}»");
                }
                None => self.attrs(attrs)?,
            },
        }
        Ok(())
    }

    fn attrs(&mut self, attrs: &'h Attrs<'h>) -> Eval<'h, ()> {
        if !attrs.entries.is_empty() && !self.seen.insert(attrs.entries.as_ptr().cast()) {
            self.out.push_str("«repeated»");
            return Ok(());
        }
        self.out.push_str("{ ");
        for attr in attrs.sorted() {
            print_name(attr.name.as_str(), &mut self.out);
            self.out.push_str(" = ");
            self.element(attr.value)?;
            self.out.push_str("; ");
        }
        self.rest(attrs.open);
        self.out.push('}');
        Ok(())
    }

    fn unknown(&mut self, unknown: &Unknown<'h>) {
        let _ = write!(self.out, "«unknown: {}: {}»", unknown.path(), unknown.reason.describe());
    }

    fn rest(&mut self, open: Option<&'h Unknown<'h>>) {
        if let Some(unknown) = open {
            let _ = write!(self.out, "«unknown: {}» ", unknown.path());
        }
    }
}

/// The derivation path of a set that is a derivation.
fn derivation_path<'h>(ev: &Evaluator<'h>, attrs: &'h Attrs<'h>) -> Eval<'h, Option<&'h str>> {
    let Some(kind) = attrs.get(Symbol::new("type")) else { return Ok(None) };
    match ev.force(kind.value)? {
        Value::Str(text) if text.text == "derivation" => {}
        _ => return Ok(None),
    }
    Ok(match attrs.get(Symbol::new("drvPath")) {
        Some(attr) => match ev.force(attr.value)? {
            Value::Str(path) => Some(path.text),
            _ => Some("???"),
        },
        None => Some("???"),
    })
}

/// A float as Nix prints it: six significant digits, without trailing zeros.
pub(crate) fn print_float(value: f64) -> String {
    if value.is_nan() {
        return if value.is_sign_negative() { "-nan".into() } else { "nan".into() };
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf".into() } else { "-inf".into() };
    }
    if value == 0.0 {
        return if value.is_sign_negative() { "-0".into() } else { "0".into() };
    }
    let exponential = format!("{value:.5e}");
    let (mantissa, exponent) = exponential.split_once('e').unwrap_or((&exponential, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |digits: &str| match digits.contains('.') {
        true => digits.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => digits.to_string(),
    };
    if (-4..6).contains(&exponent) {
        let decimals = usize::try_from(5 - exponent).unwrap_or(0);
        trim(&format!("{value:.decimals$}"))
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{}e{sign}{:02}", trim(mantissa), exponent.abs())
    }
}

fn print_name(name: &str, out: &mut String) {
    const KEYWORDS: &[&str] = &["if", "then", "else", "assert", "with", "let", "in", "rec", "inherit", "or"];
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "_'-".contains(c))
        && !KEYWORDS.contains(&name);
    if plain { out.push_str(name) } else { quote(name, out) }
}

pub(crate) fn quote(text: &str, out: &mut String) {
    out.push('"');
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' if chars.peek() == Some(&'{') => out.push_str("\\$"),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// The value as JSON, as `builtins.toJSON` gives it: paths and derivations become strings.
///
/// # Errors
/// Where a part fails, is unknown, or is a function.
pub fn to_json<'h>(ev: &Evaluator<'h>, value: Value<'h>) -> Eval<'h, serde_json::Value> {
    json(ev, value, &mut 0)
}

/// `made` are the bytes so far: what is shared in a value is written out as often as it occurs, so that a short program
/// has JSON that no memory holds.
fn json<'h>(ev: &Evaluator<'h>, value: Value<'h>, made: &mut usize) -> Eval<'h, serde_json::Value> {
    let place = crate::Place::NONE;
    ev.step()?;
    *made += size_of::<serde_json::Value>();
    // An element or attribute that may be missing.
    if let Value::Choice(choice) = value
        && choice.absent
    {
        return Err(Halt::Unknown(choice.condition));
    }
    Ok(match ev.settle(value)? {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => value.into(),
        Value::Int(value) => value.into(),
        Value::Float(value) => value.into(),
        Value::Str(text) => {
            *made += text.text.len();
            ev.room_for(*made)?;
            text.text.into()
        }
        Value::Path(path) => (*path).into(),
        Value::List(list) => {
            if let Some(unknown) = list.open {
                return Err(Halt::Unknown(unknown));
            }
            let mut items = Vec::with_capacity(list.items.len());
            for item in list.items {
                let item = ev.force(item)?;
                items.push(ev.deeper(|| json(ev, item, made))?);
                ev.room_for(*made)?;
            }
            items.into()
        }
        value @ Value::Attrs(attrs) => {
            let special = [ev.names.to_string, ev.names.out_path];
            if special.iter().any(|name| attrs.get(*name).is_some()) {
                return Ok(ev.coerce(value, crate::Coercion::Interpolation, place)?.text.into());
            }
            if let Some(unknown) = attrs.open {
                return Err(Halt::Unknown(unknown));
            }
            let mut map = serde_json::Map::new();
            for attr in attrs.sorted() {
                let item = ev.force(attr.value)?;
                *made += size_of::<String>() + attr.name.as_str().len();
                map.insert(attr.name.to_string(), ev.deeper(|| json(ev, item, made))?);
                ev.room_for(*made)?;
            }
            map.into()
        }
        Value::Config(node) => {
            let attrs = Value::Attrs(node.to_attrs(ev)?);
            ev.deeper(|| json(ev, attrs, made))?
        }
        other => return Err(ev.type_error("a value that JSON has", other, place)),
    })
}

/// The value as JSON text, as `builtins.toJSON` gives it.
///
/// # Errors
/// Where a part fails, is unknown, or is a function.
pub fn to_json_text<'h>(ev: &Evaluator<'h>, value: Value<'h>) -> Eval<'h, String> {
    Ok(ev.json_text(value, crate::Place::NONE)?.text.to_owned())
}

/// The value as XML, as `builtins.toXML` gives it.
///
/// # Errors
/// Where a part fails, or is unknown.
pub fn to_xml<'h>(ev: &Evaluator<'h>, value: Value<'h>) -> Eval<'h, String> {
    Ok(ev.xml_text(value, crate::Place::NONE)?.text.to_owned())
}
