//! What the client said of itself in `initialize`, as plain data.
//!
//! Read from the JSON itself: lsp-types 0.94 spells one capability wrongly (`workspace.diagnostic`) and
//! refuses the whole request for one value that it does not know.

use nixscope_ide::PositionEncoding;
use serde_json::Value;

/// What the client can do, as far as the server's answers depend on it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClientFeatures {
    /// What columns count.
    pub(crate) encoding: PositionEncoding,
    /// Whether the client named its encodings, so that the answer may name one.
    pub(crate) negotiates_encoding: bool,
    /// A definition may carry the range it was asked from.
    pub(crate) definition_links: bool,
    /// A declaration may.
    pub(crate) declaration_links: bool,
    /// A type's definition may.
    pub(crate) type_definition_links: bool,
    /// Hovers may be Markdown.
    pub(crate) markdown_hover: bool,
    /// Outlines may nest.
    pub(crate) nested_symbols: bool,
    /// Code actions may carry edits.
    pub(crate) action_literals: bool,
    /// Code actions may be marked as preferred.
    pub(crate) preferred_actions: bool,
    /// Completions may be marked as directories.
    pub(crate) folder_completions: bool,
    /// Completions may have places to fill in.
    pub(crate) snippets: bool,
    /// The documentation of completions may be Markdown.
    pub(crate) markdown_completion: bool,
    /// A signature's parameters may be given by their places in its label.
    pub(crate) label_offsets: bool,
    /// Folds are of whole lines.
    pub(crate) folds_lines: bool,
    /// A rename may be prepared.
    pub(crate) prepares_rename: bool,
    /// The client asks what a move of files changes.
    pub(crate) announces_moves: bool,
    /// Edits may name a document's version.
    pub(crate) document_changes: bool,
    /// Edits may make new files.
    pub(crate) creates_files: bool,
    /// The client itself shows a list of places when it is asked to by name (`experimental.commands`).
    pub(crate) shows_references: bool,
    /// The client opens a document when it is asked to.
    pub(crate) shows_documents: bool,
    /// Diagnostics may point to further places.
    pub(crate) related_information: bool,
    /// Diagnostics may be greyed out.
    pub(crate) tag_unnecessary: bool,
    /// Diagnostics may be struck through.
    pub(crate) tag_deprecated: bool,
    /// Diagnostics may link to their lint's page.
    pub(crate) code_description: bool,
    /// Published diagnostics may say which version they are about.
    pub(crate) diagnostic_versions: bool,
    /// The client asks for the diagnostics of open documents itself.
    pub(crate) pulls_diagnostics: bool,
    /// The client can be told to ask again.
    pub(crate) refreshes_diagnostics: bool,
    /// The client watches files if asked to.
    pub(crate) watches_files: bool,
    /// The client answers `workspace/configuration`.
    pub(crate) configuration: bool,
    /// The client says when the configuration changes, if asked to.
    pub(crate) announces_configuration: bool,
}

