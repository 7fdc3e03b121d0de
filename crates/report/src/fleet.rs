//! The index as one value, schema 1: what the hosts have in common is joined over them.
//!
//! The analysis answers per host; readers ask per module, per option, per secret, per reference. The
//! joining is here and nowhere else; both faces of `nixscope fleet` print its result, and editors get it.

mod options;
mod secrets;

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use nixscope_fleet::{ExternalModule, FleetIndex, Gap, Host, HostClass, HostIndex, Input, Module, Nested};
use nixscope_fleet::{HostReference, ReferenceStatus};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use smol_str::SmolStr;

use crate::places::{Place, Places};

pub use options::{DefinedInJson, OptionJson};
pub use secrets::SecretJson;

/// Names without order of their own are sorted.
pub type Names = BTreeSet<SmolStr>;

/// The whole index.
#[derive(Serialize)]
pub struct FleetJson {
    pub schema: u32,
    pub root: String,
    pub hosts: Vec<HostJson>,
    pub modules: Vec<ModuleFileJson>,
    pub options: Vec<OptionJson>,
    pub secrets: Vec<SecretJson>,
    pub cross_host_references: Vec<ReferenceJson>,
    pub inputs: Vec<InputJson>,
    /// Whether it is known which hosts there are.
    pub complete: bool,
    /// What keeps the set of hosts from being known.
    pub unknown: Vec<GapJson>,
}

/// A host.
#[derive(Serialize)]
pub struct HostJson {
    pub name: SmolStr,
    pub output: SmolStr,
    pub class: &'static str,
    pub system: Option<SmolStr>,
    pub defined_at: Option<Place>,
    pub modules: Vec<ModuleJson>,
    pub nested: Vec<NestedJson>,
    pub external_modules: Vec<ExternalJson>,
    pub module_args: Vec<SmolStr>,
    pub secrets: Names,
    pub complete: bool,
    pub unknown: Vec<GapJson>,
}

/// A module as a host imports it.
#[derive(Serialize)]
pub struct ModuleJson {
    pub file: String,
    pub imported_by: Option<String>,
    pub line: Option<u32>,
    pub conditional: bool,
    pub inline: bool,
}

/// A system inside a host.
#[derive(Serialize)]
pub struct NestedJson {
    pub kind: SmolStr,
    pub name: String,
    pub modules: Vec<ModuleJson>,
}

/// A module from outside the repository.
#[derive(Serialize)]
pub struct ExternalJson {
    pub name: String,
    pub file: Option<String>,
    pub line: Option<u32>,
}

/// Something that is not known.
#[derive(Serialize)]
pub struct GapJson {
    pub what: SmolStr,
    pub why: SmolStr,
    pub at: Option<Place>,
}

/// A module's file with the hosts that import it.
#[derive(Serialize)]
pub struct ModuleFileJson {
    pub file: String,
    pub hosts: Names,
    pub exported_as: Names,
}

/// A read of another host's configuration.
#[derive(Serialize)]
pub struct ReferenceJson {
    pub from: Place,
    pub expression: SmolStr,
    pub hosts: Names,
    pub path: SmolStr,
    pub targets: Vec<Place>,
    pub value: Option<SmolStr>,
    pub status: &'static str,
}

/// A flake input.
#[derive(Serialize)]
pub struct InputJson {
    pub name: SmolStr,
    pub url: Option<SmolStr>,
    pub rev: Option<SmolStr>,
    pub store_path: Option<SmolStr>,
    pub available: bool,
}

/// Joins the index, and what functions over hosts were seen to read.
pub fn join(places: &Places<'_>, fleet: &FleetIndex, observed: &[HostReference]) -> FleetJson {
    FleetJson {
        schema: 1,
        root: places.root.to_string(),
        hosts: fleet.hosts.iter().map(|(host, index)| host_json(places, host, index)).collect(),
        modules: modules(places, fleet),
        options: options::join(places, fleet),
        secrets: secrets::join(places, fleet),
        cross_host_references: references(places, fleet, observed),
        inputs: fleet.inputs.iter().map(input).collect(),
        complete: fleet.gaps.is_empty(),
        unknown: fleet.gaps.iter().map(|it| gap(places, it)).collect(),
    }
}

/// Every system of the fleet, nested ones too, with the name of the host it is part of.
fn systems(fleet: &FleetIndex) -> impl Iterator<Item = (&SmolStr, &HostIndex)> {
    let mut all = Vec::new();
    for (host, index) in &fleet.hosts {
        with_nested(index, &mut |index| all.push((&host.name, index)));
    }
    all.into_iter()
}

fn with_nested<'a>(index: &'a HostIndex, see: &mut impl FnMut(&'a HostIndex)) {
    see(index);
    for nested in &index.nested {
        with_nested(&nested.index, see);
    }
}

fn host_json(places: &Places<'_>, host: &Host, index: &HostIndex) -> HostJson {
    let mut nested = Vec::new();
    for inner in &index.nested {
        nested_json(places, inner, "", &mut nested);
    }
    let mut secrets = Names::new();
    let mut unknown = Vec::new();
    with_nested(index, &mut |index| {
        secrets.extend(index.secrets.iter().map(|it| it.name.clone()));
        unknown.extend(index.gaps.iter().map(|it| gap(places, it)));
    });
    HostJson {
        name: host.name.clone(),
        output: host.output.clone(),
        class: class_name(host.class),
        system: index.system.clone(),
        defined_at: host.place.map(|place| places.of(place)),
        modules: index.modules.iter().map(|it| module(places, it)).collect(),
        nested,
        external_modules: index.external.iter().map(|it| external(places, it)).collect(),
        module_args: index.module_args.clone(),
        secrets,
        complete: unknown.is_empty(),
        unknown,
    }
}

