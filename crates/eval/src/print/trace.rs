//! Values with their provenance: a line for each part, and behind it where the part comes from.

use rustc_hash::FxHashSet;

use super::{print_name, print_value};
use crate::Evaluator;
use crate::error::Eval;
use crate::evaluator::trail::Step;
use crate::heap::Thunk;
use crate::place::{Place, SourcePlace};
use crate::value::{Unknown, Value};

/// The value of a thunk with its provenance. `show` writes a place.
///
/// Call [`Evaluator::record_trail`] before anything is evaluated: what was not recorded is missing.
///
/// # Errors
/// The first error of a part, in the order of printing.
pub fn print_trace<'h>(
    ev: &Evaluator<'h>,
    thunk: &'h Thunk<'h>,
    show: &dyn Fn(SourcePlace) -> String,
) -> Eval<'h, String> {
    let mut printer = Printer { ev, show, out: String::new(), seen: FxHashSet::default() };
    printer.part(thunk, Place::NONE, 0, "")?;
    Ok(printer.out)
}

struct Printer<'e, 'h> {
    ev: &'e Evaluator<'h>,
    show: &'e dyn Fn(SourcePlace) -> String,
    out: String,
    /// The sets and lists that were printed, each of which is printed once.
    seen: FxHashSet<*const ()>,
}

impl<'h> Printer<'_, 'h> {
    /// Prints a value, `end`, and where it comes from. `name` is where its attribute's name stands.
    fn part(&mut self, thunk: &'h Thunk<'h>, name: Place, indent: usize, end: &str) -> Eval<'h, ()> {
        let ev = self.ev;
        ev.step()?;
        ev.room_for_output(self.out.len())?;
        let value = ev.force(thunk)?;
        let value = match value {
            Value::Config(node) => Value::Attrs(node.to_attrs(ev)?),
            other => other,
        };
        match value {
            Value::List(list) if !list.items.is_empty() && self.seen.insert(list.items.as_ptr().cast()) => {
                self.out.push('[');
                self.origin(thunk, name);
                for item in list.items {
                    self.line(indent + 1);
                    ev.deeper(|| self.part(item, Place::NONE, indent + 1, ""))?;
                }
                self.rest(list.open, indent + 1);
                self.line(indent);
                self.out.push(']');
                self.out.push_str(end);
            }
            Value::Attrs(attrs)
                if !attrs.entries.is_empty()
                    && super::derivation_path(ev, attrs)?.is_none()
                    && self.seen.insert(attrs.entries.as_ptr().cast()) =>
            {
                self.out.push('{');
                self.origin(thunk, name);
                for attr in attrs.sorted() {
                    self.line(indent + 1);
                    print_name(attr.name.as_str(), &mut self.out);
                    self.out.push_str(" = ");
                    ev.deeper(|| self.part(attr.value, attr.place, indent + 1, ";"))?;
                }
                self.rest(attrs.open, indent + 1);
                self.line(indent);
                self.out.push('}');
                self.out.push_str(end);
            }
            Value::List(list) if !list.items.is_empty() => self.repeated(end),
            Value::Attrs(attrs)
                if !attrs.entries.is_empty() && super::derivation_path(ev, attrs)?.is_none() =>
            {
                self.repeated(end);
            }
            value => {
                let text = print_value(ev, value)?;
                self.out.push_str(&text);
                self.out.push_str(end);
                self.origin(thunk, name);
            }
        }
        Ok(())
    }

    fn repeated(&mut self, end: &str) {
        self.out.push_str("«repeated»");
        self.out.push_str(end);
    }

    fn rest(&mut self, open: Option<&'h Unknown<'h>>, indent: usize) {
        if let Some(unknown) = open {
            self.line(indent);
            self.out.push_str(&format!("«unknown: {}»", unknown.path()));
            self.place(" # ", unknown.place);
        }
    }

    fn line(&mut self, indent: usize) {
        self.out.push('\n');
        self.out.push_str(&"  ".repeat(indent));
    }

    /// Where a part comes from, as a comment.
    fn origin(&mut self, thunk: &'h Thunk<'h>, name: Place) {
        let before = self.out.len();
        self.place(" # ", name.or(thunk.place()));
        if !name.is_none() && !self.is_inside(thunk.place(), name) {
            self.place(", value at ", thunk.place());
        }
        for step in self.ev.trail(thunk) {
            let separator = if self.out.len() == before { " # " } else { ", " };
            match step {
                Step::Call(at) => self.place(&format!("{separator}called at "), at),
                Step::Selected(from) => self.place(&format!("{separator}selected from "), from),
                Step::Import(at) => self.place(&format!("{separator}imported at "), at),
                Step::Merge { at, over } => {
                    self.place(&format!("{separator}merged at "), at);
                    self.place(" over ", over);
                }
            }
        }
    }

    /// Whether a value stands in the entry that begins with a name.
    fn is_inside(&self, value: Place, name: Place) -> bool {
        let (Some(value), Some(name)) = (value.resolve(self.ev), name.resolve(self.ev)) else { return true };
        value.source == name.source && name.entry(self.ev.db).contains_range(value.range(self.ev.db))
    }

    fn place(&mut self, before: &str, place: Place) {
        if let Some(place) = place.resolve(self.ev) {
            let text = (self.show)(place);
            self.out.push_str(before);
            self.out.push_str(&text);
        }
    }
}
