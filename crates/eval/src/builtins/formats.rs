//! Builtins that read and write JSON, TOML and XML.

use std::fmt::Write;

use nixscope_hir::Symbol;

use super::Builtin;
use crate::Evaluator;
use crate::coerce::Coercion;
use crate::error::{Eval, Halt};
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{ContextItem, Str, Value};

pub(super) const BUILTINS: &[Builtin] = &[
    Builtin {
        name: "toJSON",
        arity: 1,
        run: to_json,
        doc: "`toJSON x`: `x` as JSON; of a derivation its output path.",
    },
    Builtin { name: "fromJSON", arity: 1, run: from_json, doc: "`fromJSON s`: the value of a JSON text." },
    Builtin { name: "fromTOML", arity: 1, run: from_toml, doc: "`fromTOML s`: the value of a TOML text." },
    Builtin { name: "toXML", arity: 1, run: to_xml, doc: "`toXML x`: `x` as XML." },
];

fn from_json<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let text = ev.force_str(args[0], place)?;
    ev.parse_json(text.text, place)
}

fn from_toml<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let text = ev.force_str(args[0], place)?;
    ev.parse_toml(text.text, place)
}

fn to_json<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    let value = ev.force(args[0])?;
    Ok(Value::Str(ev.json_text(value, place)?))
}

impl<'h> Evaluator<'h> {
    /// The value as JSON.
    pub(crate) fn json_text(&self, value: Value<'h>, place: Place) -> Eval<'h, &'h Str<'h>> {
        let mut writer = Writer { ev: self, place, out: String::new(), context: Vec::new() };
        writer.json(value)?;
        Ok(self.text_with(&writer.out, writer.context))
    }

    /// The value as an XML document.
    pub(crate) fn xml_text(&self, value: Value<'h>, place: Place) -> Eval<'h, &'h Str<'h>> {
        let mut writer = Writer { ev: self, place, out: String::new(), context: Vec::new() };
        writer.out.push_str("<?xml version='1.0' encoding='utf-8'?>\n<expr>\n");
        writer.xml(value, 1)?;
        writer.out.push_str("</expr>\n");
        Ok(self.text_with(&writer.out, writer.context))
    }
}

fn to_xml<'h>(ev: &Evaluator<'h>, args: &[&'h Thunk<'h>], place: Place) -> Eval<'h, Value<'h>> {
    Ok(Value::Str(ev.xml_text(ev.force(args[0])?, place)?))
}

struct Writer<'e, 'h> {
    ev: &'e Evaluator<'h>,
    place: Place,
    out: String,
    context: Vec<ContextItem<'h>>,
}

/// A string as JSON writes it.
fn json_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A float as Nix's JSON has it: the shortest text that reads back as the same, always with a point
/// or an exponent.
fn json_float(value: f64) -> String {
    if !value.is_finite() {
        return "null".into();
    }
    if value != 0.0 && !(1e-4..1e15).contains(&value.abs()) {
        let text = format!("{value:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{:02}", exponent.abs());
    }
    format!("{value:?}")
}

impl<'h> Writer<'_, 'h> {
    /// A set that stands for something else: for a string, or for a derivation's output.
    fn stand_in(&mut self, value: Value<'h>) -> Eval<'h, Option<Value<'h>>> {
        let Value::Attrs(attrs) = value else { return Ok(None) };
        if attrs.get(self.ev.names.to_string).is_some() {
            let text = self.ev.coerce(value, Coercion::Interpolation, self.place)?;
            return Ok(Some(Value::Str(text)));
        }
        match attrs.get(self.ev.names.out_path) {
            Some(path) => Ok(Some(self.ev.force(path.value)?)),
            None => Ok(None),
        }
    }

