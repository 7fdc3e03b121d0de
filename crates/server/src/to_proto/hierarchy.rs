//! Call hierarchies.

use nixscope_ide::{Call, CallItem, SourceFile, TextRange};
use tower_lsp::lsp_types as lsp;

use super::{range_in, url};
use crate::snapshot::{Cancellable, Snapshot};

pub(crate) fn call_items(
    snapshot: &Snapshot,
    items: Vec<CallItem>,
) -> Cancellable<Option<Vec<lsp::CallHierarchyItem>>> {
    let mut out = Vec::new();
    for it in &items {
        out.extend(item(snapshot, it)?);
    }
    Ok((!out.is_empty()).then_some(out))
}

pub(crate) fn incoming_calls(
    snapshot: &Snapshot,
    calls: Vec<Call>,
) -> Cancellable<Option<Vec<lsp::CallHierarchyIncomingCall>>> {
    let mut out = Vec::new();
    for call in calls {
        let Some(from) = item(snapshot, &call.item)? else { continue };
        let from_ranges = ranges(snapshot, call.item.file, &call.places)?;
        out.push(lsp::CallHierarchyIncomingCall { from, from_ranges });
    }
    Ok(Some(out))
}

/// The calls are written in `caller`.
pub(crate) fn outgoing_calls(
    snapshot: &Snapshot,
    caller: SourceFile,
    calls: Vec<Call>,
) -> Cancellable<Option<Vec<lsp::CallHierarchyOutgoingCall>>> {
    let mut out = Vec::new();
    for call in calls {
        let Some(to) = item(snapshot, &call.item)? else { continue };
        let from_ranges = ranges(snapshot, caller, &call.places)?;
        out.push(lsp::CallHierarchyOutgoingCall { to, from_ranges });
    }
    Ok(Some(out))
}

fn item(snapshot: &Snapshot, item: &CallItem) -> Cancellable<Option<lsp::CallHierarchyItem>> {
    let Some(uri) = url(snapshot, item.file) else { return Ok(None) };
    let path = snapshot.analysis.path(item.file);
    let shown = path.strip_prefix(&snapshot.analysis.root()).unwrap_or(path.as_str()).to_string();
    Ok(Some(lsp::CallHierarchyItem {
        name: item.name.to_string(),
        kind: if item.is_module { lsp::SymbolKind::MODULE } else { lsp::SymbolKind::FUNCTION },
        tags: None,
        detail: (!item.is_module).then_some(shown),
        uri,
        range: range_in(snapshot, item.file, item.range)?,
        selection_range: range_in(snapshot, item.file, item.selection)?,
        data: None,
    }))
}

fn ranges(snapshot: &Snapshot, file: SourceFile, places: &[TextRange]) -> Cancellable<Vec<lsp::Range>> {
    places.iter().map(|place| range_in(snapshot, file, *place)).collect()
}
