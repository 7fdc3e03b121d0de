//! The flake: its inputs as `flake.nix` and `flake.lock` have them.

use nixscope_db::{Db, EntryKind, SourceFile, VfsPath};
use nixscope_hir::{BindingValue, Body, Expr, ExprId, body};
use serde_json::Value as Json;
use smol_str::SmolStr;

use crate::index::{Input, SourceOrigin};
use crate::input_kind::{InputKind, classify};
use crate::lock::{Location, lock, lock_file, locked_location, parse_url};
use crate::project::Project;

/// The inputs of the project's flake. Re-read when `flake.nix` or `flake.lock` changes.
#[salsa::tracked(returns(deref))]
pub fn inputs(db: &dyn Db, project: Project) -> Vec<(Input, InputKind)> {
    let flake = FlakeSource { root: project.root(db), prefix: "", node: None };
    inputs_of(db, &flake, project.input_sources(db))
}

/// Which node of which lock file a flake is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct LockNode {
    /// The lock file.
    pub file: SourceFile,
    /// The node's name in it.
    pub name: SmolStr,
}

/// A flake whose inputs are asked for.
pub(crate) struct FlakeSource<'a> {
    /// The directory of its `flake.nix`.
    pub root: &'a VfsPath,
    /// What it is called from the project's flake: `a/b/` is an input's input; empty for the project's own.
    pub prefix: &'a str,
    /// Where it is locked, if another flake locks it.
    pub node: Option<&'a LockNode>,
}

/// The inputs of a flake. `configured` are the directories that were named by hand.
pub(crate) fn inputs_of(
    db: &dyn Db,
    flake: &FlakeSource<'_>,
    configured: &[(SmolStr, VfsPath)],
) -> Vec<(Input, InputKind)> {
    let root = flake.root;
    let (file, node) = match flake.node {
        Some(node) => (node.file, node.name.as_str()),
        None => {
            let file = lock_file(db, root);
            (file, lock(db, file).root())
        }
    };
    let lock = lock(db, file);
    let mut inputs = declared(db, root);
    // Arguments of `outputs` are inputs too, also without a declaration.
    for name in output_arguments(db, root) {
        if name != "self" && !inputs.iter().any(|input| input.name == name) {
            inputs.push(blank(name));
        }
    }
    // And so is what only the lock file knows: `inputs` may be computed, against the rules.
    if inputs.is_empty() {
        inputs.extend(lock.inputs(node).map(|name| blank(name.into())));
    }
    inputs
        .into_iter()
        .map(|mut input| {
            let target = lock.input(node, &input.name);
            let locked = target.and_then(|node| lock.node(node));
            if let Some(locked) = locked {
                let text = |pointer: &str| locked.pointer(pointer).and_then(Json::as_str);
                input.rev = text("/locked/rev").map(SmolStr::from);
                input.last_modified = locked.pointer("/locked/lastModified").and_then(Json::as_i64);
                input.store_path =
                    text("/locked/narHash").and_then(nixscope_eval::source_store_path).map(SmolStr::from);
                input.is_flake &= locked.get("flake").and_then(Json::as_bool).unwrap_or(true);
            }
            input.node = target.map(|name| LockNode { file, name: name.into() });
            let full_name = format!("{}{}", flake.prefix, input.name);
            let by_hand = configured.iter().find(|(name, _)| *name == full_name).map(|(_, path)| path);
            (input.source, input.origin) = match find_source(db, root, &input, locked, by_hand) {
                Some((source, origin)) => (Some(source), origin),
                None => (None, SourceOrigin::Store),
            };
            let kind = classify(&input, locked);
            (input, kind)
        })
        .collect()
}

