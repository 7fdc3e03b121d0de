//! The flake: its inputs as `flake.nix` and `flake.lock` have them.

use nixscope_db::{Db, FileText, VfsPath};
use nixscope_hir::{BindingValue, Body, Expr, ExprId, body};
use serde_json::Value as Json;
use smol_str::SmolStr;

use crate::index::Input;
use crate::project::Project;

/// What an input is, as far as it is modelled.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum InputKind {
    /// nixpkgs, or a fork or channel of it.
    Nixpkgs,
    /// home-manager.
    HomeManager,
    /// nix-darwin.
    Darwin,
    /// flake-parts.
    FlakeParts,
    /// flake-utils.
    FlakeUtils,
    /// haumea.
    Haumea,
    /// nix-systems/*: a list of systems.
    Systems,
    /// Anything else.
    Other,
}

/// The inputs of the project's flake. Re-read when `flake.nix` or `flake.lock` changes.
#[salsa::tracked(returns(deref))]
pub fn inputs(db: &dyn Db, project: Project) -> Vec<(Input, InputKind)> {
    inputs_of(db, project.root(db), project.input_sources(db))
}

/// The inputs of the flake in a directory.
pub(crate) fn inputs_of(
    db: &dyn Db,
    root: &VfsPath,
    configured: &[(SmolStr, VfsPath)],
) -> Vec<(Input, InputKind)> {
    let lock = read_lock(db, root);
    let mut inputs = declared(db, root);
    // Arguments of `outputs` are inputs too, also without a declaration.
    for name in output_arguments(db, root) {
        if name != "self" && !inputs.iter().any(|input| input.name == name) {
            inputs.push(blank(name));
        }
    }
    inputs
        .into_iter()
        .map(|mut input| {
            let locked = locked_node(&lock, &input.name);
            if let Some(node) = &locked {
                input.rev = node.pointer("/locked/rev").and_then(Json::as_str).map(SmolStr::from);
            }
            let relative = relative_path(&input, locked);
            let by_hand =
                configured.iter().find(|(name, _)| *name == input.name).map(|(_, path)| path.clone());
            input.source = by_hand.or_else(|| Some(root.join(&relative?)));
            let kind = classify(&input, locked);
            (input, kind)
        })
        .collect()
}

/// `path:./x` and `./x`: a directory of the repository itself.
fn relative_path(input: &Input, locked: Option<&Json>) -> Option<String> {
    let url = input.url.as_deref().unwrap_or("");
    let path = url.strip_prefix("path:").unwrap_or(url);
    if path.starts_with("./") || path.starts_with("../") {
        return Some(path.into());
    }
    let original = locked?.get("original")?;
    let path = original.get("path")?.as_str()?;
    (original.get("type")?.as_str()? == "path" && !path.starts_with('/')).then(|| path.into())
}

fn blank(name: SmolStr) -> Input {
    Input { name, url: None, rev: None, store_path: None, source: None, place: None }
}

/// `flake.lock`, or null where it is missing or no JSON.
fn read_lock(db: &dyn Db, root: &VfsPath) -> Json {
    match nixscope_db::source(db, &root.join("flake.lock")).text(db) {
        FileText::Text(text) => serde_json::from_str(text).unwrap_or(Json::Null),
        _ => Json::Null,
    }
}

/// The lock's node of one of the root's inputs; `follows` are resolved.
fn locked_node<'a>(lock: &'a Json, name: &str) -> Option<&'a Json> {
    let nodes = lock.get("nodes")?;
    let root = lock.get("root").and_then(Json::as_str).unwrap_or("root");
    nodes.get(resolve(nodes, root, nodes.get(root)?.get("inputs")?.get(name)?, 0)?)
}

/// The name of the node that an `inputs` entry means: a name, or a path to follow from the root.
fn resolve<'a>(nodes: &'a Json, root: &'a str, entry: &'a Json, depth: u32) -> Option<&'a str> {
    if depth > 64 {
        return None;
    }
    match entry {
        Json::String(node) => Some(node),
        Json::Array(path) => {
            let mut node = root;
            for step in path {
                let next = nodes.get(node)?.get("inputs")?.get(step.as_str()?)?;
                node = resolve(nodes, root, next, depth + 1)?;
            }
            Some(node)
        }
        _ => None,
    }
}

fn classify(input: &Input, locked: Option<&Json>) -> InputKind {
    let field = |name: &str| {
        let at = |part: &str| Some(locked?.get(part)?.get(name)?.as_str()?.to_lowercase());
        at("locked").or_else(|| at("original")).unwrap_or_default()
    };
    let url = input.url.as_deref().unwrap_or("").to_lowercase();
    let repository = field("repo");
    let owner = field("owner");
    let haystack = format!("{url} {owner}/{repository} {}", field("url"));
    let name = input.name.to_lowercase();
    let mentions = |text: &str| haystack.contains(text);
    if mentions("home-manager") && !mentions("plasma") {
        InputKind::HomeManager
    } else if mentions("nix-darwin") {
        InputKind::Darwin
    } else if mentions("flake-parts") {
        InputKind::FlakeParts
    } else if mentions("flake-utils") {
        InputKind::FlakeUtils
    } else if mentions("haumea") {
        InputKind::Haumea
    } else if mentions("nix-systems/") {
        InputKind::Systems
    } else if repository == "nixpkgs"
        || mentions("/nixpkgs")
        || mentions("nixpkgs/")
        || mentions("nixpkgs.lib")
        || (haystack.trim() == "/" && name.starts_with("nixpkgs"))
        || (url.is_empty() && locked.is_none() && name.starts_with("nixpkgs"))
    {
        InputKind::Nixpkgs
    } else {
        match (name.as_str(), haystack.trim()) {
            ("home-manager", "/") => InputKind::HomeManager,
            ("flake-parts", "/") => InputKind::FlakeParts,
            ("haumea", "/") => InputKind::Haumea,
            ("flake-utils", "/") => InputKind::FlakeUtils,
            ("darwin" | "nix-darwin", "/") => InputKind::Darwin,
            _ => InputKind::Other,
        }
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
            }
            input
        })
        .collect()
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
