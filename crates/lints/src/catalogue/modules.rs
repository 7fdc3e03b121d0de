//! Modules, options and their definitions.

mod auto_discovered_imports;
mod config_in_options_module;
mod duplicated_block;
mod import_cycle;
mod library_argument_type;
mod missing_import;
mod monolithic_flake;
mod monolithic_module;
mod option_without_description;
mod option_without_type;
mod out_of_store_symlink;

use crate::lint::Lint;

/// The lints of this group, sorted by name.
pub(super) static LINTS: &[&Lint] = &[
    &auto_discovered_imports::LINT,
    &config_in_options_module::LINT,
    &duplicated_block::LINT,
    &import_cycle::LINT,
    &library_argument_type::LINT,
    &missing_import::LINT,
    &monolithic_flake::LINT,
    &monolithic_module::LINT,
    &option_without_description::LINT,
    &option_without_type::LINT,
    &out_of_store_symlink::LINT,
];
