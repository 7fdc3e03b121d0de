//! The lint catalogue.
//!
//! A lint is one file in `catalogue/`: its metadata, its page, its check, its fix, its tests. The
//! page's code blocks are tests; `docs/lints.md`, `nixscope explain` and the configuration's schema
//! are generated from the metadata. Levels and suppressions are applied once, at the end, by whoever
//! runs the check.

pub mod catalogue;
mod closure_files;
mod context;
mod diagnostic;
mod edits;
mod facts;
mod flake_inputs;
mod fleet;
mod kind;
mod lint;
mod names;
mod notices;
mod outline;
mod override_priority;
#[cfg(test)]
mod pages;
mod problems;
mod reference;
mod run;
mod samples;
mod secrets;
mod shapes;
mod suppressions;
pub mod symbolic;
mod target;
#[cfg(test)]
mod testing;
mod usage;

pub use context::{FileContext, FleetContext};
pub use diagnostic::{Applicability, Diagnostic, Edit, Fix, Related, Tag};
pub use kind::ExprKind;
pub use lint::{Check, Group, Level, Lint, find, lints, nearest};
pub use outline::Outline;
pub use reference::{explain, reference};
pub use run::{file_diagnostics, fleet_diagnostics};
pub use samples::worst_level;
pub use suppressions::suppression_diagnostics;
