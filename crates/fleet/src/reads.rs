//! What a host is made of: the files it reads, the inputs it uses, and a digest of all that its modules say.
//!
//! `nixscope affected` compares these between two states of a repository.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use nixscope_db::{Db, EntryKind, SourceFile, VfsPath};
use nixscope_eval::modules::System;
use nixscope_eval::{Attrs, ContextItem, Evaluator, Thunk, Unknown, UnknownKind, Value};
use nixscope_hir::{Expr, Symbol, body};
use rustc_hash::{FxHashSet, FxHasher};
use smol_str::SmolStr;

use crate::closure::is_foreign;
use crate::host_eval::nested_systems;
use crate::models::INPUT_PREFIX;
use crate::outputs::with_flake_and_models;
use crate::project::Project;
use crate::queries::host_value;

/// What a host is made of.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HostReads {
    /// The files of the repository that are modules of the host or of a system inside it; sorted.
    pub modules: Vec<VfsPath>,
    /// The other files and directories of the repository that its configuration names: secrets, packages,
    /// files to be installed. Of a directory everything below it counts. Sorted.
    pub data: Vec<VfsPath>,
    /// Files that were read on the way, without being part of the host: `flake.nix`, libraries, tables.
    pub others: Vec<VfsPath>,
    /// The names of the flake inputs that it uses; sorted.
    pub inputs: Vec<SmolStr>,
    /// Stands for all that its modules say: two hosts with the same digest are configured the same, as far
    /// as can be known. None where a budget ended the walk.
    pub digest: Option<u64>,
}

/// Values inside values beyond this depth are not looked at.
const MAX_DEPTH: u32 = 100;

/// A configuration with more values than this is not looked at to the end.
const MAX_VALUES: u32 = 500_000;

/// What a host is made of. Forces all that its modules define, so nothing asks for it but a command.
#[salsa::tracked(returns(ref))]
pub fn host_reads(db: &dyn Db, project: Project, output: SmolStr, name: SmolStr) -> HostReads {
    with_flake_and_models(db, project, &[], |ev, flake, models| {
        let mut walk = Walk::new(ev, project.root(db));
        if let Ok(value) = host_value(ev, project, flake, &output, &name)
            && let Some(system) = ev.system_of(value)
        {
            walk.host(&system);
        }
        walk.inputs.extend(models.used());
        walk.finish()
    })
}

struct Walk<'a, 'h> {
    ev: &'a Evaluator<'h>,
    root: &'a VfsPath,
    modules: BTreeSet<VfsPath>,
    data: BTreeSet<VfsPath>,
    inputs: BTreeSet<SmolStr>,
    seen: FxHashSet<*const ()>,
    hasher: FxHasher,
    depth: u32,
    values: u32,
    ended: bool,
}

impl<'a, 'h> Walk<'a, 'h> {
    fn new(ev: &'a Evaluator<'h>, root: &'a VfsPath) -> Walk<'a, 'h> {
        Walk {
            ev,
            root,
            modules: BTreeSet::new(),
            data: BTreeSet::new(),
            inputs: BTreeSet::new(),
            seen: FxHashSet::default(),
            hasher: FxHasher::default(),
            depth: 0,
            values: 0,
            ended: false,
        }
    }

    fn host(&mut self, system: &Rc<System<'h>>) {
        self.system(system);
        for (kind, name, inner) in nested_systems(self.ev, system) {
            (kind, name.as_str()).hash(&mut self.hasher);
            self.system(&inner);
        }
    }

    fn system(&mut self, system: &System<'h>) {
        let closure = system.closure(self.ev);
        for module in &closure.modules {
            if let Some(file) = module.file {
                let path = file.path(self.ev.db);
                path.as_str().hash(&mut self.hasher);
                if !is_foreign(self.ev, file) && !module.inline {
                    self.modules.insert(path.clone());
                }
            }
            module.inline.hash(&mut self.hasher);
            module.config.into_iter().for_each(|config| self.thunk(config));
        }
        for import in &closure.external {
            self.unknown(import.module);
        }
        for (unknown, _) in &closure.gaps {
            self.unknown(unknown);
        }
    }

    fn finish(mut self) -> HostReads {
        self.follow_packages();
        let mut others = BTreeSet::new();
        for file in self.ev.files_read() {
            match self.ev.outside(file) {
                Some(name) => self.inputs.extend(input_name(&name)),
                None if is_foreign(self.ev, file) => {}
                None => drop(others.insert(file.path(self.ev.db).clone())),
            }
        }
        let digest = (!self.ended && !self.ev.is_exhausted()).then(|| self.hasher.finish());
        HostReads {
            others: others.difference(&self.modules).cloned().collect(),
            modules: self.modules.into_iter().collect(),
            data: self.data.into_iter().collect(),
            inputs: self.inputs.into_iter().collect(),
            digest,
        }
    }

    /// What the Nix files among the data name in their turn: a package's patches and sources.
    fn follow_packages(&mut self) {
        let mut pending: Vec<VfsPath> = self.data.iter().cloned().collect();
        while let Some(path) = pending.pop() {
            let Some(file) = self.ev.importable(&path).filter(|file| file.path(self.ev.db).is_nix()) else {
                continue;
            };
            let base = file.path(self.ev.db).parent();
            for (_, expr) in body(self.ev.db, file).exprs.iter() {
                let Expr::Path(_, text) = expr else { continue };
                let Some(target) = base.as_ref().map(|base| base.join(text)) else { continue };
                if self.is_data(&target) && self.data.insert(target.clone()) {
                    pending.push(target);
                }
            }
        }
    }

