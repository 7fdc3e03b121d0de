//! A fleet in memory: a fixture with the embedded library beside it.

use nixscope_db::VfsPath;
use nixscope_fleet::Project;
use nixscope_test_fixture::{Fixture, TestDatabase};

pub(crate) fn load(fixture: &str) -> (TestDatabase, Project) {
    let mut fixture = Fixture::parse(fixture);
    let nix: Vec<VfsPath> =
        fixture.files.iter().map(|(path, _)| VfsPath::new(path)).filter(VfsPath::is_nix).collect();
    let embedded = nixscope_eval::embedded_files().iter();
    fixture.files.extend(embedded.map(|(path, text)| (path.to_string(), text.to_string())));
    let db = TestDatabase::new(&fixture);
    let project = Project::new(&db, VfsPath::new("/"), nix, Vec::new(), Vec::new());
    (db, project)
}
