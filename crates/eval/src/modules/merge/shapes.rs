//! Definitions of something whose type is not known: merged by what they are.

use nixscope_hir::Symbol;

use super::Merge;
use crate::error::Eval;
use crate::heap::Thunk;
use crate::modules::definitions::Def;
use crate::modules::options::show_option_path;
use crate::place::Place;
use crate::value::{Attrs, List, Reason, Taint, Unknown, Value};

impl<'h> Merge<'_, 'h> {
    /// Without a type: sets are merged by name, lists end to end, anything else must agree.
    pub(super) fn by_shape(&self) -> Eval<'h, Value<'h>> {
        let mut values = Vec::with_capacity(self.defs.len());
        for def in self.defs {
            values.push(self.ev.force(def.value)?);
        }
        if let [only] = values.as_slice() {
            // A set may hold properties further down, which only merging takes away.
            return match only {
                Value::Attrs(attrs) if !self.is_plain(attrs) => Ok(*only),
                Value::Attrs(_) => self.named(None),
                _ => Ok(*only),
            };
        }
        if values.iter().all(|value| matches!(value, Value::Attrs(_) | Value::Config(_))) {
            return self.named(None);
        }
        if let Some(defs) = self.settled_sets(&values) {
            return Merge { defs: &defs, ..*self }.named(None);
        }
        if values.iter().all(|value| matches!(value, Value::List(_) | Value::Choice(_))) {
            return self.lists();
        }
        for value in &values[1..] {
            match self.ev.equal(values[0], *value, Place::NONE) {
                Ok(true) => {}
                _ => return Ok(self.one_of()),
            }
        }
        Ok(values[0])
    }

    /// The definitions where each is a set, or one of several sets: of these, what may be in it.
    fn settled_sets(&self, values: &[Value<'h>]) -> Option<Vec<Def<'h>>> {
        let pairs = self.defs.iter().zip(values);
        pairs
            .map(|(def, value)| match value {
                Value::Attrs(_) | Value::Config(_) => Some(*def),
                Value::Choice(choice) if !choice.absent => match self.ev.settle(*value).ok()? {
                    sets @ Value::Attrs(_) => {
                        Some(Def { value: self.ev.done_at(sets, def.value.place()), ..*def })
                    }
                    _ => None,
                },
                _ => None,
            })
            .collect()
    }

    /// A set or a list at a path that nothing here declares: the module from outside that does may have more in it.
    pub(super) fn extensible(&self, value: Value<'h>) -> Value<'h> {
        let declared = || self.system.options(self.ev).declared_prefix(self.path).is_some();
        let unknown = || {
            let name = format!("config.{}", show_option_path(self.path));
            self.ev.unknown(&name, Reason::ExternalOption, Taint::None, Place::NONE)
        };
        let is_known = |open: Option<&Unknown<'h>>| open.is_none() && !self.system.is_complete(self.ev);
        match value {
            Value::Attrs(attrs) if is_known(attrs.open) && self.is_plain(attrs) && !declared() => {
                self.ev.extensible.borrow_mut().insert(std::ptr::from_ref(attrs).cast(), unknown());
                value
            }
            // A list of its own: the one that was written is no longer than that.
            Value::List(list) if is_known(list.open) && !declared() => {
                let list = self.ev.heap.alloc(List { items: list.items, open: None });
                self.ev.extensible.borrow_mut().insert(std::ptr::from_ref(list).cast(), unknown());
                Value::List(list)
            }
            _ => value,
        }
    }

    /// Whether a set is data to be merged: derivations and tagged sets are values.
    fn is_plain(&self, attrs: &Attrs<'h>) -> bool {
        ["_type", "outPath", "__functor", "type"].iter().all(|name| match attrs.get(Symbol::new(name)) {
            Some(attr) if *name == "type" => {
                !matches!(self.ev.force(attr.value), Ok(Value::Str(text)) if text.text == "derivation")
            }
            other => other.is_none(),
        })
    }

    /// Definitions that cannot be merged: one of them, it is not known which.
    fn one_of(&self) -> Value<'h> {
        let name = format!("config.{}", show_option_path(self.path));
        let condition = self.ev.unknown(&name, Reason::Condition, Taint::None, Place::NONE);
        let values: Vec<&'h Thunk<'h>> = self.defs.iter().map(|def| def.value).collect();
        self.ev.choice(condition, &values, false)
    }

    /// Lists end to end.
    fn lists(&self) -> Eval<'h, Value<'h>> {
        let mut result = self.ev.list(&[]);
        for def in self.defs {
            let value = self.ev.force(def.value)?;
            let list = self.ev.list_operand(value, def.place)?;
            let value = match def.active {
                None => self.ev.list(&self.maybe_items(list.items)),
                Some(_) => Value::List(list),
            };
            result = self.ev.concat(result, value, def.place)?;
        }
        Ok(result)
    }
}
