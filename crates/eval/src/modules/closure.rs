//! The closure of a system: every module that its imports reach.
//!
//! Source: nixpkgs `lib/modules.nix`, `collectModules`. The order is the order of reading: a module,
//! then what it imports.

use std::collections::hash_map::Entry;

use nixscope_db::{SourceFile, VfsPath};
use nixscope_hir::{BindingValue, Body, Expr, ExprId, Symbol, spine};
use rustc_hash::{FxHashMap, FxHashSet};

use super::system::System;
use crate::Evaluator;
use crate::error::{ErrorKind, Halt};
use crate::heap::{Env, Thunk};
use crate::place::{Place, PlaceKind};
use crate::value::{Attr, Attrs, Closure as Function, Unknown, Value};

/// The modules of a system.
#[derive(Default)]
pub struct Closure<'h> {
    /// In the order of import, without the disabled ones.
    pub modules: Vec<ModuleInstance<'h>>,
    /// Modules that are unknown: they come from outside.
    pub external: Vec<ExternalImport<'h>>,
    /// Lists of imports of which something is unknown.
    pub gaps: Vec<(&'h Unknown<'h>, Place)>,
    /// What went wrong.
    pub problems: Vec<ModuleProblem<'h>>,
}

/// One module of a system.
#[derive(Clone, Copy)]
pub struct ModuleInstance<'h> {
    /// The file it is written in.
    pub file: Option<SourceFile>,
    /// Whether it is a value in a list rather than a file of its own.
    pub inline: bool,
    /// Where it is imported.
    pub place: Place,
    /// The index of the module that imports it; none for the system's own list.
    pub importer: Option<usize>,
    /// Set where the import depends on something unknown.
    pub condition: Option<&'h Unknown<'h>>,
    /// Its definitions.
    pub config: Option<&'h Thunk<'h>>,
    /// Its declarations.
    pub options: Option<&'h Thunk<'h>>,
    /// Its function, by the id of the expression, and the environment of its body.
    pub function: Option<(ExprId, &'h Env<'h>)>,
}

/// A module that is not known.
#[derive(Clone, Copy)]
pub struct ExternalImport<'h> {
    /// What it is.
    pub module: &'h Unknown<'h>,
    /// Where it is imported.
    pub place: Place,
}

/// Something that went wrong with a module.
#[derive(Clone, Copy)]
pub struct ModuleProblem<'h> {
    /// What.
    pub cause: ProblemCause,
    /// For people.
    pub message: &'h str,
    /// Where.
    pub place: Place,
}

/// The kinds of problem.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProblemCause {
    /// The file is not there.
    MissingFile,
    /// Its evaluation fails.
    Failed(ErrorKind),
}

struct Collector<'a, 'h> {
    ev: &'a Evaluator<'h>,
    system: &'a System<'h>,
    closure: Closure<'h>,
    /// The index of every file that was imported by path.
    seen: FxHashMap<VfsPath, usize>,
    /// Every import of a module after its first: the module, who imports it again, and where.
    again: Vec<(usize, Option<usize>, Place)>,
    keys: FxHashSet<&'h str>,
    disabled: FxHashSet<VfsPath>,
    depth: u32,
}

/// Deeper chains of imports than this are not followed; real ones have a dozen links.
const MAX_IMPORT_DEPTH: u32 = 500;

pub(super) fn collect<'h>(ev: &Evaluator<'h>, system: &System<'h>) -> Closure<'h> {
    let mut collector = Collector {
        ev,
        system,
        closure: Closure::default(),
        seen: FxHashMap::default(),
        again: Vec::new(),
        keys: FxHashSet::default(),
        disabled: FxHashSet::default(),
        depth: 0,
    };
    for list in &system.modules {
        collector.list(list, None, None);
    }
    for (config, place) in &system.inline {
        collector.closure.modules.push(ModuleInstance {
            file: place.resolve(ev).map(|it| it.source),
            inline: true,
            place: *place,
            importer: None,
            condition: None,
            config: Some(config),
            options: None,
            function: None,
        });
    }
    let disabled = std::mem::take(&mut collector.disabled);
    let mut closure = collector.closure;
    if !disabled.is_empty() {
        remove_disabled(ev, &mut closure, &collector.again, &disabled);
    }
    closure
}

