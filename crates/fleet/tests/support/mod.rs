//! A fleet in memory: a fixture with the embedded library beside it.

#![allow(dead_code, reason = "not every test needs all of it")]

use std::sync::Arc;

use nixscope_db::VfsPath;
use nixscope_fleet::Project;
use nixscope_test_fixture::{Fixture, TestDatabase};
use nixscope_vfs::MemoryFileSystem;
use smol_str::SmolStr;

pub(crate) fn load(fixture: &str) -> (TestDatabase, Project) {
    load_with(fixture, "/", Vec::new())
}

/// The same with a root of its own, and with sources of inputs, which are durable.
pub(crate) fn load_with(
    fixture: &str,
    root: &str,
    sources: Vec<(SmolStr, VfsPath)>,
) -> (TestDatabase, Project) {
    let root = VfsPath::new(root);
    let memory = Arc::new(MemoryFileSystem::default());
    let files = Fixture::parse(fixture).files;
    let nix: Vec<VfsPath> = files
        .iter()
        .map(|(path, _)| VfsPath::new(path))
        .filter(|path| path.is_nix() && path.starts_with(&root))
        .collect();
    for (path, text) in files {
        memory.insert_text(VfsPath::new(&path), text);
    }
    for (path, text) in nixscope_eval::embedded_files() {
        memory.insert_text(VfsPath::new(path), *text);
    }
    let durable = sources.iter().map(|(_, path)| path.clone()).collect();
    let db = TestDatabase::over(memory.clone(), memory, durable);
    let project = Project::new(&db, root, nix, sources, Vec::new());
    (db, project)
}
