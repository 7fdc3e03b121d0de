//! Builtins on versions and the names of derivations.

use std::cmp::Ordering;

use super::Builtin;
use crate::Evaluator;
use crate::error::Eval;
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::Value;

pub(super) const BUILTINS: &[Builtin] = &[
    Builtin {
        name: "compareVersions",
        arity: 2,
        run: compare_versions,
        doc: "`compareVersions a b`: -1, 0 or 1, as version `a` is older than, equal to or newer than `b`.",
    },
    Builtin {
        name: "splitVersion",
        arity: 1,
        run: split_version,
        doc: "`splitVersion s`: the components of a version.",
    },
    Builtin {
        name: "parseDrvName",
        arity: 1,
        run: parse_drv_name,
        doc: "`parseDrvName s`: `{ name; version; }` of a derivation's name.",
    },
];

/// The next component of a version: digits, or anything else up to a digit, dot or dash.
fn next_component<'a>(rest: &mut &'a str) -> &'a str {
    let text = rest.trim_start_matches(['.', '-']);
    let digits = text.starts_with(|c: char| c.is_ascii_digit());
    let end = text.find(|c: char| c == '.' || c == '-' || c.is_ascii_digit() != digits).unwrap_or(text.len());
    let (component, after) = text.split_at(end);
    *rest = after;
    component
}

fn component_less(a: &str, b: &str) -> bool {
    // What does not fit is no number to Nix either.
    let number = |text: &str| text.parse::<i32>().ok();
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a < b,
        (None, Some(_)) if a.is_empty() => true,
        _ if a == "pre" && b != "pre" => true,
        _ if b == "pre" => false,
        // `2.3a` comes before `2.3.1`.
        (_, Some(_)) => true,
        (Some(_), _) => false,
        (None, None) => a < b,
    }
}

fn compare(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    while !a.is_empty() || !b.is_empty() {
        let (x, y) = (next_component(&mut a), next_component(&mut b));
        if component_less(x, y) {
            return Ordering::Less;
        }
        if component_less(y, x) {
            return Ordering::Greater;
        }
    }
    Ordering::Equal
}

fn compare_versions<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let a = ev.force_str(args[0], place)?;
    let b = ev.force_str(args[1], place)?;
    Ok(Value::Int(compare(a.text, b.text) as i64))
}

fn split_version<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let mut rest = ev.force_str(args[0], place)?.text;
    let mut items = Vec::new();
    loop {
        let component = next_component(&mut rest);
        if component.is_empty() {
            break;
        }
        items.push(ev.done_at(ev.string_in(component, &[]), place));
    }
    Ok(ev.list(&items))
}

fn parse_drv_name<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let text = ev.force_str(args[0], place)?.text;
    // The version starts after the first dash that no letter follows.
    let cut = text.bytes().zip(text.bytes().skip(1)).position(|(a, b)| a == b'-' && !b.is_ascii_alphabetic());
    let (name, version) = match cut {
        Some(cut) => (text.get(..cut).unwrap_or(text), text.get(cut + 1..).unwrap_or("")),
        None => (text, ""),
    };
    let name = ev.attr("name", ev.string_in(name, &[]));
    let version = ev.attr("version", ev.string_in(version, &[]));
    Ok(ev.attrs(vec![name, version]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_component() {
        for (a, b, want) in [
            ("1.0", "2.3", Ordering::Less),
            ("2.1", "2.3", Ordering::Less),
            ("2.3", "2.3", Ordering::Equal),
            ("2.5", "2.3", Ordering::Greater),
            ("3.1", "2.3", Ordering::Greater),
            ("2.3.1", "2.3", Ordering::Greater),
            ("2.3.1", "2.3a", Ordering::Greater),
            ("2.3pre1", "2.3", Ordering::Less),
            ("2.3pre3", "2.3pre12", Ordering::Less),
            ("2.3a", "2.3c", Ordering::Less),
            ("2.3pre1", "2.3c", Ordering::Less),
            ("2.3pre1", "2.3q", Ordering::Less),
        ] {
            assert_eq!(compare(a, b), want, "{a} {b}");
            assert_eq!(compare(b, a), want.reverse(), "{b} {a}");
        }
    }
}
