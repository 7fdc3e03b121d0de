//! Values as text: as `nix-instantiate --eval --strict` prints them, and as JSON.

use crate::Evaluator;
use crate::error::{Eval, Halt};
use crate::heap::Thunk;
use crate::value::Value;

impl<'h> Evaluator<'h> {
    /// Forces a value and everything in it. Stops where it meets itself again.
    pub fn force_deep(&self, thunk: &'h Thunk<'h>) -> Eval<'h, ()> {
        let mut seen: rustc_hash::FxHashSet<*const ()> = rustc_hash::FxHashSet::default();
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
    let mut out = String::new();
    let mut seen = Vec::new();
    print_into(ev, value, &mut out, &mut seen)?;
    Ok(out)
}

fn print_into<'h>(
    ev: &Evaluator<'h>,
    value: Value<'h>,
    out: &mut String,
    seen: &mut Vec<*const ()>,
) -> Eval<'h, ()> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        Value::Int(value) => out.push_str(&value.to_string()),
        Value::Float(value) => out.push_str(&print_float(value)),
        Value::Str(text) => quote(text.text, out),
        Value::Path(path) => out.push_str(path),
        Value::Lambda(_) => out.push_str("<LAMBDA>"),
        Value::Native(native) if native.args.is_empty() => out.push_str("<PRIMOP>"),
        Value::Native(_) => out.push_str("<PRIMOP-APP>"),
        Value::Unknown(unknown) => {
            out.push_str(&format!("«unknown: {}: {}»", unknown.path(), unknown.reason.describe()));
        }
        Value::Choice(choice) => {
            let condition = choice.condition;
            out.push_str(&format!("«unknown: {}: {}»", condition.path(), condition.reason.describe()));
        }
        Value::Config(node) => print_into(ev, Value::Attrs(node.to_attrs(ev)?), out, seen)?,
        Value::List(list) => {
            let address: *const () = std::ptr::from_ref(list).cast();
            if seen.contains(&address) && !list.items.is_empty() {
                out.push_str("«repeated»");
                return Ok(());
            }
            seen.push(address);
            out.push_str("[ ");
            for item in list.items {
                let item = ev.force(item)?;
                ev.deeper(|| print_into(ev, item, out, seen))?;
                out.push(' ');
            }
            if let Some(unknown) = list.open {
                out.push_str(&format!("«unknown: {}» ", unknown.path()));
            }
            out.push(']');
        }
        Value::Attrs(attrs) => {
            if let Some(path) = derivation_path(ev, value)? {
                out.push_str(&format!("«derivation {path}»"));
                return Ok(());
            }
            let address: *const () = std::ptr::from_ref(attrs).cast();
            if seen.contains(&address) && !attrs.entries.is_empty() {
                out.push_str("«repeated»");
                return Ok(());
            }
            seen.push(address);
            out.push_str("{ ");
            for attr in attrs.sorted() {
                print_name(attr.name.as_str(), out);
                out.push_str(" = ");
                let item = ev.force(attr.value)?;
                ev.deeper(|| print_into(ev, item, out, seen))?;
                out.push_str("; ");
            }
            if let Some(unknown) = attrs.open {
                out.push_str(&format!("«unknown: {}» ", unknown.path()));
            }
            out.push('}');
        }
    }
    Ok(())
}

fn derivation_path<'h>(ev: &Evaluator<'h>, value: Value<'h>) -> Eval<'h, Option<String>> {
    let Value::Attrs(attrs) = value else { return Ok(None) };
    let Some(kind) = attrs.get(nixscope_hir::Symbol::new("type")) else { return Ok(None) };
    match ev.force(kind.value) {
        Ok(Value::Str(text)) if text.text == "derivation" => {}
        _ => return Ok(None),
    }
    match attrs.get(nixscope_hir::Symbol::new("drvPath")).map(|attr| ev.force(attr.value)) {
        Some(Ok(Value::Str(path))) => Ok(Some(path.text.into())),
        _ => Ok(Some("???".into())),
    }
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
    let place = crate::Place::NONE;
    Ok(match ev.settle(value)? {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => value.into(),
        Value::Int(value) => value.into(),
        Value::Float(value) => value.into(),
        Value::Str(text) => text.text.into(),
        Value::Path(path) => (*path).into(),
        Value::List(list) => {
            if let Some(unknown) = list.open {
                return Err(Halt::Unknown(unknown));
            }
            let mut items = Vec::with_capacity(list.items.len());
            for item in list.items {
                let item = ev.force(item)?;
                items.push(ev.deeper(|| to_json(ev, item))?);
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
                map.insert(attr.name.to_string(), ev.deeper(|| to_json(ev, item))?);
            }
            map.into()
        }
        Value::Config(node) => {
            let attrs = Value::Attrs(node.to_attrs(ev)?);
            ev.deeper(|| to_json(ev, attrs))?
        }
        other => return Err(ev.type_error("a value that JSON has", other, place)),
    })
}
