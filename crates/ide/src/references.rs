//! Find references, over the whole fleet, and the highlights of one file.

use nixscope_db::{Db, EntryKind, SourceFile, VfsPath};
use nixscope_eval::{PlaceKind, SourcePlace};
use nixscope_fleet::{
    HostIndex, Meaning, Mention, OptionId, Project, What, fleet, host_option, hosts, inputs, meanings,
};
use nixscope_hir::{Body, Expr, NameId, PathBase, Symbol, body};
use nixscope_syntax::{TextRange, TextSize};
use smol_str::SmolStr;

use crate::definition::shorten_line;
use crate::mentions::{mentions_of, place_of, variables};
use crate::thing::{Thing, bindings, thing_at};

/// What a reference does with the thing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum ReferenceKind {
    /// Says that there is such a thing.
    Declaration,
    /// Gives it a value.
    Write,
    /// Uses it.
    Read,
    /// Imports it.
    Import,
}

impl ReferenceKind {
    /// As the JSON prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            ReferenceKind::Declaration => "declaration",
            ReferenceKind::Write => "write",
            ReferenceKind::Read => "read",
            ReferenceKind::Import => "import",
        }
    }
}

/// A place that refers to a thing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference {
    /// The file.
    pub file: SourceFile,
    /// The name.
    pub range: TextRange,
    /// What it does there.
    pub kind: ReferenceKind,
    /// The hosts for which that holds; empty where it does not depend on the host.
    pub hosts: Vec<SmolStr>,
    /// The line, shortened.
    pub text: SmolStr,
}

/// Every place that refers to what stands at a place: declarations first, then by file and place.
pub(crate) fn references(
    db: &dyn Db,
    project: Project,
    file: SourceFile,
    offset: TextSize,
) -> Vec<Reference> {
    let Some((thing, _)) = thing_at(db, project, file, offset) else { return Vec::new() };
    references_to(db, project, &thing)
}

/// Every place that refers to a thing.
pub(crate) fn references_to(db: &dyn Db, project: Project, thing: &Thing) -> Vec<Reference> {
    let uses = uses(db, project, thing, None);
    let mut out: Vec<Reference> = uses.into_iter().map(|it| it.reference(db)).collect();
    let own = |it: &Reference| !it.file.path(db).as_str().starts_with(nixscope_eval::EMBEDDED_ROOT);
    out.retain(own);
    out.sort_by(|a, b| {
        let key = |it: &Reference| {
            (it.kind != ReferenceKind::Declaration, it.file.path(db).clone(), it.range.start(), it.kind)
        };
        key(a).cmp(&key(b))
    });
    out.dedup_by(|b, a| (a.file, a.range) == (b.file, b.range));
    out
}

/// Every place that gives what stands at a place its value: of an option, the definitions on every host.
pub(crate) fn implementations(
    db: &dyn Db,
    project: Project,
    file: SourceFile,
    offset: TextSize,
) -> Vec<Reference> {
    let mut found = references(db, project, file, offset);
    found.retain(|it| it.kind == ReferenceKind::Write);
    found
}

/// The places of one file that refer to what stands at a place of it.
pub(crate) fn highlights(
    db: &dyn Db,
    project: Project,
    file: SourceFile,
    offset: TextSize,
) -> Vec<Reference> {
    let Some((thing, _)) = thing_at(db, project, file, offset) else { return Vec::new() };
    let mut out: Vec<Reference> =
        uses(db, project, &thing, Some(file)).into_iter().map(|it| it.reference(db)).collect();
    out.retain(|it| it.file == file);
    out.sort_by_key(|it| (it.range.start(), it.kind));
    out.dedup_by(|b, a| a.range == b.range);
    out
}

/// A use of a thing, before its place is looked up in the text.
pub(crate) struct Use {
    /// Where the name is written.
    pub(crate) place: SourcePlace,
    /// What it does there.
    pub(crate) kind: ReferenceKind,
    /// How it is written, where the fleet was asked about it.
    pub(crate) mention: Option<Mention>,
    /// Whether it stands for nothing else.
    pub(crate) certain: bool,
    hosts: Vec<SmolStr>,
}

