//! The protocol's methods. Each posts what it has to say to the owner before its first `await`: the
//! transport polls handlers first in the order of arrival, and only then side by side.

mod asking;
mod fleet;
mod refusal;

use nixscope_ide::{ReferenceKind, VfsPath};
use tokio::sync::mpsc::UnboundedReceiver;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::lsp_types::*;
use tower_lsp::{Client, LanguageServer};

use self::refusal::{Outcome, failed, refuse, refuse_pull};
use crate::diagnostics::{self, Outgoing};
use crate::lifecycle::Life;
use crate::owner::{Event, OwnerHandle};
use crate::questions::{Aim, ask, ask_everywhere};
use crate::snapshot::Snapshot;
use crate::token_cache::TokenCache;
use crate::workspace::FileChange;
use crate::{code_actions, commands, from_proto, hover, symbols, to_proto};

pub(crate) struct Server {
    client: Client,
    owner: OwnerHandle,
    life: Life,
    tokens: TokenCache<SemanticToken>,
}

impl Server {
    pub(crate) fn new(client: Client, owner: OwnerHandle, life: Life) -> Server {
        Server { client, owner, life, tokens: TokenCache::default() }
    }

    /// Asks the client for its settings, where it can be asked.
    fn ask_for_settings(&self) {
        let (client, owner) = (self.client.clone(), self.owner.clone());
        tokio::spawn(async move {
            let item = ConfigurationItem { scope_uri: None, section: Some("nixscope".to_string()) };
            match client.configuration(vec![item]).await {
                Ok(mut settings) => {
                    if let Some(settings) = settings.pop().filter(|settings| !settings.is_null()) {
                        owner.post(Event::Settings(settings));
                    }
                }
                Err(error) => tracing::debug!("workspace/configuration: {error}"),
            }
        });
    }

    fn can_be_asked_for_settings(&self) -> bool {
        self.life.introduction().is_some_and(|introduction| introduction.features.configuration)
    }
}

/// Sends on what the owner has for the client, in its order.
pub(crate) async fn forward(client: Client, mut outgoing: UnboundedReceiver<Outgoing>) {
    while let Some(message) = outgoing.recv().await {
        match message {
            Outgoing::Publish(uri, version, set) => {
                if let Ok(uri) = Url::parse(&uri) {
                    client.publish_diagnostics(uri, set.items, version).await;
                }
            }
            Outgoing::Refresh => {
                // Its answer is not worth waiting for.
                let client = client.clone();
                tokio::spawn(async move { client.workspace_diagnostic_refresh().await });
            }
            Outgoing::Warn(message) => client.show_message(MessageType::WARNING, message).await,
        }
    }
}

