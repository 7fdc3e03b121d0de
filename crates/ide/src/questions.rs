//! The questions that a snapshot answers, one method a feature.

use nixscope_db::{SourceFile, VfsPath};
use nixscope_lints::Edit;
use nixscope_syntax::{TextRange, TextSize};

use crate::assists::{self, Assist};
use crate::call_hierarchy::{self, Call, CallItem};
use crate::code_lens::{self, Lens};
use crate::completion::{self, Completion, Documented};
use crate::database::{Analysis, Cancellable};
use crate::definition::{self, Target};
use crate::folding::{self, Fold};
use crate::hover::{self, Hover};
use crate::inlay_hints::{self, Hint, HintSettings};
use crate::linked_editing;
use crate::links::{self, Link};
use crate::moved_files;
use crate::option_at::{self, NamedOption};
use crate::references::{self, Reference};
use crate::rename::{self, Refusal, Renamable};
use crate::selection_ranges;
use crate::semantic_tokens::{self, Token};
use crate::signature::{self, Signature};
use crate::symbols::{self, DocumentSymbol};
use crate::workspace_symbols::{self, WorkspaceSymbol};

impl Analysis {
    /// Where what stands at a place is defined, best first.
    pub fn definition(&self, file: SourceFile, offset: TextSize) -> Cancellable<Vec<Target>> {
        self.run(|db| definition::definition(db, self.project, file, offset))
    }

    /// What stands at a place, for people.
    pub fn hover(&self, file: SourceFile, offset: TextSize) -> Cancellable<Option<Hover>> {
        self.run(|db| hover::hover(db, self.project, file, offset))
    }

    /// The declarations of what stands at a place.
    pub fn declaration(&self, file: SourceFile, offset: TextSize) -> Cancellable<Vec<Target>> {
        self.run(|db| definition::declaration(db, self.project, file, offset))
    }

    /// The types of what stands at a place.
    pub fn type_definition(&self, file: SourceFile, offset: TextSize) -> Cancellable<Vec<Target>> {
        self.run(|db| definition::type_definition(db, self.project, file, offset))
    }

    /// Every place that gives what stands at a place its value.
    pub fn implementations(&self, file: SourceFile, offset: TextSize) -> Cancellable<Vec<Reference>> {
        self.run(|db| references::implementations(db, self.project, file, offset))
    }

    /// What could stand at a place, best first.
    pub fn completions(&self, file: SourceFile, offset: TextSize) -> Cancellable<Vec<Completion>> {
        self.run(|db| completion::completions(db, self.project, file, offset))
    }

    /// The documentation of a completion, as Markdown.
    pub fn documentation(&self, of: &Documented) -> Cancellable<Option<String>> {
        self.run(|db| completion::documentation(db, self.project, of))
    }

    /// Every place of the fleet that refers to what stands at a place.
    pub fn references(&self, file: SourceFile, offset: TextSize) -> Cancellable<Vec<Reference>> {
        self.run(|db| references::references(db, self.project, file, offset))
    }

    /// The option that is named at a place.
    pub fn option_at(&self, file: SourceFile, offset: TextSize) -> Cancellable<Option<NamedOption>> {
        self.run(|db| option_at::option_at(db, self.project, file, offset))
    }

    /// The places of a file that refer to what stands at a place of it.
    pub fn highlights(&self, file: SourceFile, offset: TextSize) -> Cancellable<Vec<Reference>> {
        self.run(|db| references::highlights(db, self.project, file, offset))
    }

    /// What can be renamed at a place; else why not.
    pub fn prepare_rename(
        &self,
        file: SourceFile,
        offset: TextSize,
    ) -> Cancellable<Result<Renamable, Refusal>> {
        self.run(|db| rename::prepare_rename(db, self.project, file, offset))
    }

    /// The edits that rename what stands at a place, everywhere; else why that cannot be done.
    pub fn rename(
        &self,
        file: SourceFile,
        offset: TextSize,
        new_name: &str,
    ) -> Cancellable<Result<Vec<Edit>, Refusal>> {
        self.run(|db| rename::rename(db, self.project, file, offset, new_name))
    }