impl Use {
    fn plain(source: SourceFile, kind: PlaceKind, what: ReferenceKind) -> Use {
        Use {
            place: SourcePlace { source, kind },
            kind: what,
            mention: None,
            certain: true,
            hosts: Vec::new(),
        }
    }

    fn reference(self, db: &dyn Db) -> Reference {
        let range = self.place.range(db);
        let text = shorten_line(db, self.place.source, range);
        Reference { file: self.place.source, range, kind: self.kind, hosts: self.hosts, text }
    }
}

/// The uses of a thing; with `only`, those of one file.
pub(crate) fn uses(db: &dyn Db, project: Project, thing: &Thing, only: Option<SourceFile>) -> Vec<Use> {
    let cx = Context { db, project, only };
    match thing {
        Thing::Local(file, name) => cx.local(*file, *name),
        Thing::Attribute(name, places) => cx.attribute(*name, places),
        Thing::Option(options) => cx.option(options),
        Thing::Host(name) => cx.host(name),
        Thing::Input(name) => cx.input(name),
        Thing::File(path) => cx.file(path),
        Thing::Outside(name, path) => cx.named(*name, |_, meaning| {
            meaning.found.iter().any(|it| it.external.as_ref() == Some(path)).then_some(ReferenceKind::Read)
        }),
        Thing::Builtin(name) => cx.builtin(*name),
    }
}

struct Context<'db> {
    db: &'db dyn Db,
    project: Project,
    only: Option<SourceFile>,
}

