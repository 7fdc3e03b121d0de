//! `cargo xtask parity`: what statix and deadnix find in fleets that nixscope does not, and the reverse.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::corpus::checkouts;
use crate::measure::measure;
use crate::shell::{release_binary, root};

mod reasons;

/// How long one program may take over one checkout.
const TIMEOUT: Duration = Duration::from_secs(300);

/// A lint of another program and those of ours that say the same.
struct Pair {
    tool: &'static str,
    /// statix's code, or how deadnix's message begins.
    theirs: &'static str,
    name: &'static str,
    ours: &'static [&'static str],
}

const PAIRS: &[Pair] = &[
    pair("deadnix", "Unused let", "let binding", &["unused-let", "unused-inherit"]),
    pair("deadnix", "Unused lambda argument", "lambda argument", &["unused-lambda-arg"]),
    pair("deadnix", "Unused lambda pattern", "lambda pattern", &["unused-pattern-name", "unused-lambda-arg"]),
    pair("statix", "1", "bool_comparison", &["bool-comparison"]),
    pair("statix", "2", "empty_let_in", &["empty-let"]),
    pair("statix", "3", "manual_inherit", &["manual-inherit"]),
    pair("statix", "4", "manual_inherit_from", &["manual-inherit-from"]),
    pair("statix", "5", "legacy_let_syntax", &["legacy-let"]),
    pair("statix", "6", "collapsible_let_in", &["collapsible-let"]),
    pair("statix", "7", "eta_reduction", &["eta-reduction"]),
    pair("statix", "8", "useless_parens", &["useless-parens"]),
    pair("statix", "10", "empty_pattern", &["empty-pattern"]),
    pair("statix", "11", "redundant_pattern_bind", &["redundant-pattern-bind"]),
    pair("statix", "12", "unquoted_uri", &["url-literal"]),
    pair("statix", "14", "empty_inherit", &["empty-inherit"]),
    pair("statix", "17", "deprecated_to_path", &["deprecated-to-path"]),
    pair("statix", "18", "bool_simplification", &["bool-simplification"]),
    pair("statix", "19", "useless_has_attr", &["useless-has-attr"]),
    pair("statix", "20", "repeated_keys", &["repeated-keys"]),
    pair("statix", "23", "empty_list_concat", &["empty-list-concat"]),
];

const fn pair(
    tool: &'static str,
    theirs: &'static str,
    name: &'static str,
    ours: &'static [&'static str],
) -> Pair {
    Pair { tool, theirs, name, ours }
}

/// What came out for one lint of another program.
#[derive(Default)]
struct Row {
    both: usize,
    only_theirs: usize,
    only_ours: usize,
    reasons: BTreeMap<&'static str, usize>,
    unexplained: Vec<String>,
}

/// A finding: file, and the lines and columns that it is about.
struct Finding {
    key: String,
    file: PathBuf,
    places: Vec<Span>,
    message: String,
}

/// From and to, in lines and columns from one.
type Span = ((u64, u64), (u64, u64));

pub(crate) fn parity(dirs: &[PathBuf], write: bool, program: Option<PathBuf>) -> Result<()> {
    let nixscope = match program {
        Some(program) => program,
        None => release_binary()?,
    };
    let mut rows: BTreeMap<(&str, &str), Row> = BTreeMap::new();
    let checkouts = checkouts(dirs)?;
    ensure!(!checkouts.is_empty(), "no flake.nix in the directories given or right below them");
    let mut crashes: BTreeMap<&str, usize> = BTreeMap::new();
    for checkout in &checkouts {
        let mut ours = match ours(&nixscope, checkout) {
            Ok(ours) => ours,
            Err(why) => {
                eprintln!("{}: {why:#}", checkout.display());
                *crashes.entry("nixscope").or_default() += 1;
                continue;
            }
        };
        let mut theirs = Vec::new();
        for (tool, found) in [("deadnix", deadnix(checkout)), ("statix", statix(checkout))] {
            match found {
                Ok(found) => theirs.extend(found),
                // What it would have found is not known: nothing is compared with it here.
                Err(why) => {
                    eprintln!("{}: {why:#}", checkout.display());
                    *crashes.entry(tool).or_default() += 1;
                    let is_theirs =
                        |key: &str| PAIRS.iter().any(|it| it.tool == tool && it.ours.contains(&key));
                    ours.retain(|it| !is_theirs(&it.key));
                }
            }
        }
        compare(&ours, &theirs, &mut rows);
    }
    let page = page(&rows, checkouts.len(), &crashes);
    print!("{page}");
    for ((tool, name), row) in &rows {
        for place in &row.unexplained {
            println!("unexplained: {tool} {name}: {place}");
        }
    }
    if write {
        std::fs::write(root().join("docs/parity.md"), page)?;
    }
    Ok(())
}

