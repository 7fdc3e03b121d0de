//! What programs say of a fleet as a whole: one joined value for each question, which the command line prints
//! and the language server sends. Their JSON is schema 1 of `docs/`.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the edge: `git` is asked for what files were, and threads are timed"
)]
#![allow(
    missing_docs,
    reason = "fields are those of the JSON, which docs/protocol.md and the schemas describe"
)]

mod affected;
mod fleet;
mod map;
mod option;
mod status;

pub mod parallel;
mod places;

pub use affected::{AffectedHost, AffectedJson, Reason, affected};
pub use fleet::{
    DefinedInJson, ExternalJson, FleetJson, GapJson, HostJson, InputJson, ModuleFileJson, ModuleJson, Names,
    NestedJson, OptionJson, ReferenceJson, SecretJson, by_status, join,
};
pub use map::{Edge, EdgeKind, MapJson, Node, NodeKind, map};
pub use option::{DefinitionJson, HostOptionJson, host_option_json};
pub use places::{Place, Places, Position, embedded_name};
pub use status::{StatusJson, status};
