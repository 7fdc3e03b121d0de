//! What deploy tools bring to which machines: the nodes of deploy-rs, the nodes of a hive that stands beside
//! `nixosConfigurations`, and the hosts that nixinate has an address of.

use nixscope_db::Db;
use nixscope_eval::{Attr, Attrs, ErrorKind, Eval, Evaluator, Halt, Place, SourcePlace, UnknownKind, Value};
use nixscope_hir::Symbol;
use smol_str::SmolStr;

use crate::closure::own_place;
use crate::outputs::{Flake, with_flake};
use crate::project::Project;
use crate::queries::fleet;

/// The deploy tools of a flake and their nodes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Deployments {
    /// What is deployed, tool by tool, in the order of names.
    pub nodes: Vec<DeployNode>,
    /// Whether there may be nodes that are not known.
    pub open: bool,
}

/// A node of a deploy tool.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeployNode {
    /// The tool, as people call it.
    pub tool: &'static str,
    /// Its name among the nodes.
    pub name: SmolStr,
    /// Where it is written.
    pub place: Option<SourcePlace>,
    /// What it brings there: one for each profile.
    pub targets: Vec<DeployTarget>,
}

/// What a deploy tool brings to a machine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DeployTarget {
    /// A host of the flake.
    Host(SmolStr),
    /// An attribute that does not exist.
    Missing,
    /// Something else: a package, what is not known.
    Other,
}

/// The deploy tools' nodes. Re-evaluated when a file that the outputs depend on changes.
#[salsa::tracked(returns(ref))]
pub fn deployments(db: &dyn Db, project: Project) -> Deployments {
    let mut out = with_flake(db, project, |ev, flake| {
        let mut out = Deployments::default();
        deploy_rs(ev, project, flake, &mut out);
        hive(ev, flake, &mut out);
        out
    });
    // nixinate knows its machines by an argument of their modules.
    for (known, index) in &fleet(db, project).hosts {
        if index.module_args.iter().any(|name| name == "nixinate") {
            out.nodes.push(DeployNode {
                tool: "nixinate",
                name: known.name.clone(),
                place: known.place,
                targets: vec![DeployTarget::Host(known.name.clone())],
            });
        }
    }
    out
}

/// `deploy.nodes.<node>.profiles.<profile>.path`.
fn deploy_rs<'h>(ev: &Evaluator<'h>, project: Project, flake: &Flake<'h>, out: &mut Deployments) {
    let place = flake.output_place(ev, "deploy");
    let nodes = match flake.output(ev, "deploy") {
        Ok(Some(deploy)) => match deploy.get(Symbol::new("nodes")) {
            Some(nodes) => ev.force_attrs(nodes.value, nodes.place),
            None => return,
        },
        Ok(None) => return,
        Err(halt) => Err(halt),
    };
    let Ok(nodes) = nodes else {
        out.open = true;
        return;
    };
    out.open |= nodes.open.is_some();
    for node in nodes.sorted() {
        let profiles = member(ev, ev.force_attrs(node.value, node.place), "profiles");
        let targets = match profiles {
            Ok(profiles) => profiles.sorted().into_iter().map(|profile| {
                let path = ev
                    .force_attrs(profile.value, profile.place)
                    .ok()
                    .and_then(|profile| profile.get(Symbol::new("path")));
                path.map_or(DeployTarget::Other, |path| target(ev, project, flake, ev.force(path.value)))
            }),
            Err(_) => {
                out.nodes.push(deploy_node(ev, "deploy-rs", node, place, Vec::new()));
                continue;
            }
        };
        let targets = targets.collect();
        out.nodes.push(deploy_node(ev, "deploy-rs", node, place, targets));
    }
}

fn deploy_node(
    ev: &Evaluator<'_>,
    tool: &'static str,
    node: &Attr<'_>,
    around: Place,
    targets: Vec<DeployTarget>,
) -> DeployNode {
    // One whose name is computed is written where the nodes are.
    let place = own_place(ev, node.place)
        .or_else(|| own_place(ev, node.value.place()))
        .or_else(|| own_place(ev, around));
    DeployNode { tool, name: node.name.as_str().into(), place, targets }
}

fn member<'h>(ev: &Evaluator<'h>, set: Eval<'h, &'h Attrs<'h>>, name: &str) -> Eval<'h, &'h Attrs<'h>> {
    match set?.get(Symbol::new(name)) {
        Some(attr) => ev.force_attrs(attr.value, attr.place),
        None => Err(ev.error(ErrorKind::MissingAttribute, "there is no such attribute", Place::NONE)),
    }
}

/// The host in `activate.nixos self.nixosConfigurations.web`: an argument of a call whose function is not known.
fn target<'h>(
    ev: &Evaluator<'h>,
    project: Project,
    flake: &Flake<'h>,
    path: Eval<'h, Value<'h>>,
) -> DeployTarget {
    let mut kind = match path {
        Ok(Value::Unknown(unknown)) => unknown.kind,
        Err(Halt::Fail(error)) if error.kind == ErrorKind::MissingAttribute => return DeployTarget::Missing,
        _ => return DeployTarget::Other,
    };
    loop {
        kind = match kind {
            UnknownKind::Root(_) => return DeployTarget::Other,
            UnknownKind::Attr(base, _) => base.kind,
            UnknownKind::Call(function, argument) => {
                match ev.force(argument) {
                    Ok(value) => {
                        if let Some(name) = host_name(ev, project, flake, value) {
                            return DeployTarget::Host(name);
                        }
                    }
                    Err(Halt::Fail(error)) if error.kind == ErrorKind::MissingAttribute => {
                        return DeployTarget::Missing;
                    }
                    Err(_) => {}
                }
                function.kind
            }
        };
    }
}

/// The name of the host whose system a value is.
fn host_name<'h>(
    ev: &Evaluator<'h>,
    project: Project,
    flake: &Flake<'h>,
    value: Value<'h>,
) -> Option<SmolStr> {
    let system = ev.system_of(value)?;
    let sets = flake.host_sets(ev, project).iter().filter_map(|set| set.hosts.ok());
    let is_it = |attr: &&Attr<'h>| {
        attr.value.peek().and_then(|value| ev.system_of(value)).is_some_and(|it| it.id == system.id)
    };
    sets.flat_map(|set| set.entries.iter()).find(is_it).map(|attr| attr.name.as_str().into())
}

/// The nodes of a hive. Each is a host of its own, whatever else has its name.
fn hive<'h>(ev: &Evaluator<'h>, flake: &Flake<'h>, out: &mut Deployments) {
    let nodes = match flake.output(ev, "colmenaHive") {
        Ok(Some(hive)) => member(ev, Ok(hive), "nodes"),
        Ok(None) => match flake.output(ev, "colmena") {
            Ok(Some(nodes)) => Ok(nodes),
            Ok(None) => return,
            Err(halt) => Err(halt),
        },
        Err(halt) => Err(halt),
    };
    let Ok(nodes) = nodes else {
        out.open = true;
        return;
    };
    out.open |= nodes.open.is_some();
    for node in nodes.sorted() {
        if !matches!(node.name.as_str(), "meta" | "defaults") {
            let host = DeployTarget::Host(node.name.as_str().into());
            out.nodes.push(deploy_node(ev, "colmena", node, Place::NONE, vec![host]));
        }
    }
}
