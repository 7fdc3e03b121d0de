//! What could stand at a place: the names behind completion.
//!
//! The file is half written when this is asked, so it comes as a draft: a body made of mended text that
//! stands in for the file's own. Only a few of the file's hosts are looked at, and no index of a host is
//! needed, since the question comes with every keystroke.

mod external;
mod shape;

use std::rc::Rc;

use nixscope_db::{Db, SourceFile};
use nixscope_eval::modules::{ConfigNode, OptionNode, System};
use nixscope_eval::{Attrs, Evaluator, Place, Sites, SourcePlace, Thunk, Value};
use nixscope_hir::{AttrName, Body, Expr, ExprId, NameId, Symbol};
use smol_str::SmolStr;

use crate::closure::is_embedded;
use crate::host_eval::{declaration, names_at, nested_systems};
use crate::index::OptionDeclaration;
use crate::key_path::{Keys, key_path};
use crate::outputs::{Flake, with_flake_over};
use crate::project::Project;
use crate::queries::{host_value, hosts};
use crate::resolve::contexts_of_places;

pub(crate) use self::external::class_of;
pub use self::shape::{FunctionShape, function_shape, function_shapes};

/// A body that stands in for a file's own.
#[derive(Clone, Copy)]
pub struct Draft<'a> {
    /// The file.
    pub file: SourceFile,
    /// Its expressions.
    pub body: &'a Body,
}

/// What names are wanted.
#[derive(Clone, Copy, Debug)]
pub enum Wanted {
    /// The attributes after the first names of a selection's, or a `?`'s, path.
    After {
        /// The selection.
        expr: ExprId,
        /// How many names stand before.
        names: usize,
    },
    /// The attributes of an expression's value.
    Of(ExprId),
    /// The keys that may stand where one stands.
    Keys(NameId),
    /// The values that the option may have that a key defines.
    Values(NameId),
    /// What modules get as arguments.
    Arguments,
    /// The arguments of the function that an expression is.
    Formals(ExprId),
}

/// A name that could stand at a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// The name, without quotes.
    pub name: SmolStr,
    /// What it would stand for.
    pub kind: CandidateKind,
    /// The option's declaration, where it is one.
    pub option: Option<OptionDeclaration>,
    /// Where it is defined.
    pub place: Option<SourcePlace>,
    /// A word on its value or type.
    pub detail: Option<SmolStr>,
}

/// What a name would stand for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum CandidateKind {
    /// An option that a module of the repository declares.
    Option,
    /// A name that options begin with.
    Namespace,
    /// An option that an input declares, or a name that such options begin with.
    External,
    /// A name that is set here and declared outside.
    Set,
    /// A host.
    Host,
    /// A flake input.
    Input,
    /// A function.
    Function,
    /// An argument.
    Argument,
    /// Any other attribute.
    Attribute,
}

/// So many of the file's hosts are looked at.
const MAX_CONTEXTS: usize = 3;
/// So many attributes have their values looked at.
const MAX_FORCED: usize = 64;
/// Steps that looking at one value may take.
const PEEK_STEPS: u64 = 5_000;

/// The names that could stand at a place of a draft, sorted, each once.
pub fn candidates(db: &dyn Db, project: Project, draft: Draft<'_>, wanted: Wanted) -> Vec<Candidate> {
    with_flake_over(db, project, &[(draft.file, draft.body)], |ev, flake| {
        let mut out: Vec<Candidate> = Vec::new();
        for context in contexts(ev, project, flake, draft.file) {
            let sites = Sites::new(ev, ev.context(draft.file), context.called.clone());
            let mut look = Look { ev, project, flake, system: context.system.clone(), sites, out: &mut out };
            look.at(wanted);
        }
        out.sort_by(|a, b| (&a.name, a.kind).cmp(&(&b.name, b.kind)));
        out.dedup_by(|b, a| a.name == b.name);
        out
    })
}

struct Context<'h> {
    system: Option<Rc<System<'h>>>,
    called: Vec<(ExprId, &'h nixscope_eval::Env<'h>)>,
}