    fn json(&mut self, value: Value<'h>) -> Eval<'h, ()> {
        let ev = self.ev;
        ev.step()?;
        ev.room_for_output(self.out.len())?;
        let value = ev.settle(value)?;
        match value {
            Value::Null => self.out.push_str("null"),
            Value::Bool(value) => self.out.push_str(if value { "true" } else { "false" }),
            Value::Int(value) => {
                let _ = write!(self.out, "{value}");
            }
            Value::Float(value) => self.out.push_str(&json_float(value)),
            Value::Str(text) => {
                self.context.extend_from_slice(text.context);
                json_string(text.text, &mut self.out);
            }
            Value::Path(path) => {
                self.context.push(ContextItem::Path(path));
                json_string(path, &mut self.out);
            }
            Value::List(list) => {
                if let Some(unknown) = list.open {
                    return Err(Halt::Unknown(unknown));
                }
                ev.certain(list.items)?;
                self.out.push('[');
                for (index, item) in list.items.iter().enumerate() {
                    if index > 0 {
                        self.out.push(',');
                    }
                    let item = ev.force(item)?;
                    ev.deeper(|| self.json(item))?;
                }
                self.out.push(']');
            }
            Value::Attrs(attrs) => {
                if let Some(other) = self.stand_in(value)? {
                    return ev.deeper(|| self.json(other));
                }
                if let Some(unknown) = attrs.open {
                    return Err(Halt::Unknown(unknown));
                }
                self.out.push('{');
                for (index, attr) in attrs.sorted().into_iter().enumerate() {
                    if index > 0 {
                        self.out.push(',');
                    }
                    ev.certain(&[attr.value])?;
                    json_string(attr.name.as_str(), &mut self.out);
                    self.out.push(':');
                    let item = ev.force(attr.value)?;
                    ev.deeper(|| self.json(item))?;
                }
                self.out.push('}');
            }
            Value::Config(node) => {
                let attrs = Value::Attrs(node.to_attrs(ev)?);
                ev.deeper(|| self.json(attrs))?;
            }
            other => return Err(ev.type_error("a value that JSON has", other, self.place)),
        }
        Ok(())
    }

    /// Opens, closes or empties an element on a line of its own.
    fn tag(&mut self, depth: usize, tag: &str, attributes: &[(&str, &str)], end: &str) {
        for _ in 0..depth {
            self.out.push_str("  ");
        }
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attributes {
            let _ = write!(self.out, " {name}=\"");
            for c in value.chars() {
                match c {
                    '"' => self.out.push_str("&quot;"),
                    '<' => self.out.push_str("&lt;"),
                    '>' => self.out.push_str("&gt;"),
                    '&' => self.out.push_str("&amp;"),
                    '\n' => self.out.push_str("&#xA;"),
                    c => self.out.push(c),
                }
            }
            self.out.push('"');
        }
        self.out.push_str(end);
        self.out.push('\n');
    }

    fn leaf(&mut self, depth: usize, tag: &str, value: &str) {
        self.tag(depth, tag, &[("value", value)], " />");
    }

    fn xml(&mut self, value: Value<'h>, depth: usize) -> Eval<'h, ()> {
        let ev = self.ev;
        ev.step()?;
        ev.room_for_output(self.out.len())?;
        match ev.settle(value)? {
            Value::Null => self.tag(depth, "null", &[], " />"),
            Value::Bool(value) => self.leaf(depth, "bool", if value { "true" } else { "false" }),
            Value::Int(value) => self.leaf(depth, "int", &value.to_string()),
            Value::Float(value) => self.leaf(depth, "float", &crate::print::print_float(value)),
            Value::Str(text) => {
                self.context.extend_from_slice(text.context);
                self.leaf(depth, "string", text.text);
            }
            Value::Path(path) => self.leaf(depth, "path", path),
            Value::List(list) => {
                if let Some(unknown) = list.open {
                    return Err(Halt::Unknown(unknown));
                }
                ev.certain(list.items)?;
                self.tag(depth, "list", &[], ">");
                for item in list.items {
                    let item = ev.force(item)?;
                    ev.deeper(|| self.xml(item, depth + 1))?;
                }
                self.tag(depth, "/list", &[], ">");
            }
            Value::Attrs(attrs) => self.xml_attrs(attrs, depth)?,
            Value::Config(node) => self.xml_attrs(node.to_attrs(ev)?, depth)?,
            Value::Lambda(closure) => {
                self.tag(depth, "function", &[], ">");
                let lambda = closure.lambda;
                let arg = lambda.arg.map(|(name, _)| name.as_str());
                match &lambda.formals {
                    None => self.tag(depth + 1, "varpat", &[("name", arg.unwrap_or(""))], " />"),
                    Some(formals) => {
                        let mut attributes = Vec::new();
                        if lambda.open {
                            attributes.push(("ellipsis", "1"));
                        }
                        if let Some(arg) = arg {
                            attributes.push(("name", arg));
                        }
                        self.tag(depth + 1, "attrspat", &attributes, ">");
                        let mut names: Vec<&str> =
                            formals.iter().map(|formal| formal.name.as_str()).collect();
                        names.sort_unstable();
                        for name in names {
                            self.tag(depth + 2, "attr", &[("name", name)], " />");
                        }
                        self.tag(depth + 1, "/attrspat", &[], ">");
                    }
                }
                self.tag(depth, "/function", &[], ">");
            }
            Value::Native(_) => self.tag(depth, "unevaluated", &[], " />"),
            other => return Err(ev.type_error("a value that XML has", other, self.place)),
        }
        Ok(())
    }

    fn xml_attrs(&mut self, attrs: &'h crate::value::Attrs<'h>, depth: usize) -> Eval<'h, ()> {
        let ev = self.ev;
        if let Some(unknown) = attrs.open {
            return Err(Halt::Unknown(unknown));
        }
        let kind = match attrs.get(Symbol::new("type")) {
            Some(kind) => match ev.force(kind.value)? {
                Value::Str(text) => Some(text.text),
                _ => None,
            },
            None => None,
        };
        let tag = match kind {
            Some("derivation") => "derivation",
            _ => "attrs",
        };
        self.tag(depth, tag, &[], ">");
        for attr in attrs.sorted() {
            ev.certain(&[attr.value])?;
            self.tag(depth + 1, "attr", &[("name", attr.name.as_str())], ">");
            let item = ev.force(attr.value)?;
            ev.deeper(|| self.xml(item, depth + 2))?;
            self.tag(depth + 1, "/attr", &[], ">");
        }
        self.tag(depth, &format!("/{tag}"), &[], ">");
        Ok(())
    }
}
