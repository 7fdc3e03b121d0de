//! The fleet as a graph: which host imports which module, which reads which other host.

use rustc_hash::FxHashMap;
use serde::Serialize;
use smol_str::SmolStr;

use crate::fleet::FleetJson;

/// A graph of the fleet.
#[derive(Serialize)]
pub struct MapJson {
    pub schema: u32,
    pub root: String,
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
}

/// A host, a module file, or a module of an input.
#[derive(Serialize)]
pub struct Node {
    /// Unique: the kind, a colon, the name.
    pub id: String,
    pub kind: NodeKind,
    pub name: String,
    /// The file to open, from the root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeKind {
    Host,
    Module,
    External,
}

/// An arrow between two nodes.
#[derive(Serialize)]
pub struct Edge {
    pub from: String,
    pub to: String,
    pub kind: EdgeKind,
    /// The hosts for which it holds.
    pub hosts: Vec<SmolStr>,
}

/// What an arrow says.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EdgeKind {
    /// The first imports the second.
    Imports,
    /// A module reads an option of a host.
    Reads,
}

/// The graph of a fleet. A module that `flake.nix` lists hangs on its host.
pub fn map(fleet: &FleetJson) -> MapJson {
    let mut graph = Graph::default();
    let files: rustc_hash::FxHashSet<&str> = fleet.modules.iter().map(|it| it.file.as_str()).collect();
    for host in &fleet.hosts {
        let file = host.defined_at.as_ref().map(|it| it.file.clone());
        let own = graph.node(NodeKind::Host, &host.name, file);
        let nested = host.nested.iter().flat_map(|it| &it.modules);
        for module in host.modules.iter().chain(nested).filter(|it| !it.inline) {
            let to = graph.node(NodeKind::Module, &module.file, Some(module.file.clone()));
            let from = match &module.imported_by {
                Some(by) if files.contains(by.as_str()) => graph.node(NodeKind::Module, by, Some(by.clone())),
                _ => own.clone(),
            };
            graph.edge(from, to, EdgeKind::Imports, &host.name);
        }
        for module in &host.external_modules {
            let to = graph.node(NodeKind::External, &module.name, None);
            let by = module.file.as_deref().filter(|it| files.contains(it));
            let from = by.map(|by| graph.node(NodeKind::Module, by, Some(by.to_string())));
            graph.edge(from.unwrap_or_else(|| own.clone()), to, EdgeKind::Imports, &host.name);
        }
    }
    for read in &fleet.cross_host_references {
        if !files.contains(read.from.file.as_str()) {
            continue;
        }
        let from = graph.node(NodeKind::Module, &read.from.file, Some(read.from.file.clone()));
        for host in &read.hosts {
            // A host that is not there is no node.
            if fleet.hosts.iter().any(|it| it.name == *host) {
                let to = graph.node(NodeKind::Host, host, None);
                graph.edge(from.clone(), to, EdgeKind::Reads, host);
            }
        }
    }
    MapJson { schema: 1, root: fleet.root.clone(), nodes: graph.nodes, edges: graph.edges }
}

#[derive(Default)]
struct Graph {
    nodes: Vec<Node>,
    known: FxHashMap<String, ()>,
    edges: Vec<Edge>,
    between: FxHashMap<(String, String, EdgeKind), usize>,
}

impl Graph {
    fn node(&mut self, kind: NodeKind, name: &str, file: Option<String>) -> String {
        let prefix = match kind {
            NodeKind::Host => "host",
            NodeKind::Module => "module",
            NodeKind::External => "external",
        };
        let id = format!("{prefix}:{name}");
        if self.known.insert(id.clone(), ()).is_none() {
            self.nodes.push(Node { id: id.clone(), kind, name: name.to_string(), file });
        }
        id
    }

    fn edge(&mut self, from: String, to: String, kind: EdgeKind, host: &SmolStr) {
        let at = *self.between.entry((from.clone(), to.clone(), kind)).or_insert(self.edges.len());
        if at == self.edges.len() {
            self.edges.push(Edge { from, to, kind, hosts: Vec::new() });
        }
        let hosts = &mut self.edges[at].hosts;
        if !hosts.contains(host) {
            hosts.push(host.clone());
        }
    }
}
