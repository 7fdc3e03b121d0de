//! The files that hosts consist of, with the hosts: what a lint needs to know that a file is a module, or that it is
//! evaluated as part of a flake.

use nixscope_db::{Db, SourceFile};
use nixscope_fleet::Project;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::context::FleetContext;
use crate::fleet::systems;

/// The module files of every system, each once, in order of path, with the names of the hosts.
pub(crate) fn closure_files<'db>(cx: &FleetContext<'db>) -> &'db [(SourceFile, Vec<SmolStr>)] {
    files(cx.db, cx.project)
}

/// The host whose own configuration a file is: it is the only one that has it, and the path names it, as
/// `hosts/web/disks.nix` does. A module that only one host takes yet is of nobody.
pub(crate) fn own_host<'db>(cx: &FleetContext<'db>, file: SourceFile) -> Option<&'db SmolStr> {
    let all = closure_files(cx);
    let path = file.path(cx.db);
    let at = all.binary_search_by(|(other, _)| other.path(cx.db).cmp(path)).ok()?;
    let [host] = all[at].1.as_slice() else { return None };
    let relative = path.strip_prefix(cx.project.root(cx.db))?;
    let mut parts = relative.split('/').map(|part| part.strip_suffix(".nix").unwrap_or(part));
    parts.any(|part| part == host).then_some(host)
}

/// Recomputed when the fleet's index changes.
#[salsa::tracked(returns(deref))]
fn files(db: &dyn Db, project: Project) -> Vec<(SourceFile, Vec<SmolStr>)> {
    let root = project.root(db);
    let mut known: FxHashMap<SourceFile, Vec<SmolStr>> = FxHashMap::default();
    for (host, index) in systems(nixscope_fleet::fleet(db, project)) {
        for module in index.modules.iter().filter(|it| !it.inline) {
            let hosts = known.entry(module.file).or_default();
            if hosts.last() != Some(host) && !hosts.contains(host) {
                hosts.push(host.clone());
            }
        }
    }
    let mut files: Vec<_> = known.into_iter().filter(|(file, _)| file.path(db).starts_with(root)).collect();
    files.iter_mut().for_each(|(_, hosts)| hosts.sort());
    files.sort_by(|(a, _), (b, _)| a.path(db).cmp(b.path(db)));
    files
}
