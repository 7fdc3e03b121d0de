//! What lints want to know of a host beside its index: one evaluation answers all of it.
//!
//! It is apart from the index because editors need that one first, and after each keystroke.

use std::sync::Arc;

use nixscope_db::Db;
use nixscope_eval::Evaluator;
use smol_str::SmolStr;

use crate::batches::inspection_of_batch;
use crate::facts::{HostFacts, facts};
use crate::outputs::{Flake, with_flake};
use crate::problems::{HostProblems, problems};
use crate::project::Project;
use crate::queries::host_value;
use crate::settings::{HostSettings, settings};

/// What lints want to know of a host.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Inspection {
    facts: HostFacts,
    settings: HostSettings,
    problems: HostProblems,
}

impl Inspection {
    /// Of a host that cannot be evaluated.
    fn impossible() -> Inspection {
        Inspection {
            facts: HostFacts { incomplete: true, ..HostFacts::default() },
            settings: HostSettings::default(),
            problems: HostProblems::default(),
        }
    }
}

/// Inspects a host. Re-evaluated when a file of its closure changes.
#[salsa::tracked(returns(deref))]
fn inspection(db: &dyn Db, project: Project, output: SmolStr, host: SmolStr) -> Arc<Inspection> {
    inspection_of_batch(db, project, &output, &host).unwrap_or_else(|| {
        with_flake(db, project, |ev, flake| Arc::new(inspect(ev, project, flake, &output, &host)))
    })
}

/// Inspects a host in an evaluation of the flake.
pub(crate) fn inspect<'h>(
    ev: &Evaluator<'h>,
    project: Project,
    flake: &Flake<'h>,
    output: &str,
    host: &str,
) -> Inspection {
    let system = host_value(ev, project, flake, output, host).ok().and_then(|it| ev.system_of(it));
    let Some(system) = system else { return Inspection::impossible() };
    Inspection { facts: facts(ev, &system), settings: settings(ev, &system), problems: problems(ev, &system) }
}

/// What a host says of itself to the rest of the fleet.
pub fn host_facts(db: &dyn Db, project: Project, output: SmolStr, host: SmolStr) -> &HostFacts {
    &inspection(db, project, output, host).facts
}

/// What a host sets of nixpkgs' options of security.
pub fn host_settings(db: &dyn Db, project: Project, output: SmolStr, host: SmolStr) -> &HostSettings {
    &inspection(db, project, output, host).settings
}

/// What is wrong with the options of a host.
pub fn host_problems(db: &dyn Db, project: Project, output: SmolStr, host: SmolStr) -> &HostProblems {
    &inspection(db, project, output, host).problems
}
