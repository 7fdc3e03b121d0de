//! Nix's builtins.
//!
//! Each file holds one group and its table. A builtin gets its arguments as thunks and forces what it
//! needs; an unknown that it needs ends it (`?` on the `force_*` functions), and the unknown becomes
//! its result.
//!
//! Source: the Nix manual, "Built-ins".

mod attrs;
mod context;
mod control;
mod derivations;
mod files;
mod flake_refs;
mod formats;
mod hashes;
mod lists;
mod numbers;
mod ordering;
mod outside;
mod partial;
mod regex;
mod strings;
mod types;
mod versions;

pub use hashes::source_store_path;

use std::sync::LazyLock;

use nixscope_hir::Symbol;
use rustc_hash::FxHashMap;

use crate::Evaluator;
use crate::error::Eval;
use crate::heap::Thunk;
use crate::machine::SearchEntry;
use crate::place::Place;
use crate::value::{Attr, Native, Reason, Taint, Value};

/// What a builtin runs: the evaluator, all its arguments, the place of the call.
pub(crate) type Run = for<'h> fn(&Evaluator<'h>, &[&'h Thunk<'h>], Place) -> Eval<'h, Value<'h>>;

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

const GROUPS: &[&[Builtin]] = &[
    control::BUILTINS,
    attrs::BUILTINS,
    lists::BUILTINS,
    ordering::BUILTINS,
    numbers::BUILTINS,
    types::BUILTINS,
    strings::BUILTINS,
    regex::BUILTINS,
    versions::BUILTINS,
    context::BUILTINS,
    hashes::BUILTINS,
    formats::BUILTINS,
    files::BUILTINS,
    derivations::BUILTINS,
    flake_refs::BUILTINS,
    outside::BUILTINS,
    crate::modules::BUILTINS,
];

/// What a name of the base environment stands for.
#[derive(Clone, Copy)]
enum Global {
    Builtin(&'static Builtin),
    Constant(Constant),
    /// The set of all.
    Builtins,
}

#[derive(Clone, Copy)]
enum Constant {
    True,
    False,
    Null,
    NixVersion,
    LangVersion,
    StoreDir,
    NixPath,
    CurrentSystem,
    CurrentTime,
}

const CONSTANTS: &[(&str, Constant)] = &[
    ("true", Constant::True),
    ("false", Constant::False),
    ("null", Constant::Null),
    ("nixVersion", Constant::NixVersion),
    ("langVersion", Constant::LangVersion),
    ("storeDir", Constant::StoreDir),
    ("nixPath", Constant::NixPath),
    ("currentSystem", Constant::CurrentSystem),
    ("currentTime", Constant::CurrentTime),
];

/// The base environment by name; every builtin also with the prefix `__`.
static GLOBALS: LazyLock<FxHashMap<Symbol, Global>> = LazyLock::new(|| {
    let builtins = GROUPS.iter().flat_map(|group| group.iter()).map(|it| (it.name, Global::Builtin(it)));
    let constants = CONSTANTS.iter().map(|(name, constant)| (*name, Global::Constant(*constant)));
    let mut globals = FxHashMap::default();
    for (name, global) in builtins.chain(constants) {
        globals.insert(Symbol::new(name), global);
        globals.insert(Symbol::new(&format!("__{name}")), global);
    }
    globals.insert(Symbol::new("builtins"), Global::Builtins);
    globals
});

/// Every builtin's name and documentation.
pub fn builtin_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    GROUPS.iter().flat_map(|group| group.iter()).map(|it| (it.name, it.doc))
}

impl<'h> Evaluator<'h> {
    /// A name of the base environment.
    pub(crate) fn global(&self, name: Symbol, place: Place) -> Value<'h> {
        match GLOBALS.get(&name) {
            Some(Global::Builtin(builtin)) => self.native(builtin),
            Some(Global::Constant(constant)) => self.constant(*constant),
            Some(Global::Builtins) => self.builtins(),
            None => Value::Unknown(self.unknown(name.as_str(), Reason::Impure, Taint::None, place)),
        }
    }

    /// The builtin of that name, without a prefix, as a value.
    pub fn builtin(&self, name: &str) -> Option<Value<'h>> {
        match GLOBALS.get(&Symbol::new(name)) {
            Some(Global::Builtin(builtin)) => Some(self.native(builtin)),
            _ => None,
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
        let builtins = GROUPS.iter().flat_map(|group| group.iter());
        let mut entries: Vec<_> = builtins.map(|it| self.attr(it.name, self.native(it))).collect();
        entries.extend(CONSTANTS.iter().map(|(name, constant)| self.attr(name, self.constant(*constant))));
        // `builtins.builtins` is the set itself.
        let itself = self.cell();
        entries.push(Attr { name: Symbol::new("builtins"), place: Place::NONE, value: itself });
        let value = self.attrs(entries);
        self.set_cell(itself, self.done(value));
        self.memo.borrow_mut().insert("builtins", value);
        value
    }

    fn nix_path(&self, entries: &[SearchEntry]) -> Value<'h> {
        let entries: Vec<_> = entries
            .iter()
            .map(|entry| {
                let prefix = self.attr("prefix", self.string(&entry.prefix));
                self.done(self.attrs(vec![self.attr("path", self.string(entry.path.as_str())), prefix]))
            })
            .collect();
        self.list(&entries)
    }

    fn constant(&self, constant: Constant) -> Value<'h> {
        let impure = |path| self.unknown(path, Reason::Impure, Taint::None, Place::NONE);
        match constant {
            Constant::True => Value::Bool(true),
            Constant::False => Value::Bool(false),
            Constant::Null => Value::Null,
            Constant::NixVersion => self.string_in("2.31.2", &[]),
            Constant::LangVersion => Value::Int(6),
            Constant::StoreDir => self.string_in("/nix/store", &[]),
            Constant::NixPath => match &self.models.machine().search_path {
                Some(entries) => self.nix_path(entries),
                None => self.open_list(&[], Some(impure("builtins.nixPath"))),
            },
            Constant::CurrentSystem => match &self.models.machine().system {
                Some(system) => self.string(system),
                None => Value::Unknown(impure("builtins.currentSystem")),
            },
            Constant::CurrentTime => Value::Unknown(impure("builtins.currentTime")),
        }
    }
}
