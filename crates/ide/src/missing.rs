//! Actions that make what is missing: an option's declaration, a secret's, an import, a registration, a file.
//!
//! They look at the fleet, where refactorings look at one file. What is made is a beginning that evaluates: people write
//! the rest.

mod files;
mod imports;
mod options;
mod secrets;
pub(crate) mod types;

use nixscope_db::{Db, SourceFile, VfsPath};
use nixscope_fleet::{FleetIndex, HostIndex, Project, fleet};
use nixscope_syntax::{TextRange, TextSize};
use smol_str::SmolStr;

use crate::assists::Assist;

/// What can be made for a part of a file.
pub(crate) fn missing(db: &dyn Db, project: Project, file: SourceFile, range: TextRange) -> Vec<Assist> {
    if !file.path(db).is_nix() || range.end() > TextSize::of(file.text(db).as_str()) {
        return Vec::new();
    }
    let cx = Context { db, project, file, range, fleet: fleet(db, project) };
    let mut out = Vec::new();
    options::declare(&cx, &mut out);
    secrets::declare(&cx, &mut out);
    imports::into_hosts(&cx, &mut out);
    files::create(&cx, &mut out);
    out
}

struct Context<'db> {
    db: &'db dyn Db,
    project: Project,
    file: SourceFile,
    range: TextRange,
    fleet: &'db FleetIndex,
}

impl<'db> Context<'db> {
    /// Every system of every host, with the host's name.
    fn systems(&self) -> Vec<(&'db SmolStr, &'db HostIndex)> {
        fn collect<'a>(host: &'a SmolStr, index: &'a HostIndex, out: &mut Vec<(&'a SmolStr, &'a HostIndex)>) {
            out.push((host, index));
            for nested in &index.nested {
                collect(host, &nested.index, out);
            }
        }
        let mut out = Vec::new();
        for (host, index) in &self.fleet.hosts {
            collect(&host.name, index, &mut out);
        }
        out
    }

    /// The systems that have a file as a module.
    fn systems_of(&self, file: SourceFile) -> Vec<(&'db SmolStr, &'db HostIndex)> {
        let mut systems = self.systems();
        systems.retain(|(_, index)| index.modules.iter().any(|module| module.file == file));
        systems
    }

    /// A file's path as people know it.
    fn shown(&self, path: &VfsPath) -> String {
        path.strip_prefix(self.project.root(self.db))
            .unwrap_or(path.as_str())
            .trim_start_matches('/')
            .to_string()
    }

    /// A path as it is written in a file: `./x`, `../x`.
    fn relative(&self, from: SourceFile, to: &VfsPath) -> Option<String> {
        Some(crate::moved_files::relative(&from.path(self.db).parent()?, to))
    }

    /// Whether a range meets the one that is asked about.
    fn touches(&self, range: TextRange) -> bool {
        range.start() <= self.range.end() && self.range.start() <= range.end()
    }
}
