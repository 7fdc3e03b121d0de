//! Files that are no part of the fleet: tests and their data, templates, examples, modules that nothing reaches.

use nixscope_db::{Db, EntryKind, FileText, SourceFile, VfsPath};
use nixscope_fleet::Project;

use crate::catalogue::unreachable_modules;
use crate::closure_files::closure_files;
use crate::context::FleetContext;
use crate::lint::{Group, Level, Lint};

/// Directories of tests and of what they need.
const TESTS: &[&str] = &[
    "__fixture",
    "__fixtures",
    "checks",
    "fixture",
    "fixtures",
    "nixos-tests",
    "test",
    "test-data",
    "test_data",
    "testdata",
    "testing",
    "tests",
    "vm-test",
    "vm-tests",
];

/// How bad a finding in a file can be at most, where it names no host: what no host takes stops none, what is in a flake
/// of its own may be copied elsewhere, and a test or template may be wrong on purpose. A secret leaks from any file.
pub fn worst_level(db: &dyn Db, project: Project, lint: &Lint, file: SourceFile) -> Level {
    if lint.group == Group::Secrets {
        return Level::Error;
    }
    let relative = file.path(db).strip_prefix(project.root(db)).unwrap_or("");
    let is_empty = matches!(file.text(db), FileText::Text(text) if text.trim().is_empty());
    let is_taken = || {
        let cx = FleetContext { db, project, fleet: nixscope_fleet::fleet(db, project) };
        closure_files(&cx).iter().any(|(taken, _)| *taken == file)
    };
    if is_sample(relative) || is_empty {
        return if is_taken() { Level::Error } else { Level::Hint };
    }
    let is_dead = unreachable_modules(db, project).contains(&file);
    let is_foreign = || in_other_flake(db, project.root(db), file.path(db)) && !is_taken();
    if is_dead || is_foreign() { Level::Warning } else { Level::Error }
}

/// Whether a file is in a directory of the repository that is a flake of its own.
pub(crate) fn in_other_flake(db: &dyn Db, root: &VfsPath, path: &VfsPath) -> bool {
    let above = std::iter::successors(path.parent(), VfsPath::parent);
    let mut inside = above.take_while(|it| it != root && it.starts_with(root));
    inside.any(|it| nixscope_db::kind(db, &it.join("flake.nix")) == EntryKind::File)
}

/// Whether a file is a test, a template or an example, by its path from the project's root.
fn is_sample(path: &str) -> bool {
    let (directories, _) = path.rsplit_once('/').unwrap_or(("", path));
    let mut directories = directories.split('/').map(str::to_ascii_lowercase);
    is_test(path)
        || directories.any(|it| matches!(it.as_str(), "example" | "examples") || it.contains("template"))
}

/// Whether a file is a test, by its path from the project's root.
pub(crate) fn is_test(path: &str) -> bool {
    path.split('/').any(|part| {
        let part = part.to_ascii_lowercase();
        let stem = part.strip_suffix(".nix").unwrap_or(&part);
        TESTS.contains(&stem) || ["-test", "_test", "-tests", "_tests"].iter().any(|end| stem.ends_with(end))
    })
}

#[cfg(test)]
mod tests {
    use super::is_sample;

    #[test]
    fn by_directory_and_name() {
        let samples = [
            "tests/web.nix",
            "lib/test.nix",
            "a/deploy-templates/b.nix",
            "x/Examples/y.nix",
            "a/vm_test.nix",
        ];
        for path in samples {
            assert!(is_sample(path), "{path}");
        }
        for path in ["hosts/latest/a.nix", "contest.nix", "template.nix", "testers/a.nix", "hosts/web.nix"] {
            assert!(!is_sample(path), "{path}");
        }
    }
}
