//! How far the analysis knows a fleet, in numbers.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::fleet::{FleetJson, by_status};

/// How far a fleet is known.
#[derive(Serialize)]
pub struct StatusJson {
    pub schema: u32,
    /// The program's version.
    pub version: &'static str,
    pub root: String,
    pub files: usize,
    pub hosts: usize,
    /// Hosts of which every module is known.
    pub complete_hosts: usize,
    pub modules: usize,
    pub options: usize,
    pub secrets: usize,
    pub inputs: usize,
    /// Inputs whose sources are on this machine.
    pub available_inputs: usize,
    /// Reads of other hosts, by how they came out.
    pub references: BTreeMap<&'static str, usize>,
    /// What is not known, by reason.
    pub unknown: BTreeMap<String, usize>,
}

/// The numbers of a fleet of so many files.
pub fn status(fleet: &FleetJson, files: usize) -> StatusJson {
    let mut unknown: BTreeMap<String, usize> = BTreeMap::new();
    for gap in fleet.hosts.iter().flat_map(|it| &it.unknown).chain(&fleet.unknown) {
        *unknown.entry(gap.why.to_string()).or_default() += 1;
    }
    StatusJson {
        schema: 1,
        version: env!("CARGO_PKG_VERSION"),
        root: fleet.root.clone(),
        files,
        hosts: fleet.hosts.len(),
        complete_hosts: fleet.hosts.iter().filter(|it| it.complete).count(),
        modules: fleet.modules.len(),
        options: fleet.options.len(),
        secrets: fleet.secrets.len(),
        inputs: fleet.inputs.len(),
        available_inputs: fleet.inputs.iter().filter(|it| it.available).count(),
        references: by_status(fleet).into_iter().collect(),
        unknown,
    }
}
