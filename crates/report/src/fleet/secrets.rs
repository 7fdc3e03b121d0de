//! Secrets, joined over hosts. Names, recipients and existence only; never what is in them.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use nixscope_fleet::{FleetIndex, Recipient, SecretDeclaration, recipients_of};
use serde::Serialize;
use smol_str::SmolStr;

use super::{Names, systems};
use crate::places::{Place, Places};

/// A secret.
#[derive(Serialize)]
pub struct SecretJson {
    pub name: SmolStr,
    pub backend: &'static str,
    pub declared_at: Option<Place>,
    pub file: Option<String>,
    pub exists: Option<bool>,
    pub recipients: Names,
    pub hosts: Names,
    pub references: BTreeSet<Place>,
}

/// Every secret with the hosts that declare it. One name with two files is two secrets.
pub(super) fn join(places: &Places<'_>, fleet: &FleetIndex) -> Vec<SecretJson> {
    let mut joined: IndexMap<_, SecretJson> = IndexMap::new();
    for (host, index) in systems(fleet) {
        for declaration in &index.secrets {
            let key = (declaration.backend, &declaration.path, declaration.place, declaration.file.as_ref());
            let secret = joined.entry(key).or_insert_with(|| secret(places, fleet, declaration));
            secret.hosts.insert(host.clone());
            let reads = index
                .secret_reads
                .iter()
                .filter(|read| read.backend == declaration.backend && read.path == declaration.path);
            secret.references.extend(reads.map(|read| places.of(read.place)));
        }
    }
    let mut secrets: Vec<SecretJson> = joined.into_values().collect();
    secrets.sort_by(|a, b| {
        (&a.name, a.backend, &a.file, &a.declared_at).cmp(&(&b.name, b.backend, &b.file, &b.declared_at))
    });
    secrets
}

fn secret(places: &Places<'_>, fleet: &FleetIndex, declaration: &SecretDeclaration) -> SecretJson {
    let recipients = recipients_of(places.db, fleet, declaration);
    SecretJson {
        name: declaration.name.clone(),
        backend: declaration.backend.as_str(),
        declared_at: declaration.place.map(|place| places.of(place)),
        file: declaration.file.as_ref().map(|path| places.path(path)),
        exists: declaration.exists,
        recipients: recipients.iter().map(Recipient::label).collect(),
        hosts: Names::new(),
        references: BTreeSet::new(),
    }
}
