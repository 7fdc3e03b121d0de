//! The queries of this crate.

use std::sync::Arc;

use nixscope_db::{Db, SourceFile, VfsPath};
use nixscope_eval::{Attr, Attrs, Evaluator, Halt, Place, SourcePlace, Value};
use nixscope_hir::Symbol;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::batches::host_of_batch;
use crate::closure::{module_files, own_place};
use crate::external::{ModuleTree, option_index};
use crate::flake::inputs;
use crate::host_eval::{declarations, host_index, nested_systems};
use crate::host_sets::{HostSetOf, has_flake, primary};
use crate::index::{
    FleetIndex, Gap, Host, HostIndex, HostReference, OptionDeclaration, Problem, ProblemKind, SecretBackend,
};
use crate::outputs::{Flake, with_flake};
use crate::project::Project;
use crate::secrets::secret_rules;

/// What a flake says of its hosts: their names, and what keeps the names from being known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HostSet {
    /// In the order of outputs, then names.
    pub hosts: Vec<Host>,
    /// What keeps the set from being known completely.
    pub gaps: Vec<Gap>,
    /// What went wrong.
    pub problems: Vec<Problem>,
}

/// The hosts among the flake's outputs. Re-evaluated when a file that the names depend on changes.
#[salsa::tracked(returns(ref))]
pub fn hosts(db: &dyn Db, project: Project) -> HostSet {
    with_flake(db, project, |ev, flake| {
        let mut set = HostSet::default();
        for some in flake.host_sets(ev, project) {
            match some.hosts {
                Ok(attrs) => {
                    set.hosts.extend(attrs.sorted().into_iter().map(|attr| Host {
                        name: attr.name.as_str().into(),
                        output: some.output.clone(),
                        class: some.class,
                        place: host_place(ev, some, attr),
                    }));
                    if let Some(unknown) = attrs.open {
                        set.gaps.push(gap(ev, unknown, some.place));
                    }
                }
                Err(Halt::Unknown(unknown)) => set.gaps.push(gap(ev, unknown, unknown.place.or(some.place))),
                Err(Halt::Fail(error)) => {
                    let place = own_place(ev, error.place).or_else(|| own_place(ev, some.place));
                    let message: SmolStr = error.message.into();
                    set.gaps.push(Gap { what: some.output.clone(), why: message.clone(), place });
                    set.problems.push(Problem { kind: ProblemKind::Error, message, place });
                }
            }
        }
        let is_image = |host: &Host| host.output.starts_with("packages.");
        if set.hosts.iter().all(is_image) && set.gaps.is_empty() {
            set.gaps.extend(foreign_flake_modules(ev));
        }
        set
    })
}

/// Modules of the flake itself that come from outside. Where no host is found but images, they may make them.
fn foreign_flake_modules(ev: &Evaluator<'_>) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for system in ev.systems_of_class("flake") {
        for import in &system.closure(ev).external {
            let gap = gap(ev, import.module, import.place);
            if !gaps.contains(&gap) {
                gaps.push(gap);
            }
        }
    }
    gaps
}

pub(crate) fn gap(ev: &Evaluator<'_>, unknown: &nixscope_eval::Unknown<'_>, place: Place) -> Gap {
    Gap {
        what: unknown.path().into(),
        why: unknown.reason.describe().into(),
        place: own_place(ev, place).or_else(|| own_place(ev, unknown.place)),
    }
}

/// One host, by output and name. Re-evaluated when a file of its closure changes.
#[salsa::tracked(returns(deref))]
pub fn host(db: &dyn Db, project: Project, output: SmolStr, name: SmolStr) -> Arc<HostIndex> {
    host_of_batch(db, project, &output, &name).unwrap_or_else(|| {
        with_flake(db, project, |ev, flake| Arc::new(index_of(ev, project, flake, &output, &name)))
    })
}

