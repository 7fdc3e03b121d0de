//! What modules set of options from outside: the system reads these, so what they need must be there.

use nixscope_eval::modules::{Def, Unmatched};
use nixscope_eval::{Reason, Thunk, Unknown, Value};
use nixscope_hir::Symbol;

use super::{MAX_VALUES, OptionProblem, OptionProblemKind, Phase, STEPS_PER_OPTION, Search};
use crate::option::parse_option_path;

impl<'h> Search<'_, 'h> {
    /// Evaluates the definitions of options from outside, as far as their conditions are known to hold.
    pub(super) fn uses(&mut self, undeclared: &[Unmatched<'h>]) {
        for unmatched in undeclared {
            if !self.is_own(unmatched.def.place) {
                continue;
            }
            self.phase = Phase::Used(unmatched.def);
            self.ev.within(STEPS_PER_OPTION, || self.used(unmatched.def.value));
        }
        self.phase = Phase::Declared;
    }

    fn used(&mut self, value: &'h Thunk<'h>) {
        let mut stack = vec![value];
        for _ in 0..MAX_VALUES {
            let Some(thunk) = stack.pop() else { return };
            let Ok(value) = self.note(self.ev.force(thunk)) else { continue };
            match value {
                Value::Unknown(unknown) => {
                    self.read_unset(unknown);
                    self.read_argument(unknown);
                }
                Value::List(list) if self.seen.insert(std::ptr::from_ref(list).cast()) => {
                    stack.extend(list.items);
                }
                Value::Attrs(attrs) if self.seen.insert(std::ptr::from_ref(attrs).cast()) => {
                    let get = |name: &str| attrs.get(Symbol::new(name)).map(|attr| attr.value);
                    match get("_type").map(|tag| self.text(tag)) {
                        None => stack.extend(attrs.entries.iter().map(|attr| attr.value)),
                        Some(Some(tag)) => match (tag.as_str(), get("condition"), get("content")) {
                            ("if", Some(condition), Some(content)) => {
                                match self.note(self.ev.force(condition)) {
                                    Ok(Value::Bool(true)) => stack.push(content),
                                    Ok(Value::Unknown(unknown)) => self.read_argument(unknown),
                                    _ => {}
                                }
                            }
                            ("order", _, Some(content)) => stack.push(content),
                            ("merge", ..) => stack.extend(get("contents")),
                            // A definition with a priority may give way to another, and then nobody reads it.
                            _ => {}
                        },
                        Some(None) => {}
                    }
                }
                _ => {}
            }
        }
    }

    /// Notes it if what is read is an option without value. A host has modules from outside, which might set
    /// it: to the evaluator it is unknown.
    fn read_unset(&mut self, unknown: &'h Unknown<'h>) {
        if unknown.reason != Reason::ExternalOption {
            return;
        }
        let path = unknown.path();
        let Some(path) = path.strip_prefix("config.") else { return };
        let below = |outer: &str| {
            path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let unset = self.found.unset.iter().find(|it| it.within == self.within && below(&it.path));
        if let (Some(unset), Phase::Used(reader)) = (unset, self.phase) {
            let path = unset.path.clone();
            self.no_value(&path, &reader);
        }
    }

    /// An option without value, and the definition that reads it. A module that is not known may set it.
    pub(super) fn no_value(&mut self, path: &str, reader: &Def<'h>) {
        if !self.knows_all_modules() || self.has_foreign_modules() {
            return;
        }
        let problem = OptionProblem {
            path: path.into(),
            within: self.within.clone(),
            kind: OptionProblemKind::NoValue,
            expected: None,
            off: false,
            definitions: vec![self.definition(reader)],
            declared_at: self.declared_at(&parse_option_path(path)),
            nearest: Vec::new(),
        };
        self.push(problem);
    }
}
