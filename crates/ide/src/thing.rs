//! The thing that stands at a place: what references, highlights, rename and call hierarchy are about.

use nixscope_db::{Db, SourceFile, VfsPath};
use nixscope_eval::{PlaceKind, SourcePlace};
use nixscope_fleet::{
    Meaning, Mention, OptionId, Project, Resolution, What, hosts, inputs, meanings, resolve_file,
};
use nixscope_hir::{
    Body, Definition, Expr, ExprId, NameId, ScopeKind, Site, Symbol, at_offset, body, resolve, source_map,
};
use nixscope_syntax::{TextRange, TextSize};
use smol_str::SmolStr;

use crate::mentions::{binding_at, first_piece, inherited};

/// A thing with a name, that places of the fleet refer to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Thing {
    /// A `let` binding or an argument: known in its file only.
    Local(SourceFile, NameId),
    /// An attribute, by the places that define it.
    Attribute(Symbol, Vec<SourcePlace>),
    /// An option; with the places of definitions that are reached by other ways than its path.
    Option(Vec<OptionId>),
    /// A host.
    Host(SmolStr),
    /// A flake input.
    Input(SmolStr),
    /// A file.
    File(VfsPath),
    /// What is outside, by its symbolic path.
    Outside(Symbol, SmolStr),
    /// A builtin, without `builtins.`.
    Builtin(Symbol),
}

/// The thing at a place and the text that names it.
pub(crate) fn thing_at(
    db: &dyn Db,
    project: Project,
    file: SourceFile,
    offset: TextSize,
) -> Option<(Thing, TextRange)> {
    let cx = Context { db, project, file, body: body(db, file) };
    let map = source_map(db, file);
    let found = at_offset(cx.body, map, offset)?;
    match found.site {
        Site::Path(index) => {
            let (Expr::Select { base, path, .. } | Expr::HasAttr { base, path }) = &cx.body.exprs[found.expr]
            else {
                return None;
            };
            let attr = path.get(index)?;
            let range = map.name(attr.place());
            let is_builtins =
                matches!(&cx.body.exprs[*base], Expr::Global(name) if name.as_str() == "builtins");
            if is_builtins && index == 0 {
                return Some((Thing::Builtin(attr.as_static()?), range));
            }
            Some((cx.meant(attr.as_static()?, Mention::Selected { expr: found.expr, index })?, range))
        }
        Site::Name(name) => Some((cx.name(found.expr, name)?, map.name(name))),
        Site::Expr => Some((cx.expr(found.expr)?, map.expr(found.expr))),
    }
}

struct Context<'db> {
    db: &'db dyn Db,
    project: Project,
    file: SourceFile,
    body: &'db Body,
}

