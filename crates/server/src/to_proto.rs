//! From plain types to the protocol's.

mod completion;
mod hierarchy;
mod places;
mod structure;
mod tokens;

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use nixscope_ide::{
    Diagnostic, DocumentSymbol, Edit, Level, PositionEncoding, SourceFile, SymbolKind, Tag, TextRange,
    TextSize,
};
use nixscope_project::ConfigError;
use rustc_hash::FxHasher;
use tower_lsp::lsp_types as lsp;

use crate::client::ClientFeatures;
use crate::code_actions::{Action, FIX_ALL, QUICK_FIX, REFACTORINGS};
use crate::commands;
use crate::diagnostics::FileFindings;
use crate::hover::HoverText;
use crate::lines::{LineTable, Point, Span};
use crate::snapshot::{Cancellable, Snapshot};

pub(crate) use self::completion::{completions, documentation, documented, signature};
pub(crate) use self::hierarchy::{call_items, incoming_calls, outgoing_calls};
pub(crate) use self::places::{Going, highlights, references, renamable, targets};
pub(crate) use self::structure::{folds, hints, lenses, linked, links, selection_range, workspace_symbols};
pub(crate) use self::tokens::{token_edits, tokens};

/// Under what name the diagnostics are shown.
const SOURCE: &str = "nixscope";
/// Where the lints' pages are.
const LINT_PAGES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/lints.md#");

/// Diagnostics as the client gets them.
#[derive(Clone, Default)]
pub(crate) struct DiagnosticSet {
    pub(crate) items: Vec<lsp::Diagnostic>,
    digest: u64,
}

impl DiagnosticSet {
    fn new(items: Vec<lsp::Diagnostic>) -> DiagnosticSet {
        let mut hasher = FxHasher::default();
        serde_json::to_string(&items).unwrap_or_default().hash(&mut hasher);
        DiagnosticSet { items, digest: hasher.finish() }
    }

