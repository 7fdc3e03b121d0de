//! `nixscope stats`: what the analysis did and what it took.

mod resolution;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use nixscope_report::{Places, by_status, join, parallel};
use serde::Serialize;

use self::resolution::{Resolution, resolutions};
use crate::cli::{FleetArgs, ListFormat};
use crate::output::{Report, to_json};
use crate::session::Session;
use crate::table::Table;

#[derive(Serialize)]
struct Stats {
    schema: u32,
    root: String,
    files: usize,
    bytes: usize,
    expressions: usize,
    hosts: Hosts,
    modules: usize,
    options: usize,
    secrets: usize,
    references: BTreeMap<&'static str, usize>,
    resolution: BTreeMap<&'static str, Resolution>,
    unknown: BTreeMap<String, usize>,
    diagnostics: BTreeMap<&'static str, usize>,
    time_ms: Times,
    peak_memory_kb: Option<u64>,
}

#[derive(Serialize)]
struct Hosts {
    all: usize,
    complete: usize,
}

#[derive(Serialize)]
struct Times {
    discover: f64,
    files: f64,
    hosts: f64,
    diagnostics: f64,
    all: f64,
}

/// Runs the command.
pub(crate) fn run(args: &FleetArgs) -> Result<Report> {
    let started = Instant::now();
    let mut session = Session::of_flake(&args.flake)?;
    let discover = started.elapsed();
    let analysis = session.analysis_of_all();
    let phases = parallel::prepare(&analysis, true);
    let before = Instant::now();
    let stopped = |_| anyhow!("the analysis was stopped");
    let found = analysis.all_diagnostics().map_err(stopped)?;
    let diagnostics_time = before.elapsed();

    let project = analysis.project();
    let mut unknown: BTreeMap<String, usize> = BTreeMap::new();
    let (fleet, resolution, bytes, expressions) = analysis
        .run(|db| {
            let index = nixscope_fleet::fleet(db, project);
            let places = Places::new(db, session.root());
            let fleet = join(&places, index, nixscope_fleet::observed_references(db, project));
            let resolution = resolutions(&places, index, &fleet);
            for gap in &index.gaps {
                *unknown.entry(gap.why.to_string()).or_default() += 1;
            }
            let (mut bytes, mut expressions) = (0, 0);
            for path in project.files(db) {
                let file = nixscope_db::source(db, path);
                bytes += file.text(db).as_str().len();
                expressions += nixscope_hir::body(db, file).exprs.len();
            }
            (fleet, resolution, bytes, expressions)
        })
        .map_err(stopped)?;
    for gap in fleet.hosts.iter().flat_map(|it| &it.unknown) {
        *unknown.entry(gap.why.to_string()).or_default() += 1;
    }
    let mut diagnostics: BTreeMap<&str, usize> = BTreeMap::new();
    for it in &found {
        *diagnostics.entry(it.lint.name).or_default() += 1;
    }
    let stats = Stats {
        schema: 1,
        root: fleet.root.clone(),
        files: session.workspace.files.len(),
        bytes,
        expressions,
        hosts: Hosts {
            all: fleet.hosts.len(),
            complete: fleet.hosts.iter().filter(|it| it.complete).count(),
        },
        modules: fleet.modules.len(),
        options: fleet.options.len(),
        secrets: fleet.secrets.len(),
        references: by_status(&fleet).into_iter().collect(),
        resolution,
        unknown,
        diagnostics,
        time_ms: Times {
            discover: ms(discover),
            files: ms(phases.files),
            hosts: ms(phases.hosts),
            diagnostics: ms(phases.lints + diagnostics_time),
            all: ms(started.elapsed()),
        },
        peak_memory_kb: peak_memory(),
    };
    let text = match args.format {
        ListFormat::Json => to_json(&stats)?,
        ListFormat::Human => human(&stats),
    };
    let notes = session.notes();
    std::mem::forget((session, analysis));
    Ok(Report::text(text).with_notes(notes))
}

fn ms(time: Duration) -> f64 {
    (time.as_secs_f64() * 10_000.0).round() / 10.0
}

/// The largest amount of memory the process has had, where the system says it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn human(stats: &Stats) -> String {
    let mut table = Table::untitled();
    let mut row = |name: &str, value: usize| table.row(vec![name.to_string(), value.to_string()]);
    row("files", stats.files);
    row("bytes", stats.bytes);
    row("expressions", stats.expressions);
    row("hosts", stats.hosts.all);
    row("hosts known completely", stats.hosts.complete);
    row("module files", stats.modules);
    row("options", stats.options);
    row("secrets", stats.secrets);
    let mut out = format!("{}\n{}", stats.root, table.render("  "));
    counts(
        &mut out,
        "references to other hosts",
        stats.references.iter().map(|(name, count)| (*name, *count)),
    );
    resolved(&mut out, &stats.resolution);
    counts(
        &mut out,
        "not known, by reason",
        stats.unknown.iter().map(|(name, count)| (name.as_str(), *count)),
    );
    counts(&mut out, "findings", stats.diagnostics.iter().map(|(name, count)| (*name, *count)));
    let times = &stats.time_ms;
    let _ = writeln!(
        out,
        "time\n  {} ms: {} discovery, {} files, {} hosts, {} findings",
        times.all, times.discover, times.files, times.hosts, times.diagnostics
    );
    if let Some(peak) = stats.peak_memory_kb {
        let _ = writeln!(out, "memory\n  {} MB at most", peak / 1024);
    }
    out
}

/// How much of each kind is resolved; below it, why the rest is not, with a place for each reason.
fn resolved(out: &mut String, kinds: &BTreeMap<&'static str, Resolution>) {
    let mut table = Table::untitled();
    for (kind, it) in kinds.iter().filter(|(_, it)| it.all > 0) {
        table.row(vec![kind.to_string(), format!("{} of {}", it.resolved, it.all), String::new()]);
        for why in &it.unresolved {
            let place = why.example.as_ref().map(|it| format!("{}:{}:{}", it.file, it.at.line, it.at.column));
            let reason = format!("{} {}", why.count, why.reason);
            table.row(vec![String::new(), reason, place.unwrap_or_default()]);
        }
    }
    let _ = write!(out, "resolved\n{}", table.render("  "));
}

fn counts<'a>(out: &mut String, heading: &str, counts: impl Iterator<Item = (&'a str, usize)>) {
    let mut table = Table::untitled();
    let mut any = false;
    for (name, count) in counts {
        any = true;
        table.row(vec![count.to_string(), name.to_string()]);
    }
    if any {
        let _ = write!(out, "{heading}\n{}", table.render("  "));
    }
}
