//! The requests of our own: what editors' views show of a fleet. `docs/protocol.md` describes them.

use std::sync::Arc;

use nixscope_eval::modules::show_option_path;
use nixscope_fleet::{host_option, hosts, observed_references, parse_option_path};
use nixscope_ide::VfsPath;
use nixscope_project::DiskFileSystem;
use nixscope_report::{
    FleetJson, HostOptionJson, Places, affected, host_option_json, join, map, parallel, status,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use smol_str::SmolStr;
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::{Position, TextDocumentIdentifier};

use super::Server;
use super::refusal::{failed, refuse};
use crate::from_proto;
use crate::questions::{Aim, ask};
use crate::snapshot::{Cancellable, Snapshot};

/// Which fleet is meant.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct FleetParams {
    /// A file of it, or its directory; the first fleet of the workspace where nothing is named.
    text_document: Option<TextDocumentIdentifier>,
}

/// Which option is meant.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct OptionParams {
    /// The file that the position is in, or any of the fleet.
    text_document: Option<TextDocumentIdentifier>,
    /// Where the option is named.
    position: Option<Position>,
    /// Its path, instead of a position.
    path: Option<String>,
    /// The only host to look at.
    host: Option<SmolStr>,
}

/// Since when changes count.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct AffectedParams {
    text_document: Option<TextDocumentIdentifier>,
    /// A git revision; `HEAD` where none is named.
    base: Option<String>,
}

/// An option on several hosts.
#[derive(Serialize)]
struct OptionReport {
    schema: u32,
    path: Option<SmolStr>,
    hosts: Vec<HostOptionJson>,
}

impl Server {
    /// `nixscope/fleet`: hosts, modules, options, secrets, references, inputs.
    pub(crate) async fn fleet(&self, params: FleetParams) -> Result<Value> {
        self.about("nixscope/fleet", params.text_document.as_ref(), |snapshot| Ok(json(&fleet(snapshot)?)))
            .await
    }

    /// `nixscope/map`: the same as a graph.
    pub(crate) async fn map(&self, params: FleetParams) -> Result<Value> {
        self.about("nixscope/map", params.text_document.as_ref(), |snapshot| {
            Ok(json(&map(&fleet(snapshot)?)))
        })
        .await
    }

    /// `nixscope/status`: how far it is known, in numbers.
    pub(crate) async fn status(&self, params: FleetParams) -> Result<Value> {
        self.about("nixscope/status", params.text_document.as_ref(), |snapshot| {
            Ok(json(&status(&fleet(snapshot)?, snapshot.analysis.files().len())))
        })
        .await
    }

    /// `nixscope/option`: one option, explained on each host.
    pub(crate) async fn option(&self, params: OptionParams) -> Result<Value> {
        let document = params.text_document.clone();
        self.about("nixscope/option", document.as_ref(), move |snapshot| {
            Ok(json(&option(snapshot, &params)?))
        })
        .await
    }

    /// `nixscope/affected`: the hosts that the working tree's change touches.
    pub(crate) async fn affected(&self, params: AffectedParams) -> Result<Value> {
        let base = params.base.unwrap_or_else(|| "HEAD".to_string());
        let found = self.about("nixscope/affected", params.text_document.as_ref(), move |snapshot| {
            Ok(affected(&snapshot.analysis, Arc::new(DiskFileSystem::new()), &base)
                .map(|found| json(&found))
                .map_err(|why| format!("{why:#}")))
        });
        found.await?.map_err(failed)
    }

    /// Asks about the fleet that a document belongs to.
    async fn about<T: Send + 'static>(
        &self,
        method: &'static str,
        document: Option<&TextDocumentIdentifier>,
        answer: impl Fn(&Snapshot) -> Cancellable<T> + Send + Sync + 'static,
    ) -> Result<T> {
        let path = document.map_or_else(|| VfsPath::new("/"), |document| from_proto::path(&document.uri));
        ask(&self.owner, method, path, Aim::Document, answer).await.map_err(refuse)
    }
}

fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn fleet(snapshot: &Snapshot) -> Cancellable<FleetJson> {
    let analysis = &snapshot.analysis;
    parallel::prepare(analysis, false);
    let (root, project) = (analysis.root(), analysis.project());
    analysis.run(|db| {
        let observed = observed_references(db, project);
        join(&Places::new(db, &root), nixscope_fleet::fleet(db, project), observed)
    })
}

/// The option that is meant, on every host that is meant: those that have the file as a module where the
/// option is named by a place of it.
fn option(snapshot: &Snapshot, params: &OptionParams) -> Cancellable<OptionReport> {
    let analysis = &snapshot.analysis;
    let (root, project) = (analysis.root(), analysis.project());
    let mut only: Option<Vec<SmolStr>> = params.host.clone().map(|host| vec![host]);
    let mut path = params.path.as_deref().map(parse_option_path).unwrap_or_default();
    if let (Some(document), Some(at)) = (&params.text_document, params.position)
        && let Some(file) = snapshot.nix_file(&from_proto::path(&document.uri))
    {
        let offset = snapshot.offset(file, from_proto::point(at))?;
        if let Some(named) = analysis.option_at(file, offset)? {
            path = parse_option_path(&named.path);
            only = only.or(Some(named.hosts));
        }
    }
    if path.is_empty() {
        return Ok(OptionReport { schema: 1, path: None, hosts: Vec::new() });
    }
    let path = show_option_path(&path);
    let all = analysis.run(|db| hosts(db, project).hosts.clone())?;
    let meant = all.iter().filter(|host| only.as_ref().is_none_or(|only| only.contains(&host.name)));
    let mut out = Vec::new();
    for host in meant {
        out.push(analysis.run(|db| {
            let (output, name) = (host.output.clone(), host.name.clone());
            let known = host_option(db, project, output, name, path.as_str().into());
            host_option_json(&Places::new(db, &root), host, path.clone(), known)
        })?);
    }
    Ok(OptionReport { schema: 1, path: Some(path.into()), hosts: out })
}
