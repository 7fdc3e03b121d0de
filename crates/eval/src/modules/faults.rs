//! What can be wrong with an option: which one, which definitions, and what was expected of them.
//!
//! The messages are nixpkgs', so that they can be searched for.

use nixscope_hir::Symbol;

use super::definitions::Def;
use super::options::show_option_path;
use crate::Evaluator;
use crate::error::{ErrorKind, EvalError, Halt};
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Attr, Value};

/// The kinds of fault.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum OptionFaultKind {
    /// A definition is not of the option's type.
    TypeMismatch,
    /// Definitions of one priority do not agree, or there is more than one where one is allowed.
    Conflict,
    /// No module declares the option.
    Undeclared,
    /// A read-only option is set more than once.
    ReadOnly,
    /// The option is read, nothing sets it, and it has no default.
    NoValue,
    /// The declarations of the option do not go together, or are none.
    Declaration,
}

/// A fault of an option.
#[derive(Clone, Copy)]
pub struct OptionFault<'h> {
    /// What.
    pub kind: OptionFaultKind,
    /// The option, from the root of the outermost system.
    pub path: &'h [Symbol],
    /// The type, as nixpkgs describes types.
    pub expected: Option<&'h str>,
    /// The definitions it is about.
    pub definitions: &'h [Def<'h>],
}

impl std::fmt::Debug for OptionFault<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} of {}", self.kind, show_option_path(self.path))
    }
}

/// What the values in one message may take to be printed.
const SHOW_STEPS: u64 = 50_000;

impl<'h> Evaluator<'h> {
    /// The error for a fault; `place` where no definition has one.
    pub(super) fn option_error(&self, fault: OptionFault<'h>, message: &str, place: Place) -> Halt<'h> {
        let own = fault.definitions.iter().map(|def| def.value.place().or(def.place));
        let place = own.fold(Place::NONE, Place::or).or(place);
        Halt::Fail(self.heap.alloc(EvalError {
            kind: ErrorKind::Throw,
            message: self.heap.str(message),
            place,
            notes: &[],
            option: Some(self.heap.alloc(fault)),
        }))
    }

    /// Definitions for a message: files, and the beginning of the values as far as they are known.
    pub(super) fn show_definitions(&self, defs: &[Def<'h>]) -> String {
        let shown = self.within(SHOW_STEPS, || {
            let function = self.library(&["options", "showDefs"])?;
            let shown = self.apply(function, self.definition_list(defs), Place::NONE)?;
            self.force_str(self.done(shown), Place::NONE)
        });
        match shown {
            Ok(text) => text.text.to_string(),
            Err(_) => defs.iter().map(|def| format!("\n- In `{}'", def.file)).collect(),
        }
    }

    /// Definitions as the library's functions take them: `[ { file; value; } ]`.
    pub(super) fn definition_list(&self, defs: &[Def<'h>]) -> &'h Thunk<'h> {
        let sets: Vec<&'h Thunk<'h>> = defs
            .iter()
            .map(|def| {
                let value = Attr { name: self.names.value, place: def.place, value: def.value };
                self.done_at(self.attrs(vec![self.attr("file", self.string(def.file)), value]), def.place)
            })
            .collect();
        self.done(self.list(&sets))
    }

    /// A path as the library's functions take it: a list of strings.
    pub(super) fn path_list(&self, path: &[Symbol]) -> &'h Thunk<'h> {
        let names: Vec<&'h Thunk<'h>> =
            path.iter().map(|name| self.done(self.string(name.as_str()))).collect();
        self.done(self.list(&names))
    }

    /// Something of the embedded library.
    pub(super) fn library(&self, path: &[&str]) -> Result<Value<'h>, Halt<'h>> {
        let mut value = self.force(self.embedded_lib())?;
        for name in path {
            let name = Symbol::new(name);
            value = match self.get_attr(value, name, Place::NONE)? {
                Some(attr) => self.force(attr.value)?,
                None => return Err(self.missing_attribute(value, name, Place::NONE)),
            };
        }
        Ok(value)
    }
}