#[tower_lsp::async_trait]
impl LanguageServer for Server {
    async fn initialize(&self, _: InitializeParams) -> Result<InitializeResult> {
        let introduction = self.life.introduction().ok_or_else(Error::internal_error)?;
        self.owner.post(Event::Start(Box::new(introduction.clone())));
        Ok(InitializeResult {
            capabilities: to_proto::capabilities(&introduction.features),
            server_info: Some(ServerInfo {
                name: "nixscope".to_string(),
                version: Some(env!("CARGO_PKG_VERSION").to_string()),
            }),
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        self.owner.post(Event::Ready);
        let Some(introduction) = self.life.introduction() else { return };
        let registrations = to_proto::registrations(&introduction.features);
        if !registrations.is_empty() {
            let client = self.client.clone();
            tokio::spawn(async move {
                if let Err(error) = client.register_capability(registrations).await {
                    tracing::debug!("client/registerCapability: {error}");
                }
            });
        }
        if self.can_be_asked_for_settings() {
            self.ask_for_settings();
        }
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let (path, document) = from_proto::document(params.text_document);
        self.owner.post(Event::Open(path, document));
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let (path, version, changes) = from_proto::changes(params);
        self.owner.post(Event::Change(path, version, changes));
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        let path = from_proto::path(&params.text_document.uri);
        self.tokens.forget(&path);
        self.owner.post(Event::Close(path));
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        self.owner.post(Event::Save(from_proto::path(&params.text_document.uri)));
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        self.owner.post(Event::Watched(from_proto::file_changes(params)));
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        let (added, removed) = from_proto::folders(params);
        self.owner.post(Event::Folders(added, removed));
    }

    async fn will_rename_files(&self, params: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        let moves = from_proto::moves(params);
        let answers = ask_everywhere(&self.owner, "workspace/willRenameFiles", move |snapshot| {
            let mut edits = snapshot.analysis.moved_files(&moves)?;
            // A file inside another's flake is looked at by both.
            edits.retain(|edit| snapshot.owns(&snapshot.analysis.path(edit.file)));
            if edits.is_empty() { Ok(None) } else { to_proto::workspace_edit(snapshot, &edits) }
        });
        let edits = answers.await.map_err(refuse)?.into_iter().flatten();
        Ok(edits.reduce(to_proto::joined))
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<serde_json::Value>> {
        match params.command.as_str() {
            commands::TRACK => {
                let Some(uri) = commands::tracked_file(&params.arguments).map(str::to_string) else {
                    return Err(Error::invalid_params("the address of a file is expected"));
                };
                let path = crate::uris::path_of(&uri);
                let done =
                    ask(&self.owner, "workspace/executeCommand", path, Aim::Document, move |snapshot| {
                        Ok(commands::track(snapshot, &uri))
                    });
                let path = done.await.map_err(refuse)?.map_err(failed)?;
                // As far as the flake goes the file came now, and not every client watches the files in `.git`.
                self.owner.post(Event::Watched(vec![FileChange { path, content_only: false }]));
            }
            commands::SHOW_REFERENCES => {
                let can = self.life.introduction().is_some_and(|it| it.features.shows_documents);
                let Some(place) = commands::first_place(&params.arguments).filter(|_| can) else {
                    return Err(Error::invalid_params("a list of places is expected"));
                };
                let client = self.client.clone();
                tokio::spawn(async move { client.show_document(place).await });
            }
            other => return Err(Error::invalid_params(format!("there is no command `{other}`"))),
        }
        Ok(None)
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        // Some clients send the settings, some only say that they changed.
        match params.settings.get("nixscope") {
            Some(settings) if !settings.is_null() => self.owner.post(Event::Settings(settings.clone())),
            _ if self.can_be_asked_for_settings() => self.ask_for_settings(),
            _ => {}
        }
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        let find = |snapshot: &Snapshot, file, at| snapshot.analysis.definition(file, at);
        self.targets("textDocument/definition", params, to_proto::Going::Definition, find).await
    }

    async fn goto_declaration(
        &self,
        params: request::GotoDeclarationParams,
    ) -> Result<Option<request::GotoDeclarationResponse>> {
        let find = |snapshot: &Snapshot, file, at| snapshot.analysis.declaration(file, at);
        self.targets("textDocument/declaration", params, to_proto::Going::Declaration, find).await
    }

    async fn goto_type_definition(
        &self,
        params: request::GotoTypeDefinitionParams,
    ) -> Result<Option<request::GotoTypeDefinitionResponse>> {
        let find = |snapshot: &Snapshot, file, at| snapshot.analysis.type_definition(file, at);
        self.targets("textDocument/typeDefinition", params, to_proto::Going::Type, find).await
    }

    async fn goto_implementation(
        &self,
        params: request::GotoImplementationParams,
    ) -> Result<Option<request::GotoImplementationResponse>> {
        let place = params.text_document_position_params;
        self.at("textDocument/implementation", &place, |snapshot, file, at| {
            let found = snapshot.analysis.implementations(file, at)?;
            Ok(to_proto::references(snapshot, found)?.map(GotoDefinitionResponse::Array))
        })
        .await
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        let declarations = params.context.include_declaration;
        let place = params.text_document_position;
        self.at("textDocument/references", &place, move |snapshot, file, at| {
            let mut found = snapshot.analysis.references(file, at)?;
            found.retain(|it| declarations || it.kind != ReferenceKind::Declaration);
            to_proto::references(snapshot, found)
        })
        .await
    }

    async fn document_highlight(
        &self,
        params: DocumentHighlightParams,
    ) -> Result<Option<Vec<DocumentHighlight>>> {
        let place = params.text_document_position_params;
        self.at("textDocument/documentHighlight", &place, |snapshot, file, at| {
            to_proto::highlights(snapshot, snapshot.analysis.highlights(file, at)?)
        })
        .await
    }

    async fn prepare_call_hierarchy(
        &self,
        params: CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<CallHierarchyItem>>> {
        let place = params.text_document_position_params;
        self.at("textDocument/prepareCallHierarchy", &place, |snapshot, file, at| {
            to_proto::call_items(snapshot, snapshot.analysis.call_items(file, at)?)
        })
        .await
    }

    async fn incoming_calls(
        &self,
        params: CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
        let place = from_proto::call_item(params.item);
        self.at("callHierarchy/incomingCalls", &place, |snapshot, file, at| {
            to_proto::incoming_calls(snapshot, snapshot.analysis.incoming_calls(file, at)?)
        })
        .await
    }

    async fn outgoing_calls(
        &self,
        params: CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
        let place = from_proto::call_item(params.item);
        self.at("callHierarchy/outgoingCalls", &place, |snapshot, file, at| {
            to_proto::outgoing_calls(snapshot, file, snapshot.analysis.outgoing_calls(file, at)?)
        })
        .await
    }

    async fn prepare_rename(
        &self,
        params: TextDocumentPositionParams,
    ) -> Result<Option<PrepareRenameResponse>> {
        let answer = self.at("textDocument/prepareRename", &params, |snapshot, file, at| {
            Ok(match snapshot.analysis.prepare_rename(file, at)? {
                Ok(it) => Ok(Some(to_proto::renamable(snapshot, file, it)?)),
                Err(why) => Err(why),
            }
            .into())
        });
        answer.await.and_then(Outcome::into_result)
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        let new_name = params.new_name;
        let place = params.text_document_position;
        let answer = self.at("textDocument/rename", &place, move |snapshot, file, at| {
            Ok(match snapshot.analysis.rename(file, at, &new_name)? {
                Ok(edits) => Ok(to_proto::workspace_edit(snapshot, &edits)?),
                Err(why) => Err(why),
            }
            .into())
        });
        answer.await.and_then(Outcome::into_result)
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let place = params.text_document_position;
        self.at("textDocument/completion", &place, |snapshot, file, at| {
            let found = snapshot.analysis.completions(file, at)?;
            Ok(Some(CompletionResponse::List(to_proto::completions(snapshot, file, found)?)))
        })
        .await
    }

    async fn completion_resolve(&self, item: CompletionItem) -> Result<CompletionItem> {
        let Some(data) = item.data.clone() else { return Ok(item) };
        let nowhere = VfsPath::new("/");
        let answer = ask(&self.owner, "completionItem/resolve", nowhere, Aim::Document, move |snapshot| {
            let Some(of) = to_proto::documented(snapshot, &data) else { return Ok(None) };
            let markdown = snapshot.analysis.documentation(&of)?;
            Ok(markdown.map(|markdown| to_proto::documentation(snapshot, markdown)))
        });
        let documentation = answer.await.map_err(refuse)?;
        Ok(CompletionItem { documentation, ..item })
    }

    async fn signature_help(&self, params: SignatureHelpParams) -> Result<Option<SignatureHelp>> {
        let place = params.text_document_position_params;
        self.at("textDocument/signatureHelp", &place, |snapshot, file, at| {
            let found = snapshot.analysis.signature(file, at)?;
            Ok(found.map(|it| to_proto::signature(snapshot, it)))
        })
        .await
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<Vec<SymbolInformation>>> {
        let query = params.query;
        let answers = ask_everywhere(&self.owner, "workspace/symbol", move |snapshot| {
            to_proto::workspace_symbols(snapshot, snapshot.analysis.workspace_symbols(&query)?)
        });
        let found: Vec<_> = answers.await.map_err(refuse)?.into_iter().flatten().flatten().collect();
        Ok((!found.is_empty()).then_some(found))
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        self.of("textDocument/documentLink", &params.text_document, |snapshot, file| {
            to_proto::links(snapshot, file, snapshot.analysis.links(file)?).map(Some)
        })
        .await
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        self.of("textDocument/foldingRange", &params.text_document, |snapshot, file| {
            to_proto::folds(snapshot, file, snapshot.analysis.folds(file)?).map(Some)
        })
        .await
    }

    async fn selection_range(&self, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        let points: Vec<_> = params.positions.into_iter().map(from_proto::point).collect();
        self.of("textDocument/selectionRange", &params.text_document, move |snapshot, file| {
            let mut out = Vec::new();
            for point in &points {
                let ranges = snapshot.analysis.selection_ranges(file, snapshot.offset(file, *point)?)?;
                out.push(to_proto::selection_range(snapshot, file, &ranges)?);
            }
            Ok(Some(out))
        })
        .await
    }

    async fn semantic_tokens_full(
        &self,
        params: SemanticTokensParams,
    ) -> Result<Option<SemanticTokensResult>> {
        let (path, data) = self.all_tokens("textDocument/semanticTokens/full", &params.text_document).await?;
        let result_id = Some(self.tokens.remember(path, &data));
        Ok(Some(SemanticTokens { result_id, data }.into()))
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        let method = "textDocument/semanticTokens/full/delta";
        let (path, data) = self.all_tokens(method, &params.text_document).await?;
        let before = self.tokens.recall(&path, &params.previous_result_id);
        let result_id = Some(self.tokens.remember(path, &data));
        Ok(Some(match before {
            Some(before) => {
                let edits = to_proto::token_edits(&before, &data);
                SemanticTokensDelta { result_id, edits }.into()
            }
            None => SemanticTokens { result_id, data }.into(),
        }))
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        let span = from_proto::span(params.range);
        self.of("textDocument/semanticTokens/range", &params.text_document, move |snapshot, file| {
            let range = snapshot.lines(file)?.range(span);
            let mut tokens = snapshot.analysis.tokens(file)?;
            tokens.retain(|token| range.contains_range(token.range));
            let data = to_proto::tokens(snapshot, file, &tokens)?;
            Ok(Some(SemanticTokens { result_id: None, data }.into()))
        })
        .await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        let span = from_proto::span(params.range);
        self.of("textDocument/inlayHint", &params.text_document, move |snapshot, file| {
            let range = snapshot.lines(file)?.range(span);
            let hints = snapshot.analysis.hints(file, range, snapshot.preferences.hints)?;
            to_proto::hints(snapshot, file, hints).map(Some)
        })
        .await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        self.of("textDocument/codeLens", &params.text_document, |snapshot, file| {
            to_proto::lenses(snapshot, file, snapshot.analysis.lenses(file)?).map(Some)
        })
        .await
    }

    async fn linked_editing_range(
        &self,
        params: LinkedEditingRangeParams,
    ) -> Result<Option<LinkedEditingRanges>> {
        let place = params.text_document_position_params;
        self.at("textDocument/linkedEditingRange", &place, |snapshot, file, at| {
            to_proto::linked(snapshot, file, snapshot.analysis.linked_ranges(file, at)?)
        })
        .await
    }

    async fn formatting(&self, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.format("textDocument/formatting", &params.text_document, None).await
    }

    async fn range_formatting(&self, params: DocumentRangeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.format("textDocument/rangeFormatting", &params.text_document, Some(params.range)).await
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let (path, at) = from_proto::place(&params.text_document_position_params);
        let asked = path.clone();
        let answer = ask(&self.owner, "textDocument/hover", path, Aim::Place, move |snapshot| {
            let hover = hover::hover(snapshot, &asked, at)?;
            hover.map(|hover| to_proto::hover(snapshot, hover)).transpose()
        });
        answer.await.map_err(refuse)
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        let path = from_proto::path(&params.text_document.uri);
        let asked = path.clone();
        let answer = ask(&self.owner, "textDocument/documentSymbol", path, Aim::Document, move |snapshot| {
            match symbols::symbols(snapshot, &asked)? {
                Some((file, symbols)) => to_proto::symbols(snapshot, file, symbols),
                None => Ok(None),
            }
        });
        answer.await.map_err(refuse)
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let path = from_proto::path(&params.text_document.uri);
        let span = from_proto::span(params.range);
        let only = params.context.only;
        let only: Option<Vec<String>> =
            only.map(|kinds| kinds.iter().map(|kind| kind.as_str().to_string()).collect());
        let asked = path.clone();
        let answer = ask(&self.owner, "textDocument/codeAction", path, Aim::Place, move |snapshot| {
            let mut out = Vec::new();
            for action in code_actions::code_actions(snapshot, &asked, span, only.as_deref())? {
                out.extend(to_proto::code_action(snapshot, action)?);
            }
            Ok(out)
        });
        answer.await.map(Some).map_err(refuse)
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        let path = from_proto::path(&params.text_document.uri);
        let asked = path.clone();
        let answer =
            ask(&self.owner, "textDocument/diagnostic", path.clone(), Aim::Document, move |snapshot| {
                let set = match snapshot.nix_file(&asked) {
                    Some(file) => diagnostics::of_file(snapshot, file)?,
                    None => Default::default(),
                };
                Ok((snapshot.version(&asked), set))
            });
        let (version, set) = answer.await.map_err(refuse_pull)?;
        self.owner.post(Event::Pulled(path, version, set.digest()));
        Ok(to_proto::diagnostic_report(set, params.previous_result_id.as_deref()))
    }

    async fn workspace_diagnostic(
        &self,
        params: WorkspaceDiagnosticParams,
    ) -> Result<WorkspaceDiagnosticReportResult> {
        let answers = ask_everywhere(&self.owner, "workspace/diagnostic", diagnostics::of_project);
        let found: Vec<_> = answers.await.map_err(refuse_pull)?.into_iter().flatten().collect();
        let pulled = found.iter().map(|it| (it.path.clone(), it.version, it.set.digest())).collect();
        self.owner.post(Event::PulledAll(pulled));
        Ok(to_proto::workspace_report(found, &params.previous_result_ids))
    }
}