impl ClientFeatures {
    /// Reads the client's capabilities; what is missing or misspelt is not there.
    pub(crate) fn new(capabilities: &Value) -> ClientFeatures {
        let yes = |path: &str| capabilities.pointer(path).and_then(Value::as_bool).unwrap_or(false);
        let there = |path: &str| capabilities.pointer(path).is_some_and(|it| !it.is_null());
        let list = |path: &str| capabilities.pointer(path).and_then(Value::as_array);
        let tag = |tag: u64| {
            list("/textDocument/publishDiagnostics/tagSupport/valueSet")
                .is_some_and(|tags| tags.iter().any(|it| it.as_u64() == Some(tag)))
        };
        let encodings = list("/general/positionEncodings");
        ClientFeatures {
            encoding: negotiate(encodings.map_or(&[], Vec::as_slice)),
            negotiates_encoding: encodings.is_some(),
            definition_links: yes("/textDocument/definition/linkSupport"),
            declaration_links: yes("/textDocument/declaration/linkSupport"),
            type_definition_links: yes("/textDocument/typeDefinition/linkSupport"),
            markdown_hover: list("/textDocument/hover/contentFormat")
                .is_some_and(|formats| formats.iter().any(|format| format == "markdown")),
            nested_symbols: yes("/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
            action_literals: there("/textDocument/codeAction/codeActionLiteralSupport"),
            preferred_actions: yes("/textDocument/codeAction/isPreferredSupport"),
            folder_completions: list("/textDocument/completion/completionItemKind/valueSet")
                .is_some_and(|kinds| kinds.iter().any(|kind| kind.as_u64() == Some(FOLDER_KIND))),
            snippets: yes("/textDocument/completion/completionItem/snippetSupport"),
            markdown_completion: list("/textDocument/completion/completionItem/documentationFormat")
                .is_some_and(|formats| formats.iter().any(|format| format == "markdown")),
            label_offsets: yes(
                "/textDocument/signatureHelp/signatureInformation/parameterInformation/labelOffsetSupport",
            ),
            folds_lines: yes("/textDocument/foldingRange/lineFoldingOnly"),
            prepares_rename: yes("/textDocument/rename/prepareSupport"),
            announces_moves: yes("/workspace/fileOperations/willRename"),
            document_changes: yes("/workspace/workspaceEdit/documentChanges"),
            creates_files: list("/workspace/workspaceEdit/resourceOperations")
                .is_some_and(|operations| operations.iter().any(|it| it == "create")),
            shows_references: list("/experimental/commands/commands")
                .is_some_and(|commands| commands.iter().any(|it| it == crate::commands::SHOW_REFERENCES)),
            shows_documents: yes("/window/showDocument/support"),
            related_information: yes("/textDocument/publishDiagnostics/relatedInformation"),
            tag_unnecessary: tag(1),
            tag_deprecated: tag(2),
            code_description: yes("/textDocument/publishDiagnostics/codeDescriptionSupport"),
            diagnostic_versions: yes("/textDocument/publishDiagnostics/versionSupport"),
            pulls_diagnostics: there("/textDocument/diagnostic"),
            refreshes_diagnostics: yes("/workspace/diagnostics/refreshSupport"),
            watches_files: yes("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            configuration: yes("/workspace/configuration"),
            announces_configuration: yes("/workspace/didChangeConfiguration/dynamicRegistration"),
        }
    }
}

/// The kind of a completion that is a directory: the only one in use that came after the first 18, which every
/// client knows.
const FOLDER_KIND: u64 = 19;

/// The client's first encoding that is known; UTF-16 where it names none.
fn negotiate(offered: &[Value]) -> PositionEncoding {
    let known = offered.iter().find_map(|encoding| match encoding.as_str()? {
        "utf-8" => Some(PositionEncoding::Utf8),
        "utf-16" => Some(PositionEncoding::Utf16),
        "utf-32" => Some(PositionEncoding::Utf32),
        _ => None,
    });
    known.unwrap_or(PositionEncoding::Utf16)
}

/// How the client introduced itself.
#[derive(Clone, Debug)]
pub(crate) struct Introduction {
    /// What it can do.
    pub(crate) features: ClientFeatures,
    /// Its folders' addresses, or paths, best first.
    pub(crate) roots: Vec<String>,
    /// `initializationOptions`.
    pub(crate) options: Value,
    /// The name it gives itself, for the log.
    pub(crate) name: String,
}

impl Introduction {
    /// Reads the parameters of `initialize`.
    pub(crate) fn new(params: &Value) -> Introduction {
        let text = |path: &str| params.pointer(path).and_then(Value::as_str).map(str::to_string);
        let folders = params.get("workspaceFolders").and_then(Value::as_array);
        let mut roots: Vec<String> = folders
            .into_iter()
            .flatten()
            .filter_map(|folder| folder.get("uri").and_then(Value::as_str).map(str::to_string))
            .collect();
        if roots.is_empty() {
            roots = [text("/rootUri"), text("/rootPath")].into_iter().flatten().collect();
        }
        Introduction {
            features: ClientFeatures::new(params.get("capabilities").unwrap_or(&Value::Null)),
            roots,
            options: params.get("initializationOptions").cloned().unwrap_or(Value::Null),
            name: text("/clientInfo/name").unwrap_or_else(|| "an unnamed client".to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_known_encoding_is_taken() {
        for (offered, want) in [
            (json!(["utf-8", "utf-16"]), PositionEncoding::Utf8),
            (json!(["utf-7", "utf-32", "utf-8"]), PositionEncoding::Utf32),
            (json!(["utf-7"]), PositionEncoding::Utf16),
            (json!(null), PositionEncoding::Utf16),
        ] {
            let features = ClientFeatures::new(&json!({ "general": { "positionEncodings": offered } }));
            assert_eq!(features.encoding, want, "{offered}");
        }
    }

    #[test]
    fn capabilities_of_any_shape_are_read() {
        for capabilities in
            [json!(null), json!(3), json!({ "textDocument": [] }), json!({ "workspace": "x" })]
        {
            let features = ClientFeatures::new(&capabilities);
            assert!(!features.pulls_diagnostics && !features.watches_files, "{capabilities}");
        }
    }

    #[test]
    fn folders_come_before_the_deprecated_root() {
        let both = json!({ "workspaceFolders": [{ "uri": "file:///a" }], "rootUri": "file:///b" });
        assert_eq!(Introduction::new(&both).roots, ["file:///a"]);
        let old = json!({ "workspaceFolders": null, "rootUri": null, "rootPath": "/c" });
        assert_eq!(Introduction::new(&old).roots, ["/c"]);
    }
}
