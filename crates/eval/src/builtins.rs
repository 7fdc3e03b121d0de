//! Nix's builtins.
//!
//! Each file holds one group and its table. A builtin gets its arguments as thunks and forces what it
//! needs; an unknown that it needs ends it (`?` on the `force_*` functions), and the unknown becomes
//! its result.
//!
//! Source: the Nix manual, "Built-ins".

mod control;

use std::sync::LazyLock;

use nixscope_hir::Symbol;
use rustc_hash::FxHashMap;

use crate::error::Eval;
use crate::heap::Thunk;
use crate::place::Place;
use crate::value::{Native, Reason, Taint, Value};
use crate::Evaluator;

/// What a builtin runs: the evaluator, all its arguments, the place of the call.
pub type Run = for<'h> fn(&Evaluator<'h>, &[&'h Thunk<'h>], Place) -> Eval<'h, Value<'h>>;

/// A function that is part of the evaluator, or of a model.
pub struct Builtin {
    /// Its name, without the `builtins.` prefix.
    pub name: &'static str,
    /// How many arguments it takes; at least one.
    pub arity: u8,
    /// What it does.
    pub run: Run,
    /// Its documentation, in Markdown: arguments and result.
    pub doc: &'static str,
}

const GROUPS: &[&[Builtin]] = &[control::BUILTINS];

static TABLE: LazyLock<FxHashMap<Symbol, &'static Builtin>> = LazyLock::new(|| {
    GROUPS.iter().flat_map(|group| group.iter()).map(|it| (Symbol::new(it.name), it)).collect()
});

/// Every builtin's name and documentation.
pub fn builtin_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    GROUPS.iter().flat_map(|group| group.iter()).map(|it| (it.name, it.doc))
}

impl<'h> Evaluator<'h> {
    /// A name of the base environment.
    pub(crate) fn global(&self, name: Symbol, place: Place) -> Value<'h> {
        match name.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            "builtins" => self.builtins(),
            text => {
                let bare = Symbol::new(text.strip_prefix("__").unwrap_or(text));
                match TABLE.get(&bare) {
                    Some(builtin) => self.native(builtin),
                    None => match self.constant(bare.as_str()) {
                        Some(value) => value,
                        None => Value::Unknown(self.unknown(text, Reason::Impure, Taint::None, place)),
                    },
                }
            }
        }
    }

    /// A builtin, or a model's function, as a value.
    pub fn native(&self, builtin: &'static Builtin) -> Value<'h> {
        Value::Native(self.heap.alloc(Native { builtin, args: &[] }))
    }

    /// The set `builtins`.
    fn builtins(&self) -> Value<'h> {
        if let Some(known) = self.memo.borrow().get("builtins") {
            return *known;
        }
        let mut entries: Vec<_> = TABLE.values().map(|it| self.attr(it.name, self.native(it))).collect();
        for name in CONSTANTS {
            if let Some(value) = self.constant(name) {
                entries.push(self.attr(name, value));
            }
        }
        let this = self.attrs(entries);
        // `builtins.builtins` is the set itself.
        let itself = self.attrs(vec![self.attr("builtins", this)]);
        let value = self.update(this, itself, Place::NONE).unwrap_or(this);
        self.memo.borrow_mut().insert("builtins", value);
        value
    }

    fn constant(&self, name: &str) -> Option<Value<'h>> {
        Some(match name {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            "nixVersion" => self.string("2.31.2"),
            "langVersion" => Value::Int(6),
            "storeDir" => self.string("/nix/store"),
            "nixPath" => self.list(&[]),
            "currentSystem" | "currentTime" => {
                let path = format!("builtins.{name}");
                Value::Unknown(self.unknown(&path, Reason::Impure, Taint::None, Place::NONE))
            }
            _ => return None,
        })
    }
}

const CONSTANTS: &[&str] =
    &["true", "false", "null", "nixVersion", "langVersion", "storeDir", "nixPath", "currentSystem", "currentTime"];