/// Takes disabled files out; what only they import goes with them.
fn remove_disabled<'h>(
    ev: &Evaluator<'h>,
    closure: &mut Closure<'h>,
    again: &[(usize, Option<usize>, Place)],
    disabled: &FxHashSet<VfsPath>,
) {
    let is_disabled = |module: &ModuleInstance<'h>| {
        !module.inline && module.file.is_some_and(|file| disabled.contains(file.path(ev.db)))
    };
    let mut alive: Vec<bool> = vec![false; closure.modules.len()];
    // A later import of a module can come from one that stands after it: repeat until nothing changes.
    let mut changed = true;
    while std::mem::take(&mut changed) {
        for index in 0..closure.modules.len() {
            if alive[index] || is_disabled(&closure.modules[index]) {
                continue;
            }
            let first = (closure.modules[index].importer, closure.modules[index].place);
            let later =
                again.iter().filter(|(module, ..)| *module == index).map(|(_, by, place)| (*by, *place));
            let through = std::iter::once(first).chain(later).find(|(by, _)| by.is_none_or(|by| alive[by]));
            if let Some((importer, place)) = through {
                closure.modules[index].importer = importer;
                closure.modules[index].place = place;
                alive[index] = true;
                changed = true;
            }
        }
    }
    let mut new_index: Vec<usize> = Vec::with_capacity(alive.len());
    let mut kept = 0;
    for alive in &alive {
        new_index.push(kept);
        kept += usize::from(*alive);
    }
    let mut index = 0;
    closure.modules.retain_mut(|module| {
        module.importer = module.importer.map(|importer| new_index[importer]);
        index += 1;
        alive[index - 1]
    });
}

