//! What a place of the text stands for, in every host that its file belongs to.
//!
//! The file is evaluated where it really runs: the functions around the place are bound to the
//! arguments of real calls. A place in a module that several hosts import is looked at once for each.

mod arguments;
mod contexts;
mod external;
pub(crate) mod mentions;
mod spliced;

use std::rc::Rc;

use nixscope_db::{Db, EntryKind, SourceFile, VfsPath};
use nixscope_eval::modules::{System, show_option_path};
use nixscope_eval::{Attrs, Evaluator, Halt, Place, PlaceKind, Sites, SourcePlace, Taint, Value};
use nixscope_hir::{AttrName, Body, Expr, ExprId, NameId, Symbol};
use smol_str::SmolStr;

pub use self::arguments::resolve_argument;
pub(crate) use self::contexts::{Context, MAX_CALLS, OBSERVE_STEPS, contexts, uncalled_lambda};
use self::contexts::{MAX_HOSTS, in_contexts};
use crate::closure::own_place;
use crate::flake::inputs;
use crate::host_eval::into_nested;
use crate::key_path::option_key_path;
use crate::outputs::Flake;
use crate::project::Project;
use crate::queries::hosts;
use crate::secrets::{secret_at, secret_path};

/// What a place stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resolution {
    /// What it is.
    pub what: What,
    /// Where it is written.
    pub place: Option<SourcePlace>,
    /// The hosts for which that holds.
    pub hosts: Vec<SmolStr>,
    /// Whether it makes the value.
    pub winning: bool,
    /// The symbolic path of what is outside.
    pub external: Option<SmolStr>,
}

/// An option: the kind of system that has it, and its path.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct OptionId {
    /// `nixos`, `darwin`, `homeManager`, `submodule`.
    pub class: SmolStr,
    /// Its path as people write it.
    pub path: SmolStr,
}

/// The kinds of thing that a place can stand for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// A definition of an option.
    Definition,
    /// An option's declaration.
    Declaration,
    /// A host.
    Host,
    /// An attribute.
    Binding,
    /// A flake input.
    Input,
    /// A secret's declaration.
    Secret,
    /// A file.
    File(VfsPath),
    /// Something outside.
    External,
}

/// What the `upto`-th name of a selection (`a.b.c`, `a ? b`) stands for.
pub fn resolve_selection(
    db: &dyn Db,
    project: Project,
    source: SourceFile,
    expr: ExprId,
    upto: usize,
) -> Vec<Resolution> {
    let body = nixscope_hir::body(db, source);
    let (Expr::Select { base, path, .. } | Expr::HasAttr { base, path }) = &body.exprs[expr] else {
        return Vec::new();
    };
    let names: Vec<Name<'_>> = path.iter().take(upto + 1).map(Name::Attr).collect();
    in_contexts(db, project, source, Some(expr), |resolver| resolver.walk(*base, expr, &names))
}

/// What an inherited name (`inherit (e) a`) stands for.
pub fn resolve_inherited(
    db: &dyn Db,
    project: Project,
    source: SourceFile,
    from: ExprId,
    name: Symbol,
) -> Vec<Resolution> {
    let body = nixscope_hir::body(db, source);
    let (base, mut names) = match &body.exprs[from] {
        Expr::Select { base, path, default: None } => (*base, path.iter().map(Name::Attr).collect()),
        _ => (from, Vec::new()),
    };
    names.push(Name::Plain(name));
    in_contexts(db, project, source, Some(from), |resolver| resolver.walk(base, from, &names))
}

/// What a name that only a `with` provides stands for.
pub fn resolve_with(
    db: &dyn Db,
    project: Project,
    source: SourceFile,
    namespace: ExprId,
    name: Symbol,
) -> Vec<Resolution> {
    in_contexts(db, project, source, Some(namespace), |resolver| {
        resolver.walk(namespace, namespace, &[Name::Plain(name)])
    })
}

/// What the key of a binding stands for where it defines an option: the declaration first, then the
/// definitions.
pub fn resolve_key(db: &dyn Db, project: Project, source: SourceFile, key: NameId) -> Vec<Resolution> {
    let found = in_contexts(db, project, source, None, |resolver| {
        let Some(path) = option_key_path(resolver.ev, &mut resolver.sites, key) else { return };
        let Some(system) = resolver.system.clone() else { return };
        resolver.option(&system, resolver.host.clone(), &path, true);
    });
    match found.is_empty() {
        true => spliced::declarations(db, project, source, key),
        false => found,
    }
}

