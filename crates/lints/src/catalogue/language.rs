//! What the text of a file says by itself.

mod bool_mk_if;
mod duplicate_attribute;
mod import_from_derivation;
mod infinite_recursion;
mod needless_rec;
mod rec_attrset;
mod syntax_error;
mod unresolved_name;
mod url_literal;

use crate::lint::Lint;

/// The lints of this group, sorted by name.
pub(super) static LINTS: &[&Lint] = &[
    &bool_mk_if::LINT,
    &duplicate_attribute::LINT,
    &import_from_derivation::LINT,
    &infinite_recursion::LINT,
    &needless_rec::LINT,
    &rec_attrset::LINT,
    &syntax_error::LINT,
    &unresolved_name::LINT,
    &url_literal::LINT,
];