/// The index of a host in an evaluation of the flake.
pub(crate) fn index_of<'h>(
    ev: &Evaluator<'h>,
    project: Project,
    flake: &Flake<'h>,
    output: &str,
    name: &str,
) -> HostIndex {
    match host_attr(ev, project, flake, output, name) {
        Ok((value, place)) => host_index(ev, project, flake, name, value, place),
        Err(Halt::Unknown(unknown)) => {
            HostIndex { gaps: vec![gap(ev, unknown, unknown.place)], ..HostIndex::default() }
        }
        Err(Halt::Fail(error)) => HostIndex {
            gaps: vec![Gap { what: name.into(), why: error.message.into(), place: error.place.resolve(ev) }],
            problems: vec![Problem {
                kind: ProblemKind::Error,
                message: error.message.into(),
                place: error.place.resolve(ev),
            }],
            ..HostIndex::default()
        },
    }
}

/// The files that hold modules of a host, or of a system inside it; sorted by path. This needs the imports only: who
/// asks which hosts have a file does not evaluate what they say. Re-evaluated when a file of the closure changes.
#[salsa::tracked(returns(deref))]
pub fn host_files(db: &dyn Db, project: Project, output: SmolStr, name: SmolStr) -> Vec<SourceFile> {
    with_flake(db, project, |ev, flake| {
        let mut files: FxHashSet<SourceFile> = FxHashSet::default();
        let value = host_value(ev, project, flake, &output, &name);
        if let Some(system) = value.ok().and_then(|value| ev.system_of(value)) {
            let inner = nested_systems(ev, &system).into_iter().map(|(_, _, inner)| inner);
            for system in std::iter::once(system.clone()).chain(inner) {
                files.extend(system.closure(ev).modules.iter().filter_map(|module| module.file));
            }
        }
        let mut files: Vec<SourceFile> = files.into_iter().collect();
        files.sort_by(|a, b| a.path(db).cmp(b.path(db)));
        files
    })
}

/// Where a host is written. One whose name comes out of a model (from the names in a directory, say) is
/// written where the output is.
fn host_place<'h>(ev: &Evaluator<'h>, set: &HostSetOf<'h>, attr: &Attr<'h>) -> Option<SourcePlace> {
    own_place(ev, attr.place)
        .or_else(|| own_place(ev, attr.value.place()))
        .or_else(|| own_place(ev, set.place))
}

/// The value of a host's attribute.
pub(crate) fn host_value<'h>(
    ev: &Evaluator<'h>,
    project: Project,
    flake: &Flake<'h>,
    output: &str,
    name: &str,
) -> nixscope_eval::Eval<'h, Value<'h>> {
    Ok(host_attr(ev, project, flake, output, name)?.0)
}

fn host_attr<'h>(
    ev: &Evaluator<'h>,
    project: Project,
    flake: &Flake<'h>,
    output: &str,
    name: &str,
) -> nixscope_eval::Eval<'h, (Value<'h>, Option<SourcePlace>)> {
    let name = Symbol::new(name);
    let here = |set: &HostSetOf<'h>| -> nixscope_eval::Eval<'h, _> {
        let Some(attr) = set.hosts?.get(name) else { return Ok(None) };
        let value = ev.force(attr.value)?;
        Ok(Some((ev.settle(value)?, host_place(ev, set, attr))))
    };
    if has_flake(ev.db, project)
        && let Some(set) = primary(ev, flake, output)
        && let Some(host) = here(&set)?
    {
        return Ok(host);
    }
    for set in flake.host_sets(ev, project).iter().filter(|set| set.output == output) {
        if let Some(host) = here(set)? {
            return Ok(host);
        }
    }
    Err(ev.error(nixscope_eval::ErrorKind::MissingAttribute, "there is no such host", Place::NONE))
}

/// The whole fleet: every host's index, the inputs and the exports.
#[salsa::tracked(returns(ref))]
pub fn fleet(db: &dyn Db, project: Project) -> FleetIndex {
    let set = hosts(db, project);
    let hosts: Vec<(Host, HostIndex)> = set
        .hosts
        .iter()
        .map(|it| (it.clone(), host(db, project, it.output.clone(), it.name.clone()).clone()))
        .collect();
    let mut declared = Vec::new();
    hosts.iter().for_each(|(_, index)| sops_files(index, &mut declared));
    FleetIndex {
        secret_rules: secret_rules(db, project, declared.into_iter()),
        hosts,
        inputs: inputs(db, project).iter().map(|(input, _)| input.clone()).collect(),
        exports: exports(db, project).clone(),
        references: flake_references(db, project).clone(),
        gaps: set.gaps.clone(),
        problems: set.problems.clone(),
    }
}