/// The option path that the key of a binding defines, in the first host whose module it is in.
pub fn key_option_path(db: &dyn Db, project: Project, source: SourceFile, key: NameId) -> Option<SmolStr> {
    let mut found = None;
    in_contexts(db, project, source, None, |resolver| {
        if found.is_none()
            && let Some(path) = option_key_path(resolver.ev, &mut resolver.sites, key)
        {
            found = Some(SmolStr::from(show_option_path(&path)));
        }
    });
    found.or_else(|| spliced::option_path(db, project, source, key))
}

/// The file that an expression (a path, a string, a call) names, where it names one that is there.
pub fn resolve_file(db: &dyn Db, project: Project, source: SourceFile, expr: ExprId) -> Vec<Resolution> {
    in_contexts(db, project, source, None, |resolver| {
        let Ok(value) = resolver.sites.value(expr) else { return };
        let values = match value {
            Value::Choice(choice) => resolver.ev.alternatives(choice),
            other => vec![other],
        };
        for value in values {
            let text = match value {
                Value::Path(path) => *path,
                Value::Str(text) if text.text.starts_with('/') => text.text,
                _ => continue,
            };
            let path = VfsPath::new(text);
            let target = match nixscope_db::kind(resolver.ev.db, &path) {
                EntryKind::Directory => path.join("default.nix"),
                _ => path,
            };
            if nixscope_db::kind(resolver.ev.db, &target) == EntryKind::File {
                resolver.push(What::File(target), None, None, false, None);
            }
        }
    })
}

/// The option that the `upto`-th name of a selection reads: the host, if it is not the module's own,
/// and the path.
pub fn selection_path(
    db: &dyn Db,
    project: Project,
    source: SourceFile,
    expr: ExprId,
    upto: usize,
) -> Option<(Option<SmolStr>, SmolStr)> {
    let body = nixscope_hir::body(db, source);
    let (Expr::Select { base, path, .. } | Expr::HasAttr { base, path }) = &body.exprs[expr] else {
        return None;
    };
    let mut found = None;
    in_contexts(db, project, source, None, |resolver| {
        if found.is_none() {
            found = resolver.option_path(*base, expr, &path[..=upto]);
        }
    });
    found
}

/// The value of an expression, printed, in the first context where it is known.
pub fn value_of(db: &dyn Db, project: Project, source: SourceFile, expr: ExprId) -> Option<SmolStr> {
    let mut shown = None;
    in_contexts(db, project, source, None, |resolver| {
        if shown.is_none()
            && let Ok(value) = resolver.sites.value(expr)
        {
            shown = crate::host_eval::show_value(resolver.ev, value);
        }
    });
    shown
}

/// What an expression stands for whose value is not known, and why it is not, in the first context where that is so.
pub fn unknown_of(
    db: &dyn Db,
    project: Project,
    source: SourceFile,
    expr: ExprId,
) -> Option<(SmolStr, &'static str)> {
    let mut found = None;
    in_contexts(db, project, source, None, |resolver| {
        if found.is_none()
            && let Ok(Value::Unknown(unknown)) = resolver.sites.value(expr)
        {
            found = Some((unknown.path().into(), unknown.reason.describe()));
        }
    });
    found
}

enum Name<'a> {
    Attr(&'a AttrName),
    Plain(Symbol),
}

struct Resolver<'a, 'h> {
    ev: &'a Evaluator<'h>,
    project: Project,
    flake: &'a Flake<'h>,
    host: Option<SmolStr>,
    system: Option<Rc<System<'h>>>,
    sites: Sites<'a, 'h>,
    found: &'a mut Vec<Resolution>,
    /// Where only the names of options are asked for: those that the place stands for. Then no
    /// definition is looked up.
    meant: Option<Vec<OptionId>>,
}

