//! The catalogue: one file a lint.

mod bool_mk_if;
mod broken_lock_file;
mod duplicate_attribute;
mod import_from_derivation;
mod infinite_recursion;
mod missing_import;
mod needless_rec;
mod plaintext_secret;
mod rec_attrset;
mod secret_file_missing;
mod secret_read_at_eval;
mod secret_undeclared;
mod syntax_error;
mod unknown_host;
mod unresolved_name;
mod unset_cross_host_option;
mod url_literal;

use nixscope_fleet::ProblemKind;

use crate::context::{FileContext, FleetContext};
use crate::diagnostic::Diagnostic;
use crate::fleet::{Merged, systems};
use crate::lint::Lint;

/// Every lint, sorted by group and name.
pub static LINTS: &[&Lint] = &[
    &bool_mk_if::LINT,
    &duplicate_attribute::LINT,
    &import_from_derivation::LINT,
    &infinite_recursion::LINT,
    &needless_rec::LINT,
    &rec_attrset::LINT,
    &syntax_error::LINT,
    &unresolved_name::LINT,
    &url_literal::LINT,
    &missing_import::LINT,
    &plaintext_secret::LINT,
    &secret_file_missing::LINT,
    &secret_read_at_eval::LINT,
    &secret_undeclared::LINT,
    &broken_lock_file::LINT,
    &unknown_host::LINT,
    &unset_cross_host_option::LINT,
];

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
            merged.add(Some(host), Diagnostic::new(lint, place.source, range, problem.message.as_str()));
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
