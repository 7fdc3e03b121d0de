//! What an editor draws of a file: folds, links, hints, lenses, symbols of the workspace.

use nixscope_ide::{
    Fold, FoldKind, Hint, Lens, Link, LinkTarget, SourceFile, TextRange, WorkspaceSymbol, WorkspaceSymbolKind,
};
use tower_lsp::lsp_types as lsp;

use super::{location, position, range_in};
use crate::commands;
use crate::snapshot::{Cancellable, Snapshot};

pub(crate) fn folds(
    snapshot: &Snapshot,
    file: SourceFile,
    folds: Vec<Fold>,
) -> Cancellable<Vec<lsp::FoldingRange>> {
    let mut out: Vec<lsp::FoldingRange> = Vec::new();
    for fold in folds {
        let span = snapshot.span(file, fold.range)?;
        // A client that folds whole lines keeps the line with the closing bracket in sight.
        let lines_only = snapshot.client.folds_lines;
        let end_line = match (lines_only, fold.kind) {
            (true, FoldKind::Code | FoldKind::Imports) => span.end.line.saturating_sub(1),
            _ => span.end.line,
        };
        if end_line <= span.start.line {
            continue;
        }
        let known = out.iter().any(|it| it.start_line == span.start.line && it.end_line == end_line);
        if lines_only && known {
            continue;
        }
        out.push(lsp::FoldingRange {
            start_line: span.start.line,
            start_character: (!lines_only).then_some(span.start.column),
            end_line,
            end_character: (!lines_only).then_some(span.end.column),
            kind: match fold.kind {
                FoldKind::Code => None,
                FoldKind::Comment => Some(lsp::FoldingRangeKind::Comment),
                FoldKind::Imports => Some(lsp::FoldingRangeKind::Imports),
            },
            collapsed_text: None,
        });
    }
    Ok(out)
}

pub(crate) fn selection_range(
    snapshot: &Snapshot,
    file: SourceFile,
    ranges: &[TextRange],
) -> Cancellable<lsp::SelectionRange> {
    let mut out: Option<lsp::SelectionRange> = None;
    for range in ranges.iter().rev() {
        let range = range_in(snapshot, file, *range)?;
        // Two ranges may become one where a character of the text has no column of its own.
        if out.as_ref().is_some_and(|outer| outer.range == range) {
            continue;
        }
        out = Some(lsp::SelectionRange { range, parent: out.map(Box::new) });
    }
    let nothing = || lsp::SelectionRange { range: lsp::Range::default(), parent: None };
    Ok(out.unwrap_or_else(nothing))
}

pub(crate) fn links(
    snapshot: &Snapshot,
    file: SourceFile,
    links: Vec<Link>,
) -> Cancellable<Vec<lsp::DocumentLink>> {
    let mut out = Vec::new();
    for link in links {
        let target = match &link.target {
            LinkTarget::File(path) => crate::uris::uri_of(path).and_then(|uri| lsp::Url::parse(&uri).ok()),
            LinkTarget::Url(url) => lsp::Url::parse(url).ok(),
        };
        let Some(target) = target else { continue };
        out.push(lsp::DocumentLink {
            range: range_in(snapshot, file, link.range)?,
            target: Some(target),
            tooltip: None,
            data: None,
        });
    }
    Ok(out)
}

pub(crate) fn hints(
    snapshot: &Snapshot,
    file: SourceFile,
    hints: Vec<Hint>,
) -> Cancellable<Vec<lsp::InlayHint>> {
    let lines = snapshot.lines(file)?;
    let convert = |hint: Hint| lsp::InlayHint {
        position: position(lines.point(hint.offset)),
        label: lsp::InlayHintLabel::String(hint.label.to_string()),
        kind: None,
        text_edits: None,
        tooltip: hint.tooltip.map(|text| lsp::InlayHintTooltip::String(text.to_string())),
        padding_left: None,
        padding_right: None,
        data: None,
    };
    Ok(hints.into_iter().map(convert).collect())
}

pub(crate) fn lenses(
    snapshot: &Snapshot,
    file: SourceFile,
    lenses: Vec<Lens>,
) -> Cancellable<Vec<lsp::CodeLens>> {
    let uri = super::url(snapshot, file);
    let shows = snapshot.client.shows_references || snapshot.client.shows_documents;
    let convert = |lens: Lens| {
        let range = range_in(snapshot, file, lens.range)?;
        let mut places = Vec::new();
        for (file, range) in lens.places.into_iter().filter(|_| shows) {
            places.extend(location(snapshot, file, range)?);
        }
        // Without a command's name the line only says something.
        let (command, arguments) = match &uri {
            Some(uri) if !places.is_empty() => {
                let arguments = serde_json::json!([uri, range.start, places]).as_array().cloned();
                (commands::SHOW_REFERENCES.to_string(), arguments)
            }
            _ => (String::new(), None),
        };
        let command = lsp::Command { title: lens.title, command, arguments };
        Ok(lsp::CodeLens { range, command: Some(command), data: None })
    };
    lenses.into_iter().map(convert).collect()
}

pub(crate) fn linked(
    snapshot: &Snapshot,
    file: SourceFile,
    ranges: Vec<TextRange>,
) -> Cancellable<Option<lsp::LinkedEditingRanges>> {
    let ranges =
        ranges.into_iter().map(|range| range_in(snapshot, file, range)).collect::<Cancellable<Vec<_>>>()?;
    let word_pattern = Some("[a-zA-Z_][a-zA-Z0-9_'-]*".to_string());
    Ok((!ranges.is_empty()).then_some(lsp::LinkedEditingRanges { ranges, word_pattern }))
}

#[expect(deprecated, reason = "the field is deprecated, yet there is no other way to make the value")]
pub(crate) fn workspace_symbols(
    snapshot: &Snapshot,
    found: Vec<WorkspaceSymbol>,
) -> Cancellable<Option<Vec<lsp::SymbolInformation>>> {
    let mut out = Vec::new();
    for symbol in found {
        let Some(location) = location(snapshot, symbol.file, symbol.range)? else { continue };
        let kind = match symbol.kind {
            WorkspaceSymbolKind::Host => lsp::SymbolKind::CLASS,
            WorkspaceSymbolKind::Module => lsp::SymbolKind::MODULE,
            WorkspaceSymbolKind::Option => lsp::SymbolKind::PROPERTY,
            WorkspaceSymbolKind::Secret => lsp::SymbolKind::KEY,
            WorkspaceSymbolKind::Binding => lsp::SymbolKind::VARIABLE,
        };
        let name = if symbol.name.is_empty() { "\"\"".to_string() } else { symbol.name.to_string() };
        let container_name = symbol.container.map(|it| it.to_string());
        out.push(lsp::SymbolInformation {
            name,
            kind,
            tags: None,
            deprecated: None,
            location,
            container_name,
        });
    }
    Ok((!out.is_empty()).then_some(out))
}
