//! `flake.lock`: which node an input is, what it is locked to, and where its source lies.
//!
//! Source: the Nix manual, `nix flake`, "Lock files".

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use nixscope_db::{Db, FileText, SourceFile, VfsPath};
use rustc_hash::FxHasher;
use serde_json::Value as Json;
use smol_str::SmolStr;

use crate::index::Input;

/// The text of a lock file, taken apart; null where it is missing or no JSON.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lock(Json);

/// An entry of a lock file that leads nowhere: Nix does not read such a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dangling {
    /// The node whose input it is.
    pub node: SmolStr,
    /// The input's name.
    pub input: SmolStr,
    /// What the entry says: a node's name, or the path that it follows from the root, with slashes.
    pub target: SmolStr,
}

/// Chains of `follows` longer than this are a circle.
const MAX_FOLLOWS: u32 = 64;

/// A lock file's content. Read again when the file changes.
#[salsa::tracked(returns(ref))]
pub fn lock(db: &dyn Db, file: SourceFile) -> Lock {
    Lock(match file.text(db) {
        FileText::Text(text) => serde_json::from_str(text).unwrap_or(Json::Null),
        _ => Json::Null,
    })
}

/// When the revision that an input is locked to was made, in seconds since 1970.
pub fn locked_at(db: &dyn Db, input: &Input) -> Option<u64> {
    let node = input.node.as_ref()?;
    lock(db, node.file).node(&node.name)?.get("locked")?.get("lastModified")?.as_u64()
}

/// The entries of a flake's lock file that lead nowhere, in the order of the file.
pub fn dangling_inputs(db: &dyn Db, file: SourceFile) -> Vec<Dangling> {
    let lock = lock(db, file);
    let nodes = lock.0.get("nodes").and_then(Json::as_object);
    let mut found = Vec::new();
    for (node, content) in nodes.into_iter().flatten() {
        for (input, entry) in content.get("inputs").and_then(Json::as_object).into_iter().flatten() {
            if lock.resolve(entry, 0).is_none() {
                let target = match entry {
                    Json::Array(path) => path.iter().filter_map(Json::as_str).collect::<Vec<_>>().join("/"),
                    entry => entry.as_str().unwrap_or_default().to_string(),
                };
                found.push(Dangling { node: node.into(), input: input.into(), target: target.into() });
            }
        }
    }
    found
}

/// For each input of a flake, by the text of its lock file, what stands for all that it is locked to: its own
/// entry and those of its inputs.
pub fn input_digests(text: &str) -> BTreeMap<SmolStr, u64> {
    let lock = Lock(serde_json::from_str(text).unwrap_or(Json::Null));
    let root = lock.root().to_string();
    let digest = |input: &str| {
        let mut hasher = FxHasher::default();
        let mut pending: Vec<&str> = lock.input(&root, input).into_iter().collect();
        let mut seen: Vec<&str> = Vec::new();
        while let Some(name) = pending.pop() {
            if seen.contains(&name) {
                continue;
            }
            seen.push(name);
            lock.node(name).and_then(|node| node.get("locked")).map(Json::to_string).hash(&mut hasher);
            pending.extend(lock.inputs(name).filter_map(|inner| lock.input(name, inner)));
        }
        hasher.finish()
    };
    lock.inputs(&root).map(|input| (input.into(), digest(input))).collect()
}

impl Lock {
    /// The name of the node that stands for the flake itself.
    pub fn root(&self) -> &str {
        self.0.get("root").and_then(Json::as_str).unwrap_or("root")
    }

    /// The content of a node.
    pub(crate) fn node(&self, name: &str) -> Option<&Json> {
        self.0.get("nodes")?.get(name)
    }

    /// The name of the node that an input of another node is; `follows` are resolved.
    pub fn input(&self, node: &str, input: &str) -> Option<&str> {
        self.resolve(self.node(node)?.get("inputs")?.get(input)?, 0)
    }

    /// The names of a node's inputs.
    pub fn inputs(&self, node: &str) -> impl Iterator<Item = &str> {
        let inputs = self.node(node).and_then(|node| node.get("inputs")).and_then(Json::as_object);
        inputs.into_iter().flatten().map(|(name, _)| name.as_str())
    }

    /// Whether an input of a node is that of another one.
    pub fn is_followed(&self, node: &str, input: &str) -> bool {
        let entry = self.node(node).and_then(|node| node.get("inputs")?.get(input));
        entry.is_some_and(Json::is_array)
    }

    /// Whether it has a node.
    pub fn has_node(&self, node: &str) -> bool {
        self.node(node).is_some()
    }

    /// A text of a node: `/original/ref`, `/locked/rev`.
    pub fn text(&self, node: &str, pointer: &str) -> Option<&str> {
        self.node(node)?.pointer(pointer)?.as_str()
    }