    /// Equal for equal sets.
    pub(crate) fn digest(&self) -> u64 {
        self.digest
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

pub(crate) fn capabilities(client: &ClientFeatures) -> lsp::ServerCapabilities {
    let encoding = match client.encoding {
        PositionEncoding::Utf8 => lsp::PositionEncodingKind::UTF8,
        PositionEncoding::Utf16 => lsp::PositionEncodingKind::UTF16,
        PositionEncoding::Utf32 => lsp::PositionEncodingKind::UTF32,
    };
    let sync = lsp::TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(lsp::TextDocumentSyncKind::INCREMENTAL),
        save: Some(lsp::SaveOptions { include_text: Some(false) }.into()),
        ..Default::default()
    };
    let actions = lsp::CodeActionOptions {
        code_action_kinds: Some(
            [QUICK_FIX, FIX_ALL].into_iter().chain(REFACTORINGS).map(lsp::CodeActionKind::from).collect(),
        ),
        ..Default::default()
    };
    let diagnostics = lsp::DiagnosticOptions {
        identifier: Some(SOURCE.into()),
        inter_file_dependencies: true,
        workspace_diagnostics: true,
        ..Default::default()
    };
    lsp::ServerCapabilities {
        position_encoding: client.negotiates_encoding.then_some(encoding),
        text_document_sync: Some(sync.into()),
        hover_provider: Some(true.into()),
        definition_provider: Some(lsp::OneOf::Left(true)),
        declaration_provider: Some(lsp::DeclarationCapability::Simple(true)),
        type_definition_provider: Some(lsp::TypeDefinitionProviderCapability::Simple(true)),
        implementation_provider: Some(lsp::ImplementationProviderCapability::Simple(true)),
        completion_provider: Some(lsp::CompletionOptions {
            resolve_provider: Some(true),
            trigger_characters: Some([".", "/", "\"", "$"].map(String::from).into()),
            ..Default::default()
        }),
        signature_help_provider: Some(lsp::SignatureHelpOptions {
            trigger_characters: Some(vec![" ".into()]),
            ..Default::default()
        }),
        workspace_symbol_provider: Some(lsp::OneOf::Left(true)),
        document_link_provider: Some(lsp::DocumentLinkOptions {
            resolve_provider: Some(false),
            work_done_progress_options: Default::default(),
        }),
        folding_range_provider: Some(true.into()),
        selection_range_provider: Some(true.into()),
        semantic_tokens_provider: Some(
            lsp::SemanticTokensOptions {
                legend: tokens::legend(),
                range: Some(true),
                full: Some(lsp::SemanticTokensFullOptions::Delta { delta: Some(true) }),
                ..Default::default()
            }
            .into(),
        ),
        inlay_hint_provider: Some(lsp::OneOf::Left(true)),
        code_lens_provider: Some(lsp::CodeLensOptions { resolve_provider: Some(false) }),
        linked_editing_range_provider: Some(lsp::LinkedEditingRangeServerCapabilities::Simple(true)),
        document_formatting_provider: Some(lsp::OneOf::Left(true)),
        document_range_formatting_provider: Some(lsp::OneOf::Left(true)),
        workspace: Some(workspace(client)),
        execute_command_provider: Some(lsp::ExecuteCommandOptions {
            commands: commands::offered(client),
            ..Default::default()
        }),
        call_hierarchy_provider: Some(lsp::CallHierarchyServerCapability::Simple(true)),
        references_provider: Some(lsp::OneOf::Left(true)),
        document_highlight_provider: Some(lsp::OneOf::Left(true)),
        rename_provider: Some(match client.prepares_rename {
            true => lsp::OneOf::Right(lsp::RenameOptions {
                prepare_provider: Some(true),
                work_done_progress_options: Default::default(),
            }),
            false => lsp::OneOf::Left(true),
        }),
        document_symbol_provider: Some(lsp::OneOf::Left(true)),
        code_action_provider: client.action_literals.then_some(actions.into()),
        diagnostic_provider: client
            .pulls_diagnostics
            .then_some(lsp::DiagnosticServerCapabilities::Options(diagnostics)),
        ..Default::default()
    }
}

fn workspace(client: &ClientFeatures) -> lsp::WorkspaceServerCapabilities {
    let every_file = lsp::FileOperationFilter {
        scheme: Some("file".to_string()),
        pattern: lsp::FileOperationPattern { glob: "**/*".to_string(), matches: None, options: None },
    };
    let moves = lsp::FileOperationRegistrationOptions { filters: vec![every_file] };
    lsp::WorkspaceServerCapabilities {
        workspace_folders: Some(lsp::WorkspaceFoldersServerCapabilities {
            supported: Some(true),
            change_notifications: Some(lsp::OneOf::Left(true)),
        }),
        file_operations: client.announces_moves.then(|| lsp::WorkspaceFileOperationsServerCapabilities {
            will_rename: Some(moves),
            ..Default::default()
        }),
    }
}

/// What the client is asked to tell us; nothing that it cannot.
pub(crate) fn registrations(client: &ClientFeatures) -> Vec<lsp::Registration> {
    let mut registrations = Vec::new();
    let mut register = |id: &str, method: &str, options: serde_json::Value| {
        let (id, method) = (id.to_string(), method.to_string());
        registrations.push(lsp::Registration { id, method, register_options: Some(options) });
    };
    if client.watches_files {
        let globs = ["**/*.nix", "**/flake.lock", "**/*.json", "**/*.toml", "**/*.age", "**/.git/index"];
        let watchers: Vec<_> = globs.iter().map(|glob| serde_json::json!({ "globPattern": glob })).collect();
        let options = serde_json::json!({ "watchers": watchers });
        register("nixscope.files", "workspace/didChangeWatchedFiles", options);
    }
    if client.announces_configuration {
        let options = serde_json::json!({ "section": "nixscope" });
        register("nixscope.configuration", "workspace/didChangeConfiguration", options);
    }
    registrations
}

pub(crate) fn position(point: Point) -> lsp::Position {
    lsp::Position { line: point.line, character: point.column }
}

fn range(span: Span) -> lsp::Range {
    lsp::Range { start: position(span.start), end: position(span.end) }
}

fn range_in(snapshot: &Snapshot, file: SourceFile, text: TextRange) -> Cancellable<lsp::Range> {
    Ok(range(snapshot.span(file, text)?))
}

fn url(snapshot: &Snapshot, file: SourceFile) -> Option<lsp::Url> {
    lsp::Url::parse(&snapshot.uri(file)?).ok()
}

fn location(snapshot: &Snapshot, file: SourceFile, text: TextRange) -> Cancellable<Option<lsp::Location>> {
    let Some(uri) = url(snapshot, file) else { return Ok(None) };
    Ok(Some(lsp::Location { uri, range: range_in(snapshot, file, text)? }))
}

pub(crate) fn diagnostics(snapshot: &Snapshot, found: &[Diagnostic]) -> Cancellable<DiagnosticSet> {
    let mut items = Vec::new();
    for found in found {
        items.extend(diagnostic(snapshot, found)?);
    }
    Ok(DiagnosticSet::new(items))
}

/// What is wrong with a configuration file, as diagnostics of it.
pub(crate) fn config_errors(lines: &LineTable, errors: &[ConfigError]) -> DiagnosticSet {
    let diagnostic = |error: &ConfigError| {
        let bytes = error.span.clone().unwrap_or(0..0);
        let offset = |at: usize| TextSize::try_from(at).unwrap_or_default();
        let span = Span { start: lines.point(offset(bytes.start)), end: lines.point(offset(bytes.end)) };
        let severity = Some(lsp::DiagnosticSeverity::ERROR);
        let source = Some(SOURCE.to_string());
        lsp::Diagnostic {
            range: range(span),
            severity,
            source,
            message: error.message.clone(),
            ..Default::default()
        }
    };
    DiagnosticSet::new(errors.iter().map(diagnostic).collect())
}

fn diagnostic(snapshot: &Snapshot, found: &Diagnostic) -> Cancellable<Option<lsp::Diagnostic>> {
    let client = &snapshot.client;
    let severity = match found.level {
        Level::Off => return Ok(None),
        Level::Hint => lsp::DiagnosticSeverity::HINT,
        Level::Info => lsp::DiagnosticSeverity::INFORMATION,
        Level::Warning => lsp::DiagnosticSeverity::WARNING,
        Level::Error => lsp::DiagnosticSeverity::ERROR,
    };
    let page =
        client.code_description.then(|| lsp::Url::parse(&format!("{LINT_PAGES}{}", found.lint.name)).ok());
    let mut related = Vec::new();
    for other in found.related.iter().filter(|_| client.related_information) {
        let location = location(snapshot, other.file, other.range)?;
        related.extend(
            location.map(|location| lsp::DiagnosticRelatedInformation {
                location,
                message: other.message.clone(),
            }),
        );
    }
    let tags: Vec<lsp::DiagnosticTag> = found
        .tags
        .iter()
        .filter_map(|tag| match tag {
            Tag::Unnecessary => client.tag_unnecessary.then_some(lsp::DiagnosticTag::UNNECESSARY),
            Tag::Deprecated => client.tag_deprecated.then_some(lsp::DiagnosticTag::DEPRECATED),
        })
        .collect();
    Ok(Some(lsp::Diagnostic {
        range: range_in(snapshot, found.file, found.range)?,
        severity: Some(severity),
        code: Some(lsp::NumberOrString::String(found.lint.name.to_string())),
        code_description: page.flatten().map(|href| lsp::CodeDescription { href }),
        source: Some(SOURCE.to_string()),
        message: found.message.clone(),
        related_information: (!related.is_empty()).then_some(related),
        tags: (!tags.is_empty()).then_some(tags),
        data: None,
    }))
}

/// The answer to a pull; short where the client already has the diagnostics.
pub(crate) fn diagnostic_report(
    set: DiagnosticSet,
    previous: Option<&str>,
) -> lsp::DocumentDiagnosticReportResult {
    let result_id = format!("{:016x}", set.digest());
    let report = if previous == Some(result_id.as_str()) {
        lsp::DocumentDiagnosticReport::Unchanged(lsp::RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: lsp::UnchangedDocumentDiagnosticReport { result_id },
        })
    } else {
        lsp::DocumentDiagnosticReport::Full(lsp::RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: lsp::FullDocumentDiagnosticReport {
                result_id: Some(result_id),
                items: set.items,
            },
        })
    };
    report.into()
}

