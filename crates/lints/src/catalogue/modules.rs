//! Modules, options and their definitions.

mod auto_discovered_imports;
mod config_in_options_module;
mod conflicting_definitions;
mod deprecated_option;
mod duplicate_package;
mod duplicated_block;
mod failed_assertion;
mod import_cycle;
mod library_argument_type;
mod missing_assertion;
mod missing_import;
mod missing_state_version;
mod mk_default_in_host;
mod module_warning;
mod monolithic_flake;
mod monolithic_module;
mod needless_mk_force;
mod option_type_does_not_merge;
mod option_type_mismatch;
mod option_without_description;
mod option_without_type;
mod out_of_store_symlink;
mod required_option_unset;
mod service_in_host;
mod unknown_module_argument;
mod unknown_option;
mod unreachable_module;
mod unregistered_module;
mod untracked_import;
mod unused_option;

use crate::lint::Lint;

pub(crate) use unreachable_module::unreachable_modules;

/// The lints of this group, sorted by name.
pub(super) static LINTS: &[&Lint] = &[
    &auto_discovered_imports::LINT,
    &config_in_options_module::LINT,
    &conflicting_definitions::LINT,
    &deprecated_option::LINT,
    &duplicate_package::LINT,
    &duplicated_block::LINT,
    &failed_assertion::LINT,
    &import_cycle::LINT,
    &library_argument_type::LINT,
    &missing_assertion::LINT,
    &missing_import::LINT,
    &missing_state_version::LINT,
    &mk_default_in_host::LINT,
    &module_warning::LINT,
    &monolithic_flake::LINT,
    &monolithic_module::LINT,
    &needless_mk_force::LINT,
    &option_type_does_not_merge::LINT,
    &option_type_mismatch::LINT,
    &option_without_description::LINT,
    &option_without_type::LINT,
    &out_of_store_symlink::LINT,
    &required_option_unset::LINT,
    &service_in_host::LINT,
    &unknown_module_argument::LINT,
    &unknown_option::LINT,
    &unreachable_module::LINT,
    &unregistered_module::LINT,
    &untracked_import::LINT,
    &unused_option::LINT,
];
