//! Which files git knows: the names in its index. A flake in a git repository consists of these alone.
//!
//! Only names are read; of the index's format no more is needed than to find them. Source: git,
//! `Documentation/gitformat-index.adoc`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use nixscope_vfs::VfsPath;

/// A larger index is not read.
const MAX_SIZE: u64 = 1 << 28;

/// Those of the files that the repository's git does not have, sorted. None are where there is no git, or its index
/// says something that is not known here.
pub(crate) fn untracked(root: &VfsPath, files: &[VfsPath]) -> Vec<VfsPath> {
    let Some((top, index)) = find_index(Path::new(root.as_str())) else { return Vec::new() };
    let small = std::fs::metadata(&index).is_ok_and(|it| it.len() <= MAX_SIZE);
    let Some(tracked) = small.then(|| std::fs::read(&index).ok()).flatten().and_then(|it| names(&it)) else {
        return Vec::new();
    };
    let Some(top) = top.to_str().map(VfsPath::new) else { return Vec::new() };
    let is_tracked = |path: &VfsPath| {
        let Some(relative) = path.strip_prefix(&top) else { return true };
        let relative = relative.trim_start_matches('/');
        // Of a submodule there is the directory only.
        let mut above = relative.match_indices('/').map(|(at, _)| &relative[..at]);
        tracked.files.contains(relative.as_bytes())
            || above.any(|directory| tracked.directories.contains(directory.as_bytes()))
    };
    files.iter().filter(|path| !is_tracked(path)).cloned().collect()
}

/// The directory that git keeps, and the index of it.
fn find_index(start: &Path) -> Option<(PathBuf, PathBuf)> {
    let top = start.ancestors().find(|it| it.join(".git").exists())?;
    let git = top.join(".git");
    let directory = match git.is_dir() {
        true => git,
        // Of a linked work tree, or a submodule.
        false => top.join(std::fs::read_to_string(git).ok()?.strip_prefix("gitdir:")?.trim()),
    };
    Some((top.to_owned(), directory.join("index")))
}

/// What an index has.
#[derive(Default, PartialEq, Eq, Debug)]
struct Names {
    files: BTreeSet<Vec<u8>>,
    /// Submodules, and directories that a sparse checkout leaves out.
    directories: BTreeSet<Vec<u8>>,
}

/// The names in an index of version 2, 3 or 4 with SHA-1 or SHA-256; none where it is no such thing.
fn names(bytes: &[u8]) -> Option<Names> {
    [20, 32].into_iter().find_map(|hash| names_with(bytes, hash))
}

/// What stands before an entry's object id: times, device, mode, owner, size.
const STATS: usize = 40;

/// Where the mode is among it.
const MODE: usize = 24;

fn names_with(bytes: &[u8], hash: usize) -> Option<Names> {
    let body = bytes.get(..bytes.len().checked_sub(hash)?)?;
    let header = body.strip_prefix(b"DIRC")?;
    let version = number(header)?;
    let entries = number(header.get(4..)?)?;
    if !(2..=4).contains(&version) {
        return None;
    }
    let mut out = Names::default();
    let mut rest = header.get(8..)?;
    let mut name: Vec<u8> = Vec::new();
    for _ in 0..entries {
        let flags = rest.get(STATS + hash..STATS + hash + 2)?;
        // A second word of flags where the first says so.
        let fixed = STATS + hash + if version >= 3 && flags[0] & 0x40 != 0 { 4 } else { 2 };
        let mut at = fixed;
        match version {
            4 => {
                let (dropped, length) = offset(rest.get(at..)?)?;
                at += length;
                name.truncate(name.len().checked_sub(dropped)?);
            }
            _ => name.clear(),
        }
        let written = rest.get(at..)?;
        let length = written.iter().position(|byte| *byte == 0)?;
        name.extend_from_slice(&written[..length]);
        at += length;
        // Up to version 3 entries are filled up to a multiple of eight, with one zero at least.
        at += if version == 4 { 1 } else { 8 - at % 8 };
        match number(rest.get(MODE..)?)? & 0o170_000 {
            0o160_000 | 0o040_000 => {
                let directory = name.strip_suffix(b"/").unwrap_or(&name);
                out.directories.insert(directory.to_vec());
            }
            _ => {
                out.files.insert(name.clone());
            }
        }
        rest = rest.get(at..)?;
    }
    // Of a split index most entries are in another file.
    while !rest.is_empty() {
        let size = usize::try_from(number(rest.get(4..)?)?).ok()?;
        if rest.starts_with(b"link") {
            return None;
        }
        rest = rest.get(size.checked_add(8)?..)?;
    }
    Some(out)
}