/// The answer to a pull of the whole workspace: in full what the client does not have, and what it has of files that
/// have nothing to say any more.
pub(crate) fn workspace_report(
    found: Vec<FileFindings>,
    previous: &[lsp::PreviousResultId],
) -> lsp::WorkspaceDiagnosticReportResult {
    let mut items = Vec::new();
    let mut report = |uri: lsp::Url, version: Option<i32>, set: DiagnosticSet| {
        let result_id = format!("{:016x}", set.digest());
        let version = version.map(i64::from);
        let known = previous.iter().any(|it| it.uri == uri && it.value == result_id);
        items.push(match known {
            true => lsp::WorkspaceDocumentDiagnosticReport::Unchanged(
                lsp::WorkspaceUnchangedDocumentDiagnosticReport {
                    uri,
                    version,
                    unchanged_document_diagnostic_report: lsp::UnchangedDocumentDiagnosticReport {
                        result_id,
                    },
                },
            ),
            false => {
                lsp::WorkspaceDocumentDiagnosticReport::Full(lsp::WorkspaceFullDocumentDiagnosticReport {
                    uri,
                    version,
                    full_document_diagnostic_report: lsp::FullDocumentDiagnosticReport {
                        result_id: Some(result_id),
                        items: set.items,
                    },
                })
            }
        });
    };
    let mut mended: Vec<&lsp::Url> = previous.iter().map(|it| &it.uri).collect();
    for found in found {
        let Ok(uri) = lsp::Url::parse(&found.uri) else { continue };
        mended.retain(|it| **it != uri);
        report(uri, found.version, found.set);
    }
    for uri in mended {
        report(uri.clone(), None, DiagnosticSet::new(Vec::new()));
    }
    lsp::WorkspaceDiagnosticReport { items }.into()
}

