//! Answers for editors, over fixtures with a cursor. One file a feature.

mod support;

mod assists;
mod code_lens;
mod completion;
mod definition;
mod hover;
mod inlay_hints;
mod levels;
mod linked_editing;
mod missing;
mod references;
mod rename;
mod semantic_tokens;
mod signature;
mod structure;
mod typing;
mod workspace_symbols;