impl Context<'_> {
    fn expr(&self, expr: ExprId) -> Option<Thing> {
        match resolve(self.body, expr) {
            Some(Definition::Name(name, scope)) => {
                if let ScopeKind::Rec(_) = self.body.scopes[scope].kind {
                    return self.key(name);
                }
                Some(Thing::Local(self.file, name))
            }
            Some(Definition::Global(name)) => {
                let bare = name.as_str().trim_start_matches("__");
                Some(Thing::Builtin(Symbol::new(bare)))
            }
            Some(Definition::With(owner)) => match &self.body.exprs[expr] {
                Expr::WithName { name, .. } => self.meant(*name, Mention::With { expr, owner }),
                _ => None,
            },
            Some(Definition::Nowhere) => None,
            None => self.file_named(expr),
        }
    }

    fn file_named(&self, expr: ExprId) -> Option<Thing> {
        if !matches!(self.body.exprs[expr], Expr::Path(..) | Expr::InterpolatedPath(..)) {
            return None;
        }
        let found = resolve_file(self.db, self.project, self.file, expr);
        found.into_iter().find_map(|it| match it.what {
            What::File(path) => Some(Thing::File(path)),
            _ => None,
        })
    }

    fn name(&self, expr: ExprId, name: NameId) -> Option<Thing> {
        let scope = self.body.scopes.iter().find(|(_, scope)| scope.names.iter().any(|(_, it)| *it == name));
        match scope.map(|(_, scope)| scope.kind) {
            Some(ScopeKind::Lambda(_)) => Some(Thing::Local(self.file, name)),
            Some(ScopeKind::Let(_)) => Some(self.let_binding(name)),
            _ => {
                // `inherit x;` in a set: what the set gets is the variable.
                if let Some(Definition::Name(target, scope)) = resolve(self.body, expr)
                    && source_map(self.db, self.file).expr(expr) == source_map(self.db, self.file).name(name)
                    && !matches!(self.body.scopes[scope].kind, ScopeKind::Rec(_))
                {
                    return match self.key(name) {
                        Some(option @ Thing::Option(_)) => Some(option),
                        _ => Some(Thing::Local(self.file, target)),
                    };
                }
                self.key(first_piece(self.db, self.file, name))
            }
        }
    }

    /// A `let` binding is local; one that is inherited is what it is inherited from.
    fn let_binding(&self, name: NameId) -> Thing {
        let from = binding_at(self.body, name).and_then(|(_, bindings)| inherited(bindings, name));
        let source = from.and_then(|mention| self.meant(self.body.names[name], mention));
        source.unwrap_or(Thing::Local(self.file, name))
    }

    /// A key of a set.
    fn key(&self, name: NameId) -> Option<Thing> {
        let own = SourcePlace { source: self.file, kind: PlaceKind::Name(Body::raw_name(name)) };
        if let Some(thing) = self.declared_by_flake(own) {
            return Some(thing);
        }
        let (_, bindings) = binding_at(self.body, name)?;
        let symbol = self.body.names[name];
        if let Some(mention) = inherited(bindings, name)
            && let Some(thing) = self.meant(symbol, mention)
        {
            return Some(thing);
        }
        match self.meant(symbol, Mention::Key(name)) {
            Some(thing @ Thing::Option(_)) => Some(thing),
            _ => Some(Thing::Attribute(symbol, vec![own])),
        }
    }

    fn declared_by_flake(&self, own: SourcePlace) -> Option<Thing> {
        if let Some(host) = hosts(self.db, self.project).hosts.iter().find(|host| host.place == Some(own)) {
            return Some(Thing::Host(host.name.clone()));
        }
        let input = inputs(self.db, self.project).iter().find(|(input, _)| input.place == Some(own))?;
        Some(Thing::Input(input.0.name.clone()))
    }

    fn meant(&self, name: Symbol, mention: Mention) -> Option<Thing> {
        let answers = meanings(self.db, self.project, &[(self.file, vec![mention])]);
        let (_, _, meaning) = answers.into_iter().next()?;
        self.of_meaning(name, meaning)
    }

    fn of_meaning(&self, name: Symbol, meaning: Meaning) -> Option<Thing> {
        if !meaning.options.is_empty() {
            return Some(Thing::Option(meaning.options));
        }
        let places: Vec<SourcePlace> = bindings(&meaning.found).collect();
        if let Some(thing) = meaning.found.iter().find_map(|it| self.declared_by_flake(it.place?)) {
            return Some(thing);
        }
        if let Some(first) = places.first() {
            // `cfg.port`, where `cfg` is a plain set of definitions: the key there is an option's.
            if first.source != self.file || !matches!(first.kind, PlaceKind::Expr(_)) {
                let options = option_at(self.db, self.project, *first);
                if !options.is_empty() {
                    return Some(Thing::Option(options));
                }
            }
            return Some(Thing::Attribute(name, places));
        }
        meaning.found.iter().find_map(|it| match it.what {
            What::Host => it.hosts.first().map(|host| Thing::Host(host.clone())),
            What::File(ref path) => Some(Thing::File(path.clone())),
            What::External => it.external.clone().map(|path| Thing::Outside(name, path)),
            _ => None,
        })
    }
}

/// The places of attributes among what a place stands for.
pub(crate) fn bindings(found: &[Resolution]) -> impl Iterator<Item = SourcePlace> + '_ {
    found
        .iter()
        .filter(|it| matches!(it.what, What::Binding | What::Definition | What::Secret))
        .filter_map(|it| it.place)
}

/// The options that a key defines.
pub(crate) fn option_at(db: &dyn Db, project: Project, place: SourcePlace) -> Vec<OptionId> {
    let PlaceKind::Name(raw) = place.kind else { return Vec::new() };
    if !place.source.path(db).is_nix()
        || place.source.path(db).as_str().starts_with(nixscope_eval::EMBEDDED_ROOT)
    {
        return Vec::new();
    }
    let mention = Mention::Key(Body::name_from_raw(raw));
    let answers = meanings(db, project, &[(place.source, vec![mention])]);
    answers.into_iter().next().map(|(_, _, meaning)| meaning.options).unwrap_or_default()
}