    /// Whether a path is a part of the repository, and not all of it.
    fn is_data(&self, path: &VfsPath) -> bool {
        let inside = path.strip_prefix(self.root).is_some_and(|rest| !rest.is_empty());
        inside && nixscope_db::kind(self.ev.db, path) != EntryKind::Missing
    }

    fn path(&mut self, text: &str) {
        text.hash(&mut self.hasher);
        let path = VfsPath::new(text);
        if self.is_data(&path) {
            self.data.insert(path);
        }
    }

    fn thunk(&mut self, thunk: &'h Thunk<'h>) {
        self.values += 1;
        if self.depth >= MAX_DEPTH || self.values > MAX_VALUES {
            self.ended = true;
            return;
        }
        self.depth += 1;
        match self.ev.force(thunk) {
            Ok(value) => self.value(value),
            Err(nixscope_eval::Halt::Unknown(unknown)) => self.unknown(unknown),
            Err(nixscope_eval::Halt::Fail(error)) => error.message.hash(&mut self.hasher),
        }
        self.depth -= 1;
    }

    /// Whether something is met for the first time.
    fn is_new<T>(&mut self, what: &'h T) -> bool {
        self.seen.insert(std::ptr::from_ref(what).cast())
    }

    fn value(&mut self, value: Value<'h>) {
        std::mem::discriminant(&value).hash(&mut self.hasher);
        match value {
            Value::Null => {}
            Value::Bool(it) => it.hash(&mut self.hasher),
            Value::Int(it) => it.hash(&mut self.hasher),
            Value::Float(it) => it.to_bits().hash(&mut self.hasher),
            Value::Path(path) => self.path(path),
            Value::Str(text) => {
                text.text.hash(&mut self.hasher);
                for item in text.context {
                    if let ContextItem::Path(path) = item {
                        self.path(path);
                    }
                }
            }
            Value::List(list) => {
                list.items.len().hash(&mut self.hasher);
                if self.is_new(list) {
                    list.items.iter().for_each(|item| self.thunk(item));
                    list.open.into_iter().for_each(|unknown| self.unknown(unknown));
                }
            }
            Value::Attrs(attrs) => self.attrs(attrs),
            Value::Choice(choice) => {
                self.unknown(choice.condition);
                choice.alternatives.iter().for_each(|it| self.thunk(it));
            }
            Value::Unknown(unknown) => self.unknown(unknown),
            Value::Lambda(function) => {
                // A function is what it says; what it takes from around it is not looked at.
                if let Some(place) = function.place.resolve(self.ev) {
                    let text = place.source.text(self.ev.db).as_str();
                    let range = place.range(self.ev.db);
                    text.get(usize::from(range.start())..usize::from(range.end())).hash(&mut self.hasher);
                }
            }
            Value::Native(native) => native.builtin.name.hash(&mut self.hasher),
            // Another system, or this one: what is read of it is a value of its own.
            Value::Config(_) => {}
        }
    }

    fn attrs(&mut self, attrs: &'h Attrs<'h>) {
        attrs.entries.len().hash(&mut self.hasher);
        if !self.is_new(attrs) {
            return;
        }
        let get = |name: &str| attrs.get(Symbol::new(name)).map(|attr| attr.value);
        let tag = get("_type").and_then(|tag| match self.ev.force(tag) {
            Ok(Value::Str(text)) => Some(text.text),
            _ => None,
        });
        match tag {
            // A whole flake: its outputs are not part of the host.
            Some("flake" | "configuration") => return,
            // What a condition switches off is not said.
            Some("if")
                if get("condition").is_some_and(|it| matches!(self.ev.force(it), Ok(Value::Bool(false)))) =>
            {
                return;
            }
            _ => {}
        }
        for attr in attrs.sorted() {
            attr.name.as_str().hash(&mut self.hasher);
            self.thunk(attr.value);
        }
        attrs.open.into_iter().for_each(|unknown| self.unknown(unknown));
    }

    fn unknown(&mut self, unknown: &'h Unknown<'h>) {
        match unknown.kind {
            UnknownKind::Root(name) => {
                name.hash(&mut self.hasher);
                self.inputs.extend(input_name(name));
            }
            UnknownKind::Attr(base, name) => {
                name.as_str().hash(&mut self.hasher);
                self.unknown(base);
            }
            UnknownKind::Call(function, argument) => {
                self.unknown(function);
                if self.is_new(argument) {
                    self.thunk(argument);
                }
            }
        }
    }
}

/// The input of the project's flake that a symbolic path or a file's name begins with.
pub(crate) fn input_name(path: &str) -> Option<SmolStr> {
    let name = path.strip_prefix(INPUT_PREFIX)?;
    name.split(['.', '/']).next().filter(|name| !name.is_empty()).map(SmolStr::from)
}

/// Whether two texts of a Nix file say the same, up to layout and comments.
pub fn says_the_same(db: &dyn Db, file: SourceFile, other: &dyn Db, other_file: SourceFile) -> bool {
    body(db, file) == body(other, other_file)
}
