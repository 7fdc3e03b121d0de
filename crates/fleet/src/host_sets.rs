//! Where a flake keeps its hosts: its outputs, those of deploy tools included, and networks in files.

mod by_system;
mod deploy_nodes;

use nixscope_db::{Db, EntryKind, SourceFile, VfsPath};
use nixscope_eval::{Attr, Attrs, Eval, Evaluator, Halt, Place, Thunk, Value};
use nixscope_hir::{BindingValue, Expr, Symbol, body, spine};
use smol_str::SmolStr;

use crate::index::HostClass;
use crate::input_kind::InputKind;
use crate::models::hive;
use crate::outputs::{Flake, project_file};
use crate::project::Project;

/// The outputs whose attributes are hosts.
const CONFIGURATIONS: &[(&str, HostClass)] = &[
    ("nixosConfigurations", HostClass::Nixos),
    ("darwinConfigurations", HostClass::Darwin),
    ("homeConfigurations", HostClass::HomeManager),
    ("nixOnDroidConfigurations", HostClass::NixOnDroid),
    ("systemConfigs", HostClass::SystemManager),
];

/// The outputs of deploy tools, whose hosts are made from a hive or a network.
const DEPLOYMENTS: &[&str] = &["colmenaHive", "colmena", "nixopsConfigurations"];

/// Whether hosts can be reached through an output of this name.
pub(crate) fn may_hold_hosts(output: &str) -> bool {
    output.ends_with("Configurations") || output == "systemConfigs" || DEPLOYMENTS.contains(&output)
}

/// Some hosts of a flake, by name.
#[derive(Clone)]
pub(crate) struct HostSetOf<'h> {
    /// The output, or the file of a network.
    pub output: SmolStr,
    /// What they are.
    pub class: HostClass,
    /// The hosts; an unknown or a failure where the set itself is none.
    pub hosts: Eval<'h, &'h Attrs<'h>>,
    /// Where the output is written.
    pub place: Place,
}

/// The sets of hosts, in the order in which the index has them.
pub(crate) fn collect<'h>(ev: &Evaluator<'h>, project: Project, flake: &Flake<'h>) -> Vec<HostSetOf<'h>> {
    let mut sets: Vec<HostSetOf<'h>> = Vec::new();
    if !has_flake(ev.db, project) {
        // What the repository's `default.nix` gives, where it gives anything.
        if project_file(ev, project.root(ev.db)).is_some() {
            match ev.force(flake.outputs) {
                Ok(Value::Unknown(unknown)) | Err(Halt::Unknown(unknown)) => sets.push(HostSetOf {
                    output: "default.nix".into(),
                    class: HostClass::Nixos,
                    hosts: Err(Halt::Unknown(unknown)),
                    place: unknown.place,
                }),
                Ok(_) => sets = in_outputs(ev, flake),
                Err(Halt::Fail(_)) => {}
            }
        }
        networks(ev, project, &mut sets);
        return sets;
    }
    sets.extend(in_outputs(ev, flake));
    if crate::flake::inputs(ev.db, project).iter().any(|(_, kind)| *kind == InputKind::Generators) {
        images(ev, flake, &mut sets);
    }
    sets
}

/// The hosts that outputs hold.
fn in_outputs<'h>(ev: &Evaluator<'h>, flake: &Flake<'h>) -> Vec<HostSetOf<'h>> {
    let mut sets: Vec<HostSetOf<'h>> = Vec::new();
    for (output, class) in CONFIGURATIONS {
        if let Some(set) = output_set(ev, flake, output, *class) {
            sets.push(set);
        }
    }
    by_system::of_packages(ev, flake, &mut sets);
    deployments(ev, flake, &mut sets);
    other_configurations(ev, flake, &mut sets);
    deploy_nodes::collect(ev, flake, &mut sets);
    sets
}

/// The set of hosts in one output, without looking at the others where the output says it all. Which hosts
/// there are elsewhere may depend on this one's configuration, which must not be begun from there.
pub(crate) fn primary<'h>(ev: &Evaluator<'h>, flake: &Flake<'h>, output: &str) -> Option<HostSetOf<'h>> {
    let (_, class) = CONFIGURATIONS.iter().find(|(known, _)| *known == output)?;
    output_set(ev, flake, output, *class)
}

pub(crate) fn has_flake(db: &dyn Db, project: Project) -> bool {
    nixscope_db::kind(db, &project.root(db).join("flake.nix")) == EntryKind::File
}

