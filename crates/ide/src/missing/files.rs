//! A file for a path that leads to none.

use nixscope_db::{EntryKind, VfsPath};
use nixscope_fleet::is_secret_file;
use nixscope_hir::{Expr, PathBase, Site, at_offset, body, source_map};
use nixscope_lints::Edit;
use nixscope_syntax::ast::{self, HasEntry};
use nixscope_syntax::{AstNode, TextRange, parse};

use super::Context;
use crate::assists::{Assist, AssistKind};

/// Creates the file that the path at hand leads to.
pub(super) fn create(cx: &Context<'_>, out: &mut Vec<Assist>) {
    out.extend(offer(cx));
}

fn offer(cx: &Context<'_>) -> Option<Assist> {
    let (body, map) = (body(cx.db, cx.file), source_map(cx.db, cx.file));
    let found = at_offset(body, map, cx.range.start()).filter(|it| it.site == Site::Expr)?;
    let Expr::Path(PathBase::File, text) = &body.exprs[found.expr] else { return None };
    let target = cx.file.path(cx.db).parent()?.join(text);
    let use_ = use_of(cx, map.expr(found.expr))?;
    let default = target.join("default.nix");
    let target = match nixscope_db::kind(cx.db, &target) {
        // What is imported by the name of a directory is its `default.nix`.
        EntryKind::Directory if nixscope_db::kind(cx.db, &default) == EntryKind::Missing => default,
        EntryKind::Missing if !target.file_name().contains('.') => default,
        EntryKind::Missing => target,
        _ => return None,
    };
    // Of what is only read, nothing says whether a file or a directory is meant.
    if use_ == Use::Text && target.file_name() == "default.nix" {
        return None;
    }
    // Somebody else's, and what only its tool can make.
    if !target.starts_with(cx.project.root(cx.db)) || is_secret_file(&cx.shown(&target)) {
        return None;
    }
    let new_text = match &use_ {
        Use::Module => "{ config, lib, pkgs, ... }:\n{\n}\n".to_string(),
        Use::Package => format!(
            "{{ stdenv }}:\n\nstdenv.mkDerivation {{\n  pname = \"{}\";\n  version = \"0.1.0\";\n  src = ./.;\n}}\n",
            stem(&target)
        ),
        Use::Import(arguments) if arguments.is_empty() => "{\n}\n".to_string(),
        Use::Import(arguments) => format!("{{ {} }}:\n{{\n}}\n", arguments.join(", ")),
        Use::Text => String::new(),
    };
    let edit = Edit { file: nixscope_db::source(cx.db, &target), range: TextRange::default(), new_text };
    let kind = AssistKind::Mend(Some("missing-import"));
    Some(Assist { title: format!("Create `{}`", cx.shown(&target)), kind, edits: vec![edit] })
}

/// The name of what a file holds: of a `default.nix`, its directory's.
fn stem(path: &VfsPath) -> String {
    let own = path.file_name().trim_end_matches(".nix");
    match (own, path.parent()) {
        ("default", Some(directory)) => directory.file_name().to_string(),
        _ => own.to_string(),
    }
}

/// What a path is for.
#[derive(PartialEq, Eq)]
enum Use {
    Module,
    Package,
    /// With the names of the arguments that the file's function gets.
    Import(Vec<String>),
    Text,
}

fn use_of(cx: &Context<'_>, path: TextRange) -> Option<Use> {
    let root = parse(cx.db, cx.file).syntax();
    if !root.text_range().contains_range(path) {
        return None;
    }
    let node = root.covering_element(path).ancestors().find(|it| ast::PathRel::can_cast(it.kind()))?;
    let parent = node.parent()?;
    if let Some(apply) = ast::Apply::cast(parent.clone()) {
        let called = apply.lambda()?.syntax().text().to_string();
        return Some(match called.rsplit('.').next()?.trim() {
            "import" => Use::Import(arguments(&parent)),
            "callPackage" => Use::Package,
            _ => Use::Text,
        });
    }
    let list = node.ancestors().filter(|it| ast::List::can_cast(it.kind())).last();
    let entry = list.and_then(|list| list.ancestors().find_map(ast::AttrpathValue::cast));
    let key = entry.and_then(|it| it.attrpath()?.attrs().last()).map(|it| it.syntax().text().to_string());
    Some(match key.as_deref() {
        Some("imports" | "modules" | "sharedModules") => Use::Module,
        _ => Use::Text,
    })
}

/// The names that `import ./x.nix { … }` passes.
fn arguments(import: &nixscope_syntax::SyntaxNode) -> Vec<String> {
    let call = import.parent().and_then(ast::Apply::cast);
    let Some(ast::Expr::AttrSet(set)) = call.and_then(|it| it.argument()) else { return Vec::new() };
    let mut names = Vec::new();
    for entry in set.entries() {
        match entry {
            ast::Entry::Inherit(inherit) => {
                names.extend(inherit.attrs().map(|it| it.syntax().text().to_string()));
            }
            ast::Entry::AttrpathValue(entry) => {
                let first = entry.attrpath().and_then(|path| path.attrs().next());
                names.extend(first.map(|it| it.syntax().text().to_string()));
            }
        }
    }
    names.dedup();
    names
}
