//! Places that refer to a thing, and names that can be replaced.

use nixscope_ide::{Reference, ReferenceKind, Renamable, SourceFile};
use tower_lsp::lsp_types as lsp;

use super::{location, range_in};
use crate::snapshot::{Cancellable, Snapshot};

pub(crate) fn references(
    snapshot: &Snapshot,
    found: Vec<Reference>,
) -> Cancellable<Option<Vec<lsp::Location>>> {
    let mut out = Vec::new();
    for it in found {
        out.extend(location(snapshot, it.file, it.range)?);
    }
    Ok((!out.is_empty()).then_some(out))
}

pub(crate) fn highlights(
    snapshot: &Snapshot,
    found: Vec<Reference>,
) -> Cancellable<Option<Vec<lsp::DocumentHighlight>>> {
    let convert = |it: Reference| {
        let kind = match it.kind {
            ReferenceKind::Declaration | ReferenceKind::Write => lsp::DocumentHighlightKind::WRITE,
            ReferenceKind::Read => lsp::DocumentHighlightKind::READ,
            ReferenceKind::Import => lsp::DocumentHighlightKind::TEXT,
        };
        Ok(lsp::DocumentHighlight { range: range_in(snapshot, it.file, it.range)?, kind: Some(kind) })
    };
    let out = found.into_iter().map(convert).collect::<Cancellable<Vec<_>>>()?;
    Ok((!out.is_empty()).then_some(out))
}

pub(crate) fn renamable(
    snapshot: &Snapshot,
    file: SourceFile,
    it: Renamable,
) -> Cancellable<lsp::PrepareRenameResponse> {
    let range = range_in(snapshot, file, it.range)?;
    Ok(lsp::PrepareRenameResponse::RangeWithPlaceholder { range, placeholder: it.name })
}