/// The sops files that a host and the systems in it declare.
fn sops_files<'a>(index: &'a HostIndex, out: &mut Vec<&'a VfsPath>) {
    let of_sops = index.secrets.iter().filter(|it| it.backend == SecretBackend::Sops);
    out.extend(of_sops.filter_map(|it| it.file.as_ref()));
    index.nested.iter().for_each(|nested| sops_files(&nested.index, out));
}

/// What the flake's own file reads of hosts, outside of modules.
#[salsa::tracked(returns(ref))]
pub fn flake_references(db: &dyn Db, project: Project) -> Vec<HostReference> {
    if !has_flake(db, project) {
        return Vec::new();
    }
    with_flake(db, project, |ev, flake| crate::references::scan_flake(ev, project, flake))
}

/// The outputs that hold modules.
const MODULE_OUTPUTS: &[&str] =
    &["nixosModules", "darwinModules", "homeModules", "homeManagerModules", "flakeModules"];

/// The sets of modules that the flake exports, with the output.
fn module_sets<'h>(ev: &Evaluator<'h>, flake: &Flake<'h>) -> Vec<(SmolStr, &'h Attrs<'h>)> {
    let mut sets: Vec<(SmolStr, &'h Attrs<'h>)> = Vec::new();
    for output in MODULE_OUTPUTS {
        sets.extend(flake.output(ev, output).ok().flatten().map(|attrs| ((*output).into(), attrs)));
    }
    // `modules.<class>.<name>`
    for class in flake.output(ev, "modules").ok().flatten().into_iter().flat_map(Attrs::sorted) {
        let attrs = ev.force_attrs(class.value, class.place).ok();
        sets.extend(attrs.map(|attrs| (SmolStr::from(format!("modules.{}", class.name)), attrs)));
    }
    sets
}

/// The options that the repository declares: those of its hosts and of the modules that it exports, and
/// those of the modules it lists where it is a [tree](ModuleTree) of them. Sorted by path, each once.
#[salsa::tracked(returns(ref))]
pub fn declared_options(db: &dyn Db, project: Project) -> Vec<OptionDeclaration> {
    let mut all: Vec<OptionDeclaration> = Vec::new();
    for (_, index) in &fleet(db, project).hosts {
        all.extend(index.options.iter().cloned());
        all.extend(index.nested.iter().flat_map(|nested| nested.index.options.iter().cloned()));
    }
    all.extend(exported_options(db, project).iter().cloned());
    if let Some(tree) = ModuleTree::find(db, project.root(db)) {
        all.extend(option_index(db, tree).declarations().iter().cloned());
    }
    let mut known = FxHashSet::default();
    all.retain(|it| known.insert((it.path.clone(), it.place)));
    // Stable: of several declarations of an option the first stays the first.
    all.sort_by(|a, b| a.path.cmp(&b.path));
    all
}

/// The options of the modules that the flake exports.
#[salsa::tracked(returns(ref))]
fn exported_options(db: &dyn Db, project: Project) -> Vec<OptionDeclaration> {
    if !has_flake(db, project) {
        return Vec::new();
    }
    with_flake(db, project, |ev, flake| {
        let mut options = Vec::new();
        for (_, attrs) in module_sets(ev, flake) {
            for attr in attrs.sorted() {
                let system = crate::closure::module_system(ev, attr.value);
                options.extend(declarations(ev, &system).into_iter().map(|(_, option)| option));
            }
        }
        options
    })
}

/// The module files that the flake exports, with the output: `nixosModules.vpn`.
#[salsa::tracked(returns(ref))]
pub fn exports(db: &dyn Db, project: Project) -> Vec<(SourceFile, SmolStr)> {
    if !has_flake(db, project) {
        return Vec::new();
    }
    with_flake(db, project, |ev, flake| {
        let mut exports = Vec::new();
        for (output, attrs) in module_sets(ev, flake) {
            for attr in attrs.sorted() {
                for file in module_files(ev, attr.value) {
                    exports.push((file, SmolStr::from(format!("{output}.{}", attr.name))));
                }
            }
        }
        exports.sort_by(|a, b| (a.0.path(db), &a.1).cmp(&(b.0.path(db), &b.1)));
        exports.dedup();
        exports
    })
}
