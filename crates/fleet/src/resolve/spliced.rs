//! Keys of files that are no modules, whose sets a module makes its definitions of: `config = import ./host.nix`,
//! `modules = host.modules`.
//!
//! Such a file does not say what its keys are; the definitions in the hosts' indexes do, since each knows where
//! it is written.

use nixscope_db::{Db, SourceFile};
use nixscope_eval::{PlaceKind, SourcePlace};
use nixscope_hir::{Body, NameId};
use smol_str::SmolStr;

use super::contexts::MAX_HOSTS;
use super::{Resolution, What};
use crate::index::HostIndex;
use crate::project::Project;
use crate::queries::{host, hosts};

/// The declarations of the options that a key defines.
pub(super) fn declarations(
    db: &dyn Db,
    project: Project,
    source: SourceFile,
    key: NameId,
) -> Vec<Resolution> {
    let mut found: Vec<Resolution> = Vec::new();
    for (host, index, path) in defined(db, project, source, key) {
        for option in index.options.iter().filter(|option| option.path == path && option.place.is_some()) {
            match found.iter_mut().find(|known| known.place == option.place) {
                Some(known) if known.hosts.contains(&host) => {}
                Some(known) => known.hosts.push(host.clone()),
                None => found.push(Resolution {
                    what: What::Declaration,
                    place: option.place,
                    hosts: vec![host.clone()],
                    winning: true,
                    external: None,
                }),
            }
        }
    }
    found
}

/// The option that a key defines, in the first host that has it.
pub(super) fn option_path(db: &dyn Db, project: Project, source: SourceFile, key: NameId) -> Option<SmolStr> {
    defined(db, project, source, key).next().map(|(_, _, path)| path)
}

/// The hosts, and systems inside them, in which a key is the place of a definition, and of which option.
fn defined(
    db: &dyn Db,
    project: Project,
    source: SourceFile,
    key: NameId,
) -> impl Iterator<Item = (SmolStr, &HostIndex, SmolStr)> {
    let place = SourcePlace { source, kind: PlaceKind::Name(Body::raw_name(key)) };
    let indexes = hosts(db, project).hosts.iter().take(MAX_HOSTS).flat_map(move |entry| {
        let index = host(db, project, entry.output.clone(), entry.name.clone());
        let nested = index.nested.iter().map(|nested| &nested.index);
        std::iter::once(index).chain(nested).map(|index| (entry.name.clone(), index))
    });
    indexes.flat_map(move |(name, index)| {
        let here = index.definitions.iter().filter(move |def| def.place == Some(place));
        here.map(move |def| (name.clone(), index, def.path.clone()))
    })
}
