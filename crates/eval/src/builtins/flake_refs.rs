//! Flake references as text and as sets.

use nixscope_hir::Symbol;

use super::Builtin;
use crate::Evaluator;
use crate::error::{ErrorKind, Eval};
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Attr, Value};

pub(super) const BUILTINS: &[Builtin] = &[
    Builtin {
        name: "parseFlakeRef",
        arity: 1,
        run: parse_flake_ref,
        doc: "`parseFlakeRef s`: a flake reference taken apart.",
    },
    Builtin {
        name: "flakeRefToString",
        arity: 1,
        run: flake_ref_to_string,
        doc: "`flakeRefToString set`: a flake reference as text.",
    },
];

fn parse_flake_ref<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let text = ev.force_str(args[0], place)?.text;
    match parse(text) {
        Some(parts) => {
            let attr = |(name, value): (&str, String)| ev.attr(name, ev.string(&value));
            Ok(ev.attrs(parts.into_iter().map(attr).collect()))
        }
        None => Err(ev.error(ErrorKind::Other, &format!("{text:?} is not a flake reference"), place)),
    }
}

/// The parts of a reference, by their names.
fn parse(text: &str) -> Option<Vec<(&str, String)>> {
    let (main, query) = text.split_once('?').unwrap_or((text, ""));
    let mut parts: Vec<(&str, String)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=')?;
        parts.push((name, decode(value)?));
    }
    let is_commit = |text: &str| text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut add = |name, value: &str| parts.push((name, value.to_string()));
    let Some((scheme, rest)) = main.split_once(':') else {
        if main.starts_with('/') || main.starts_with('.') {
            add("type", "path");
            add("path", main);
            return Some(parts);
        }
        // `nixpkgs`, `nixpkgs/release-23.11`: a name of the registry.
        let mut segments = main.split('/');
        add("type", "indirect");
        add("id", segments.next().filter(|id| !id.is_empty())?);
        for segment in segments {
            add(if is_commit(segment) { "rev" } else { "ref" }, segment);
        }
        return Some(parts);
    };
    match scheme {
        "github" | "gitlab" | "sourcehut" => {
            let mut segments = rest.splitn(3, '/');
            add("type", scheme);
            add("owner", &decode(segments.next()?)?);
            add("repo", &decode(segments.next()?)?);
            if let Some(segment) = segments.next() {
                add(if is_commit(segment) { "rev" } else { "ref" }, segment);
            }
        }
        "path" => {
            add("type", "path");
            add("path", rest);
        }
        // One name of the registry only, not another scheme.
        "flake" if !rest.contains(':') => return parse(rest).map(|it| it.into_iter().chain(parts).collect()),
        "git" => {
            add("type", "git");
            add("url", main);
        }
        scheme => {
            let (kind, transport) = scheme.split_once('+').unwrap_or(("", scheme));
            let archive = [".zip", ".tar", ".tgz", ".tar.gz", ".tar.xz", ".tar.bz2", ".tar.zst"];
            match kind {
                "git" | "hg" | "tarball" | "file" => add("type", kind),
                "" if archive.iter().any(|end| main.ends_with(end)) => add("type", "tarball"),
                "" => add("type", "file"),
                _ => return None,
            }
            add("url", &format!("{transport}:{rest}"));
        }
    }
    Some(parts)
}

/// Undoes `%20`.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let value = digit(rest.next()?)? * 16 + digit(rest.next()?)?;
                bytes.push(u8::try_from(value).ok()?);
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}

fn flake_ref_to_string<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let set = ev.force_attrs(args[0], place)?;
    let mut parts: Vec<(&str, String)> = Vec::new();
    for attr in set.sorted() {
        parts.push((attr.name.as_str(), part_text(ev, attr, place)?));
    }
    let mut take = |name: &str| {
        let at = parts.iter().position(|(known, _)| *known == name)?;
        Some(parts.remove(at).1)
    };
    let missing = |name: &str| ev.missing_attribute(Value::Attrs(set), Symbol::new(name), place);
    let kind = take("type").ok_or_else(|| missing("type"))?;
    let main = match kind.as_str() {
        "github" | "gitlab" | "sourcehut" => {
            let owner = take("owner").ok_or_else(|| missing("owner"))?;
            let repo = take("repo").ok_or_else(|| missing("repo"))?;
            let version = take("rev").or_else(|| take("ref"));
            format!("{kind}:{owner}/{repo}{}", version.map(|it| format!("/{it}")).unwrap_or_default())
        }
        "path" => format!("path:{}", take("path").ok_or_else(|| missing("path"))?),
        "indirect" => {
            let mut text = format!("flake:{}", take("id").ok_or_else(|| missing("id"))?);
            for segment in [take("ref"), take("rev")].into_iter().flatten() {
                text.push('/');
                text.push_str(&segment);
            }
            text
        }
        "git" | "hg" => {
            let url = take("url").ok_or_else(|| missing("url"))?;
            if url.starts_with("git:") { url } else { format!("{kind}+{url}") }
        }
        "tarball" | "file" => take("url").ok_or_else(|| missing("url"))?,
        other => {
            let message = format!("there is no kind {other:?} of flake references");
            return Err(ev.error(ErrorKind::Other, &message, place));
        }
    };
    let query: Vec<String> = parts.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mark = if query.is_empty() { "" } else { "?" };
    Ok(ev.string(&format!("{main}{mark}{}", query.join("&"))))
}

fn part_text<'h>(ev: &Evaluator<'h>, attr: &Attr<'h>, place: Place) -> Eval<'h, String> {
    let value = ev.settle(ev.force(attr.value)?)?;
    match value {
        Value::Str(text) => Ok(text.text.to_string()),
        Value::Bool(value) => Ok(if value { "1" } else { "0" }.to_string()),
        Value::Int(value) if value >= 0 => Ok(value.to_string()),
        other => Err(ev.type_error("a string, Boolean or natural number", other, attr.place.or(place))),
    }
}
