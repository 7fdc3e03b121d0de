//! Which files a repository has: a flake in a git repository consists of these alone.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;

use anyhow::{Result, bail};
use nixscope_vfs::VfsPath;

use crate::git;

/// Those of the files below a directory that its repository does not have, in their order. None are where there is no
/// repository, or no git to ask.
pub fn untracked(root: &VfsPath, files: &[VfsPath]) -> Vec<VfsPath> {
    let Ok(listed) = git(Path::new(root.as_str()), ["ls-files", "-z"]) else { return Vec::new() };
    // Names are relative to the directory that was asked about. A submodule is one of them, and stands for all it has.
    let tracked: BTreeSet<&[u8]> = listed.split(|byte| *byte == 0).collect();
    let is_tracked = |path: &VfsPath| {
        let Some(relative) = path.strip_prefix(root) else { return true };
        let relative = relative.trim_start_matches('/');
        let above = relative.match_indices('/').map(|(at, _)| &relative[..at]);
        above.chain([relative]).any(|it| tracked.contains(it.as_bytes()))
    };
    files.iter().filter(|path| !is_tracked(path)).cloned().collect()
}

/// Tells git that a file is to be tracked, as `git add --intent-to-add` does: the flake sees it, and its content is
/// still to be added.
///
/// # Errors
/// What git says.
pub fn track(file: &Path) -> Result<()> {
    let (Some(directory), Some(name)) = (file.parent(), file.file_name().and_then(OsStr::to_str)) else {
        bail!("{}: not a file", file.display());
    };
    git(directory, ["add", "--intent-to-add", "--", name]).map(drop)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A repository with some files, which are not tracked; none where git is not there to make it.
    fn repository(files: &[&str]) -> Option<tempfile::TempDir> {
        let directory = tempfile::tempdir().unwrap();
        for name in files {
            let file = directory.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "{ }\n").unwrap();
        }
        if let Err(why) = git(directory.path(), ["init", "--quiet"]) {
            eprintln!("skipped: {why:#}");
            return None;
        }
        Some(directory)
    }

    fn names(directory: &Path, files: &[&str]) -> Vec<String> {
        let root = VfsPath::new(directory.to_str().unwrap());
        let files: Vec<VfsPath> = files.iter().map(|it| root.join(it)).collect();
        let found = untracked(&root, &files);
        found.iter().map(|it| it.strip_prefix(&root).unwrap().trim_start_matches('/').to_string()).collect()
    }

    #[test]
    fn a_file_is_tracked_from_when_git_is_told() {
        let files = ["flake.nix", "hosts/häuser.nix"];
        let Some(directory) = repository(&files) else { return };
        assert_eq!(names(directory.path(), &files), files);
        track(&directory.path().join(files[1])).unwrap();
        assert_eq!(names(directory.path(), &files), ["flake.nix"]);
    }

    #[test]
    fn a_flake_below_the_top_of_its_repository() {
        let Some(directory) = repository(&["README.md", "nix/flake.nix", "nix/new.nix"]) else { return };
        track(&directory.path().join("nix/flake.nix")).unwrap();
        assert_eq!(names(&directory.path().join("nix"), &["flake.nix", "new.nix"]), ["new.nix"]);
    }

    #[test]
    fn a_submodule_stands_for_its_files() {
        let Some(directory) = repository(&["flake.nix", "private/x.nix", "privateer.nix"]) else { return };
        track(&directory.path().join("flake.nix")).unwrap();
        // As an index has it; a commit of that name need not exist.
        let entry = format!("160000,{},private", "1".repeat(40));
        git(directory.path(), ["update-index", "--add", "--cacheinfo", &entry]).unwrap();
        let files = ["flake.nix", "private/x.nix", "privateer.nix"];
        assert_eq!(names(directory.path(), &files), ["privateer.nix"]);
    }

    #[test]
    fn a_linked_work_tree_has_an_index_of_its_own() {
        let Some(directory) = repository(&["main/flake.nix", "main/new.nix"]) else { return };
        let main = directory.path().join("main");
        git(&main, ["init", "--quiet"]).unwrap();
        track(&main.join("flake.nix")).unwrap();
        let who = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org"];
        let commit = who.into_iter().chain(["commit", "--quiet", "-a", "-m", "one"]);
        git(&main, commit).unwrap();
        git(&main, ["worktree", "add", "--quiet", "../linked"]).unwrap();
        let linked = directory.path().join("linked");
        fs::write(linked.join("new.nix"), "{ }\n").unwrap();
        assert_eq!(names(&linked, &["flake.nix", "new.nix"]), ["new.nix"]);
    }

    #[test]
    fn where_there_is_no_repository_nothing_is_said() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(names(directory.path(), &["flake.nix"]), [] as [&str; 0]);
    }
}
