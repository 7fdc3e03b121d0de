//! From the protocol's types to plain ones.

use std::sync::Arc;

use nixscope_ide::VfsPath;
use tower_lsp::lsp_types::{
    CallHierarchyItem, DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
    DidChangeWorkspaceFoldersParams, FileChangeType, Position, Range, RenameFilesParams,
    TextDocumentIdentifier, TextDocumentItem, TextDocumentPositionParams, Url, WorkspaceFolder,
};

use crate::documents::{Document, TextChange};
use crate::lines::{Point, Span};
use crate::uris::{folder_of, path_of};
use crate::workspace::FileChange;

pub(crate) fn path(uri: &Url) -> VfsPath {
    path_of(uri.as_str())
}

pub(crate) fn point(position: Position) -> Point {
    Point { line: position.line, column: position.character }
}

pub(crate) fn span(range: Range) -> Span {
    Span { start: point(range.start), end: point(range.end) }
}

pub(crate) fn place(params: &TextDocumentPositionParams) -> (VfsPath, Point) {
    (path(&params.text_document.uri), point(params.position))
}

pub(crate) fn document(item: TextDocumentItem) -> (VfsPath, Document) {
    let path = path(&item.uri);
    let nix = item.language_id == "nix" || path.is_nix();
    let uri = Arc::from(item.uri.as_str());
    (path, Document { uri, version: item.version, text: item.text.into(), nix })
}

pub(crate) fn changes(params: DidChangeTextDocumentParams) -> (VfsPath, i32, Vec<TextChange>) {
    let document = params.text_document;
    let changes = params.content_changes.into_iter();
    let changes =
        changes.map(|change| TextChange { span: change.range.map(span), text: change.text }).collect();
    (path(&document.uri), document.version, changes)
}

/// Where files are, and where they will be.
pub(crate) fn moves(params: RenameFilesParams) -> Vec<(VfsPath, VfsPath)> {
    params.files.iter().map(|it| (path_of(&it.old_uri), path_of(&it.new_uri))).collect()
}

/// The folders that came and those that went.
pub(crate) fn folders(params: DidChangeWorkspaceFoldersParams) -> (Vec<VfsPath>, Vec<VfsPath>) {
    let paths = |folders: Vec<WorkspaceFolder>| {
        folders.iter().filter_map(|it| folder_of(it.uri.as_str())).collect::<Vec<_>>()
    };
    (paths(params.event.added), paths(params.event.removed))
}

/// The place by which an item of a call hierarchy is found again.
pub(crate) fn call_item(item: CallHierarchyItem) -> TextDocumentPositionParams {
    TextDocumentPositionParams {
        text_document: TextDocumentIdentifier { uri: item.uri },
        position: item.selection_range.start,
    }
}

pub(crate) fn file_changes(params: DidChangeWatchedFilesParams) -> Vec<FileChange> {
    let changes = params.changes.into_iter();
    changes
        .map(|event| FileChange {
            path: path(&event.uri),
            content_only: event.typ == FileChangeType::CHANGED,
        })
        .collect()
}
