//! The evaluator: lazy, tolerant, provenance-keeping, bounded.
//!
//! An evaluation allocates in a [`Heap`] that belongs to one salsa query and dies with it; values are
//! small copies that point into the heap. **Invariant:** nothing with the lifetime of a heap leaves
//! the query; what a query returns is plain data.
//!
//! What cannot be known is an [`Unknown`], which remembers what it stands for and why; a condition on
//! an unknown gives a [`Choice`]. See `docs/evaluator.md`.

mod builtins;
mod choice;
mod coerce;
mod compare;
mod data;
mod embedded;
mod error;
mod evaluator;
mod heap;
mod machine;
pub mod modules;
mod place;
mod print;
mod value;

pub use builtins::{Builtin, builtin_names, source_store_path};
pub use coerce::Coercion;
pub use embedded::{EMBEDDED_ROOT, LIB_PATH, embedded_files};
pub use error::{ErrorKind, Eval, EvalError, Halt};
pub use evaluator::select::edit_distance;
pub use evaluator::site::{Arguments, Sites, outer_environments};
pub use evaluator::trail::Step;
pub use evaluator::{Budget, Evaluator, Event, EventKind, Models, NoModels, evaluate, evaluate_over};
pub use heap::{Env, FileContext, Heap, Thunk};
pub use machine::{Machine, SearchEntry};
pub use place::{Place, PlaceKind, SourcePlace};
pub use print::{print_trace, print_value, to_json, to_json_text, to_xml};
pub use value::{
    Attr, Attrs, Choice, Closure, ContextItem, List, Native, Reason, Str, Taint, Unknown, UnknownKind, Value,
};