pub(crate) fn hover(snapshot: &Snapshot, hover: HoverText) -> Cancellable<lsp::Hover> {
    let kind =
        if snapshot.client.markdown_hover { lsp::MarkupKind::Markdown } else { lsp::MarkupKind::PlainText };
    let range = hover.range.map(|text| range_in(snapshot, hover.file, text)).transpose()?;
    let contents = lsp::HoverContents::Markup(lsp::MarkupContent { kind, value: hover.text });
    Ok(lsp::Hover { contents, range })
}

pub(crate) fn symbols(
    snapshot: &Snapshot,
    file: SourceFile,
    symbols: Vec<DocumentSymbol>,
) -> Cancellable<Option<lsp::DocumentSymbolResponse>> {
    if snapshot.client.nested_symbols {
        return Ok(Some(lsp::DocumentSymbolResponse::Nested(nested(snapshot, file, symbols)?)));
    }
    let Some(uri) = url(snapshot, file) else { return Ok(None) };
    let mut out = Vec::new();
    flat(snapshot, file, &uri, None, symbols, &mut out)?;
    Ok(Some(lsp::DocumentSymbolResponse::Flat(out)))
}

#[expect(deprecated, reason = "the field is deprecated, yet there is no other way to make the value")]
fn nested(
    snapshot: &Snapshot,
    file: SourceFile,
    symbols: Vec<DocumentSymbol>,
) -> Cancellable<Vec<lsp::DocumentSymbol>> {
    let convert = |symbol: DocumentSymbol| {
        let children = nested(snapshot, file, symbol.children)?;
        Ok(lsp::DocumentSymbol {
            name: symbol.name.to_string(),
            detail: None,
            kind: symbol_kind(symbol.kind),
            tags: None,
            deprecated: None,
            range: range_in(snapshot, file, symbol.range)?,
            selection_range: range_in(snapshot, file, symbol.selection)?,
            children: (!children.is_empty()).then_some(children),
        })
    };
    symbols.into_iter().map(convert).collect()
}

#[expect(deprecated, reason = "the field is deprecated, yet there is no other way to make the value")]
fn flat(
    snapshot: &Snapshot,
    file: SourceFile,
    uri: &lsp::Url,
    container: Option<&str>,
    symbols: Vec<DocumentSymbol>,
    out: &mut Vec<lsp::SymbolInformation>,
) -> Cancellable<()> {
    for symbol in symbols {
        out.push(lsp::SymbolInformation {
            name: symbol.name.to_string(),
            kind: symbol_kind(symbol.kind),
            tags: None,
            deprecated: None,
            location: lsp::Location::new(uri.clone(), range_in(snapshot, file, symbol.range)?),
            container_name: container.map(str::to_string),
        });
        flat(snapshot, file, uri, Some(&symbol.name), symbol.children, out)?;
    }
    Ok(())
}

fn symbol_kind(kind: SymbolKind) -> lsp::SymbolKind {
    match kind {
        SymbolKind::Set => lsp::SymbolKind::OBJECT,
        SymbolKind::Function => lsp::SymbolKind::FUNCTION,
        SymbolKind::List => lsp::SymbolKind::ARRAY,
        SymbolKind::Text => lsp::SymbolKind::STRING,
        SymbolKind::Number => lsp::SymbolKind::NUMBER,
        SymbolKind::Boolean => lsp::SymbolKind::BOOLEAN,
        SymbolKind::Value => lsp::SymbolKind::VARIABLE,
    }
}

