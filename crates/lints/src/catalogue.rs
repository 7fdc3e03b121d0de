//! The catalogue: one file a lint.

mod url_literal;

use crate::lint::Lint;

/// Every lint, sorted by group and name.
pub static LINTS: &[&Lint] = &[&url_literal::LINT];
