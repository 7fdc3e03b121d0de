//! Who calls a function and whom it calls; who imports a module and what it imports.

use nixscope_db::{Db, SourceFile, VfsPath};
use nixscope_fleet::Project;
use nixscope_hir::{BindingValue, Body, Expr, ExprId, NameId, body, source_map};
use nixscope_syntax::{TextRange, TextSize};
use smol_str::SmolStr;

use crate::definition::{TargetKind, definition};
use crate::references::{Reference, ReferenceKind, references, references_to};
use crate::thing::Thing;

/// A function, or a module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CallItem {
    /// Its name; a module's is its path from the root.
    pub name: SmolStr,
    /// Whether it is a module and not a function.
    pub is_module: bool,
    /// The file.
    pub file: SourceFile,
    /// The whole binding; of a module, the file.
    pub range: TextRange,
    /// The name; of a module, its beginning.
    pub selection: TextRange,
}

/// The other end of calls or imports, and where they are written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
    /// Who calls, or who is called.
    pub item: CallItem,
    /// The places, all in one file: the caller's.
    pub places: Vec<TextRange>,
}

/// So many calls are followed from one function or module.
const MAX_CALLS: usize = 512;

/// The functions and modules that a place stands for.
pub(crate) fn prepare(db: &dyn Db, project: Project, file: SourceFile, offset: TextSize) -> Vec<CallItem> {
    let cx = Context { db, project };
    let mut out: Vec<CallItem> = Vec::new();
    for target in definition(db, project, file, offset) {
        let Some(target_file) = target.file else { continue };
        let item = match target.kind {
            TargetKind::File | TargetKind::Module => Some(cx.module(target_file)),
            _ => cx.function(target_file, target.focus),
        };
        out.extend(item.filter(|item| !out.contains(item)));
    }
    // Beside any name, the module itself.
    if out.is_empty() && offset == TextSize::from(0) {
        out.push(cx.module(file));
    }
    out
}

/// Who calls, or imports, an item.
pub(crate) fn incoming(db: &dyn Db, project: Project, file: SourceFile, offset: TextSize) -> Vec<Call> {
    let cx = Context { db, project };
    let item = cx.item(file, offset);
    let found: Vec<Reference> = match item.is_module {
        true => references_to(db, project, &Thing::File(file.path(db).clone())),
        false => references(db, project, file, item.selection.start()),
    };
    let mut out: Vec<Call> = Vec::new();
    for it in found.into_iter().take(MAX_CALLS) {
        let caller = match (item.is_module, it.kind) {
            (true, ReferenceKind::Import) => cx.module(it.file),
            (false, ReferenceKind::Read) => cx.around(it.file, it.range),
            _ => continue,
        };
        add(&mut out, caller, it.range);
    }
    out
}

/// Whom an item calls, or what it imports.
pub(crate) fn outgoing(db: &dyn Db, project: Project, file: SourceFile, offset: TextSize) -> Vec<Call> {
    let cx = Context { db, project };
    let item = cx.item(file, offset);
    let (body, map) = (body(db, file), source_map(db, file));
    let mut out: Vec<Call> = Vec::new();
    for (id, expr) in
        body.exprs.iter().filter(|(id, _)| item.range.contains_range(map.expr(*id))).take(MAX_CALLS * 8)
    {
        let at = match expr {
            Expr::Path(..) | Expr::InterpolatedPath(..) if item.is_module => map.expr(id),
            Expr::Apply { function, .. } if !item.is_module => called_name(body, map, *function),
            _ => continue,
        };
        let Some(target) = definition(db, project, file, at.start()).into_iter().next() else { continue };
        let Some(target_file) = target.file else { continue };
        let callee = match target.kind {
            TargetKind::File | TargetKind::Module if target_file.path(db).is_nix() => {
                Some(cx.module(target_file))
            }
            TargetKind::File => None,
            _ => cx.function(target_file, target.focus),
        };
        if let Some(callee) = callee {
            add(&mut out, callee, at);
        }
        if out.len() >= MAX_CALLS {
            break;
        }
    }
    out
}

fn add(out: &mut Vec<Call>, item: CallItem, place: TextRange) {
    match out.iter_mut().find(|call| call.item == item) {
        Some(call) if call.places.contains(&place) => {}
        Some(call) => call.places.push(place),
        None => out.push(Call { item, places: vec![place] }),
    }
}

/// The name that stands for the called function: the last of a selection.
fn called_name(body: &Body, map: &nixscope_hir::SourceMap, function: ExprId) -> TextRange {
    match &body.exprs[function] {
        Expr::Select { path, .. } => {
            path.last().map_or_else(|| map.expr(function), |it| map.name(it.place()))
        }
        _ => map.expr(function),
    }
}

struct Context<'db> {
    db: &'db dyn Db,
    project: Project,
}

impl Context<'_> {
    /// The item whose name begins at a place; where none does, the module.
    fn item(&self, file: SourceFile, offset: TextSize) -> CallItem {
        let map = source_map(self.db, file);
        let named = bindings(body(self.db, file)).find(|(name, _)| map.name(*name).start() == offset);
        match named {
            Some((name, value)) if is_function(body(self.db, file), value) => self.bound(file, name),
            _ => self.module(file),
        }
    }

    fn module(&self, file: SourceFile) -> CallItem {
        let path: &VfsPath = file.path(self.db);
        let shown = path.strip_prefix(self.project.root(self.db)).unwrap_or(path.as_str());
        CallItem {
            name: shown.into(),
            is_module: true,
            file,
            range: TextRange::up_to(TextSize::of(file.text(self.db).as_str())),
            selection: TextRange::empty(TextSize::from(0)),
        }
    }

    /// The function that is bound to the name at a range.
    fn function(&self, file: SourceFile, name: TextRange) -> Option<CallItem> {
        if file.path(self.db).as_str().starts_with(nixscope_eval::EMBEDDED_ROOT) {
            return None;
        }
        let (body, map) = (body(self.db, file), source_map(self.db, file));
        let (bound, value) = bindings(body).find(|(bound, _)| map.name(*bound) == name)?;
        is_function(body, value).then(|| self.bound(file, bound))
    }

    fn bound(&self, file: SourceFile, name: NameId) -> CallItem {
        let (body, map) = (body(self.db, file), source_map(self.db, file));
        CallItem {
            name: body.names[name].as_str().into(),
            is_module: false,
            file,
            range: map.entry(name).cover(map.name(name)),
            selection: map.name(name),
        }
    }

    /// The innermost function around a place, else the module.
    fn around(&self, file: SourceFile, place: TextRange) -> CallItem {
        let (body, map) = (body(self.db, file), source_map(self.db, file));
        let inside = bindings(body)
            .filter(|(_, value)| is_function(body, *value) && map.expr(*value).contains_range(place))
            .min_by_key(|(_, value)| map.expr(*value).len());
        match inside {
            Some((name, _)) => self.bound(file, name),
            None => self.module(file),
        }
    }
}

/// The names that a file binds, with their values.
fn bindings(body: &Body) -> impl Iterator<Item = (NameId, ExprId)> + '_ {
    body.exprs.iter().flat_map(|(_, expr)| {
        let named = match expr {
            Expr::Attrs(bindings) | Expr::RecAttrs(bindings) | Expr::Let { bindings, .. } => {
                &bindings.named[..]
            }
            _ => &[],
        };
        named.iter().filter_map(|it| match it.value {
            BindingValue::Expr(value) => Some((it.place, value)),
            _ => None,
        })
    })
}

fn is_function(body: &Body, value: ExprId) -> bool {
    matches!(body.exprs[value], Expr::Lambda(_))
}
