//! The queries of this crate.

use nixscope_db::Db;
use smol_str::SmolStr;

use crate::index::{FleetIndex, Host, HostIndex};
use crate::project::Project;

/// The hosts among the flake's outputs. Re-evaluated when a file that the names depend on changes.
#[salsa::tracked(returns(deref))]
pub fn hosts(_db: &dyn Db, _project: Project) -> Vec<Host> {
    Vec::new()
}

/// One host, by output and name. Re-evaluated when a file of its closure changes.
#[salsa::tracked(returns(ref))]
pub fn host(_db: &dyn Db, _project: Project, _output: SmolStr, _name: SmolStr) -> HostIndex {
    HostIndex::default()
}

/// The whole fleet: every host's index, the inputs and the exports.
#[salsa::tracked(returns(ref))]
pub fn fleet(_db: &dyn Db, _project: Project) -> FleetIndex {
    FleetIndex::default()
}
