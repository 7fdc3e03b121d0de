//! What a place of the text stands for, in every host that its file belongs to.
//!
//! The file is evaluated where it really runs: the functions around the place are bound to the
//! arguments of real calls. A place in a module that several hosts import is looked at once for each.

mod arguments;
mod contexts;
mod elsewhere;
mod external;
pub(crate) mod mentions;
mod option;
mod spliced;
mod walk;

use std::rc::Rc;

use nixscope_db::{Db, EntryKind, SourceFile, VfsPath};
use nixscope_eval::modules::{System, show_option_path};
use nixscope_eval::{Evaluator, PlaceKind, Sites, SourcePlace, Value};
use nixscope_hir::{AttrName, Body, Expr, ExprId, NameId, Symbol};
use smol_str::SmolStr;

pub use self::arguments::resolve_argument;
use self::contexts::in_contexts;
pub(crate) use self::contexts::{
    Context, MAX_CALLS, OBSERVE_STEPS, contexts, contexts_of_places, uncalled_lambda,
};
use crate::key_path::option_key_path;
use crate::outputs::Flake;
use crate::project::Project;

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

/// What a name that only a `with` provides stands for; `variable` is the expression that is the name.
pub fn resolve_with(db: &dyn Db, project: Project, source: SourceFile, variable: ExprId) -> Vec<Resolution> {
    in_contexts(db, project, source, Some(variable), |resolver| resolver.through_withs(variable))
}

/// What the key of a binding stands for where it defines an option: the declaration first, then the
/// definitions.
pub fn resolve_key(db: &dyn Db, project: Project, source: SourceFile, key: NameId) -> Vec<Resolution> {
    let found = in_contexts(db, project, source, None, |resolver| {
        let Some(path) = resolver.path_of_key(key) else { return };
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
            && let Some(path) = resolver.path_of_key(key)
        {
            found = Some(SmolStr::from(show_option_path(&path)));
        }
    });
    found.or_else(|| spliced::option_path(db, project, source, key))
}

/// The file that an expression (a path, a string, a call) names, where it names one that is there.
pub fn resolve_file(db: &dyn Db, project: Project, source: SourceFile, expr: ExprId) -> Vec<Resolution> {
    in_contexts(db, project, source, Some(expr), |resolver| {
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

    /// The option path that a key defines. Of a file that no host has as a module not every key is an option's:
    /// there the modules must say so.
    fn path_of_key(&mut self, key: NameId) -> Option<Vec<Symbol>> {
        let path = option_key_path(self.ev, &mut self.sites, key)?;
        if let (None, Some(system)) = (&self.host, &self.system) {
            let defs = system.definitions(self.ev, &path, true);
            let own =
                SourcePlace { source: self.sites.file().source, kind: PlaceKind::Name(Body::raw_name(key)) };
            let mut places = defs.iter().flat_map(|def| self.with_further_places(def.place));
            places.any(|place| place == own).then_some(())?;
        }
        Some(path)
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
}