fn compare(ours: &[Finding], theirs: &[Finding], rows: &mut BTreeMap<(&'static str, &'static str), Row>) {
    let mut by_file: BTreeMap<&Path, Vec<(usize, &Finding)>> = BTreeMap::new();
    for (at, finding) in ours.iter().enumerate() {
        by_file.entry(&finding.file).or_default().push((at, finding));
    }
    let mut matched = vec![false; ours.len()];
    for finding in theirs {
        let Some(pair) = PAIRS.iter().find(|pair| is_of(pair, finding)) else { continue };
        let row = rows.entry((pair.tool, pair.name)).or_default();
        let own = by_file.get(finding.file.as_path()).map_or(&[][..], Vec::as_slice);
        let same: Vec<usize> = own
            .iter()
            .filter(|(_, it)| pair.ours.contains(&it.key.as_str()) && meet(it, finding))
            .map(|(at, _)| *at)
            .collect();
        if same.is_empty() {
            row.only_theirs += 1;
            let start = finding.places.first().map_or((1, 1), |it| it.0);
            match reasons::reason(pair.name, &finding.file, start, &finding.message) {
                Some(reason) => *row.reasons.entry(reason).or_default() += 1,
                None => {
                    let place = format!("{}:{}:{}", finding.file.display(), start.0, start.1);
                    row.unexplained.push(place);
                }
            }
        } else {
            row.both += 1;
            same.into_iter().for_each(|at| matched[at] = true);
        }
    }
    for (finding, _) in ours.iter().zip(&matched).filter(|(_, matched)| !**matched) {
        if let Some(pair) = PAIRS.iter().find(|pair| pair.ours.contains(&finding.key.as_str())) {
            rows.entry((pair.tool, pair.name)).or_default().only_ours += 1;
        }
    }
}

fn is_of(pair: &Pair, finding: &Finding) -> bool {
    match finding.key.split_once(' ') {
        Some(("statix", code)) => pair.tool == "statix" && pair.theirs == code,
        _ => pair.tool == "deadnix" && finding.message.starts_with(pair.theirs),
    }
}

/// Whether two findings are about the same text.
fn meet(a: &Finding, b: &Finding) -> bool {
    a.places.iter().any(|a| b.places.iter().any(|b| a.0 <= b.1 && b.0 <= a.1))
}

/// What nixscope says, and what its fixes would change.
fn ours(nixscope: &Path, checkout: &Path) -> Result<Vec<Finding>> {
    let mut select: Vec<&str> = PAIRS.iter().flat_map(|pair| pair.ours).copied().collect();
    select.sort_unstable();
    select.dedup();
    let mut command = Command::new(nixscope);
    command.args(["check", "--format", "json", "--select", &select.join(",")]).arg(checkout);
    let answer: Value = serde_json::from_slice(&run(&mut command)?).context("nixscope's answer")?;
    let mut found = Vec::new();
    for it in list(&answer["diagnostics"]) {
        let mut places = vec![span(it)];
        places.extend(list(&it["fix"]["edits"]).iter().map(span));
        places.extend(list(&it["related"]).iter().map(span));
        found.push(Finding {
            key: text(&it["lint"]),
            file: checkout.join(text(&it["file"])),
            places,
            message: text(&it["message"]),
        });
    }
    Ok(found)
}

