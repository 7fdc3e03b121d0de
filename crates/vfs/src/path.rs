//! Absolute, normalised, slash-separated paths.

use std::fmt;
use std::sync::Arc;

/// An absolute path without `.`, `..`, doubled or trailing slashes. Cheap to clone.
///
/// Normalisation is lexical, as Nix does it: `/a/b/../c` is `/a/c` whatever `/a/b` links to.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VfsPath(Arc<str>);

impl VfsPath {
    /// Normalises `path`; a relative one is taken from the root.
    pub fn new(path: &str) -> VfsPath {
        VfsPath(normalize(path).into())
    }

    /// The path as text; begins with a slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `self` and then `relative` (which may hold `..`); an absolute `relative` replaces `self`.
    pub fn join(&self, relative: &str) -> VfsPath {
        if relative.starts_with('/') {
            return VfsPath::new(relative);
        }
        VfsPath::new(&format!("{}/{relative}", self.0))
    }

    /// The directory that holds this path; none for the root.
    pub fn parent(&self) -> Option<VfsPath> {
        if &*self.0 == "/" {
            return None;
        }
        let cut = self.0.rfind('/').unwrap_or(0);
        Some(VfsPath(self.0[..cut.max(1)].into()))
    }

    /// The last component; empty for the root.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or("")
    }

    /// Whether the last component ends in `.nix`.
    pub fn is_nix(&self) -> bool {
        self.0.ends_with(".nix")
    }

    /// The path below `root`, without a leading slash (empty for `root` itself); none outside it.
    pub fn strip_prefix(&self, root: &VfsPath) -> Option<&str> {
        strip_prefix(&self.0, root.as_str())
    }

    /// Whether the path is `root` or below it.
    pub fn starts_with(&self, root: &VfsPath) -> bool {
        self.strip_prefix(root).is_some()
    }
}

fn strip_prefix<'a>(path: &'a str, root: &str) -> Option<&'a str> {
    if root == "/" {
        return path.strip_prefix('/');
    }
    match path.strip_prefix(root)? {
        "" => Some(""),
        rest => rest.strip_prefix('/'),
    }
}

/// Lexical normalisation of an absolute path.
fn normalize(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let mut out = String::with_capacity(path.len());
    for part in parts {
        out.push('/');
        out.push_str(part);
    }
    if out.is_empty() {
        out.push('/');
    }
    out
}

impl fmt::Display for VfsPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for VfsPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalises_lexically() {
        for (raw, want) in [("/a/./b//c/", "/a/b/c"), ("/a/../..", "/"), ("", "/"), ("/a/b/../c", "/a/c")] {
            assert_eq!(VfsPath::new(raw).as_str(), want);
        }
    }

    #[test]
    fn strips_whole_components_only() {
        let root = VfsPath::new("/repo");
        assert_eq!(VfsPath::new("/repo/a.nix").strip_prefix(&root), Some("a.nix"));
        assert_eq!(VfsPath::new("/repository").strip_prefix(&root), None);
        assert_eq!(root.strip_prefix(&root), Some(""));
    }
}