impl<'h> Collector<'_, 'h> {
    /// A list of modules.
    fn list(&mut self, list: &'h Thunk<'h>, importer: Option<usize>, condition: Option<&'h Unknown<'h>>) {
        let place = list.place();
        match self.ev.force_list(list, place) {
            Ok(list) => {
                for item in list.items {
                    self.module(item, importer, condition);
                }
                if let Some(unknown) = list.open {
                    self.closure.gaps.push((unknown, place));
                }
            }
            Err(Halt::Unknown(unknown)) => self.closure.gaps.push((unknown, place)),
            Err(Halt::Fail(error)) => {
                self.problem(ProblemCause::Failed(error.kind), error.message, error.place.or(place))
            }
        }
    }

    fn problem(&mut self, cause: ProblemCause, message: &'h str, place: Place) {
        self.closure.problems.push(ModuleProblem { cause, message, place });
    }

    /// One element of a list of modules.
    fn module(&mut self, item: &'h Thunk<'h>, importer: Option<usize>, condition: Option<&'h Unknown<'h>>) {
        match self.ev.force(item) {
            Ok(value) => self.value(value, item, importer, condition),
            Err(Halt::Unknown(module)) => {
                self.closure.external.push(ExternalImport { module, place: item.place() });
            }
            Err(Halt::Fail(error)) => {
                let place = error.place.or(item.place());
                let cause = match error.kind {
                    ErrorKind::File => ProblemCause::MissingFile,
                    kind => ProblemCause::Failed(kind),
                };
                self.problem(cause, error.message, place);
            }
        }
    }

    fn value(
        &mut self,
        value: Value<'h>,
        item: &'h Thunk<'h>,
        importer: Option<usize>,
        condition: Option<&'h Unknown<'h>>,
    ) {
        match value {
            Value::Choice(choice) => {
                let single = choice.alternatives.len() == 1 && !choice.absent;
                let condition = if single { condition } else { Some(choice.condition) };
                for alternative in choice.alternatives {
                    self.module(alternative, importer, condition);
                }
            }
            Value::Unknown(module) => {
                self.closure.external.push(ExternalImport { module, place: item.place() });
            }
            Value::Path(path) => self.path(path, item, importer, condition),
            Value::Str(text) if text.text.starts_with('/') => self.path(text.text, item, importer, condition),
            Value::Lambda(_) | Value::Native(_) | Value::Attrs(_) => {
                let origin = self.origin_file(value, item.place());
                self.body(value, origin, item.place(), importer, condition);
            }
            other => {
                let message = format!(
                    "a module must be a path, a set or a function, this is {}",
                    other.describe_type()
                );
                let message = self.ev.heap.str(&message);
                self.problem(ProblemCause::Failed(ErrorKind::Type), message, item.place());
            }
        }
    }

    fn path(
        &mut self,
        path: &'h str,
        item: &'h Thunk<'h>,
        importer: Option<usize>,
        condition: Option<&'h Unknown<'h>>,
    ) {
        let path = VfsPath::new(path);
        let Some(source) = self.ev.importable(&path) else {
            let message = match nixscope_db::kind(self.ev.db, &path) {
                nixscope_db::EntryKind::Directory => format!("the directory {path} has no default.nix"),
                _ => format!("there is no file {path}"),
            };
            let message = self.ev.heap.str(&message);
            return self.problem(ProblemCause::MissingFile, message, item.place());
        };
        match self.seen.entry(source.path(self.ev.db).clone()) {
            Entry::Occupied(known) => return self.again.push((*known.get(), importer, item.place())),
            // The module is pushed before anything it imports.
            Entry::Vacant(free) => free.insert(self.closure.modules.len()),
        };
        let thunk = self.ev.import_file(source);
        match self.ev.force(thunk) {
            Ok(value) => self.body(value, Some(source), item.place(), importer, condition),
            Err(Halt::Fail(error)) => {
                // The file is part of the closure although nothing is known of it.
                self.push(Some(source), false, item.place(), importer, condition, None, None);
                self.problem(ProblemCause::Failed(error.kind), error.message, error.place);
            }
            Err(Halt::Unknown(_)) => {
                self.push(Some(source), false, item.place(), importer, condition, None, None);
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of a module, in order")]
    fn push(
        &mut self,
        file: Option<SourceFile>,
        inline: bool,
        place: Place,
        importer: Option<usize>,
        condition: Option<&'h Unknown<'h>>,
        config: Option<&'h Thunk<'h>>,
        options: Option<&'h Thunk<'h>>,
    ) -> usize {
        let module =
            ModuleInstance { file, inline, place, importer, condition, config, options, function: None };
        self.closure.modules.push(module);
        self.closure.modules.len() - 1
    }

    /// A module's value: its function is called, its parts are told apart, its imports followed.
    fn body(
        &mut self,
        value: Value<'h>,
        source: Option<SourceFile>,
        place: Place,
        importer: Option<usize>,
        condition: Option<&'h Unknown<'h>>,
    ) {
        if self.depth > MAX_IMPORT_DEPTH {
            let message = "the imports are nested too deeply: do modules import each other?";
            return self.problem(ProblemCause::Failed(ErrorKind::StackOverflow), message, place);
        }
        self.depth += 1;
        self.body_inner(value, source, place, importer, condition);
        self.depth -= 1;
    }

    fn body_inner(
        &mut self,
        value: Value<'h>,
        source: Option<SourceFile>,
        place: Place,
        importer: Option<usize>,
        condition: Option<&'h Unknown<'h>>,
    ) {
        let mut function = None;
        let called = match value {
            Value::Lambda(closure) => match self.bind(closure, place) {
                Ok(env) => {
                    function = function_of(self.ev, closure, env);
                    self.ev.eval(env, closure.lambda.body)
                }
                Err(halt) => Err(halt),
            },
            // A module that a builtin gives takes whatever every module gets.
            Value::Native(_) => {
                let argument = self.arguments(&[], place);
                self.ev.apply(value, argument, place)
            }
            other => Ok(other),
        };
        let first = self.closure.modules.len();
        self.instance(called, source, place, importer, condition);
        if let Some(module) = self.closure.modules.get_mut(first) {
            module.function = function;
        }
    }

    /// A module whose function has been called.
    fn instance(
        &mut self,
        called: crate::error::Eval<'h, Value<'h>>,
        source: Option<SourceFile>,
        place: Place,
        importer: Option<usize>,
        condition: Option<&'h Unknown<'h>>,
    ) {
        let inline = source.is_none();
        let file = source.or_else(|| place.resolve(self.ev).map(|it| it.source));
        let attrs = match called.and_then(|value| self.ev.as_attrs(value, place)) {
            Ok(attrs) => attrs,
            Err(Halt::Unknown(module)) => {
                self.push(file, inline, place, importer, condition, None, None);
                self.closure.external.push(ExternalImport { module, place });
                return;
            }
            Err(Halt::Fail(error)) => {
                self.push(file, inline, place, importer, condition, None, None);
                return self.problem(ProblemCause::Failed(error.kind), error.message, error.place.or(place));
            }
        };
        let get = |name: &str| attrs.get(Symbol::new(name)).map(|attr| attr.value);
        if let Some(key) = get("key")
            && let Ok(Value::Str(key)) = self.ev.force(key)
            && !self.keys.insert(key.text)
        {
            return;
        }
        let (config, options) = match (get("config"), get("options")) {
            (None, None) => (Some(self.shorthand(attrs)), None),
            parts => parts,
        };
        let index = self.push(file, inline, place, importer, condition, config, options);
        if let Some(disabled) = get("disabledModules") {
            self.disable(disabled);
        }
        if let Some(imports) = get("imports") {
            self.list(imports, Some(index), condition);
        }
    }

    /// A module without `config` and `options` is configuration, but for a few names.
    fn shorthand(&self, attrs: &'h Attrs<'h>) -> &'h Thunk<'h> {
        const SPECIAL: &[&str] =
            &["imports", "disabledModules", "_file", "key", "_class", "freeformType", "require"];
        let special = |attr: &&Attr<'h>| !SPECIAL.contains(&attr.name.as_str());
        if attrs.entries.iter().all(|attr| special(&attr)) {
            return self.ev.done(Value::Attrs(attrs));
        }
        let entries: Vec<Attr<'h>> = attrs.entries.iter().filter(special).copied().collect();
        self.ev.done(self.ev.attrs_sorted(&entries, attrs.open))
    }

    fn disable(&mut self, list: &'h Thunk<'h>) {
        let Ok(list) = self.ev.force_list(list, list.place()) else { return };
        for item in list.items {
            if let Ok(path) = self.ev.force_path(item, item.place()) {
                let path = VfsPath::new(path.text);
                let target = self.ev.importable(&path).map(|source| source.path(self.ev.db).clone());
                self.disabled.insert(target.unwrap_or(path));
            }
        }
    }

    /// The environment of a module's function, called with the arguments it asks for.
    fn bind(&mut self, function: &'h Function<'h>, place: Place) -> crate::error::Eval<'h, &'h Env<'h>> {
        let formals = self.ev.formals(Value::Lambda(function)).unwrap_or_default();
        let argument = self.arguments(&formals, place);
        if function.lambda.formals.is_none() || function.lambda.open {
            return self.ev.bind(function, argument, place);
        }
        // A module without `...` fails in Nix; here it just gets what it asks for.
        let all = self.ev.force_attrs(argument, place)?;
        let asked = |attr: &&Attr<'h>| formals.iter().any(|(name, ..)| *name == attr.name);
        let entries: Vec<Attr<'h>> = all.entries.iter().filter(asked).copied().collect();
        let argument = self.ev.done_at(self.ev.attrs_sorted(&entries, all.open), place);
        self.ev.bind(function, argument, place)
    }

    /// What a module's function is called with: what it asks for, and what every module gets.
    fn arguments(&mut self, formals: &[(Symbol, bool, Place)], place: Place) -> &'h Thunk<'h> {
        let mut entries: Vec<Attr<'h>> = Vec::new();
        let mut add = |name: Symbol, place: Place| {
            if !entries.iter().any(|attr| attr.name == name) {
                entries.push(Attr { name, place, value: self.system.argument(self.ev, name, place) });
            }
        };
        for (name, _, place) in formals {
            add(*name, *place);
        }
        for name in ["config", "options", "lib"] {
            add(Symbol::new(name), Place::NONE);
        }
        for attr in self.system.special_args.entries {
            add(attr.name, attr.place);
        }
        entries.sort_unstable_by_key(|attr| attr.name);
        let open = self.system.special_args.open;
        self.ev.done_at(self.ev.attrs_sorted(&entries, open), place)
    }

    /// The file that a value is the content of: `import ./x.nix { … }` in a list is the module
    /// `x.nix`, while a set or function written in the list is inline.
    fn origin_file(&self, value: Value<'h>, item: Place) -> Option<SourceFile> {
        let here = item.resolve(self.ev).map(|it| it.source);
        if let Some(file) = self.ev.file_of(value)
            && here != Some(file)
        {
            return Some(file);
        }
        let place = match value {
            Value::Lambda(function) => function.place,
            Value::Attrs(attrs) if self.is_import(item) => {
                attrs.entries.iter().map(|attr| attr.place).find(|place| !place.is_none())?
            }
            _ => return None,
        };
        let place = place.resolve(self.ev)?;
        if here == Some(place.source) {
            return None;
        }
        let body = nixscope_hir::body(self.ev.db, place.source);
        let on_spine = match place.kind {
            PlaceKind::Expr(raw) => spine(body).any(|expr| Body::raw(expr) == raw),
            PlaceKind::Name(raw) => {
                spine(body).last().is_some_and(|end| binds(body, end, |name| Body::raw_name(name) == raw))
            }
            PlaceKind::Offset(_) => false,
        };
        on_spine.then_some(place.source)
    }
}

impl<'h> Collector<'_, 'h> {
    /// Whether the expression at a place is a call of `import`, or of a helper named after it.
    fn is_import(&self, place: Place) -> bool {
        let Some(place) = place.resolve(self.ev) else { return false };
        let PlaceKind::Expr(raw) = place.kind else { return false };
        let body = nixscope_hir::body(self.ev.db, place.source);
        let Expr::Apply { function, .. } = &body.exprs[Body::expr_from_raw(raw)] else { return false };
        match &body.exprs[*function] {
            Expr::Global(name) | Expr::Local { name, .. } => name.as_str().starts_with("import"),
            Expr::Select { path, .. } => path
                .last()
                .and_then(|attr| attr.as_static())
                .is_some_and(|name| name.as_str().starts_with("import")),
            _ => false,
        }
    }
}

/// A function by the expression it is.
fn function_of<'h>(
    ev: &Evaluator<'h>,
    closure: &Function<'h>,
    env: &'h Env<'h>,
) -> Option<(ExprId, &'h Env<'h>)> {
    match closure.place.resolve(ev)?.kind {
        PlaceKind::Expr(raw) => Some((Body::expr_from_raw(raw), env)),
        _ => None,
    }
}

/// Whether a literal set has a binding at a place.
fn binds(body: &Body, expr: ExprId, is: impl Fn(nixscope_hir::NameId) -> bool) -> bool {
    match &body.exprs[expr] {
        Expr::Attrs(bindings) | Expr::RecAttrs(bindings) => bindings
            .named
            .iter()
            .any(|binding| !matches!(binding.value, BindingValue::Inherit(_)) && is(binding.place)),
        _ => false,
    }
}