fn number(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?))
}

/// A number of variable length, as packs have them for offsets, and how many bytes it takes.
fn offset(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value: usize = 0;
    for (index, byte) in bytes.iter().take(5).enumerate() {
        value = (value << 7) | usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, index + 1));
        }
        value += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// An index with these names and modes.
    fn index(version: u32, entries: &[(&str, u32)], extension: &[u8]) -> Vec<u8> {
        let mut out = b"DIRC".to_vec();
        out.extend(version.to_be_bytes());
        out.extend(u32::try_from(entries.len()).unwrap().to_be_bytes());
        let mut before = "";
        for (name, mode) in entries {
            let start = out.len();
            out.extend([0; MODE]);
            out.extend(mode.to_be_bytes());
            out.extend([0; STATS - MODE - 4 + 20 + 2]);
            if version == 4 {
                let shared = before.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
                out.push(u8::try_from(before.len() - shared).unwrap());
                out.extend(name[shared..].bytes());
                out.push(0);
                before = name;
            } else {
                out.extend(name.bytes());
                let length = out.len() - start;
                out.extend(vec![0; 8 - length % 8]);
            }
        }
        out.extend(extension);
        out.extend([7; 20]);
        out
    }

    const ENTRIES: &[(&str, u32)] =
        &[("flake.nix", 0o100_644), ("hosts/web.nix", 0o100_644), ("private", 0o160_000)];

    #[test]
    fn reads_every_version() {
        let set = |names: &[&str]| names.iter().map(|it| it.as_bytes().to_vec()).collect();
        let wanted = Names { files: set(&["flake.nix", "hosts/web.nix"]), directories: set(&["private"]) };
        for version in [2, 3, 4] {
            let bytes = index(version, ENTRIES, b"TREE\0\0\0\x02ab");
            assert_eq!(names(&bytes).as_ref(), Some(&wanted), "version {version}");
        }
    }

    #[test]
    fn what_is_not_known_says_nothing() {
        assert_eq!(names(b""), None);
        assert_eq!(names(&index(5, ENTRIES, b"")), None);
        assert_eq!(names(&index(2, ENTRIES, b"link\0\0\0\0")), None);
        let whole = index(2, ENTRIES, b"");
        for length in 0..whole.len() - 1 {
            // It never panics; what is cut off is no index.
            let cut = names(&whole[..length]);
            assert!(cut.is_none_or(|it| it.files.len() + it.directories.len() == ENTRIES.len()));
        }
    }

    #[test]
    fn a_work_tree_and_what_it_has_not() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        for sub in ["elsewhere", "tree/hosts"] {
            fs::create_dir_all(at(sub)).unwrap();
        }
        let root = VfsPath::new(at("tree").to_str().unwrap());
        let files = ["flake.nix", "hosts/web.nix", "new.nix", "private/x.nix"].map(|it| root.join(it));
        assert_eq!(untracked(&root, &files), []);
        fs::write(at("tree/.git"), "gitdir: ../elsewhere\n").unwrap();
        assert_eq!(untracked(&root, &files), []);
        fs::write(at("elsewhere/index"), index(2, ENTRIES, b"")).unwrap();
        assert_eq!(untracked(&root, &files), [root.join("new.nix")]);
    }
}
