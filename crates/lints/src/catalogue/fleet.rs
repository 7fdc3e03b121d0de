//! What only shows with several hosts at hand.

mod broken_lock_file;
mod bypassed_channel;
mod cross_host_cycle;
mod dangling_follows;
mod deploy_target_missing;
mod duplicate_address;
mod duplicate_host_id;
mod duplicate_host_name;
mod duplicate_nixpkgs;
mod firewall_gap;
mod global_override;
mod host_name_mismatch;
mod input_not_locked;
mod no_garbage_collection;
mod port_conflict;
mod stale_lock_entry;
mod unknown_host;
mod unset_cross_host_option;
mod unused_input;
mod zfs_without_host_id;

use crate::lint::Lint;

/// The lints of this group, sorted by name.
pub(super) static LINTS: &[&Lint] = &[
    &broken_lock_file::LINT,
    &bypassed_channel::LINT,
    &cross_host_cycle::LINT,
    &dangling_follows::LINT,
    &deploy_target_missing::LINT,
    &duplicate_address::LINT,
    &duplicate_host_id::LINT,
    &duplicate_host_name::LINT,
    &duplicate_nixpkgs::LINT,
    &firewall_gap::LINT,
    &global_override::LINT,
    &host_name_mismatch::LINT,
    &input_not_locked::LINT,
    &no_garbage_collection::LINT,
    &port_conflict::LINT,
    &stale_lock_entry::LINT,
    &unknown_host::LINT,
    &unset_cross_host_option::LINT,
    &unused_input::LINT,
    &zfs_without_host_id::LINT,
];
