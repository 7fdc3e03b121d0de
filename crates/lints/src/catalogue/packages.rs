//! Derivations that the repository writes itself.

mod build_tool_in_build_inputs;
mod extend_instead_of_overlay;
mod fetch_without_hash;
mod missing_meta;
mod missing_strict_deps;
mod phase_without_hooks;

use crate::lint::Lint;

/// The lints of this group, sorted by name.
pub(super) static LINTS: &[&Lint] = &[
    &build_tool_in_build_inputs::LINT,
    &extend_instead_of_overlay::LINT,
    &fetch_without_hash::LINT,
    &missing_meta::LINT,
    &missing_strict_deps::LINT,
    &phase_without_hooks::LINT,
];
