//! `nixscope fleet`: the index.

use anyhow::{Result, anyhow};

use crate::cli::{FleetArgs, ListFormat};
use crate::fleet_json::join;
use crate::output::{Report, to_json};
use crate::parallel;
use crate::places::Places;
use crate::session::{Overrides, Session};

/// Runs the command.
pub(crate) fn run(args: &FleetArgs) -> Result<Report> {
    let session = Session::open(args.path.as_deref(), &Overrides::default())?;
    let analysis = session.host.analysis();
    parallel::prepare(&analysis, false);
    let project = analysis.project();
    let fleet = analysis
        .run(|db| join(&Places::new(db, session.root()), nixscope_fleet::fleet(db, project)))
        .map_err(|_| anyhow!("the analysis was stopped"))?;
    let text = match args.format {
        ListFormat::Json | ListFormat::Human => to_json(&fleet)?,
    };
    let notes = session.notes();
    std::mem::forget(session);
    Ok(Report::text(text).with_notes(notes))
}
