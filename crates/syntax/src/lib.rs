//! From bytes to a lossless syntax tree: parsing that never fails, positions, suppressions.
//!
//! The tree is rnix's, on rowan. This crate adds what a hostile or half-written file needs: a guard
//! against nesting that would overflow the stack, the errors that Nix reports and rnix does not, and
//! messages for people.

mod errors;
mod lines;
mod nesting;
mod parsing;
mod suppression;
mod validate;
mod wellformed;

pub use errors::SyntaxError;
pub use lines::{LineCol, LineIndex, PositionEncoding, line_index};
pub use parsing::{PIPES_ARE_OFF, Parse, parse, parse_text};
pub use suppression::{Suppression, SuppressionScope, malformed_suppressions, suppressions};
pub use wellformed::is_well_formed;

pub use rnix::{NixLanguage, SyntaxKind, SyntaxNode, SyntaxToken, ast};
pub use rowan::ast::AstNode;
pub use rowan::{NodeOrToken, TextRange, TextSize};