/// Where an input's source is on this machine: the directory that was named by hand, a directory of the
/// same repository, a directory elsewhere on the disk, or the store; the first that is there.
fn find_source(
    db: &dyn Db,
    root: &VfsPath,
    input: &Input,
    locked: Option<&Json>,
    by_hand: Option<&VfsPath>,
) -> Option<(VfsPath, SourceOrigin)> {
    let (location, url_dir) = parse_url(input.url.as_deref().unwrap_or(""));
    let original = locked.and_then(|it| it.get("original")).map_or(Location::Elsewhere, locked_location);
    let dir = locked.and_then(|it| it.pointer("/locked/dir")).and_then(Json::as_str).map(str::to_string);
    let dir = dir.or(url_dir).unwrap_or_default();
    let mut candidates: Vec<(VfsPath, SourceOrigin)> = Vec::new();
    candidates.extend(by_hand.map(|path| (path.clone(), SourceOrigin::Configured)));
    for location in [location, original] {
        candidates.extend(match location {
            Location::Relative(path) => {
                let path = root.join(&path);
                stays_in_source(root, &path).then_some((path, SourceOrigin::Repository))
            }
            // Only the user's own flake may name a place of the machine.
            Location::Absolute(path) if !in_store(root) => Some((VfsPath::new(&path), SourceOrigin::Disk)),
            Location::Absolute(_) | Location::Elsewhere => None,
        });
    }
    let store = input.store_path.as_deref().map(VfsPath::new);
    candidates.extend(store.map(|path| (path, SourceOrigin::Store)));
    candidates.into_iter().find_map(|(path, origin)| {
        let inside = path.join(&dir);
        match nixscope_db::kind(db, &inside) {
            EntryKind::Directory => Some((inside, origin)),
            EntryKind::File if !input.is_flake => Some((inside, origin)),
            // A directory that was named by hand may be the one that `dir` means.
            _ if origin == SourceOrigin::Configured
                && nixscope_db::kind(db, &path) == EntryKind::Directory =>
            {
                Some((path, origin))
            }
            _ => None,
        }
    })
}

fn in_store(path: &VfsPath) -> bool {
    path.as_str().starts_with("/nix/store/")
}

/// Whether a path that a flake names relative to itself is in the same source: what is in the store must
/// not lead to other files of the machine.
fn stays_in_source(root: &VfsPath, path: &VfsPath) -> bool {
    let object = |path: &VfsPath| path.as_str().split('/').nth(3).map(str::to_string);
    !in_store(root) || (in_store(path) && object(root) == object(path))
}

/// An input of which nothing but the name is known.
pub(crate) fn blank(name: SmolStr) -> Input {
    Input {
        name,
        url: None,
        rev: None,
        last_modified: None,
        store_path: None,
        source: None,
        origin: SourceOrigin::Store,
        is_flake: true,
        node: None,
        place: None,
    }
}

/// The inputs that `flake.nix` declares. They must be literal, so they are read, not evaluated.
///
/// Source: the Nix manual, "Flake inputs": "the attribute set … cannot contain arbitrary Nix
/// expressions".
fn declared(db: &dyn Db, root: &VfsPath) -> Vec<Input> {
    let source = nixscope_db::source(db, &root.join("flake.nix"));
    let body = body(db, source);
    let Some(inputs) = attribute(body, body.root, "inputs") else { return Vec::new() };
    let (Expr::Attrs(bindings) | Expr::RecAttrs(bindings)) = &body.exprs[inputs] else { return Vec::new() };
    bindings
        .named
        .iter()
        .map(|binding| {
            let mut input = blank(binding.name.as_str().into());
            input.place = Some(nixscope_eval::SourcePlace {
                source,
                kind: nixscope_eval::PlaceKind::Name(Body::raw_name(binding.place)),
            });
            if let BindingValue::Expr(value) = binding.value {
                let text = |expr: ExprId| match &body.exprs[expr] {
                    Expr::Str(text) => Some(text.clone()),
                    Expr::Path(_, text) => Some(text.clone()),
                    _ => None,
                };
                let of = |name: &str| attribute(body, value, name).and_then(text);
                input.url = of("url").or_else(|| of("path")).or_else(|| of("follows"));
                input.is_flake = !attribute(body, value, "flake").is_some_and(|it| is_false(body, it));
            }
            input
        })
        .collect()
}

/// Whether an expression is the word `false`.
fn is_false(body: &Body, expr: ExprId) -> bool {
    matches!(&body.exprs[expr], Expr::Global(name) if name.as_str() == "false")
}

fn output_arguments(db: &dyn Db, root: &VfsPath) -> Vec<SmolStr> {
    let source = nixscope_db::source(db, &root.join("flake.nix"));
    let body = body(db, source);
    let Some(outputs) = attribute(body, body.root, "outputs") else { return Vec::new() };
    match &body.exprs[outputs] {
        Expr::Lambda(lambda) => {
            lambda.formals.iter().flatten().map(|formal| formal.name.as_str().into()).collect()
        }
        _ => Vec::new(),
    }
}

/// The value of an attribute of a literal set.
pub(crate) fn attribute(body: &Body, set: ExprId, name: &str) -> Option<ExprId> {
    let (Expr::Attrs(bindings) | Expr::RecAttrs(bindings)) = &body.exprs[set] else { return None };
    bindings.named.iter().find(|binding| binding.name.as_str() == name).and_then(|binding| {
        match binding.value {
            BindingValue::Expr(value) => Some(value),
            _ => None,
        }
    })
}
