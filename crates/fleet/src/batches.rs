//! Evaluating many hosts in few heaps.
//!
//! Hosts have much in common: the flake's outputs, the files of their modules, and what they read of each other. One by
//! one, each evaluates all of that again; but then it is known what each of them depends on, and an edit costs only the
//! hosts that it concerns. A program that answers once and ends has no edits. It puts hosts into
//! [batches](Project::batches), and those of a batch share a heap.

use std::sync::Arc;

use nixscope_db::Db;
use nixscope_eval::Evaluator;

use crate::index::{Host, HostIndex};
use crate::inspection::{Inspection, inspect};
use crate::outputs::{Flake, with_flake};
use crate::project::Project;
use crate::queries::{hosts, index_of};

/// A heap of more bytes takes no further host.
const FULL: usize = 256 << 20;

/// The index of a host out of its batch; none where hosts are evaluated one by one.
pub(crate) fn host_of_batch(
    db: &dyn Db,
    project: Project,
    output: &str,
    name: &str,
) -> Option<Arc<HostIndex>> {
    let (batch, position) = find(db, project, output, name)?;
    indexes(db, project, batch).get(position).cloned()
}

/// The inspection of a host out of its batch; none where hosts are evaluated one by one.
pub(crate) fn inspection_of_batch(
    db: &dyn Db,
    project: Project,
    output: &str,
    name: &str,
) -> Option<Arc<Inspection>> {
    let (batch, position) = find(db, project, output, name)?;
    inspections(db, project, batch).get(position).cloned()
}

/// The batch that a host is in, and its position there.
fn find(db: &dyn Db, project: Project, output: &str, name: &str) -> Option<(usize, usize)> {
    let batches = project.batches(db)?.get();
    let hosts = &hosts(db, project).hosts;
    let index = hosts.iter().position(|it| it.name == name && it.output == output)?;
    Some((index % batches, index / batches))
}

#[salsa::tracked(returns(deref))]
fn indexes(db: &dyn Db, project: Project, batch: usize) -> Vec<Arc<HostIndex>> {
    in_turn(db, project, batch, |ev, flake, host| {
        Arc::new(index_of(ev, project, flake, &host.output, &host.name))
    })
}

#[salsa::tracked(returns(deref))]
fn inspections(db: &dyn Db, project: Project, batch: usize) -> Vec<Arc<Inspection>> {
    in_turn(db, project, batch, |ev, flake, host| {
        Arc::new(inspect(ev, project, flake, &host.output, &host.name))
    })
}

/// Evaluates the hosts of a batch one after the other, in as few heaps as hold them.
fn in_turn<T>(
    db: &dyn Db,
    project: Project,
    batch: usize,
    evaluate: impl for<'h> Fn(&Evaluator<'h>, &Flake<'h>, &Host) -> T,
) -> Vec<T> {
    let step = project.batches(db).map_or(1, |it| it.get());
    let mut hosts = hosts(db, project).hosts.iter().skip(batch).step_by(step).peekable();
    let mut found = Vec::new();
    while hosts.peek().is_some() {
        with_flake(db, project, |ev, flake| {
            for host in hosts.by_ref() {
                found.push(ev.afresh(|| evaluate(ev, flake, host)));
                if ev.heap.allocated() > FULL {
                    break;
                }
            }
        });
    }
    found
}
