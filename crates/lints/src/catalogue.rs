//! The catalogue: one file a lint, in a directory for each group.

mod fleet;
mod language;
mod modules;
mod packages;
mod secrets;

use std::sync::LazyLock;

use nixscope_fleet::ProblemKind;

use crate::context::{FileContext, FleetContext};
use crate::diagnostic::Diagnostic;
use crate::fleet::{Merged, systems};
use crate::lint::Lint;

pub(crate) use language::{UNKNOWN_SUPPRESSION, UNUSED_SUPPRESSION};
pub(crate) use modules::unreachable_modules;

/// Every lint, sorted by group and name.
pub static LINTS: LazyLock<Vec<&'static Lint>> = LazyLock::new(|| {
    [language::LINTS, modules::LINTS, secrets::LINTS, fleet::LINTS, packages::LINTS].concat()
});

/// Reports the problems of one kind that evaluating the hosts found, but for those that the same
/// lint's look at the file reports already.
fn fleet_problems(
    cx: &FleetContext<'_>,
    lint: &'static Lint,
    kind: ProblemKind,
    check_file: fn(&FileContext<'_>, &mut Vec<Diagnostic>),
    found: &mut Vec<Diagnostic>,
) {
    let mut merged = Merged::default();
    for (host, index) in systems(cx.fleet) {
        for problem in index.problems.iter().filter(|it| it.kind == kind) {
            let Some(place) = problem.place else { continue };
            // What lies outside the repository is not its owner's to mend.
            if !place.source.path(cx.db).starts_with(cx.project.root(cx.db)) {
                continue;
            }
            let range = place.range(cx.db);
            // Where the checkout lies is nobody's business.
            let message = problem.message.replace(&format!("{}/", cx.project.root(cx.db)), "");
            merged.add(Some(host), Diagnostic::new(lint, place.source, range, message));
        }
    }
    for finding in merged.finish() {
        let mut known = Vec::new();
        check_file(&FileContext::new(cx.db, cx.project, finding.file), &mut known);
        if !known.iter().any(|it| it.range.intersect(finding.range).is_some_and(|both| !both.is_empty())) {
            found.push(finding);
        }
    }
}