fn output_set<'h>(
    ev: &Evaluator<'h>,
    flake: &Flake<'h>,
    output: &str,
    class: HostClass,
) -> Option<HostSetOf<'h>> {
    let hosts = flake.output(ev, output).transpose()?;
    let hosts = hosts.map(|hosts| by_system::flattened(ev, without_modules(ev, hosts), class));
    Some(HostSetOf { output: output.into(), class, hosts, place: flake.output_place(ev, output) })
}

/// Hosts without what is a module for others to import, which some flakes keep among them.
fn without_modules<'h>(ev: &Evaluator<'h>, hosts: &'h Attrs<'h>) -> &'h Attrs<'h> {
    let is_host = |attr: &&Attr<'h>| !matches!(ev.force(attr.value), Ok(Value::Lambda(_) | Value::Path(_)));
    let entries: Vec<Attr<'h>> = hosts.entries.iter().filter(is_host).copied().collect();
    match entries.len() == hosts.entries.len() {
        true => hosts,
        false => ev.heap.alloc(Attrs { entries: ev.heap.slice(&entries), open: hosts.open }),
    }
}

/// Adds a set without the hosts that are there already: the same machine, seen by another tool.
fn add<'h>(
    ev: &Evaluator<'h>,
    sets: &mut Vec<HostSetOf<'h>>,
    output: &str,
    class: HostClass,
    hosts: &'h Attrs<'h>,
    place: Place,
) {
    let known = |name: Symbol| {
        sets.iter()
            .filter(|set| set.class == class)
            .any(|set| set.hosts.as_ref().is_ok_and(|hosts| hosts.get(name).is_some()))
    };
    let entries: Vec<Attr<'h>> = hosts.entries.iter().filter(|attr| !known(attr.name)).copied().collect();
    if entries.is_empty() && hosts.open.is_none() {
        return;
    }
    let hosts = ev.heap.alloc(Attrs { entries: ev.heap.slice(&entries), open: hosts.open });
    sets.push(HostSetOf { output: output.into(), class, hosts: Ok(hosts), place });
}

/// The nodes of colmena hives and nixops networks.
fn deployments<'h>(ev: &Evaluator<'h>, flake: &Flake<'h>, sets: &mut Vec<HostSetOf<'h>>) {
    for output in DEPLOYMENTS {
        let value = match flake.output(ev, output) {
            Ok(Some(value)) => value,
            Ok(None) => continue,
            Err(halt) => {
                let place = flake.output_place(ev, output);
                sets.push(HostSetOf {
                    output: (*output).into(),
                    class: HostClass::Nixos,
                    hosts: Err(halt),
                    place,
                });
                return;
            }
        };
        let place = flake.output_place(ev, output);
        let nodes: Vec<Eval<'h, &'h Attrs<'h>>> = match *output {
            "colmenaHive" => match value.get(Symbol::new("nodes")) {
                Some(nodes) => vec![ev.force_attrs(nodes.value, nodes.place)],
                None => value.open.map(|unknown| Err(Halt::Unknown(unknown))).into_iter().collect(),
            },
            "colmena" => vec![hive(ev, ev.done_at(Value::Attrs(value), place))],
            _ => value.sorted().into_iter().map(|network| hive(ev, network.value)).collect(),
        };
        let mut any = false;
        for nodes in nodes {
            any = true;
            match nodes {
                Ok(nodes) => add(ev, sets, output, HostClass::Nixos, nodes, place),
                Err(halt) => sets.push(HostSetOf {
                    output: (*output).into(),
                    class: HostClass::Nixos,
                    hosts: Err(halt),
                    place,
                }),
            }
        }
        // `colmenaHive` is made from `colmena` where a flake has both.
        if any && *output == "colmenaHive" {
            return;
        }
    }
}

/// Hosts that are kept elsewhere: outputs called like `dormantConfigurations`.
fn other_configurations<'h>(ev: &Evaluator<'h>, flake: &Flake<'h>, sets: &mut Vec<HostSetOf<'h>>) {
    let Ok(outputs) = ev.force_attrs(flake.outputs, Place::NONE) else { return };
    for output in outputs.sorted() {
        let name = output.name.as_str();
        let known = CONFIGURATIONS.iter().any(|(known, _)| *known == name) || DEPLOYMENTS.contains(&name);
        if known || !may_hold_hosts(name) {
            continue;
        }
        if let Ok(attrs) = ev.force_attrs(output.value, output.place) {
            add_systems(ev, sets, name, attrs, output.place);
        }
    }
}