impl<'h> Resolver<'_, 'h> {
    /// Where only names are asked for, takes an option's; whether that was all there is to do.
    fn takes_name(&mut self, class: &str, path: &[Symbol]) -> bool {
        let Some(meant) = &mut self.meant else { return false };
        let id = OptionId { class: class.into(), path: show_option_path(path).into() };
        if !meant.contains(&id) {
            meant.push(id);
        }
        true
    }

    fn push(
        &mut self,
        what: What,
        place: Option<SourcePlace>,
        host: Option<SmolStr>,
        winning: bool,
        external: Option<SmolStr>,
    ) {
        let known =
            self.found.iter_mut().find(|it| it.what == what && it.place == place && it.external == external);
        match known {
            Some(known) => {
                known.winning |= winning;
                if let Some(host) = host
                    && !known.hosts.contains(&host)
                {
                    known.hosts.push(host);
                }
            }
            None => {
                let hosts = host.into_iter().collect();
                self.found.push(Resolution { what, place, hosts, winning, external });
            }
        }
    }

    /// Follows names from a base; what the last one stands for is the answer.
    fn walk(&mut self, base: ExprId, at: ExprId, names: &[Name<'_>]) {
        let Ok(value) = self.sites.value(base) else { return };
        let mut values = vec![(value, None::<Symbol>)];
        for (index, name) in names.iter().enumerate() {
            let last = index + 1 == names.len();
            let symbol = match name {
                Name::Plain(symbol) => Ok(*symbol),
                Name::Attr(attr) => {
                    let env = self.sites.env(at);
                    self.ev.attr_name(env, attr, Place::NONE)
                }
            };
            let mut next = Vec::new();
            for (value, came_from) in values {
                self.step(value, came_from, &symbol, last, &names[index..], &mut next);
            }
            values = next;
            if values.len() > MAX_HOSTS * 4 {
                values.truncate(MAX_HOSTS * 4);
            }
        }
    }

    fn step(
        &mut self,
        value: Value<'h>,
        came_from: Option<Symbol>,
        name: &Result<Symbol, Halt<'h>>,
        last: bool,
        rest: &[Name<'_>],
        next: &mut Vec<(Value<'h>, Option<Symbol>)>,
    ) {
        let settled = self.ev.settle(value).unwrap_or(value);
        let Ok(name) = name else {
            // A computed name that is not known: any attribute, where they are systems.
            if let Value::Attrs(attrs) = settled {
                let systems = attrs.entries.iter().filter_map(|attr| {
                    let value = self.ev.force(attr.value).ok()?;
                    self.ev.system_of(value).map(|_| (value, Some(attr.name)))
                });
                next.extend(systems);
            }
            return;
        };
        if let Some(system) = self.ev.system_of(settled) {
            let host = came_from.or_else(|| self.host_name(&system));
            if name.as_str() == "config" {
                if last {
                    let place = self.host_place(host);
                    self.push(What::Host, place, host.map(|it| it.as_str().into()), false, None);
                }
                next.push((system.config(self.ev), host));
                return;
            }
        }
        if let Value::Config(node) = settled {
            let system = self.ev.system(node.system);
            let mut path = node.path.to_vec();
            path.push(*name);
            let owner = came_from
                .map(|it| SmolStr::from(it.as_str()))
                .or_else(|| self.host_name(&system).map(|it| it.as_str().into()))
                .or_else(|| self.host.clone());
            if last {
                return self.option(&system, owner, &path, false);
            }
            // Names are enough from here on: the rest of the path is the option's.
            if let Some(full) = self.full_path(&path, &rest[1..]) {
                return self.option(&system, owner, &full, false);
            }
            return;
        }
        match self.ev.get_attr(settled, *name, Place::NONE) {
            Ok(Some(attr)) => {
                let forced = self.ev.force(attr.value);
                if last {
                    self.attribute(
                        settled,
                        *name,
                        attr.place.or(attr.value.place()),
                        forced.as_ref().ok().copied(),
                    );
                }
                if let Ok(value) = forced {
                    next.push((value, Some(*name).filter(|_| self.ev.system_of(value).is_some())));
                }
            }
            Err(Halt::Unknown(unknown)) => {
                let Ok(value) = self.ev.select_unknown(unknown, *name, Place::NONE) else { return };
                if last && let Value::Unknown(unknown) = value {
                    self.outside(unknown.path(), unknown.taint);
                }
                next.push((value, None));
            }
            _ => {}
        }
    }

    /// The host and option path that a selection reads, where it reads a configuration.
    fn option_path(
        &mut self,
        base: ExprId,
        at: ExprId,
        path: &[AttrName],
    ) -> Option<(Option<SmolStr>, SmolStr)> {
        let mut value = self.sites.value(base).ok()?;
        let mut host = None;
        for (index, attr) in path.iter().enumerate() {
            if let Value::Config(node) = value {
                let rest: Vec<Name<'_>> = path[index..].iter().map(Name::Attr).collect();
                let full = self.full_path(node.path, &rest)?;
                return Some((host, show_option_path(&full).into()));
            }
            let env = self.sites.env(at);
            let name = self.ev.attr_name(env, attr, Place::NONE).ok()?;
            let settled = self.ev.settle(value).ok()?;
            if let Some(system) = self.ev.system_of(settled) {
                host = self.host_name(&system).map(|name| SmolStr::from(name.as_str()));
            }
            value = self.ev.force(self.ev.get_attr(settled, name, Place::NONE).ok()??.value).ok()?;
        }
        None
    }

    fn full_path(&mut self, prefix: &[Symbol], rest: &[Name<'_>]) -> Option<Vec<Symbol>> {
        let mut path = prefix.to_vec();
        for name in rest {
            match name {
                Name::Plain(symbol) => path.push(*symbol),
                Name::Attr(attr) => match attr.as_static() {
                    Some(symbol) => path.push(symbol),
                    None => {
                        let AttrName::Dynamic(expr, _) = attr else { return None };
                        let env = self.sites.env(*expr);
                        path.push(self.ev.attr_name(env, attr, Place::NONE).ok()?);
                    }
                },
            }
        }
        Some(path)
    }

    fn outside(&mut self, path: String, _taint: Taint) {
        // `inputs.nixpkgs` itself is declared in the flake.
        let input = path
            .strip_prefix("inputs.")
            .and_then(|rest| inputs(self.ev.db, self.project).iter().find(|(input, _)| input.name == rest));
        match input {
            Some((input, _)) => self.push(What::Input, input.place, None, false, None),
            None => {
                // An option that only a module from outside declares is an unknown of this name.
                let class = self.system.as_ref().map(|system| system.class);
                if let (Some(class), Some(option)) = (class, path.strip_prefix("config."))
                    && self.takes_name(class, &crate::option::parse_option_path(option))
                {
                    return;
                }
                self.push(What::External, None, None, false, Some(path.into()));
            }
        }
    }

    /// An attribute of a set that the program makes.
    fn attribute(&mut self, set: Value<'h>, name: Symbol, place: Place, value: Option<Value<'h>>) {
        let is = |thunk: &'h nixscope_eval::Thunk<'h>| match (self.ev.force(thunk), set) {
            (Ok(Value::Attrs(a)), Value::Attrs(b)) => std::ptr::eq(a, b),
            _ => false,
        };
        if is(self.flake.inputs) {
            let input =
                inputs(self.ev.db, self.project).iter().find(|(input, _)| input.name == name.as_str());
            if let Some((input, _)) = input {
                return self.push(What::Input, input.place, None, false, None);
            }
        }
        let is_host = value.is_some_and(|value| self.ev.system_of(value).is_some()) || self.is_host_set(set);
        if is_host {
            return self.push(What::Host, place.resolve(self.ev), Some(name.as_str().into()), true, None);
        }
        match place.resolve(self.ev) {
            Some(place) => self.push(What::Binding, Some(place), None, false, None),
            None => {
                if let Some(Value::Unknown(unknown)) = value {
                    self.outside(unknown.path(), unknown.taint);
                }
            }
        }
    }

    fn is_host_set(&self, set: Value<'h>) -> bool {
        let Value::Attrs(set) = set else { return false };
        let sets = self.flake.host_sets(self.ev, self.project).iter();
        sets.filter_map(|set| set.hosts.ok()).any(|known| std::ptr::eq(known, set))
    }

    /// The name of the host that a system is, among the flake's outputs.
    fn host_name(&self, system: &System<'h>) -> Option<Symbol> {
        let sets = self.flake.host_sets(self.ev, self.project).iter().filter_map(|set| set.hosts.ok());
        sets.flat_map(|set: &'h Attrs<'h>| set.entries)
            .find(|attr| {
                attr.value
                    .peek()
                    .and_then(|value| self.ev.system_of(value))
                    .is_some_and(|it| it.id == system.id)
            })
            .map(|attr| attr.name)
    }

    fn host_place(&self, host: Option<Symbol>) -> Option<SourcePlace> {
        let host = host?;
        let known = hosts(self.ev.db, self.project).hosts.iter().find(|it| it.name == host.as_str())?;
        known.place
    }

    /// An option of a system: its definitions, the winners first, and its declaration; in the other
    /// order where the question came from a definition.
    fn option(
        &mut self,
        system: &Rc<System<'h>>,
        host: Option<SmolStr>,
        path: &[Symbol],
        from_definition: bool,
    ) {
        if self.meant.is_none()
            && let Some((inner, rest)) = into_nested(self.ev, system, path)
            && inner.definitions(self.ev, rest, true).iter().any(|def| def.unknown.is_none())
        {
            return self.option(&inner, host, rest, from_definition);
        }
        if self.takes_name(system.class, path) {
            return;
        }
        if let Some((_, len, _)) = secret_at(path)
            && len <= path.len()
        {
            return self.secret(system, host, &secret_path(&path[..len]));
        }
        let options = system.options(self.ev);
        let mut declarations: Vec<SourcePlace> = Vec::new();
        if let Some(node) = options.descend(path) {
            let mut add = |place: Place| declarations.extend(own_place(self.ev, place));
            match node.declarations.as_slice() {
                // A name space: the first declaration below it.
                [] => node.visit(&mut Vec::new(), &mut |_, node| {
                    node.declarations.first().into_iter().for_each(|decl| add(decl.place));
                }),
                all => all.iter().for_each(|decl| add(decl.place)),
            }
            if node.declarations.is_empty() {
                declarations.truncate(1);
            }
        } else {
            declarations.extend(self.nested_declaration(system, path));
        }
        if declarations.is_empty() {
            declarations = self.declared_outside(system, path);
        }
        if from_definition {
            for place in &declarations {
                self.push(What::Declaration, Some(*place), host.clone(), true, None);
            }
            if declarations.is_empty() {
                let path = format!("config.{}", show_option_path(path));
                self.push(What::External, None, host, false, Some(path.into()));
            }
            return;
        }
        let all = system.definitions(self.ev, path, true);
        let (off, defs): (Vec<_>, Vec<_>) =
            all.into_iter().filter(|def| def.unknown.is_none()).partition(|def| def.active == Some(false));
        let winners = System::winners(&defs);
        for def in winners.iter().chain(&defs) {
            let winning = winners.iter().any(|winner| std::ptr::eq(winner.value, def.value));
            for place in self.with_further_places(def.place) {
                self.push(What::Definition, Some(place), host.clone(), winning, None);
            }
        }
        let nowhere = declarations.is_empty();
        // What a condition switches off on this host is still a place to look at; where nothing else
        // defines the option, the first.
        let mut declarations = declarations.into_iter();
        if !defs.is_empty() {
            declarations
                .by_ref()
                .for_each(|it| self.push(What::Declaration, Some(it), host.clone(), false, None));
        }
        let is_defined = !defs.is_empty() || !off.is_empty();
        let off: Vec<SourcePlace> = off.iter().flat_map(|def| self.with_further_places(def.place)).collect();
        for place in off {
            self.push(What::Definition, Some(place), host.clone(), false, None);
        }
        declarations.for_each(|it| self.push(What::Declaration, Some(it), host.clone(), false, None));
        if !is_defined && nowhere && options.descend(path).is_none() {
            let path = format!("config.{}", show_option_path(path));
            self.push(What::External, None, host, false, Some(path.into()));
        }
    }

    /// The declaration of an option inside a submodule: `services.x.<name>.port`.
    fn nested_declaration(&self, system: &System<'h>, path: &[Symbol]) -> Option<SourcePlace> {
        let options = system.options(self.ev);
        let prefix = options.declared_prefix(path)?;
        let node = options.descend(&path[..prefix])?;
        let nested = system.nested_options(self.ev, node, &path[..prefix]);
        let fits = |pattern: &[Symbol]| {
            pattern.len() == path.len()
                && pattern
                    .iter()
                    .zip(path)
                    .all(|(wanted, got)| wanted == got || matches!(wanted.as_str(), "<name>" | "*"))
        };
        let (_, node) = nested.into_iter().find(|(pattern, _)| fits(pattern))?;
        own_place(self.ev, node.declarations.first()?.place)
    }

    fn secret(&mut self, system: &Rc<System<'h>>, host: Option<SmolStr>, path: &[Symbol]) {
        let mut systems = vec![system.clone()];
        systems.extend(system.parent.map(|parent| self.ev.system(parent)));
        for system in systems {
            for def in system.definitions(self.ev, path, false) {
                if def.unknown.is_some() {
                    continue;
                }
                for place in self.with_further_places(def.place) {
                    self.push(What::Secret, Some(place), host.clone(), true, None);
                }
            }
        }
    }

    /// A binding's place, and those of its further pieces: `a.b = 1; a.c = 2;` defines `a` twice.
    fn with_further_places(&self, place: Place) -> Vec<SourcePlace> {
        let Some(place) = own_place(self.ev, place) else { return Vec::new() };
        let mut places = vec![place];
        if let PlaceKind::Name(raw) = place.kind {
            let map = nixscope_hir::source_map(self.ev.db, place.source);
            let further = map.further_places().iter().filter(|(first, _)| Body::raw_name(*first) == raw);
            places.extend(further.map(|(_, more)| SourcePlace {
                source: place.source,
                kind: PlaceKind::Name(Body::raw_name(*more)),
            }));
        }
        places
    }
}
