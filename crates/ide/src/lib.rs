//! Answers to the questions that editors and the command line ask, in types without a protocol.
//!
//! An [`AnalysisHost`] owns the database and takes changes; an [`Analysis`] is a snapshot that
//! answers. **Invariant:** positions here are byte offsets in a file; whoever talks to an editor
//! converts at the edge.

mod assists;
mod call_hierarchy;
mod code_lens;
mod completion;
mod database;
mod definition;
mod diagnostics;
mod docs;
mod folding;
mod hover;
mod inlay_hints;
mod linked_editing;
mod links;
mod mentions;
mod missing;
mod module_text;
mod moved_files;
mod option_at;
mod questions;
mod references;
mod rename;
mod selection_ranges;
mod semantic_tokens;
mod signature;
mod suppress;
mod symbols;
mod thing;
mod workspace_symbols;

pub use assists::{Assist, AssistKind};
pub use call_hierarchy::{Call, CallItem};
pub use code_lens::Lens;
pub use completion::{Completion, CompletionKind, Documented, MAX_COMPLETIONS};
pub use database::{Analysis, AnalysisHost, Cancellable, Cancelled};
pub use definition::{Target, TargetKind};
pub use diagnostics::{LintLevel, Settings};
pub use folding::{Fold, FoldKind};
pub use hover::Hover;
pub use inlay_hints::{Hint, HintSettings};
pub use links::{Link, LinkTarget};
pub use option_at::NamedOption;
pub use references::{Reference, ReferenceKind};
pub use rename::{Refusal, Renamable};
pub use semantic_tokens::{Token, TokenKind};
pub use signature::Signature;
pub use suppress::Suppress;
pub use symbols::{DocumentSymbol, SymbolKind};
pub use workspace_symbols::{WorkspaceSymbol, WorkspaceSymbolKind};

pub use nixscope_db::{SourceFile, VfsPath};
pub use nixscope_fleet::Evaluation;
pub use nixscope_lints::{Applicability, Diagnostic, Edit, Fix, Level, Related, Tag};
pub use nixscope_syntax::{LineCol, LineIndex, PositionEncoding, TextRange, TextSize};
