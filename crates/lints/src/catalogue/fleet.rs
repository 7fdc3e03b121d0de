//! What only shows with several hosts at hand.

mod broken_lock_file;
mod global_override;
mod unknown_host;
mod unset_cross_host_option;

use crate::lint::Lint;

/// The lints of this group, sorted by name.
pub(super) static LINTS: &[&Lint] =
    &[&broken_lock_file::LINT, &global_override::LINT, &unknown_host::LINT, &unset_cross_host_option::LINT];
