//! The projects of the client's folders, and which of them a file belongs to: the one whose directory is nearest
//! above it.
//!
//! A folder may hold several flakes, below each other or side by side; a flake inside another's directory
//! becomes a project of its own when one of its files is opened.

use std::path::Path;
use std::sync::Arc;

use nixscope_ide::VfsPath;
use nixscope_project::{Config, DiskFileSystem, Overlay, Root, find_root, flakes_below};
use serde_json::Value;

use crate::workspace::{FileChange, Workspace};

/// The projects of the client's folders; never none.
pub(crate) struct Workspaces {
    overlay: Arc<Overlay>,
    /// What the client configured.
    client: Config,
    /// The client's folders; where it has none, documents say where the flakes are.
    folders: Vec<VfsPath>,
    all: Vec<Workspace>,
}

impl Workspaces {
    /// The projects of the client's folders.
    pub(crate) fn open(folders: Vec<VfsPath>) -> Workspaces {
        let overlay = Arc::new(Overlay::new(Arc::new(DiskFileSystem::new())));
        let mut workspaces =
            Workspaces { overlay, client: Config::default(), folders: Vec::new(), all: Vec::new() };
        workspaces.set_folders(folders);
        workspaces
    }

    /// The client has these folders now. Projects that are in none of them go.
    pub(crate) fn set_folders(&mut self, folders: Vec<VfsPath>) {
        let mut roots: Vec<Root> = Vec::new();
        for folder in &folders {
            let Ok(root) = find_root(Path::new(folder.as_str())) else { continue };
            let below = if root.has_flake { Vec::new() } else { flakes_below(&root.path) };
            for root in below.into_iter().chain([root]) {
                if !roots.iter().any(|known| known.path == root.path) {
                    roots.push(root);
                }
            }
        }
        // The first is asked about what belongs to none: better one with hosts.
        roots.sort_by_key(|root| !root.has_flake);
        self.all.retain(|it| {
            roots.iter().any(|root| root.path == *it.root())
                || folders.iter().any(|folder| it.root().starts_with(folder))
        });
        self.folders = folders;
        for root in roots {
            self.add(root);
        }
        if self.all.is_empty() {
            self.add(Root { path: VfsPath::new("/"), has_flake: false });
        }
    }

    fn add(&mut self, root: Root) -> bool {
        let new = self.all.iter().all(|it| *it.root() != root.path);
        if new {
            self.all.push(Workspace::open(self.overlay.clone(), root, self.client.clone()));
        }
        new
    }

    /// Opens the project of a document, if it has one of its own in one of the client's folders.
    pub(crate) fn adopt(&mut self, document: &VfsPath) {
        let nowhere = self.folders.is_empty();
        let directory = document.parent().unwrap_or_else(|| document.clone());
        if !nowhere && !self.folders.iter().any(|folder| document.starts_with(folder)) {
            return;
        }
        let Ok(root) = find_root(Path::new(directory.as_str())) else { return };
        if root.has_flake && self.add(root) {
            self.all.retain(|it| it.root().as_str() != "/");
        }
    }

    /// Every project.
    pub(crate) fn all(&self) -> &[Workspace] {
        &self.all
    }

    /// The number of the project that a file belongs to.
    pub(crate) fn index_of(&self, path: &VfsPath) -> usize {
        project_of(&self.roots(), path)
    }

    /// The projects' directories.
    pub(crate) fn roots(&self) -> Arc<[VfsPath]> {
        self.all.iter().map(|it| it.root().clone()).collect()
    }

    /// Lays an open document's text over the disk.
    pub(crate) fn set_text(&mut self, path: &VfsPath, text: Arc<str>) {
        self.overlay.set(path.clone(), text);
        self.text_changed(path);
    }

    /// Lets the disk show through again.
    pub(crate) fn clear_text(&mut self, path: &VfsPath) {
        self.overlay.remove(path);
        self.text_changed(path);
    }

    fn text_changed(&mut self, path: &VfsPath) {
        let own = self.index_of(path);
        for (index, workspace) in self.all.iter_mut().enumerate() {
            workspace.text_changed(path, index == own);
        }
    }

    /// A document was saved by a client that watches no files.
    pub(crate) fn saved(&mut self, path: &VfsPath) {
        self.all.iter_mut().for_each(|it| it.saved(path));
    }

    /// Files changed on the disk.
    pub(crate) fn look_again(&mut self, changes: &[FileChange]) {
        self.all.iter_mut().for_each(|it| it.look_again(changes));
    }

    /// Takes the client's settings in place of those it sent before; what is wrong with them, for people.
    pub(crate) fn configure(&mut self, client: &Value) -> Option<String> {
        match Config::from_json(client) {
            Ok(client) => {
                self.client = client;
                let wrong = self.all.iter_mut().map(|it| it.configure(self.client.clone()));
                // Every project takes them, though the first complaint is enough.
                wrong.collect::<Vec<_>>().into_iter().flatten().next()
            }
            Err(error) => Some(error.to_string()),
        }
    }
}

/// The number of the project that a file belongs to: the one whose directory is nearest above it; the first where
/// there is none.
pub(crate) fn project_of(roots: &[VfsPath], path: &VfsPath) -> usize {
    let around = roots.iter().enumerate().filter(|(_, root)| path.starts_with(root));
    around.max_by_key(|(_, root)| root.as_str().len()).map_or(0, |(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_directory_counts() {
        let roots: Vec<VfsPath> = ["/other", "/a", "/a/inner"].map(VfsPath::new).into();
        for (path, want) in [("/a/x.nix", 1), ("/a/inner/x.nix", 2), ("/a/innerx.nix", 1), ("/b.nix", 0)] {
            assert_eq!(project_of(&roots, &VfsPath::new(path)), want, "{path}");
        }
    }
}
