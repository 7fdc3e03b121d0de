//! Where a project begins.

use std::fmt;
use std::path::{Component, Path, PathBuf};

use nixscope_vfs::VfsPath;

/// The directory that is analysed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Root {
    /// The directory.
    pub path: VfsPath,
    /// Whether it holds a `flake.nix`; without one there are files, but no fleet.
    pub has_flake: bool,
}

/// Why there is no root.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RootError {
    /// Nothing at the path.
    Missing(PathBuf),
    /// The path cannot be looked at; the reason.
    Unreadable(PathBuf, String),
    /// The path is not UTF-8.
    NotUtf8(PathBuf),
}

impl fmt::Display for RootError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RootError::Missing(path) => write!(
                f,
                "{}: no such file or directory; give the directory of a flake, or a Nix file",
                path.display()
            ),
            RootError::Unreadable(path, why) => write!(f, "{}: cannot be read: {why}", path.display()),
            RootError::NotUtf8(path) => {
                write!(
                    f,
                    "{}: the path is not UTF-8 text; rename it, or work from another directory",
                    path.display()
                )
            }
        }
    }
}

impl std::error::Error for RootError {}

/// The root that a file or directory belongs to: the nearest directory upwards with a `flake.nix`, but
/// not out of a git repository; else the directory itself, or the file's.
pub fn find_root(start: &Path) -> Result<Root, RootError> {
    let start = absolute(start)?;
    let metadata = std::fs::metadata(&start).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => RootError::Missing(start.clone()),
        _ => RootError::Unreadable(start.clone(), error.to_string()),
    })?;
    let directory =
        if metadata.is_dir() { start.as_path() } else { start.parent().unwrap_or(Path::new("/")) };
    for candidate in directory.ancestors() {
        if candidate.join("flake.nix").is_file() {
            return Ok(Root { path: vfs(candidate)?, has_flake: true });
        }
        if candidate.join(".git").exists() {
            break;
        }
    }
    Ok(Root { path: vfs(directory)?, has_flake: false })
}

/// How deep below a folder flakes are looked for, and how many are taken.
const FLAKE_DEPTH: usize = 3;
const MAX_FLAKES: usize = 16;

/// The flakes below a directory that is none itself, sorted by path; of a flake inside another only the outer one.
/// Hidden directories, links and results of builds are left out.
pub fn flakes_below(directory: &VfsPath) -> Vec<Root> {
    let mut found = Vec::new();
    look_below(directory, FLAKE_DEPTH, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found.truncate(MAX_FLAKES);
    found
}

fn look_below(directory: &VfsPath, depth: usize, found: &mut Vec<Root>) {
    let Ok(entries) = std::fs::read_dir(directory.as_str()) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|it| !it.starts_with('.') && *it != "node_modules") else {
            continue;
        };
        // A link's own type is neither.
        if !entry.file_type().is_ok_and(|it| it.is_dir()) || found.len() >= MAX_FLAKES {
            continue;
        }
        let path = directory.join(name);
        if Path::new(path.as_str()).join("flake.nix").is_file() {
            found.push(Root { path, has_flake: true });
        } else if depth > 1 {
            look_below(&path, depth - 1, found);
        }
    }
}

/// The path from the file system's root. Where `..` stands behind a link, the link is followed first,
/// as the operating system does.
pub fn absolute(path: &Path) -> Result<PathBuf, RootError> {
    let has_parent = path.components().any(|it| it == Component::ParentDir);
    if has_parent && let Ok(real) = path.canonicalize() {
        return Ok(real);
    }
    std::path::absolute(path).map_err(|error| RootError::Unreadable(path.to_path_buf(), error.to_string()))
}

fn vfs(path: &Path) -> Result<VfsPath, RootError> {
    path.to_str().map(VfsPath::new).ok_or_else(|| RootError::NotUtf8(path.to_path_buf()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn finds_flakes_below() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["b", "a/deep", "a/deep/inner", ".hidden", "one/two/three/four"] {
            fs::create_dir_all(directory.path().join(name)).unwrap();
            fs::write(directory.path().join(name).join("flake.nix"), "{ }").unwrap();
        }
        let base = VfsPath::new(directory.path().to_str().unwrap());
        let found: Vec<String> = flakes_below(&base)
            .iter()
            .map(|root| root.path.strip_prefix(&base).unwrap().to_string())
            .collect();
        assert_eq!(found, ["a/deep", "b"]);
    }

    #[test]
    fn finds_the_nearest_flake_within_the_repository() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        fs::create_dir_all(at("flake/hosts/web")).unwrap();
        fs::create_dir_all(at("flake/other/.git")).unwrap();
        fs::write(at("flake/flake.nix"), "{ }").unwrap();
        fs::write(at("flake/hosts/web/default.nix"), "{ }").unwrap();
        let root = |name: &str| {
            let root = find_root(&at(name)).unwrap();
            let base = VfsPath::new(directory.path().to_str().unwrap());
            (root.path.strip_prefix(&base).unwrap().to_string(), root.has_flake)
        };
        assert_eq!(root("flake"), ("flake".into(), true));
        assert_eq!(root("flake/hosts/web/default.nix"), ("flake".into(), true));
        assert_eq!(root("flake/hosts/../hosts"), ("flake".into(), true));
        assert_eq!(root("flake/other"), ("flake/other".into(), false));
        assert!(matches!(find_root(&at("nothing")), Err(RootError::Missing(_))));
    }
}