/// A few of the ways in which a file runs. Hosts whose name is in the file's path come first.
fn contexts<'h>(
    ev: &Evaluator<'h>,
    project: Project,
    flake: &Flake<'h>,
    source: SourceFile,
) -> Vec<Context<'h>> {
    let path = source.path(ev.db);
    let mut out = Vec::new();
    if *path == project.root(ev.db).join("flake.nix") {
        out.push(Context { system: None, called: flake.outputs_function(ev).into_iter().collect() });
    }
    let mut order: Vec<_> = hosts(ev.db, project).hosts.iter().collect();
    order.sort_by_key(|host| !path.as_str().contains(host.name.as_str()));
    for host in order {
        if out.len() >= MAX_CONTEXTS {
            break;
        }
        let Ok(value) = host_value(ev, project, flake, &host.output, &host.name) else { continue };
        let Some(system) = ev.system_of(value) else { continue };
        let inner = nested_systems(ev, &system).into_iter().map(|(_, _, inner)| inner);
        for system in std::iter::once(system.clone()).chain(inner) {
            let closure = system.closure(ev);
            let here = closure.modules.iter().filter(|module| module.is_in(source));
            let called: Vec<_> = here.clone().filter_map(|module| module.function).collect();
            if here.count() > 0 {
                out.push(Context { system: Some(system), called });
            }
        }
    }
    if out.is_empty() {
        let others = contexts_of_places(ev, project, flake, source, MAX_CONTEXTS).into_iter();
        out.extend(others.map(|it| Context { system: it.system, called: it.called }));
    }
    out
}

/// Whether a symbolic path is that of a whole set of packages: `pkgs`, `inputs.nixpkgs.legacyPackages.x86_64-linux`.
fn is_package_set(path: &str) -> bool {
    let names: Vec<&str> = path.split('.').collect();
    matches!(names.as_slice(), ["pkgs"] | [.., "legacyPackages", _])
}

struct Look<'a, 'h> {
    ev: &'a Evaluator<'h>,
    project: Project,
    flake: &'a Flake<'h>,
    system: Option<Rc<System<'h>>>,
    sites: Sites<'a, 'h>,
    out: &'a mut Vec<Candidate>,
}

