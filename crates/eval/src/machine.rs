//! What a user says of the machine that evaluates. Nix would look it up; nixscope takes what it is told, and what it is not
//! told is unknown.

use std::collections::{BTreeMap, BTreeSet};

use nixscope_db::VfsPath;
use smol_str::SmolStr;

/// The machine that evaluates, as far as it is known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Machine {
    /// What `builtins.currentSystem` gives: `x86_64-linux`.
    pub system: Option<SmolStr>,
    /// Variables for `builtins.getEnv`; `HOME` is also what `~/` begins with.
    pub environment: BTreeMap<SmolStr, SmolStr>,
    /// Where `<name>` is looked for, in order. Where this is given it is complete: what is not found there is not found.
    pub search_path: Option<Vec<SearchEntry>>,
    /// The experimental features of Nix that are on: `pipe-operators`, `parse-toml-timestamps`. None where nobody says.
    pub experimental_features: Option<BTreeSet<SmolStr>>,
}

impl Machine {
    /// Whether an experimental feature of Nix is on; none where nobody says. By itself Nix has all of them off.
    pub fn has_feature(&self, name: &str) -> Option<bool> {
        self.experimental_features.as_ref().map(|features| features.contains(name))
    }
}

/// One entry of the search path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SearchEntry {
    /// What a name must begin with; may be empty.
    pub prefix: SmolStr,
    /// Where to look for the rest of the name.
    pub path: VfsPath,
}

impl SearchEntry {
    /// An entry as `NIX_PATH` has it, `prefix=path` or `path`; relative paths start at a directory.
    pub fn parse(text: &str, directory: &VfsPath) -> SearchEntry {
        let (prefix, path) = text.split_once('=').unwrap_or(("", text));
        SearchEntry { prefix: prefix.into(), path: directory.join(path) }
    }
}

/// What is left of a name of the search path below an entry with a prefix; none where the entry is not for it.
pub(crate) fn below_prefix<'a>(prefix: &str, name: &'a str) -> Option<&'a str> {
    match name.strip_prefix(prefix)? {
        rest if prefix.is_empty() => Some(rest),
        "" => Some(""),
        rest => rest.strip_prefix('/'),
    }
}

/// A machine of which nothing is known.
pub(crate) static UNKNOWN: Machine =
    Machine { system: None, environment: BTreeMap::new(), search_path: None, experimental_features: None };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_written_as_in_nix_path() {
        let root = VfsPath::new("/r");
        let entry =
            |prefix: &str, path: &str| SearchEntry { prefix: prefix.into(), path: VfsPath::new(path) };
        assert_eq!(SearchEntry::parse("a=b", &root), entry("a", "/r/b"));
        assert_eq!(SearchEntry::parse("../x", &root), entry("", "/x"));
        assert_eq!(SearchEntry::parse("nixpkgs=/n", &root), entry("nixpkgs", "/n"));
    }

    #[test]
    fn a_prefix_ends_at_a_slash() {
        assert_eq!(below_prefix("", "a/b"), Some("a/b"));
        assert_eq!(below_prefix("a", "a/b"), Some("b"));
        assert_eq!(below_prefix("a", "a"), Some(""));
        assert_eq!(below_prefix("a", "ab"), None);
    }
}