pub(crate) fn code_action(
    snapshot: &Snapshot,
    action: Action,
) -> Cancellable<Option<lsp::CodeActionOrCommand>> {
    let edit = match (&action.tracks, workspace_edit(snapshot, &action.edits)?) {
        (Some(_), _) => None,
        (None, Some(edit)) => Some(edit),
        (None, None) => return Ok(None),
    };
    let command = action.tracks.as_ref().and_then(|path| {
        let uri = crate::uris::uri_of(path)?;
        let (title, command) = (action.title.clone(), commands::TRACK.to_string());
        Some(lsp::Command { title, command, arguments: Some(vec![uri.to_string().into()]) })
    });
    let diagnostics = match &action.mends {
        Some(found) => diagnostic(snapshot, found)?.map(|it| vec![it]),
        None => None,
    };
    let preferred = action.preferred && snapshot.client.preferred_actions;
    Ok(Some(lsp::CodeActionOrCommand::CodeAction(lsp::CodeAction {
        title: action.title,
        kind: Some(action.kind.into()),
        diagnostics,
        edit,
        command,
        is_preferred: preferred.then_some(true),
        ..Default::default()
    })))
}

pub(crate) fn text_edit(
    snapshot: &Snapshot,
    file: SourceFile,
    range: TextRange,
    new_text: String,
) -> Cancellable<lsp::TextEdit> {
    Ok(lsp::TextEdit::new(range_in(snapshot, file, range)?, new_text))
}

/// The edits in the form that the client takes, an edit of a file that is not there as its creation; none where one
/// of the files is out of its reach.
pub(crate) fn workspace_edit(snapshot: &Snapshot, edits: &[Edit]) -> Cancellable<Option<lsp::WorkspaceEdit>> {
    let mut files: Vec<(SourceFile, Vec<lsp::TextEdit>)> = Vec::new();
    for edit in edits {
        let text_edit = lsp::TextEdit::new(range_in(snapshot, edit.file, edit.range)?, edit.new_text.clone());
        match files.iter_mut().find(|(file, _)| *file == edit.file) {
            Some((_, edits)) => edits.push(text_edit),
            None => files.push((edit.file, vec![text_edit])),
        }
    }
    let mut changes = HashMap::new();
    let mut operations = Vec::new();
    for (file, edits) in files {
        let is_new = snapshot.uri(file).is_none();
        let uri = if is_new { new_url(snapshot, file) } else { url(snapshot, file) };
        let Some(uri) = uri else { return Ok(None) };
        if !snapshot.client.document_changes {
            // A client that makes files and takes no operations opens a document that is not there as an empty one.
            changes.insert(uri, edits);
            continue;
        }
        if is_new {
            let create = lsp::CreateFile { uri: uri.clone(), options: None, annotation_id: None };
            operations.push(lsp::DocumentChangeOperation::Op(lsp::ResourceOp::Create(create)));
        }
        let version = snapshot.version(&snapshot.analysis.path(file));
        operations.push(lsp::DocumentChangeOperation::Edit(lsp::TextDocumentEdit {
            text_document: lsp::OptionalVersionedTextDocumentIdentifier { uri, version },
            edits: edits.into_iter().map(lsp::OneOf::Left).collect(),
        }));
    }
    if !snapshot.client.document_changes {
        return Ok(Some(lsp::WorkspaceEdit::new(changes)));
    }
    let mut edits = Vec::new();
    for operation in &operations {
        if let lsp::DocumentChangeOperation::Edit(edit) = operation {
            edits.push(edit.clone());
        }
    }
    // Without new files, in the form that every client reads.
    let document_changes = match edits.len() == operations.len() {
        true => lsp::DocumentChanges::Edits(edits),
        false => lsp::DocumentChanges::Operations(operations),
    };
    Ok(Some(lsp::WorkspaceEdit { document_changes: Some(document_changes), ..Default::default() }))
}

/// The edits of two projects, which share no file.
pub(crate) fn joined(mut one: lsp::WorkspaceEdit, other: lsp::WorkspaceEdit) -> lsp::WorkspaceEdit {
    if let Some(changes) = other.changes {
        one.changes.get_or_insert_default().extend(changes);
    }
    match (&mut one.document_changes, other.document_changes) {
        (Some(lsp::DocumentChanges::Edits(edits)), Some(lsp::DocumentChanges::Edits(more))) => {
            edits.extend(more)
        }
        (none @ None, more) => *none = more,
        _ => {}
    }
    one
}

/// The address of a file that is to be made; none where the client makes none.
fn new_url(snapshot: &Snapshot, file: SourceFile) -> Option<lsp::Url> {
    let path = snapshot.analysis.path(file);
    let uri = crate::uris::uri_of(&path).filter(|_| snapshot.client.creates_files)?;
    lsp::Url::parse(&uri).ok()
}
