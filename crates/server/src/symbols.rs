//! The outline of a document.

use nixscope_ide::{DocumentSymbol, SourceFile, VfsPath};

use crate::snapshot::{Cancellable, Snapshot};

/// Outlines nest no deeper than this: clients read them recursively.
const MAX_DEPTH: usize = 64;

/// The outline of a Nix file, in a form that every client accepts: names are not empty, a name lies
/// within its entry, the nesting is bounded.
pub(crate) fn symbols(
    snapshot: &Snapshot,
    path: &VfsPath,
) -> Cancellable<Option<(SourceFile, Vec<DocumentSymbol>)>> {
    let Some(file) = snapshot.nix_file(path) else { return Ok(None) };
    let mut symbols = snapshot.analysis.document_symbols(file)?;
    tidy(&mut symbols, MAX_DEPTH);
    Ok(Some((file, symbols)))
}

fn tidy(symbols: &mut [DocumentSymbol], depth: usize) {
    for symbol in symbols {
        if symbol.name.trim().is_empty() {
            symbol.name = "\"\"".into();
        }
        symbol.range = symbol.range.cover(symbol.selection);
        if depth == 0 {
            symbol.children.clear();
        }
        tidy(&mut symbol.children, depth.saturating_sub(1));
    }
}
