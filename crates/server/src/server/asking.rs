//! How methods ask: about a place, about a document, for targets, tokens and edits.

use nixscope_ide::{SourceFile, Target, TextSize, VfsPath};
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::{
    GotoDefinitionParams, GotoDefinitionResponse, Range, SemanticToken, TextDocumentIdentifier,
    TextDocumentPositionParams, TextEdit,
};

use super::Server;
use super::refusal::{Outcome, refuse};
use crate::questions::{Aim, ask};
use crate::snapshot::{Cancellable, Snapshot};
use crate::{formatting, from_proto, to_proto};

impl Server {
    /// Asks about a place of a Nix file; of any other there is nothing to say.
    pub(super) async fn at<T: Default + Send + 'static>(
        &self,
        method: &'static str,
        params: &TextDocumentPositionParams,
        answer: impl Fn(&Snapshot, SourceFile, TextSize) -> Cancellable<T> + Send + Sync + 'static,
    ) -> Result<T> {
        let (path, at) = from_proto::place(params);
        let asked = path.clone();
        let answer = ask(&self.owner, method, path, Aim::Place, move |snapshot| {
            let Some(file) = snapshot.nix_file(&asked) else { return Ok(T::default()) };
            answer(snapshot, file, snapshot.offset(file, at)?)
        });
        answer.await.map_err(refuse)
    }

    /// Asks about a whole Nix file; of any other there is nothing to say.
    pub(super) async fn of<T: Default + Send + 'static>(
        &self,
        method: &'static str,
        document: &TextDocumentIdentifier,
        answer: impl Fn(&Snapshot, SourceFile) -> Cancellable<T> + Send + Sync + 'static,
    ) -> Result<T> {
        let path = from_proto::path(&document.uri);
        let asked = path.clone();
        let answer = ask(&self.owner, method, path, Aim::Document, move |snapshot| {
            snapshot.nix_file(&asked).map_or_else(|| Ok(T::default()), |file| answer(snapshot, file))
        });
        answer.await.map_err(refuse)
    }

    /// Asks for places to go to.
    pub(super) async fn targets(
        &self,
        method: &'static str,
        params: GotoDefinitionParams,
        kind: to_proto::Going,
        find: fn(&Snapshot, SourceFile, TextSize) -> Cancellable<Vec<Target>>,
    ) -> Result<Option<GotoDefinitionResponse>> {
        let place = params.text_document_position_params;
        self.at(method, &place, move |snapshot, file, at| {
            to_proto::targets(snapshot, Some(file), find(snapshot, file, at)?, kind)
        })
        .await
    }

    /// The tokens of a document, and the id under which they are remembered.
    pub(super) async fn all_tokens(
        &self,
        method: &'static str,
        document: &TextDocumentIdentifier,
    ) -> Result<(VfsPath, Vec<SemanticToken>)> {
        let tokens = self.of(method, document, |snapshot, file| {
            to_proto::tokens(snapshot, file, &snapshot.analysis.tokens(file)?)
        });
        Ok((from_proto::path(&document.uri), tokens.await?))
    }

    /// The edits that format a document, or the lines of it that a range touches.
    pub(super) async fn format(
        &self,
        method: &'static str,
        document: &TextDocumentIdentifier,
        range: Option<Range>,
    ) -> Result<Option<Vec<TextEdit>>> {
        let range = range.map(from_proto::span);
        let answer = self.of(method, document, move |snapshot, file| {
            let mut command = snapshot.preferences.formatter.clone();
            if command.is_empty() {
                // What the flake itself formats with, if it is one of the programs that are known here.
                let known = snapshot.analysis.formatter()?.unwrap_or_default();
                command = known.iter().map(|it| it.to_string()).collect();
            }
            if command.is_empty() {
                return Ok(Outcome::default());
            }
            let path = snapshot.analysis.path(file);
            let directory = path.parent().unwrap_or_else(|| path.clone());
            let text = snapshot.analysis.text(file);
            let formatted = match formatting::format(&command, directory.as_str(), &text) {
                Ok(formatted) => formatted,
                Err(why) => return Ok(Err(why).into()),
            };
            let touched = range.map(|span| Ok(snapshot.lines(file)?.range(span))).transpose()?;
            let mut edits = Vec::new();
            for (range, new_text) in formatting::differences(&text, &formatted) {
                if touched.is_none_or(|it| it.intersect(range).is_some()) {
                    edits.push(to_proto::text_edit(snapshot, file, range, new_text)?);
                }
            }
            Ok(Ok(Some(edits)).into())
        });
        answer.await.and_then(Outcome::into_result)
    }
}
