//! Lowered expressions: what a file says, without how it is laid out.
//!
//! [`lower`] turns a syntax tree into a [`Body`], an arena of expressions whose names are resolved to
//! slots of environments, and a [`SourceMap`] that leads back to the text. The two are separate
//! queries: an edit that only moves text (a comment, white space) changes the source map and leaves
//! the body equal, and whatever was computed from the body stays.
//!
//! **Invariant:** no byte offset is in a [`Body`]; what crosses files is an id.

mod expr;
mod find;
mod lowering;
mod names;
mod places;
mod print;
mod strings;
mod symbol;

pub use expr::{
    AttrName, BinaryOp, Binding, BindingValue, Bindings, Body, Expr, ExprId, Formal, Lambda, NameId,
    PathBase, Scope, ScopeId, ScopeKind, StrPart, UnaryOp,
};
pub use find::{Found, Site, at_offset, spine};
pub use lowering::{body, lower, source_map};
pub use names::{Definition, global_names, is_global, resolve, withs_around};
pub use places::{LoweringProblem, SourceMap};
pub use print::describe;
pub use symbol::Symbol;
