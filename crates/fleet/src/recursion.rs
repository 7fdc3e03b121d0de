//! Options whose value needs itself.

use nixscope_db::Db;
use nixscope_eval::{ErrorKind, Halt};
use smol_str::SmolStr;

use crate::option::parse_option_path;
use crate::outputs::with_flake;
use crate::project::Project;
use crate::queries::host_value;

/// What one value may take to be evaluated.
const STEPS: u64 = 1_000_000;

/// Whether evaluating an option of a host comes back to the option itself, perhaps through other hosts.
/// Re-evaluated when a file of the closures on the way changes.
#[salsa::tracked(returns(copy))]
pub fn needs_itself(db: &dyn Db, project: Project, output: SmolStr, host: SmolStr, path: SmolStr) -> bool {
    with_flake(db, project, |ev, flake| {
        let Ok(value) = host_value(ev, project, flake, &output, &host) else { return false };
        let Some(system) = ev.system_of(value) else { return false };
        let value = ev.within(STEPS, || system.value_at(ev, &parse_option_path(&path)));
        matches!(value, Err(Halt::Fail(error)) if error.kind == ErrorKind::InfiniteRecursion)
    })
}
