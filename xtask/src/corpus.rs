//! `cargo xtask corpus`: nixscope over checkouts of real fleets: one line each for its hosts, for what was not known
//! and for what was found, and totals. For reading, and for comparing before and after a change.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::Value;

use crate::measure::{Run, measure};
use crate::shell::release_binary;

pub(crate) fn corpus(dirs: &[PathBuf], timeout: u64) -> Result<()> {
    let nixscope = release_binary()?;
    let checkouts = checkouts(dirs)?;
    ensure!(!checkouts.is_empty(), "no flake.nix in the directories given or right below them");
    let timeout = Duration::from_secs(timeout);
    let mut total = Summary::default();
    for checkout in &checkouts {
        let summary = Summary::of(&nixscope, checkout, timeout)?;
        let name = checkout.file_name().unwrap_or_default().to_string_lossy().into_owned();
        summary.print(&name);
        total.add(summary);
    }
    total.print(&format!("total of {}", checkouts.len()));
    ensure!(total.failures == 0, "{} runs crashed or took too long", total.failures);
    Ok(())
}

/// The directories that are flakes, and those right below the others.
pub(crate) fn checkouts(dirs: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for dir in dirs {
        ensure!(dir.is_dir(), "{}: no such directory", dir.display());
        if dir.join("flake.nix").is_file() {
            found.push(dir.clone());
            continue;
        }
        let mut below: Vec<PathBuf> =
            std::fs::read_dir(dir)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
        below.retain(|path| path.join("flake.nix").is_file());
        below.sort();
        found.extend(below);
    }
    Ok(found)
}

#[derive(Default)]
struct Summary {
    hosts: usize,
    /// Hosts whose modules are all known.
    complete: usize,
    modules: usize,
    options: usize,
    secrets: usize,
    /// Cross-host references by how they came out.
    references: BTreeMap<String, usize>,
    /// What is unknown, by reason.
    unknown: BTreeMap<String, usize>,
    /// Findings by lint.
    lints: BTreeMap<String, usize>,
    time: Duration,
    /// In KiB.
    peak: u64,
    failures: usize,
    failed: Vec<&'static str>,
}

impl Summary {
    fn of(nixscope: &Path, checkout: &Path, timeout: Duration) -> Result<Summary> {
        let mut summary = Summary::default();
        for (task, allowed) in [("fleet", &[0][..]), ("check", &[0, 1][..])] {
            let mut command = Command::new(nixscope);
            command.arg(task).args(["--format", "json"]).arg(checkout);
            let run = measure(&mut command, timeout)?;
            summary.time += run.wall;
            summary.peak = summary.peak.max(run.peak.unwrap_or_default());
            match answer(&run, allowed) {
                Some(answer) if task == "fleet" => summary.read_fleet(&answer),
                Some(answer) => summary.read_check(&answer),
                None => {
                    summary.failures += 1;
                    summary.failed.push(task);
                }
            }
        }
        Ok(summary)
    }

    fn read_fleet(&mut self, fleet: &Value) {
        for host in list(&fleet["hosts"]) {
            self.hosts += 1;
            self.complete += usize::from(host["complete"] == true);
            for unknown in list(&host["unknown"]) {
                count(&mut self.unknown, reason(unknown));
            }
        }
        self.modules = list(&fleet["modules"]).len();
        self.options = list(&fleet["options"]).len();
        self.secrets = list(&fleet["secrets"]).len();
        for reference in list(&fleet["cross_host_references"]) {
            count(&mut self.references, reference["status"].as_str().unwrap_or("?"));
        }
    }

    fn read_check(&mut self, check: &Value) {
        for finding in list(&check["diagnostics"]) {
            count(&mut self.lints, finding["lint"].as_str().unwrap_or("?"));
        }
    }

    fn add(&mut self, other: Summary) {
        self.hosts += other.hosts;
        self.complete += other.complete;
        self.modules += other.modules;
        self.options += other.options;
        self.secrets += other.secrets;
        self.time += other.time;
        self.peak = self.peak.max(other.peak);
        self.failures += other.failures;
        for (mine, theirs) in [
            (&mut self.references, other.references),
            (&mut self.unknown, other.unknown),
            (&mut self.lints, other.lints),
        ] {
            for (key, number) in theirs {
                *mine.entry(key).or_default() += number;
            }
        }
    }

    fn print(&self, name: &str) {
        let Summary { hosts, complete, modules, options, secrets, .. } = self;
        println!("{name}");
        println!(
            "  index       {hosts} hosts ({complete} complete), {modules} modules, {options} options, {secrets} secrets"
        );
        println!("  references  {}", counts(&self.references));
        println!("  unknown     {}", counts(&self.unknown));
        println!("  findings    {}", counts(&self.lints));
        println!("  cost        {} ms, {} MB", self.time.as_millis(), self.peak / 1024);
        for task in &self.failed {
            println!("  FAILED      nixscope {task}");
        }
    }
}

/// The JSON that a run printed; none where it crashed, was too slow, or printed something else.
fn answer(run: &Run, allowed: &[i32]) -> Option<Value> {
    let code = run.status?.code()?;
    if !allowed.contains(&code) {
        return None;
    }
    serde_json::from_slice(&run.stdout).ok()
}

/// Why something is unknown: the first words, without the names that differ from case to case.
fn reason(unknown: &Value) -> &str {
    let text = unknown["why"].as_str().or_else(|| unknown["reason"].as_str()).or_else(|| unknown.as_str());
    let text = text.unwrap_or("?");
    text.split([':', '`', '(']).next().unwrap_or(text).trim()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn count(counts: &mut BTreeMap<String, usize>, key: &str) {
    *counts.entry(key.to_owned()).or_default() += 1;
}

/// `a 3, b 1`, the most frequent first.
fn counts(counts: &BTreeMap<String, usize>) -> String {
    if counts.is_empty() {
        return "none".into();
    }
    let mut counts: Vec<_> = counts.iter().collect();
    counts.sort_by_key(|(key, number)| (std::cmp::Reverse(**number), (*key).clone()));
    counts.iter().map(|(key, number)| format!("{key} {number}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sums_up_an_index_and_findings() {
        let mut summary = Summary::default();
        summary.read_fleet(&json!({
            "hosts": [
                { "complete": true, "unknown": [] },
                { "complete": false, "unknown": [{ "what": "inputs.x", "why": "the input `x` is not here" }] },
            ],
            "modules": [{}, {}], "options": [{}], "secrets": [],
            "cross_host_references": [{ "status": "resolved" }, { "status": "resolved" }, { "status": "dynamic" }],
        }));
        summary.read_check(&json!({ "diagnostics": [{ "lint": "needless-rec" }] }));
        assert_eq!((summary.hosts, summary.complete, summary.modules, summary.options), (2, 1, 2, 1));
        assert_eq!(counts(&summary.references), "resolved 2, dynamic 1");
        assert_eq!(counts(&summary.unknown), "the input 1");
        assert_eq!(counts(&summary.lints), "needless-rec 1");
    }
}