impl Context<'_> {
    /// The files to look into.
    fn files(&self) -> Vec<SourceFile> {
        match self.only {
            Some(file) => vec![file],
            None => self.project.files(self.db).iter().map(|it| nixscope_db::source(self.db, it)).collect(),
        }
    }

    fn local(&self, file: SourceFile, name: NameId) -> Vec<Use> {
        let body = body(self.db, file);
        let mut out =
            vec![Use::plain(file, PlaceKind::Name(Body::raw_name(name)), ReferenceKind::Declaration)];
        let reads = variables(body, name).into_iter();
        out.extend(reads.map(|it| Use::plain(file, PlaceKind::Expr(Body::raw(it)), ReferenceKind::Read)));
        out
    }

    /// Every mention of a name whose meaning is accepted.
    fn named(
        &self,
        name: Symbol,
        accept: impl Fn(SourcePlace, &Meaning) -> Option<ReferenceKind>,
    ) -> Vec<Use> {
        let asked: Vec<(SourceFile, Vec<Mention>)> = self
            .files()
            .into_iter()
            .map(|file| (file, mentions_of(self.db, file, name)))
            .filter(|(_, mentions)| !mentions.is_empty())
            .collect();
        let mut out = Vec::new();
        for (file, mention, meaning) in meanings(self.db, self.project, &asked) {
            let place = place_of(body(self.db, file), file, mention);
            let Some(kind) = accept(place, &meaning) else { continue };
            let certain = meaning.options.len() + bindings(&meaning.found).count() <= 1;
            out.push(Use { place, kind, mention: Some(mention), certain, hosts: meaning.hosts });
        }
        out
    }

    fn attribute(&self, name: Symbol, places: &[SourcePlace]) -> Vec<Use> {
        let mut out: Vec<Use> = Vec::new();
        for place in places {
            out.push(Use::plain(place.source, place.kind, ReferenceKind::Declaration));
            if let PlaceKind::Name(raw) = place.kind {
                let local = variables(body(self.db, place.source), Body::name_from_raw(raw)).into_iter();
                out.extend(
                    local.map(|it| {
                        Use::plain(place.source, PlaceKind::Expr(Body::raw(it)), ReferenceKind::Read)
                    }),
                );
            }
        }
        out.extend(self.named(name, |own, meaning| {
            if places.contains(&own) {
                return Some(ReferenceKind::Declaration);
            }
            bindings(&meaning.found).any(|it| places.contains(&it)).then_some(ReferenceKind::Read)
        }));
        out
    }

    fn option(&self, options: &[OptionId]) -> Vec<Use> {
        let Some(name) = options.iter().find_map(|it| nixscope_fleet::parse_option_path(&it.path).pop())
        else {
            return Vec::new();
        };
        // Definitions are asked of the module system too: a function or a data file may make them.
        let defined = self.definitions(options);
        let mut out = self.named(name, |own, meaning| {
            if meaning.options.iter().any(|it| options.contains(it)) {
                return Some(if meaning.declares { ReferenceKind::Declaration } else { ReferenceKind::Read });
            }
            let through = bindings(&meaning.found)
                .any(|it| it != own && defined.iter().any(|(place, ..)| *place == it));
            through.then_some(ReferenceKind::Read)
        });
        for it in &mut out {
            if matches!(it.mention, Some(Mention::Key(_))) && it.kind == ReferenceKind::Read {
                it.kind = ReferenceKind::Write;
            }
        }
        for (place, hosts) in defined {
            match out.iter_mut().find(|it| it.place == place) {
                Some(known) if known.kind == ReferenceKind::Write => known.hosts = hosts,
                Some(_) => {}
                None => out.push(Use { hosts, ..Use::plain(place.source, place.kind, ReferenceKind::Write) }),
            }
        }
        out
    }

    /// The places that define an option, with the hosts on which they do.
    fn definitions(&self, options: &[OptionId]) -> Vec<(SourcePlace, Vec<SmolStr>)> {
        let mut out: Vec<(SourcePlace, Vec<SmolStr>)> = Vec::new();
        for host in &hosts(self.db, self.project).hosts {
            for option in options {
                if option.class != "nixos"
                    && option.class != "darwin"
                    && host.class != nixscope_fleet::HostClass::HomeManager
                {
                    continue;
                }
                let known = host_option(
                    self.db,
                    self.project,
                    host.output.clone(),
                    host.name.clone(),
                    option.path.clone(),
                );
                for place in known.definitions.iter().filter_map(|it| it.definition.place) {
                    match out.iter_mut().find(|(it, _)| *it == place) {
                        Some((_, hosts)) if hosts.contains(&host.name) => {}
                        Some((_, hosts)) => hosts.push(host.name.clone()),
                        None => out.push((place, vec![host.name.clone()])),
                    }
                }
            }
        }
        out
    }

    fn host(&self, name: &SmolStr) -> Vec<Use> {
        let known: Vec<SourcePlace> = hosts(self.db, self.project)
            .hosts
            .iter()
            .filter(|host| host.name == *name)
            .filter_map(|host| host.place)
            .collect();
        let mut out: Vec<Use> =
            known.iter().map(|it| Use::plain(it.source, it.kind, ReferenceKind::Declaration)).collect();
        out.extend(self.named(Symbol::new(name), |own, meaning| {
            if known.contains(&own) {
                return Some(ReferenceKind::Declaration);
            }
            let is_host = |it: &nixscope_fleet::Resolution| {
                (it.what == What::Host && it.hosts.contains(name))
                    || it.place.is_some_and(|it| known.contains(&it))
            };
            meaning.found.iter().any(is_host).then_some(ReferenceKind::Read)
        }));
        // Reads whose host is computed have no name to look for.
        let index = fleet(self.db, self.project);
        let reads = index.hosts.iter().flat_map(|(_, index)| &index.references).chain(&index.references);
        for read in reads.filter(|it| it.host.as_ref() == Some(name)) {
            let place = read.host_place.unwrap_or(read.place);
            if self.only.is_none_or(|only| only == place.source) && !out.iter().any(|it| it.place == place) {
                out.push(Use { certain: false, ..Use::plain(place.source, place.kind, ReferenceKind::Read) });
            }
        }
        out
    }

    fn input(&self, name: &SmolStr) -> Vec<Use> {
        let place = inputs(self.db, self.project)
            .iter()
            .find(|(input, _)| input.name == *name)
            .and_then(|it| it.0.place);
        let mut out: Vec<Use> =
            place.iter().map(|it| Use::plain(it.source, it.kind, ReferenceKind::Declaration)).collect();
        let symbol = Symbol::new(name);
        out.extend(self.named(symbol, |own, meaning| {
            if Some(own) == place {
                return Some(ReferenceKind::Declaration);
            }
            meaning
                .found
                .iter()
                .any(|it| it.what == What::Input && it.place == place)
                .then_some(ReferenceKind::Read)
        }));
        // The argument of `outputs` of that name, and what it is used for.
        let flake = nixscope_db::source(self.db, &self.project.root(self.db).join("flake.nix"));
        if let Some(formal) = output_argument(body(self.db, flake), symbol) {
            let local = self.local(flake, formal).into_iter();
            out.extend(local.map(|it| Use { kind: ReferenceKind::Read, ..it }));
        }
        out
    }

    fn builtin(&self, name: Symbol) -> Vec<Use> {
        let mut out = Vec::new();
        for file in self.files() {
            let body = body(self.db, file);
            for (id, expr) in body.exprs.iter() {
                let kind = match expr {
                    Expr::Global(it) if it.as_str().trim_start_matches("__") == name.as_str() => {
                        PlaceKind::Expr(Body::raw(id))
                    }
                    Expr::Select { base, path, .. }
                        if matches!(&body.exprs[*base], Expr::Global(it) if it.as_str() == "builtins")
                            && path.first().and_then(|it| it.as_static()) == Some(name) =>
                    {
                        PlaceKind::Name(Body::raw_name(path[0].place()))
                    }
                    _ => continue,
                };
                out.push(Use::plain(file, kind, ReferenceKind::Read));
            }
        }
        out
    }

    /// The paths that name a file, and the lists that import it.
    fn file(&self, path: &VfsPath) -> Vec<Use> {
        let mut out: Vec<Use> = Vec::new();
        for file in self.files() {
            let body = body(self.db, file);
            let Some(directory) = file.path(self.db).parent() else { continue };
            for (id, expr) in body.exprs.iter() {
                let Expr::Path(PathBase::File, text) = expr else { continue };
                let mut named = directory.join(text);
                if nixscope_db::kind(self.db, &named) == EntryKind::Directory {
                    named = named.join("default.nix");
                }
                if named == *path {
                    out.push(Use::plain(file, PlaceKind::Expr(Body::raw(id)), ReferenceKind::Import));
                }
            }
        }
        let target = nixscope_db::source(self.db, path);
        let index = fleet(self.db, self.project);
        for (host, index) in &index.hosts {
            self.imports(&host.name, index, target, &mut out);
        }
        out
    }

    fn imports(&self, host: &SmolStr, index: &HostIndex, target: SourceFile, out: &mut Vec<Use>) {
        for module in index.modules.iter().filter(|module| module.file == target && !module.inline) {
            let Some(place) = module.place else { continue };
            if self.only.is_some_and(|only| only != place.source) {
                continue;
            }
            match out.iter_mut().find(|it| it.place == place) {
                Some(known) if known.hosts.contains(host) => {}
                Some(known) => known.hosts.push(host.clone()),
                None => out.push(Use {
                    hosts: vec![host.clone()],
                    ..Use::plain(place.source, place.kind, ReferenceKind::Import)
                }),
            }
        }
        for nested in &index.nested {
            self.imports(host, &nested.index, target, out);
        }
    }
}

/// The formal argument of the flake's `outputs` that has a name.
pub(crate) fn output_argument(body: &Body, name: Symbol) -> Option<NameId> {
    let root = &body.exprs[body.root];
    let (Expr::Attrs(bindings) | Expr::RecAttrs(bindings)) = root else { return None };
    let outputs = bindings.named.iter().find(|it| it.name.as_str() == "outputs")?;
    let nixscope_hir::BindingValue::Expr(value) = outputs.value else { return None };
    let Expr::Lambda(lambda) = &body.exprs[value] else { return None };
    lambda.formals.iter().flatten().find(|it| it.name == name).map(|it| it.place)
}
