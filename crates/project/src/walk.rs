//! Which Nix files belong to a project.

use std::path::Path;
use std::sync::mpsc;

use ignore::{WalkBuilder, WalkState};
use nixscope_vfs::VfsPath;

/// The Nix files below a directory, sorted. What git ignores is left out, as are `.git`, links
/// (`result` and its like), and names that are not UTF-8.
pub fn nix_files(root: &VfsPath) -> Vec<VfsPath> {
    let directory = Path::new(root.as_str());
    // Outside a git repository a `.gitignore` still says what does not belong; only those above the
    // root, which no git would read, do not count.
    let in_git = directory.ancestors().any(|it| it.join(".git").exists());
    let mut builder = WalkBuilder::new(directory);
    builder
        .hidden(false)
        .ignore(false)
        .parents(in_git)
        .require_git(in_git)
        .follow_links(false)
        .threads(std::thread::available_parallelism().map_or(2, |it| it.get().min(4)))
        .filter_entry(|entry| !is_private(&entry.file_name().to_string_lossy()));
    let (send, receive) = mpsc::channel();
    builder.build_parallel().run(|| {
        let send = send.clone();
        Box::new(move |entry| {
            if let Ok(entry) = entry
                && entry.file_type().is_some_and(|it| it.is_file())
                && let Some(path) = entry.path().to_str()
                && path.ends_with(".nix")
            {
                // The receiver lives until the walk is over.
                let _ = send.send(VfsPath::new(path));
            }
            WalkState::Continue
        })
    });
    drop(send);
    let mut files: Vec<VfsPath> = receive.into_iter().collect();
    files.sort_unstable();
    files
}

/// Directories that tools keep for themselves.
fn is_private(name: &str) -> bool {
    matches!(name, ".git" | ".jj" | ".hg" | ".direnv")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn below(root: &VfsPath) -> Vec<String> {
        nix_files(root).iter().filter_map(|it| it.strip_prefix(root)).map(str::to_string).collect()
    }

    #[test]
    fn leaves_out_what_git_would() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        for sub in [".git", ".github", "hosts", "out"] {
            fs::create_dir(at(sub)).unwrap();
        }
        for file in
            ["b.nix", "a.nix", ".git/x.nix", ".github/ci.nix", "hosts/h.nix", "out/o.nix", "README.md"]
        {
            fs::write(at(file), "{ }").unwrap();
        }
        fs::write(at(".gitignore"), "/out/\n").unwrap();
        let root = VfsPath::new(directory.path().to_str().unwrap());
        assert_eq!(below(&root), [".github/ci.nix", "a.nix", "b.nix", "hosts/h.nix"]);
        fs::remove_dir_all(at(".git")).unwrap();
        assert_eq!(below(&root), [".github/ci.nix", "a.nix", "b.nix", "hosts/h.nix"]);
    }

    #[cfg(unix)]
    #[test]
    fn does_not_follow_links() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        fs::write(at("a.nix"), "{ }").unwrap();
        std::os::unix::fs::symlink(".", at("loop")).unwrap();
        std::os::unix::fs::symlink("a.nix", at("result.nix")).unwrap();
        let root = VfsPath::new(directory.path().to_str().unwrap());
        assert_eq!(below(&root), ["a.nix"]);
    }
}
