//! Running the catalogue.

use nixscope_db::{Db, SourceFile};
use nixscope_fleet::Project;

use crate::context::{FileContext, FleetContext};
use crate::diagnostic::Diagnostic;
use crate::lint::{Check, lints};

/// What the file lints find in one file, in order of place; levels as the lints have them, nothing
/// suppressed yet. Recomputed when the file changes.
#[salsa::tracked(returns(deref), no_eq)]
pub fn file_diagnostics(db: &dyn Db, project: Project, file: SourceFile) -> Vec<Diagnostic> {
    let cx = FileContext::new(db, project, file);
    let mut found = Vec::new();
    for lint in lints() {
        if let Check::File(check) | Check::Both(check, _) = lint.check {
            check(&cx, &mut found);
        }
    }
    found.sort_by_key(|it| (it.range.start(), it.range.end(), it.lint.name));
    found
}

/// What the fleet lints find, over all files. Recomputed when the fleet's index or the place of
/// something it names changes.
#[salsa::tracked(returns(deref), no_eq)]
pub fn fleet_diagnostics(db: &dyn Db, project: Project) -> Vec<Diagnostic> {
    let cx = FleetContext { db, project, fleet: nixscope_fleet::fleet(db, project) };
    let mut found = Vec::new();
    for lint in lints() {
        if let Check::Fleet(check) | Check::Both(_, check) = lint.check {
            check(&cx, &mut found);
        }
    }
    found.sort_by_key(|it| (it.file.path(db).clone(), it.range.start(), it.range.end(), it.lint.name));
    found
}