    /// The node that an entry means: a name, or a path to follow from the root.
    fn resolve<'a>(&'a self, entry: &'a Json, depth: u32) -> Option<&'a str> {
        if depth > MAX_FOLLOWS {
            return None;
        }
        match entry {
            Json::String(node) => self.node(node).map(|_| node.as_str()),
            Json::Array(path) => {
                let mut node = self.root();
                for step in path {
                    let next = self.node(node)?.get("inputs")?.get(step.as_str()?)?;
                    node = self.resolve(next, depth + 1)?;
                }
                Some(node)
            }
            _ => None,
        }
    }
}

/// Where an input says that its source is, apart from the store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Location {
    /// Relative to the flake that declares it: part of the same source.
    Relative(String),
    /// An absolute path on this machine.
    Absolute(String),
    /// Somewhere else.
    Elsewhere,
}

/// A flake reference in URL syntax, as far as it names files: the place, and the directory in it that
/// `?dir=` names.
pub(crate) fn parse_url(url: &str) -> (Location, Option<String>) {
    let (reference, query) = url.split_once('?').unwrap_or((url, ""));
    let dir = query.split('&').find_map(|pair| pair.strip_prefix("dir=")).map(str::to_string);
    let reference = reference.split('#').next().unwrap_or(reference);
    let path = ["path:", "git+file://", "git+file:"].iter().find_map(|scheme| reference.strip_prefix(scheme));
    let location = match path {
        Some(path) if path.starts_with('/') => {
            // `path:///x` is `/x`.
            Location::Absolute(format!("/{}", path.trim_start_matches('/')))
        }
        Some(path) => Location::Relative(path.into()),
        None if reference == "." || reference.starts_with("./") || reference.starts_with("../") => {
            Location::Relative(reference.into())
        }
        None if reference.starts_with('/') => Location::Absolute(reference.into()),
        None => Location::Elsewhere,
    };
    (location, dir)
}

/// The same of a lock entry's `original` or `locked`.
pub(crate) fn locked_location(reference: &Json) -> Location {
    let text = |name: &str| reference.get(name).and_then(Json::as_str);
    match (text("type"), text("path"), text("url")) {
        (Some("path"), Some(path), _) if path.starts_with('/') => Location::Absolute(path.into()),
        (Some("path"), Some(path), _) => Location::Relative(path.into()),
        (Some("git"), _, Some(url)) => {
            match url.strip_prefix("file://").or_else(|| url.strip_prefix("file:")) {
                Some(path) if path.starts_with('/') => Location::Absolute(path.into()),
                Some(path) => Location::Relative(path.into()),
                None => Location::Elsewhere,
            }
        }
        _ => Location::Elsewhere,
    }
}

/// The lock file of the flake in a directory.
pub(crate) fn lock_file(db: &dyn Db, root: &VfsPath) -> SourceFile {
    nixscope_db::source(db, &root.join("flake.lock"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(text: &str) -> Lock {
        Lock(serde_json::from_str(text).unwrap())
    }

    #[test]
    fn follows_are_resolved_from_the_root() {
        let lock = lock(
            r#"{ "root": "root", "nodes": {
                "root": { "inputs": { "a": "a_2", "n": "n", "b": ["a", "deep", "n"] } },
                "a_2": { "inputs": { "deep": "deep", "n": ["n"] } },
                "deep": { "inputs": { "n": ["a", "n"], "lost": ["a", "nothing"], "gone": "gone" } },
                "n": { }
            } }"#,
        );
        assert_eq!(lock.input("root", "a"), Some("a_2"));
        assert_eq!(lock.input("root", "b"), Some("n"));
        assert_eq!(lock.input("deep", "n"), Some("n"));
        assert_eq!(lock.input("deep", "lost"), None);
        assert_eq!(lock.input("deep", "gone"), None);
    }

    #[test]
    fn a_circle_of_follows_leads_nowhere() {
        let lock = lock(r#"{ "nodes": { "root": { "inputs": { "a": ["b"], "b": ["a"] } } } }"#);
        assert_eq!(lock.input("root", "a"), None);
    }

    #[test]
    fn references_to_files() {
        let relative = |path: &str| Location::Relative(path.into());
        let absolute = |path: &str| Location::Absolute(path.into());
        for (url, location, dir) in [
            ("path:./sub", relative("./sub"), None),
            ("path:sub?dir=x", relative("sub"), Some("x")),
            ("./sub", relative("./sub"), None),
            ("../up?dir=a/b&ref=main", relative("../up"), Some("a/b")),
            ("git+file:./sub", relative("./sub"), None),
            ("git+file:///srv/x?dir=y", absolute("/srv/x"), Some("y")),
            ("path:///srv/x", absolute("/srv/x"), None),
            ("path:/srv/x", absolute("/srv/x"), None),
            ("/srv/x", absolute("/srv/x"), None),
            ("github:owner/repo?dir=sub", Location::Elsewhere, Some("sub")),
            ("nixpkgs", Location::Elsewhere, None),
        ] {
            assert_eq!(parse_url(url), (location, dir.map(str::to_string)), "{url}");
        }
    }
}
