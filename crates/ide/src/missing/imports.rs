//! A module that no host has: imported in a host's own module, or registered where its neighbours are.

use nixscope_db::{EntryKind, SourceFile, VfsPath};
use nixscope_eval::{PlaceKind, SourcePlace};
use nixscope_fleet::{Host, HostIndex};
use nixscope_hir::{BindingValue, Body, Expr, PathBase, body};
use nixscope_lints::fleet_diagnostics;
use nixscope_syntax::ast;
use nixscope_syntax::{AstNode, parse};

use super::Context;
use crate::assists::{Assist, AssistKind, is_identifier};
use crate::module_text::ModuleText;

/// To more hosts than this a module is not offered: it belongs into something that they share.
const MAX_HOSTS: usize = 8;

/// Imports the module at hand in one of the hosts.
pub(super) fn into_hosts(cx: &Context<'_>, out: &mut Vec<Assist>) {
    let lint = "unreachable-module";
    let found = fleet_diagnostics(cx.db, cx.project).iter();
    let mut here = found.filter(|it| it.lint.name == lint && it.file == cx.file && cx.touches(it.range));
    if here.next().is_none() {
        return;
    }
    out.extend(register(cx, lint));
    let own = cx.file.path(cx.db);
    for (host, index) in cx.fleet.hosts.iter().take(MAX_HOSTS) {
        let Some(module) = main_module(cx, host, index) else { continue };
        let target = match own.file_name() {
            "default.nix" => own.parent(),
            _ => Some(own.clone()),
        };
        let path = target.and_then(|target| cx.relative(module, &target));
        let edit = path.and_then(|path| ModuleText::of(cx.db, module)?.add_import(&path));
        out.extend(edit.map(|edit| Assist {
            title: format!("Import this module in {}, in {}", host.name, cx.shown(module.path(cx.db))),
            kind: AssistKind::Mend(Some(lint)),
            edits: vec![edit],
        }));
    }
}

/// The module that is a host's own: no other host has it. The first of them that has the host's name in its path, else
/// the first.
fn main_module(cx: &Context<'_>, host: &Host, index: &HostIndex) -> Option<SourceFile> {
    let shared = |file: SourceFile| {
        let others = cx.fleet.hosts.iter().filter(|(other, _)| other.name != host.name);
        others.into_iter().any(|(_, index)| index.modules.iter().any(|it| it.file == file))
    };
    let own = index.modules.iter().filter(|it| !it.inline && !shared(it.file)).map(|it| it.file);
    let own: Vec<SourceFile> = own.collect();
    let named = own.iter().find(|file| cx.shown(file.path(cx.db)).contains(host.name.as_str()));
    named.or_else(|| own.first()).copied()
}

/// Exports the module beside one of the same directory, and puts it into the lists that take the exported ones by name.
fn register(cx: &Context<'_>, lint: &'static str) -> Option<Assist> {
    let own = cx.file.path(cx.db);
    // A `default.nix` is a module of its directory's name.
    let target = match own.file_name() {
        "default.nix" => own.parent()?,
        _ => own.clone(),
    };
    let name = target.file_name().trim_end_matches(".nix").to_string();
    let mut neighbours = cx.fleet.exports.iter().filter_map(|(file, output)| {
        let path = file.path(cx.db);
        let path = if path.file_name() == "default.nix" { path.parent()? } else { path.clone() };
        let (set, known) = output.rsplit_once('.')?;
        let is_near = path.parent() == target.parent() && *file != cx.file;
        is_near.then(|| (set.to_string(), known.to_string(), *file))
    });
    let (set, known, (entry, written)) = neighbours
        .find_map(|(set, known, file)| Some((set, known.clone(), written_entry(cx, &known, file)?)))?;
    let spelt = if is_identifier(&name) { name.clone() } else { format!("\"{name}\"") };
    let path = cx.relative(entry.source, &target)?;
    let registry = ModuleText::of(cx.db, entry.source)?;
    let mut edits = vec![registry.add_beside_named(entry.range(cx.db), &written, &spelt, &[path])?];
    let listed = lists(cx, set.rsplit('.').next().unwrap_or(&set), &known);
    let mut title = format!("Register this module as `{set}.{name}`");
    for (file, edit) in listed.into_iter().filter_map(|(file, list)| {
        let edit = ModuleText::of(cx.db, file)?.add_element(&list, &name)?;
        Some((file, edit))
    }) {
        if is_identifier(&name) {
            title.push_str(&format!(", and in the list in {}", cx.shown(file.path(cx.db))));
            edits.push(edit);
        }
    }
    Some(Assist { title, kind: AssistKind::Mend(Some(lint)), edits })
}

/// Where a module's name is bound to its path, and how the name is written.
fn written_entry(cx: &Context<'_>, name: &str, module: SourceFile) -> Option<(SourcePlace, String)> {
    cx.project.files(cx.db).iter().find_map(|path| {
        let file = nixscope_db::source(cx.db, path);
        let body = body(cx.db, file);
        let place = body.exprs.iter().find_map(|(_, expr)| {
            let (Expr::Attrs(bindings) | Expr::RecAttrs(bindings)) = expr else { return None };
            let leads = |value: BindingValue| match value {
                BindingValue::Expr(value) => match &body.exprs[value] {
                    Expr::Path(PathBase::File, text) => leads_to(cx, path, text, module),
                    _ => false,
                },
                _ => false,
            };
            let found = bindings.named.iter().find(|it| it.name.as_str() == name && leads(it.value));
            found.map(|it| it.place)
        })?;
        let place = SourcePlace { source: file, kind: PlaceKind::Name(Body::raw_name(place)) };
        let range = place.range(cx.db);
        let written = file.text(cx.db).as_str().get(usize::from(range.start())..usize::from(range.end()))?;
        Some((place, written.to_string()))
    })
}

fn leads_to(cx: &Context<'_>, from: &VfsPath, text: &str, module: SourceFile) -> bool {
    let Some(target) = from.parent().map(|directory| directory.join(text)) else { return false };
    let target = match nixscope_db::kind(cx.db, &target) {
        EntryKind::Directory => target.join("default.nix"),
        _ => target,
    };
    target == *module.path(cx.db)
}

/// The lists below `with ….nixosModules;` that have a module of a set.
fn lists(cx: &Context<'_>, set: &str, known: &str) -> Vec<(SourceFile, ast::List)> {
    let mut out = Vec::new();
    for path in cx.project.files(cx.db) {
        let file = nixscope_db::source(cx.db, path);
        if !file.text(cx.db).as_str().contains(set) {
            continue;
        }
        let withs = parse(cx.db, file).syntax().descendants().filter_map(ast::With::cast);
        for with in withs {
            let namespace = with.namespace().map(|it| it.syntax().text().to_string()).unwrap_or_default();
            if namespace.rsplit('.').next().map(str::trim) != Some(set) {
                continue;
            }
            let lists =
                with.body().into_iter().flat_map(|it| it.syntax().descendants().filter_map(ast::List::cast));
            let named = |list: &ast::List| list.items().any(|it| it.syntax().text() == known);
            out.extend(
                lists.filter(named).map(|list| (file, list)).collect::<Vec<(SourceFile, ast::List)>>(),
            );
        }
    }
    out
}
