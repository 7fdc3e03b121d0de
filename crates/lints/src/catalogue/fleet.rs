//! What only shows with several hosts at hand.

mod broken_lock_file;
mod bypassed_channel;
mod dangling_follows;
mod duplicate_nixpkgs;
mod global_override;
mod input_not_locked;
mod stale_lock_entry;
mod unknown_host;
mod unset_cross_host_option;
mod unused_input;

use crate::lint::Lint;

/// The lints of this group, sorted by name.
pub(super) static LINTS: &[&Lint] = &[
    &broken_lock_file::LINT,
    &bypassed_channel::LINT,
    &dangling_follows::LINT,
    &duplicate_nixpkgs::LINT,
    &global_override::LINT,
    &input_not_locked::LINT,
    &stale_lock_entry::LINT,
    &unknown_host::LINT,
    &unset_cross_host_option::LINT,
    &unused_input::LINT,
];