    /// The functions and modules that a place stands for.
    pub fn call_items(&self, file: SourceFile, offset: TextSize) -> Cancellable<Vec<CallItem>> {
        self.run(|db| call_hierarchy::prepare(db, self.project, file, offset))
    }

    /// Who calls the function, or imports the module, whose name begins at a place.
    pub fn incoming_calls(&self, file: SourceFile, offset: TextSize) -> Cancellable<Vec<Call>> {
        self.run(|db| call_hierarchy::incoming(db, self.project, file, offset))
    }

    /// Whom the function calls, or what the module imports, whose name begins at a place.
    pub fn outgoing_calls(&self, file: SourceFile, offset: TextSize) -> Cancellable<Vec<Call>> {
        self.run(|db| call_hierarchy::outgoing(db, self.project, file, offset))
    }

    /// The edits that keep relative paths leading to where they led when files move: each pair is where a file or
    /// directory is, and where it will be.
    pub fn moved_files(&self, moves: &[(VfsPath, VfsPath)]) -> Cancellable<Vec<Edit>> {
        self.run(|db| moved_files::moved_files(db, self.project, moves))
    }

    /// What the function takes whose argument is written at a place.
    pub fn signature(&self, file: SourceFile, offset: TextSize) -> Cancellable<Option<Signature>> {
        self.run(|db| signature::signature(db, self.project, file, offset))
    }

    /// The outline of a file.
    pub fn document_symbols(&self, file: SourceFile) -> Cancellable<Vec<DocumentSymbol>> {
        self.run(|db| symbols::document_symbols(db, file))
    }

    /// The symbols of the fleet that fit a query, best first.
    pub fn workspace_symbols(&self, query: &str) -> Cancellable<Vec<WorkspaceSymbol>> {
        self.run(|db| workspace_symbols::workspace_symbols(db, self.project, query))
    }

    /// The links of a file.
    pub fn links(&self, file: SourceFile) -> Cancellable<Vec<Link>> {
        self.run(|db| links::links(db, self.project, file))
    }

    /// What of a file can be folded.
    pub fn folds(&self, file: SourceFile) -> Cancellable<Vec<Fold>> {
        self.run(|db| folding::folds(db, file))
    }

    /// The ranges around a place, the innermost first.
    pub fn selection_ranges(&self, file: SourceFile, offset: TextSize) -> Cancellable<Vec<TextRange>> {
        self.run(|db| selection_ranges::selection_ranges(db, file, offset))
    }

    /// What each name of a file is.
    pub fn tokens(&self, file: SourceFile) -> Cancellable<Vec<Token>> {
        self.run(|db| semantic_tokens::tokens(db, self.project, file))
    }

    /// The inlay hints of a part of a file.
    pub fn hints(
        &self,
        file: SourceFile,
        range: TextRange,
        settings: HintSettings,
    ) -> Cancellable<Vec<Hint>> {
        self.run(|db| inlay_hints::hints(db, self.project, file, range, settings))
    }

    /// The lines of information above places of a file.
    pub fn lenses(&self, file: SourceFile) -> Cancellable<Vec<Lens>> {
        self.run(|db| code_lens::lenses(db, self.project, file))
    }

    /// The refactorings that are offered for a part of a file, and what is missing there and can be made.
    pub fn assists(&self, file: SourceFile, range: TextRange) -> Cancellable<Vec<Assist>> {
        self.run(|db| assists::assists(db, self.project, file, range))
    }

    /// The command of the formatter that the flake's own output names, if it is one that is known.
    pub fn formatter(&self) -> Cancellable<Option<&'static [&'static str]>> {
        self.run(|db| nixscope_fleet::flake_formatter(db, self.project))
    }

    /// The places that are edited together with the name at a place.
    pub fn linked_ranges(&self, file: SourceFile, offset: TextSize) -> Cancellable<Vec<TextRange>> {
        self.run(|db| linked_editing::linked_ranges(db, file, offset))
    }
}