fn nested_json(places: &Places<'_>, nested: &Nested, outer: &str, out: &mut Vec<NestedJson>) {
    let name = if outer.is_empty() { nested.name.to_string() } else { format!("{outer}/{}", nested.name) };
    let modules = nested.index.modules.iter().map(|it| module(places, it)).collect();
    out.push(NestedJson { kind: nested.kind.clone(), name: name.clone(), modules });
    for inner in &nested.index.nested {
        nested_json(places, inner, &name, out);
    }
}

fn class_name(class: HostClass) -> &'static str {
    match class {
        HostClass::Nixos => "nixos",
        HostClass::Darwin => "darwin",
        HostClass::HomeManager => "home-manager",
        HostClass::NixOnDroid => "nix-on-droid",
        HostClass::SystemManager => "system-manager",
    }
}

fn module(places: &Places<'_>, module: &Module) -> ModuleJson {
    ModuleJson {
        file: places.file(module.file),
        imported_by: module.imported_by.map(|file| places.file(file)),
        line: module.place.map(|place| places.of(place).at.line),
        conditional: module.conditional,
        inline: module.inline,
    }
}

fn external(places: &Places<'_>, module: &ExternalModule) -> ExternalJson {
    let place = module.place.map(|place| places.of(place));
    ExternalJson {
        name: module.name.strip_prefix("inputs.").unwrap_or(&module.name).to_string(),
        line: place.as_ref().map(|place| place.at.line),
        file: place.map(|place| place.file),
    }
}

pub(crate) fn gap(places: &Places<'_>, gap: &Gap) -> GapJson {
    GapJson { what: gap.what.clone(), why: gap.why.clone(), at: gap.place.map(|place| places.of(place)) }
}

fn input(input: &Input) -> InputJson {
    InputJson {
        name: input.name.clone(),
        url: input.url.clone(),
        rev: input.rev.clone(),
        store_path: input.store_path.clone(),
        available: input.source.is_some(),
    }
}

/// The files that hold modules. An inline module is part of the file it is written in, which need not
/// be a module itself.
fn modules(places: &Places<'_>, fleet: &FleetIndex) -> Vec<ModuleFileJson> {
    let mut joined: FxHashMap<_, (Names, Names)> = FxHashMap::default();
    for (host, index) in systems(fleet) {
        for module in index.modules.iter().filter(|it| !it.inline) {
            let (hosts, _) = joined.entry(module.file).or_default();
            if !hosts.contains(host) {
                hosts.insert(host.clone());
            }
        }
    }
    for (file, output) in &fleet.exports {
        joined.entry(*file).or_default().1.insert(output.clone());
    }
    let mut modules: Vec<ModuleFileJson> = joined
        .into_iter()
        .map(|(file, (hosts, exported_as))| ModuleFileJson { file: places.file(file), hosts, exported_as })
        .collect();
    modules.sort_by(|a, b| a.file.cmp(&b.file));
    modules
}

/// References by place: one that is evaluated for several hosts, or that means several, is one entry
/// for each way it came out. Where the calls of the function around it say what it means, that it is not
/// known where it stands is left out.
fn references(places: &Places<'_>, fleet: &FleetIndex, observed: &[HostReference]) -> Vec<ReferenceJson> {
    let mut joined: IndexMap<_, ReferenceJson> = IndexMap::new();
    let of_modules = systems(fleet).flat_map(|(_, index)| &index.references);
    let all: Vec<&HostReference> = of_modules.chain(&fleet.references).chain(observed).collect();
    let known = |it: &&&HostReference| it.status != ReferenceStatus::Dynamic;
    let seen: FxHashSet<_> = all.iter().filter(known).map(|it| it.place).collect();
    for reference in all {
        if reference.status == ReferenceStatus::Dynamic && seen.contains(&reference.place) {
            continue;
        }
        let key = (reference.place, reference.path.clone(), reference.status);
        match joined.get_mut(&key) {
            Some(known) => merge_reference(places, known, reference),
            None => {
                joined.insert(key, reference_json(places, reference));
            }
        }
    }
    let mut references: Vec<ReferenceJson> = joined.into_values().collect();
    references.sort_by(|a, b| (&a.from, &a.path, a.status).cmp(&(&b.from, &b.path, b.status)));
    references
}

fn reference_json(places: &Places<'_>, reference: &HostReference) -> ReferenceJson {
    ReferenceJson {
        from: places.of(reference.place),
        expression: reference.expression.clone(),
        hosts: reference.host.iter().cloned().collect(),
        path: reference.path.clone(),
        targets: reference.targets.iter().map(|place| places.of(*place)).collect(),
        value: reference.value.clone(),
        status: reference.status.as_str(),
    }
}

fn merge_reference(places: &Places<'_>, known: &mut ReferenceJson, reference: &HostReference) {
    known.hosts.extend(reference.host.clone());
    for place in &reference.targets {
        let place = places.of(*place);
        if !known.targets.contains(&place) {
            known.targets.push(place);
        }
    }
    // Several hosts, several values: none of them is the value.
    if known.value != reference.value {
        known.value = None;
    }
}

/// How many references came out how, in the order of [`ReferenceStatus`].
pub fn by_status(fleet: &FleetJson) -> Vec<(&'static str, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for reference in &fleet.cross_host_references {
        *counts.entry(reference.status).or_default() += 1;
    }
    [
        ReferenceStatus::Resolved,
        ReferenceStatus::External,
        ReferenceStatus::Default,
        ReferenceStatus::MissingHost,
        ReferenceStatus::MissingOption,
        ReferenceStatus::Dynamic,
    ]
    .into_iter()
    .filter_map(|status| counts.get(status.as_str()).map(|count| (status.as_str(), *count)))
    .collect()
}

#[cfg(test)]
mod tests;
