//! `nixscope fleet`: the index.

use std::fmt::Write;

use anyhow::{Result, anyhow};
use indexmap::IndexMap;
use nixscope_report::{FleetJson, GapJson, HostJson, Places, ReferenceJson, by_status, join, parallel};
use rustc_hash::FxHashMap;

use crate::check::plural;
use crate::cli::{FleetArgs, ListFormat};
use crate::output::{Report, to_json};
use crate::session::Session;
use crate::table::{Table, clip};

/// Runs the command.
pub(crate) fn run(args: &FleetArgs) -> Result<Report> {
    let mut session = Session::of_flake(&args.flake)?;
    let analysis = session.analysis_of_all();
    parallel::prepare(&analysis, false);
    let project = analysis.project();
    let fleet = analysis
        .run(|db| {
            let places = Places::new(db, session.root());
            let index = nixscope_fleet::fleet(db, project);
            join(&places, index, nixscope_fleet::observed_references(db, project))
        })
        .map_err(|_| anyhow!("the analysis was stopped"))?;
    let text = match args.format {
        ListFormat::Json => to_json(&fleet)?,
        ListFormat::Human => human(&fleet),
    };
    let notes = session.notes();
    std::mem::forget((session, analysis));
    Ok(Report::text(text).with_notes(notes))
}

fn human(fleet: &FleetJson) -> String {
    let mut out = format!(
        "{}: {}, {}, {}, {}, {}\n",
        fleet.root,
        plural(fleet.hosts.len(), "host"),
        plural(fleet.modules.len(), "module file"),
        plural(fleet.options.len(), "option"),
        plural(fleet.secrets.len(), "secret"),
        plural(fleet.inputs.len(), "input"),
    );
    section(&mut out, "Hosts", &hosts(fleet));
    section(&mut out, "Not known", &unknown(&fleet.hosts, &fleet.unknown));
    section(&mut out, "Secrets", &secrets(fleet));
    let mut heading = "References to other hosts".to_string();
    let counts: Vec<String> =
        by_status(fleet).into_iter().map(|(status, count)| format!("{count} {status}")).collect();
    if !counts.is_empty() {
        let _ = write!(heading, ": {}", counts.join(", "));
    }
    section(&mut out, &heading, &references(&fleet.cross_host_references));
    section(&mut out, "Inputs", &inputs(fleet));
    out
}

fn section(out: &mut String, heading: &str, body: &str) {
    if !body.is_empty() {
        let _ = write!(out, "\n{heading}\n{body}");
    }
}

fn hosts(fleet: &FleetJson) -> String {
    if fleet.hosts.is_empty() {
        return String::new();
    }
    let mut options_set: FxHashMap<&str, usize> = FxHashMap::default();
    for option in &fleet.options {
        let mut setting: Vec<&str> =
            option.defined_in.iter().flat_map(|it| &it.hosts).map(|host| host.as_str()).collect();
        setting.sort_unstable();
        setting.dedup();
        for host in setting {
            *options_set.entry(host).or_default() += 1;
        }
    }
    let mut table = Table::new(&[
        "name",
        "class",
        "system",
        "modules",
        "inside it",
        "options set",
        "secrets",
        "complete",
    ]);
    for host in &fleet.hosts {
        let nested: Vec<String> = host.nested.iter().map(|it| format!("{} {}", it.kind, it.name)).collect();
        table.row(vec![
            host.name.to_string(),
            host.class.to_string(),
            host.system.as_ref().map_or_else(|| "?".to_string(), ToString::to_string),
            host.modules.len().to_string(),
            clip(&nested.join(", "), 40),
            options_set.get(host.name.as_str()).copied().unwrap_or(0).to_string(),
            host.secrets.len().to_string(),
            if host.complete { "yes" } else { "no" }.to_string(),
        ]);
    }
    table.render("  ")
}

/// What is unknown, each once, with the hosts it concerns.
fn unknown(hosts: &[HostJson], gaps: &[GapJson]) -> String {
    let of_hosts =
        hosts.iter().flat_map(|host| host.unknown.iter().map(|gap| (gap, Some(host.name.as_str()))));
    let mut joined: IndexMap<String, Vec<&str>> = IndexMap::new();
    for (gap, host) in gaps.iter().map(|gap| (gap, None)).chain(of_hosts) {
        let place = gap
            .at
            .as_ref()
            .map_or_else(String::new, |it| format!("{}:{}:{}: ", it.file, it.at.line, it.at.column));
        let text = format!("{place}{}: {}", clip(&gap.what, 80), clip(&gap.why, 100));
        let names = joined.entry(text).or_default();
        names.extend(host.filter(|it| names.last() != Some(it)));
    }
    let mut out = String::new();
    for (text, names) in &joined {
        let concerned =
            if names.is_empty() { "which hosts there are".to_string() } else { clip(&names.join(", "), 60) };
        let _ = writeln!(out, "  {text} ({concerned})");
    }
    out
}

fn secrets(fleet: &FleetJson) -> String {
    if fleet.secrets.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["name", "backend", "file", "there", "hosts", "read"]);
    for secret in &fleet.secrets {
        table.row(vec![
            secret.name.to_string(),
            secret.backend.to_string(),
            secret.file.clone().unwrap_or_else(|| "?".to_string()),
            match secret.exists {
                Some(true) => "yes",
                Some(false) => "no",
                None => "?",
            }
            .to_string(),
            clip(&secret.hosts.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(", "), 40),
            secret.references.len().to_string(),
        ]);
    }
    table.render("  ")
}

fn references(all: &[ReferenceJson]) -> String {
    let mut table = Table::untitled();
    for reference in all {
        let at = &reference.from;
        let value = reference.value.as_ref().map_or_else(String::new, |it| format!("= {}", clip(it, 40)));
        table.row(vec![
            format!("{}:{}:{}", at.file, at.at.line, at.at.column),
            clip(&reference.expression, 90),
            reference.status.to_string(),
            value,
        ]);
    }
    table.render("  ")
}

fn inputs(fleet: &FleetJson) -> String {
    if fleet.inputs.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["name", "url", "revision", "on this machine"]);
    for input in &fleet.inputs {
        let text = |it: &Option<smol_str::SmolStr>, width| {
            it.as_ref().map_or_else(String::new, |it| clip(it, width))
        };
        let revision: String = text(&input.rev, 40).chars().take(7).collect();
        let available = if input.available { "yes" } else { "no" };
        // A revision of digits alone is no number.
        table.row(vec![
            input.name.to_string(),
            text(&input.url, 60),
            format!("{revision} "),
            available.to_string(),
        ]);
    }
    table.render("  ")
}
