//! Answers to the questions that editors and the command line ask, in types without a protocol.
//!
//! An [`AnalysisHost`] owns the database and takes changes; an [`Analysis`] is a snapshot that
//! answers. **Invariant:** positions here are byte offsets in a file; whoever talks to an editor
//! converts at the edge.

mod database;
mod definition;
mod diagnostics;
mod hover;
mod mentions;
mod references;
mod rename;
mod symbols;
mod thing;

pub use database::{Analysis, AnalysisHost, Cancellable, Cancelled};
pub use definition::{Target, TargetKind};
pub use diagnostics::{LintLevel, Settings};
pub use hover::Hover;
pub use references::{Reference, ReferenceKind};
pub use rename::{Refusal, Renamable};
pub use symbols::{DocumentSymbol, SymbolKind};

pub use nixscope_db::{SourceFile, VfsPath};
pub use nixscope_lints::{Applicability, Diagnostic, Edit, Fix, Level, Related, Tag};
pub use nixscope_syntax::{LineCol, LineIndex, PositionEncoding, TextRange, TextSize};
