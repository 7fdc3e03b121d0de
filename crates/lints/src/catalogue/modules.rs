//! Modules, options and their definitions.

mod missing_import;

use crate::lint::Lint;

/// The lints of this group, sorted by name.
pub(super) static LINTS: &[&Lint] = &[&missing_import::LINT];