/// Images that are built from modules: `packages.<system>.<image> = nixosGenerate { … }`.
fn images<'h>(ev: &Evaluator<'h>, flake: &Flake<'h>, sets: &mut Vec<HostSetOf<'h>>) {
    let Ok(Some(systems)) = flake.output(ev, "packages") else { return };
    for system in systems.sorted() {
        if let Ok(packages) = ev.force_attrs(system.value, system.place) {
            let output = format!("packages.{}", system.name);
            add_systems(ev, sets, &output, packages, system.place);
        }
    }
}

/// Adds those attributes of a set that are hosts.
fn add_systems<'h>(
    ev: &Evaluator<'h>,
    sets: &mut Vec<HostSetOf<'h>>,
    output: &str,
    attrs: &'h Attrs<'h>,
    place: Place,
) {
    let mut class = HostClass::Nixos;
    let mut entries: Vec<Attr<'h>> = Vec::new();
    for attr in attrs.entries {
        let Ok(value) = ev.force(attr.value) else { continue };
        if let Some(system) = ev.system_of(value) {
            class = class_of(system.class).unwrap_or(class);
            entries.push(*attr);
        }
    }
    let hosts = ev.heap.alloc(Attrs { entries: ev.heap.slice(&entries), open: None });
    add(ev, sets, output, class, hosts, place);
}

fn class_of(class: &str) -> Option<HostClass> {
    match class {
        "nixos" => Some(HostClass::Nixos),
        "darwin" => Some(HostClass::Darwin),
        "homeManager" => Some(HostClass::HomeManager),
        _ => None,
    }
}

/// Adds the networks of morph and nixops, and hives, among the files of a repository without a flake.
fn networks<'h>(ev: &Evaluator<'h>, project: Project, sets: &mut Vec<HostSetOf<'h>>) {
    let root = project.root(ev.db);
    for path in project.files(ev.db) {
        let source = nixscope_db::source(ev.db, path);
        let file = ev.import_file(source);
        let is_usual_file = *path == root.join("hive.nix");
        let holds_machines = is_network(ev.db, source) || is_usual_file && is_hive(ev, file);
        if !holds_machines {
            continue;
        }
        let output = relative(root, path);
        match hive(ev, file) {
            Ok(nodes) => add(ev, sets, &output, HostClass::Nixos, nodes, file.place()),
            halt => sets.push(HostSetOf {
                output: output.into(),
                class: HostClass::Nixos,
                hosts: halt,
                place: file.place(),
            }),
        }
    }
}

/// Whether the value of colmena's usual file is a hive.
fn is_hive<'h>(ev: &Evaluator<'h>, file: &'h Thunk<'h>) -> bool {
    matches!(ev.force(file), Ok(Value::Attrs(attrs)) if attrs.get(Symbol::new("meta")).is_some())
}

/// Whether a file is a network by its form: a set with `network`, which describes it, or a hive's `meta`
/// with a package set, and machines beside it.
fn is_network(db: &dyn Db, source: SourceFile) -> bool {
    const DESCRIBES: &[&str] = &[
        "description",
        "enableRollback",
        "nixpkgs",
        "pkgs",
        "specialArgs",
        "nodeNixpkgs",
        "evalConfig",
        "lib",
        "storage",
        "runCommand",
    ];
    let body = body(db, source);
    let Some(Expr::Attrs(bindings) | Expr::RecAttrs(bindings)) =
        spine(body).last().map(|end| &body.exprs[end])
    else {
        return false;
    };
    let others =
        bindings.named.iter().filter(|it| !matches!(it.name.as_str(), "network" | "meta" | "defaults"));
    let machines = others.filter(|it| it.name.as_str() != "resources").count() + bindings.dynamic.len();
    let described = bindings.named.iter().any(|binding| {
        let BindingValue::Expr(value) = binding.value else { return false };
        let (Expr::Attrs(inner) | Expr::RecAttrs(inner)) = &body.exprs[value] else { return false };
        let has = |names: &[&str]| inner.named.iter().any(|it| names.contains(&it.name.as_str()));
        match binding.name.as_str() {
            "network" => has(DESCRIBES),
            "meta" => has(&["nixpkgs", "nodeNixpkgs"]),
            _ => false,
        }
    });
    // A module that happens to set an option called `network` is none.
    let is_module =
        || bindings.named.iter().any(|it| matches!(it.name.as_str(), "imports" | "config" | "options"));
    described && machines > 0 && !is_module()
}

fn relative(root: &VfsPath, path: &VfsPath) -> String {
    let path = path.as_str();
    path.strip_prefix(root.as_str()).unwrap_or(path).trim_start_matches('/').to_owned()
}