impl<'h> Look<'_, 'h> {
    fn at(&mut self, wanted: Wanted) {
        let body = self.sites.file().body;
        match wanted {
            Wanted::After { expr, names } => {
                let (Expr::Select { base, path, .. } | Expr::HasAttr { base, path }) = &body.exprs[expr]
                else {
                    return;
                };
                let Ok(mut value) = self.sites.value(*base) else { return };
                for (index, attr) in path.iter().take(names).enumerate() {
                    match self.select(value, expr, attr) {
                        Some(next) => value = next,
                        None => return self.undeclared(value, &path[index..names]),
                    }
                }
                self.attributes(value);
            }
            Wanted::Of(expr) => {
                if let Ok(value) = self.sites.value(expr) {
                    self.attributes(value);
                }
            }
            Wanted::Keys(key) => self.keys(key),
            Wanted::Values(key) => {
                let Some(system) = self.system.clone() else { return };
                let Some(Keys::Definition(path)) = key_path(self.ev, &mut self.sites, key) else { return };
                let option = self.declared(&system, &path).or_else(|| self.declared_outside(&system, &path));
                if let Some(option) = option {
                    let name = path.last().map_or("", |name| name.as_str());
                    self.push(name, CandidateKind::Option, None, Some(option));
                }
            }
            Wanted::Arguments => self.arguments(),
            Wanted::Formals(function) => self.formals(function),
        }
    }

    fn push(
        &mut self,
        name: &str,
        kind: CandidateKind,
        place: Option<SourcePlace>,
        option: Option<OptionDeclaration>,
    ) {
        let detail = option.as_ref().and_then(|it| it.type_name.clone());
        self.out.push(Candidate { name: name.into(), kind, option, place, detail });
    }

    /// What modules from outside declare below names of a configuration that nothing here declares or sets.
    fn undeclared(&mut self, value: Value<'h>, names: &[AttrName]) {
        let Value::Config(node) = self.ev.settle(value).unwrap_or(value) else { return };
        let mut path = node.path.to_vec();
        for name in names {
            let Some(name) = name.as_static() else { return };
            path.push(name);
        }
        let system = self.ev.system(node.system);
        self.outside(&system, &path);
    }

    fn select(&mut self, value: Value<'h>, at: ExprId, attr: &AttrName) -> Option<Value<'h>> {
        let env = self.sites.env(at);
        let name = self.ev.attr_name(env, attr, Place::NONE).ok()?;
        let value = self.ev.settle(value).unwrap_or(value);
        match self.ev.get_attr(value, name, Place::NONE) {
            Ok(found) => self.ev.force(found?.value).ok(),
            Err(nixscope_eval::Halt::Unknown(unknown)) => {
                self.ev.select_unknown(unknown, name, Place::NONE).ok()
            }
            Err(_) => None,
        }
    }

    /// The attributes of a value.
    fn attributes(&mut self, value: Value<'h>) {
        match self.ev.settle(value).unwrap_or(value) {
            Value::Config(node) => self.configuration(node),
            Value::Attrs(attrs) => self.set(attrs),
            Value::Choice(choice) => {
                for value in self.ev.alternatives(choice) {
                    self.attributes(value);
                }
            }
            Value::Unknown(unknown) => {
                let path = unknown.path();
                // What is set below an option that is declared outside.
                if let (Some(option), Some(system)) = (path.strip_prefix("config."), self.system.clone()) {
                    let path = crate::option::parse_option_path(option);
                    self.outside(&system, &path);
                    for name in names_at(self.ev, &system, &path) {
                        self.push(name.as_str(), CandidateKind::Set, None, None);
                    }
                }
                if is_package_set(&path) {
                    for name in crate::packages::package_names(self.ev.db, self.project) {
                        self.push(name, CandidateKind::Attribute, None, None);
                    }
                }
                let is_input = path.strip_prefix("inputs.").is_some_and(|rest| !rest.contains('.'));
                if is_input {
                    // Source: the Nix manual, "Flake format": what every fetched flake has.
                    for name in [
                        "inputs",
                        "lastModified",
                        "lastModifiedDate",
                        "narHash",
                        "outPath",
                        "outputs",
                        "rev",
                        "shortRev",
                        "sourceInfo",
                    ] {
                        self.push(name, CandidateKind::Attribute, None, None);
                    }
                    self.push("lib", CandidateKind::Attribute, None, None);
                }
            }
            _ => {}
        }
    }

    fn configuration(&mut self, node: &ConfigNode<'h>) {
        let system = self.ev.system(node.system);
        let tree = system.options(self.ev);
        if let Some(below) = tree.descend(node.path) {
            self.options(&mut node.path.to_vec(), below);
        }
        self.outside(&system, node.path);
        for name in names_at(self.ev, &system, node.path) {
            self.push(name.as_str(), CandidateKind::Set, None, None);
        }
    }

    /// The options one name below a node.
    fn options(&mut self, path: &mut Vec<Symbol>, node: &OptionNode<'h>) {
        for (name, child) in &node.children {
            if child.declarations.is_empty() {
                self.push(name, CandidateKind::Namespace, None, None);
                continue;
            }
            path.push(Symbol::new(name));
            let option = declaration(self.ev, path, child);
            path.pop();
            if !option.hidden {
                let place = self.own(option.place);
                self.push(name, CandidateKind::Option, place, Some(option));
            }
        }
    }

    fn own(&self, place: Option<SourcePlace>) -> Option<SourcePlace> {
        place.filter(|place| !is_embedded(self.ev, place.source))
    }

    fn set(&mut self, attrs: &'h Attrs<'h>) {
        let mut sets = self.flake.host_sets(self.ev, self.project).iter().filter_map(|set| set.hosts.ok());
        let is_hosts = sets.any(|known| std::ptr::eq(known, attrs));
        let inputs = match self.ev.force(self.flake.inputs) {
            Ok(Value::Attrs(inputs)) => std::ptr::eq(inputs, attrs),
            _ => false,
        };
        let few = attrs.entries.len() <= MAX_FORCED;
        for attr in attrs.entries {
            let name = attr.name.as_str();
            if name.starts_with('«') {
                continue;
            }
            let place = attr.place.or(attr.value.place()).resolve(self.ev);
            let (kind, detail) = match (is_hosts, inputs) {
                (true, _) => (CandidateKind::Host, None),
                (_, true) => (CandidateKind::Input, None),
                _ => self.kind_of(attr.value, few),
            };
            self.out.push(Candidate { name: name.into(), kind, option: None, place, detail });
        }
    }

    /// What an attribute holds, where that is known or cheap to see.
    fn kind_of(&self, thunk: &'h Thunk<'h>, force: bool) -> (CandidateKind, Option<SmolStr>) {
        let value = match thunk.peek() {
            Some(value) => Some(value),
            None if force => self.ev.within(PEEK_STEPS, || self.ev.force(thunk).ok()),
            None => None,
        };
        match value {
            Some(Value::Lambda(_) | Value::Native(_)) => (CandidateKind::Function, None),
            Some(value) => {
                let shown = match value {
                    Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Null | Value::Str(_) => {
                        crate::host_eval::show_value(self.ev, value)
                    }
                    Value::Unknown(_) | Value::Choice(_) => None,
                    other => Some(other.type_name().into()),
                };
                (CandidateKind::Attribute, shown)
            }
            None => match thunk.pending_expr() {
                Some((env, expr)) if matches!(env.file().body.exprs[expr], Expr::Lambda(_)) => {
                    (CandidateKind::Function, None)
                }
                _ => (CandidateKind::Attribute, None),
            },
        }
    }

    /// The keys that may stand beside a key: of options, and of what is set there elsewhere.
    fn keys(&mut self, key: NameId) {
        let Some(system) = self.system.clone() else { return };
        let (mut path, declares) = match key_path(self.ev, &mut self.sites, key) {
            Some(Keys::Definition(path)) => (path, false),
            Some(Keys::Declaration(path)) => (path, true),
            None => return,
        };
        path.pop();
        let tree = system.options(self.ev);
        if let Some(node) = tree.descend(&path) {
            self.options(&mut path.clone(), node);
        }
        if declares {
            return;
        }
        self.outside(&system, &path);
        if let Some(outer) = tree.declared_prefix(&path)
            && let Some(node) = tree.descend(&path[..outer])
        {
            self.nested(&system, node, &path, outer);
        }
        let own = self.sites.file().source;
        for def in system.definitions(self.ev, &path, false) {
            if def.unknown.is_some() {
                continue;
            }
            let Ok(attrs) = self.ev.force_attrs(def.value, def.place) else { continue };
            for attr in attrs.entries {
                let place = attr.place.resolve(self.ev);
                // The draft's own keys are there already.
                if place.is_none_or(|place| place.source != own) {
                    self.push(attr.name.as_str(), CandidateKind::Set, place, None);
                }
            }
        }
    }

    /// The options of the submodules that an option holds.
    fn nested(&mut self, system: &System<'h>, node: &OptionNode<'h>, path: &[Symbol], outer: usize) {
        for (pattern, inner) in system.nested_options(self.ev, node, &path[..outer]) {
            let fits = pattern.len() > path.len()
                && pattern
                    .iter()
                    .zip(path)
                    .all(|(wanted, got)| wanted == got || matches!(wanted.as_str(), "<name>" | "*"));
            let Some(name) = pattern.get(path.len()).filter(|_| fits) else { continue };
            if matches!(name.as_str(), "<name>" | "*") {
                continue;
            }
            if pattern.len() > path.len() + 1 {
                self.push(name.as_str(), CandidateKind::Namespace, None, None);
            } else {
                let option = declaration(self.ev, &pattern, &inner);
                let place = self.own(option.place);
                self.push(name.as_str(), CandidateKind::Option, place, Some(option));
            }
        }
    }

    /// The declaration of an option, also of one inside a submodule.
    fn declared(&self, system: &System<'h>, path: &[Symbol]) -> Option<OptionDeclaration> {
        let tree = system.options(self.ev);
        let outer = tree.declared_prefix(path)?;
        let node = tree.descend(&path[..outer])?;
        if outer == path.len() {
            return Some(declaration(self.ev, path, node));
        }
        let fits = |pattern: &[Symbol]| {
            pattern.len() == path.len()
                && pattern
                    .iter()
                    .zip(path)
                    .all(|(wanted, got)| wanted == got || matches!(wanted.as_str(), "<name>" | "*"))
        };
        let nested = system.nested_options(self.ev, node, &path[..outer]);
        nested
            .iter()
            .find(|(pattern, _)| fits(pattern))
            .map(|(pattern, node)| declaration(self.ev, pattern, node))
    }

    fn arguments(&mut self) {
        let Some(system) = self.system.clone() else { return };
        for name in ["config", "lib", "modulesPath", "options", "pkgs"] {
            self.push(name, CandidateKind::Argument, None, None);
        }
        for attr in system.special_args.entries {
            let place = attr.place.resolve(self.ev);
            self.push(attr.name.as_str(), CandidateKind::Argument, place, None);
        }
        for name in names_at(self.ev, &system, &[Symbol::new("_module"), Symbol::new("args")]) {
            self.push(name.as_str(), CandidateKind::Argument, None, None);
        }
    }

    fn formals(&mut self, function: ExprId) {
        let Ok(value) = self.sites.value(function) else { return };
        let Ok(Value::Lambda(closure)) = self.ev.settle(value) else { return };
        for formal in closure.lambda.formals.iter().flatten() {
            let detail = formal.default.map(|_| SmolStr::new_static("optional"));
            self.out.push(Candidate {
                name: formal.name.as_str().into(),
                kind: CandidateKind::Argument,
                option: None,
                place: None,
                detail,
            });
        }
    }
}
