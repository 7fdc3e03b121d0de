//! The module system, natively: tolerant, and with provenance.
//!
//! A [`System`] is one call of `evalModules`: its modules, the options they declare, the definitions
//! they make, and the values that follow. Everything is computed on demand: `imports` cannot depend on
//! `config`, so the closure needs the arguments only; an option's value needs the definitions of that
//! path only.
//!
//! Source: nixpkgs `lib/modules.nix`, `lib/types.nix`; the NixOS manual, "Writing NixOS Modules".

mod api;
mod check;
mod closure;
mod config;
mod declared;
mod definitions;
mod faults;
mod freeform;
mod merge;
mod options;
mod platform;
mod system;
mod value;

pub use check::{Undeclared, Unmatched};
pub use closure::{Closure as ModuleClosure, ExternalImport, ModuleInstance, ModuleProblem, ProblemCause};
pub use config::ConfigNode;
pub use definitions::Def;
pub use faults::{OptionFault, OptionFaultKind};
pub use options::{OptionDecl, OptionNode, show_option_path};
pub use platform::{GivenPackages, PlatformSource};
pub use system::{System, SystemId};

pub(crate) use api::BUILTINS;
pub(crate) use merge::PendingMerge;