fn span(it: &Value) -> Span {
    (position(&it["start"]), position(&it["end"]))
}

fn position(it: &Value) -> (u64, u64) {
    (it["line"].as_u64().unwrap_or(0), it["column"].as_u64().unwrap_or(0))
}

/// One JSON object a file, each on a line.
fn deadnix(checkout: &Path) -> Result<Vec<Finding>> {
    let mut command = Command::new("deadnix");
    command.args(["--output-format", "json"]).arg(checkout);
    let mut found = Vec::new();
    for file in objects(&run(&mut command)?) {
        for it in list(&file["results"]) {
            let line = it["line"].as_u64().unwrap_or(0);
            let column = |key: &str| it[key].as_u64().unwrap_or(0);
            found.push(Finding {
                key: "deadnix".into(),
                file: PathBuf::from(text(&file["file"])),
                places: vec![((line, column("column")), (line, column("endColumn")))],
                message: text(&it["message"]),
            });
        }
    }
    Ok(found)
}

/// One JSON object a file.
fn statix(checkout: &Path) -> Result<Vec<Finding>> {
    let mut command = Command::new("statix");
    command.args(["check", "--format", "json"]).arg(checkout);
    let mut found = Vec::new();
    for file in objects(&run(&mut command)?) {
        for report in list(&file["report"]) {
            for it in list(&report["diagnostics"]) {
                let at = &it["at"];
                found.push(Finding {
                    key: format!("statix {}", report["code"]),
                    file: PathBuf::from(text(&file["file"])),
                    places: vec![(position(&at["from"]), position(&at["to"]))],
                    message: text(&it["message"]),
                });
            }
        }
    }
    Ok(found)
}

/// Objects one after the other.
fn objects(bytes: &[u8]) -> Vec<Value> {
    serde_json::Deserializer::from_slice(bytes).into_iter().map_while(Result::ok).collect()
}

fn run(command: &mut Command) -> Result<Vec<u8>> {
    let name = command.get_program().display().to_string();
    let run = measure(command, TIMEOUT)?;
    match run.status.and_then(|status| status.code()) {
        Some(0 | 1) => Ok(run.stdout),
        _ => bail!("{name} failed: {}", String::from_utf8_lossy(&run.stderr)),
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_string()
}

const HEAD: &str = "\
# Beside statix and deadnix

What the two find in fleets that nixscope does not, and the reverse: `cargo xtask parity --write DIR…` runs all three and writes
this page. A finding counts as found by both where one of the lints that say the same is reported at the same text.
";

fn page(rows: &BTreeMap<(&str, &str), Row>, fleets: usize, crashes: &BTreeMap<&str, usize>) -> String {
    let mut out = format!("{HEAD}\nOver {fleets} repositories:\n\n");
    for (tool, count) in crashes {
        let _ = writeln!(out, "{tool} failed in {count} of them, which are left out of its lines.\n");
    }
    out.push_str("| theirs | ours | both | only theirs | explained | only ours |\n| --- | --- | --- | --- | --- | --- |\n");
    for pair in PAIRS {
        let Some(row) = rows.get(&(pair.tool, pair.name)) else { continue };
        let ours: Vec<String> = pair.ours.iter().map(|it| format!("`{it}`")).collect();
        let explained: usize = row.reasons.values().sum();
        let _ = writeln!(
            out,
            "| {} `{}` | {} | {} | {} | {explained} | {} |",
            pair.tool,
            pair.name,
            ours.join(", "),
            row.both,
            row.only_theirs,
            row.only_ours,
        );
    }
    out.push_str(
        "\n## What only they report, and why\n\n| theirs | how often | why not |\n| --- | --- | --- |\n",
    );
    for ((tool, name), row) in rows {
        for (reason, count) in &row.reasons {
            let _ = writeln!(out, "| {tool} `{name}` | {count} | {reason} |");
        }
        if !row.unexplained.is_empty() {
            let _ = writeln!(out, "| {tool} `{name}` | {} | open |", row.unexplained.len());
        }
    }
    out
}
