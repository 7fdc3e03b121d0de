//! Completions and signatures.

use nixscope_ide::{
    Completion, CompletionKind, Documented, MAX_COMPLETIONS, Signature, SourceFile, TextSize,
};
use serde_json::{Value, json};
use tower_lsp::lsp_types as lsp;

use super::range_in;
use crate::snapshot::{Cancellable, Snapshot};

pub(crate) fn completions(
    snapshot: &Snapshot,
    file: SourceFile,
    found: Vec<Completion>,
) -> Cancellable<lsp::CompletionList> {
    let is_incomplete = found.len() >= MAX_COMPLETIONS;
    let convert = |(index, it): (usize, Completion)| {
        let snippet = it.snippet.filter(|_| snapshot.client.snippets);
        let range = range_in(snapshot, file, it.range)?;
        let data = it.documentation.map(|of| data(snapshot, of));
        Ok(lsp::CompletionItem {
            label: it.label.to_string(),
            kind: Some(kind(snapshot, it.kind)),
            detail: it.detail.map(|detail| detail.to_string()),
            sort_text: Some(format!("{index:05}")),
            filter_text: None,
            insert_text_format: snippet.is_some().then_some(lsp::InsertTextFormat::SNIPPET),
            text_edit: Some(lsp::CompletionTextEdit::Edit(lsp::TextEdit {
                range,
                new_text: snippet.unwrap_or(it.insert),
            })),
            data,
            ..Default::default()
        })
    };
    let items = found.into_iter().enumerate().map(convert).collect::<Cancellable<Vec<_>>>()?;
    Ok(lsp::CompletionList { is_incomplete, items })
}

fn kind(snapshot: &Snapshot, kind: CompletionKind) -> lsp::CompletionItemKind {
    use lsp::CompletionItemKind as Kind;
    match kind {
        CompletionKind::Value => Kind::VALUE,
        CompletionKind::Option => Kind::PROPERTY,
        CompletionKind::Namespace => Kind::MODULE,
        CompletionKind::Host => Kind::CLASS,
        CompletionKind::Input => Kind::INTERFACE,
        CompletionKind::Argument | CompletionKind::Variable => Kind::VARIABLE,
        CompletionKind::Attribute => Kind::FIELD,
        CompletionKind::Function | CompletionKind::Builtin => Kind::FUNCTION,
        CompletionKind::File => Kind::FILE,
        CompletionKind::Directory if snapshot.client.folder_completions => Kind::FOLDER,
        CompletionKind::Directory => Kind::FILE,
        CompletionKind::Keyword => Kind::KEYWORD,
    }
}

/// What `completionItem/resolve` finds the documentation by.
fn data(snapshot: &Snapshot, of: Documented) -> Value {
    match of {
        Documented::Builtin(name) => json!({ "builtin": name.as_str() }),
        Documented::Library(name) => json!({ "library": name.as_str() }),
        Documented::Option(markdown) => json!({ "markdown": markdown }),
        Documented::Binding(file, offset) => {
            json!({ "path": snapshot.analysis.path(file).as_str(), "offset": u32::from(offset) })
        }
    }
}

/// What an entry's data says.
pub(crate) fn documented(snapshot: &Snapshot, data: &Value) -> Option<Documented> {
    let text = |key: &str| data.get(key).and_then(Value::as_str);
    if let Some(name) = text("builtin") {
        return Some(Documented::Builtin(name.into()));
    }
    if let Some(name) = text("library") {
        return Some(Documented::Library(name.into()));
    }
    if let Some(markdown) = text("markdown") {
        return Some(Documented::Option(markdown.to_string()));
    }
    let offset = u32::try_from(data.get("offset")?.as_u64()?).ok()?;
    let file = snapshot.analysis.file(&nixscope_ide::VfsPath::new(text("path")?));
    Some(Documented::Binding(file, TextSize::from(offset)))
}

pub(crate) fn documentation(snapshot: &Snapshot, markdown: String) -> lsp::Documentation {
    let (kind, value) = match snapshot.client.markdown_completion {
        true => (lsp::MarkupKind::Markdown, markdown),
        false => (lsp::MarkupKind::PlainText, crate::hover::plain(&markdown)),
    };
    lsp::Documentation::MarkupContent(lsp::MarkupContent { kind, value })
}

pub(crate) fn signature(snapshot: &Snapshot, it: Signature) -> lsp::SignatureHelp {
    let units = |bytes: usize| {
        // Offsets in a label count UTF-16, whatever positions count.
        let before = it.label.get(..bytes).unwrap_or(&it.label);
        u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX)
    };
    let parameters = it.parameters.iter().map(|(start, end)| lsp::ParameterInformation {
        label: match snapshot.client.label_offsets {
            true => lsp::ParameterLabel::LabelOffsets([units(*start), units(*end)]),
            false => lsp::ParameterLabel::Simple(it.label.get(*start..*end).unwrap_or("").to_string()),
        },
        documentation: None,
    });
    let active = u32::try_from(it.active).ok();
    let parameters = parameters.collect();
    let documentation = it.documentation.map(|markdown| documentation(snapshot, markdown));
    let signature = lsp::SignatureInformation {
        label: it.label,
        documentation,
        parameters: Some(parameters),
        active_parameter: None,
    };
    lsp::SignatureHelp { signatures: vec![signature], active_signature: Some(0), active_parameter: active }
}
