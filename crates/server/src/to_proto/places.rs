//! Places to go to, places that refer to a thing, and names that can be replaced.

use nixscope_ide::{Reference, ReferenceKind, Renamable, SourceFile, Target};
use tower_lsp::lsp_types as lsp;

use super::{location, range_in, url};
use crate::snapshot::{Cancellable, Snapshot};

/// Where somebody goes; clients say of each whether they take links.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Going {
    Definition,
    Declaration,
    Type,
}

pub(crate) fn targets(
    snapshot: &Snapshot,
    asked: Option<SourceFile>,
    targets: Vec<Target>,
    going: Going,
) -> Cancellable<Option<lsp::GotoDefinitionResponse>> {
    let takes_links = match going {
        Going::Definition => snapshot.client.definition_links,
        Going::Declaration => snapshot.client.declaration_links,
        Going::Type => snapshot.client.type_definition_links,
    };
    let mut links = Vec::new();
    for target in targets {
        let Some(file) = target.file else { continue };
        let Some(target_uri) = url(snapshot, file) else { continue };
        let origin_selection_range = match (asked, target.origin) {
            (Some(asked), Some(origin)) => Some(range_in(snapshot, asked, origin)?),
            _ => None,
        };
        let link = lsp::LocationLink {
            origin_selection_range,
            target_uri,
            target_range: range_in(snapshot, file, target.full.cover(target.focus))?,
            target_selection_range: range_in(snapshot, file, target.focus)?,
        };
        if !links.contains(&link) {
            links.push(link);
        }
    }
    if links.is_empty() {
        return Ok(None);
    }
    Ok(Some(if takes_links {
        lsp::GotoDefinitionResponse::Link(links)
    } else {
        let location =
            |link: lsp::LocationLink| lsp::Location::new(link.target_uri, link.target_selection_range);
        lsp::GotoDefinitionResponse::Array(links.into_iter().map(location).collect())
    }))
}

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
