//! `nixscope check`: every finding of one or several projects.

mod findings;

mod ci;
mod human;
mod sarif;

mod baseline;
mod fingerprint;
mod fix;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail};
use nixscope_ide::{Analysis, Diagnostic, VfsPath};
use nixscope_project::absolute;
use nixscope_report::{Places, parallel};

use crate::check::findings::Findings;
pub(crate) use crate::check::findings::plural;
pub(crate) use crate::check::human::excerpt;
use crate::cli::{CheckArgs, CheckFormat};
use crate::output::{Report, to_json};
use crate::session::{Overrides, Session};

/// The baseline's name where none is given.
const BASELINE: &str = "nixscope-baseline.json";

/// One project with what was found in it.
pub(crate) struct Checked {
    pub(crate) session: Session,
    pub(crate) analysis: Analysis,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// How many files were looked at.
    pub(crate) files: usize,
    /// How many hosts there are.
    pub(crate) hosts: usize,
    /// Put before paths, where several projects share one output.
    pub(crate) prefix: String,
}

/// Runs the command.
pub(crate) fn run(args: &CheckArgs) -> Result<Report> {
    let started = Instant::now();
    let overrides = Overrides { select: &args.select, ignore: &args.ignore, inputs: &args.inputs.inputs };
    let mut projects = Vec::new();
    let mut notes = Vec::new();
    let mut diffs = String::new();
    let targets = by_project(&args.paths)?;
    let several = targets.len() > 1;
    for target in &targets {
        let mut session = Session::open_with(target, &overrides)?;
        notes.extend(session.notes());
        let prefix =
            if several { shown_root(session.root()) } else { ci_prefix(args.format, session.root()) };
        if args.fix || args.diff {
            let mut mended = fix::mend(&mut session, &target.wanted, args.unsafe_fixes)?;
            if args.diff {
                let root = session.root().clone();
                diffs.push_str(&mended.diff(|path| shown(&session, &root, &prefix, path)));
            } else {
                let written = mended.write();
                if written > 0 {
                    let findings = plural(mended.fixes, "finding");
                    notes.push(format!("nixscope: mended {findings} in {}", plural(written, "file")));
                }
            }
            mended.forget(&mut session);
            notes.extend(mended.notes.drain(..).map(|it| format!("nixscope: {it}")));
        }
        projects.push(check(session, &target.wanted, prefix)?);
    }
    finish(args, projects, notes, diffs, started.elapsed())
}

/// Compares with the baseline, prints, and decides.
fn finish(
    args: &CheckArgs,
    mut projects: Vec<Checked>,
    mut notes: Vec<String>,
    diffs: String,
    elapsed: Duration,
) -> Result<Report> {
    if args.write_baseline {
        let path = args.baseline.clone().unwrap_or_else(|| PathBuf::from(BASELINE));
        let known = plural(baseline::write(&path, &projects)?, "finding");
        notes.push(format!("nixscope: {}: {known} from now on known", path.display()));
        return Ok(Report::text(String::new()).with_notes(notes));
    }
    if let Some(path) = &args.baseline {
        let known = baseline::subtract(path, &mut projects)?;
        if known > 0 {
            notes.push(format!("nixscope: {} in the baseline not shown", plural(known, "finding")));
        }
    }
    let mut levels = projects.iter().flat_map(|it| &it.diagnostics).map(|it| it.level);
    let failed = levels.any(|level| args.fail_on.fails(level));
    let found = Findings::collect(&projects, elapsed)?;
    let text = match args.format {
        _ if args.diff => diffs,
        CheckFormat::Human => human::render(&projects, &found, !args.select.is_empty())?,
        CheckFormat::Json => to_json(&found)?,
        CheckFormat::Sarif => {
            let root = match projects.as_slice() {
                [only] => Some(only.session.root()),
                _ => None,
            };
            sarif::render(&found, root)?
        }
        CheckFormat::Github => ci::github(&found),
        CheckFormat::Gitlab => ci::gitlab(&found)?,
        CheckFormat::Checkstyle => ci::checkstyle(&found),
        CheckFormat::Markdown => ci::markdown(&found),
    };
    // Freeing what the process is about to give back as a whole takes longer than the check.
    std::mem::forget(projects);
    Ok(Report::text(text).with_findings(failed).with_notes(notes))
}

/// A project to check.
pub(crate) struct Target {
    /// Where to open it.
    pub(crate) path: PathBuf,
    /// The paths whose findings are wanted; all, where there are none.
    pub(crate) wanted: Vec<VfsPath>,
}

/// The arguments by project.
fn by_project(paths: &[PathBuf]) -> Result<Vec<Target>> {
    if paths.is_empty() {
        return Ok(vec![Target { path: PathBuf::from("."), wanted: Vec::new() }]);
    }
    let mut projects: Vec<(Option<VfsPath>, Target)> = Vec::new();
    for path in paths {
        let root = nixscope_project::find_root(path)?;
        let wanted = vfs(path)?;
        let is_directory = path.is_dir();
        if !is_directory && !wanted.is_nix() {
            bail!("{}: this is no Nix file: its name does not end in .nix", path.display());
        }
        // A file outside any flake is a project of its own.
        let key = (root.has_flake || is_directory).then_some(root.path);
        match projects.iter_mut().find(|it| key.is_some() && it.0 == key) {
            Some((_, target)) => target.wanted.push(wanted),
            None => projects.push((key, Target { path: path.clone(), wanted: vec![wanted] })),
        }
    }
    Ok(projects.into_iter().map(|(_, target)| target).collect())
}

fn vfs(path: &Path) -> Result<VfsPath> {
    let absolute = absolute(path)?;
    let text = absolute.to_str().ok_or_else(|| anyhow!("{}: the path is not UTF-8 text", path.display()))?;
    Ok(VfsPath::new(text))
}

fn check(mut session: Session, wanted: &[VfsPath], prefix: String) -> Result<Checked> {
    let analysis = session.analysis_of_all();
    let diagnostics = diagnostics(&analysis, wanted)?;
    let files = session.workspace.files.iter().filter(|path| is_wanted(wanted, path)).count();
    let project = analysis.project();
    let hosts = analysis.run(|db| nixscope_fleet::hosts(db, project).hosts.len());
    let hosts = hosts.map_err(|_| anyhow!("the analysis was stopped"))?;
    Ok(Checked { session, analysis, diagnostics, files, hosts, prefix })
}

/// The findings below the paths that are wanted.
fn diagnostics(analysis: &Analysis, wanted: &[VfsPath]) -> Result<Vec<Diagnostic>> {
    parallel::prepare(analysis, true);
    let found = analysis.all_diagnostics();
    let mut found = found.map_err(|_| anyhow!("the analysis was stopped"))?;
    found.retain(|it| is_wanted(wanted, &analysis.path(it.file)));
    Ok(found)
}

fn is_wanted(wanted: &[VfsPath], path: &VfsPath) -> bool {
    wanted.is_empty() || wanted.iter().any(|it| path.starts_with(it))
}

/// A file's name in the output.
fn shown(session: &Session, root: &VfsPath, prefix: &str, path: &VfsPath) -> String {
    let name = session.host.analysis().run(|db| Places { db, root, prefix }.path(path));
    name.unwrap_or_else(|_| path.to_string())
}

/// Annotations are anchored at the checkout, of which the flake may be a part.
fn ci_prefix(format: CheckFormat, root: &VfsPath) -> String {
    let variable = match format {
        CheckFormat::Github => "GITHUB_WORKSPACE",
        CheckFormat::Gitlab => "CI_PROJECT_DIR",
        _ => return String::new(),
    };
    let checkout = std::env::var(variable).ok().filter(|it| !it.is_empty()).map(|it| VfsPath::new(&it));
    checkout.and_then(|it| root.strip_prefix(&it).map(str::to_string)).unwrap_or_default()
}

/// A root as people would write it from where they stand.
fn shown_root(root: &VfsPath) -> String {
    let here = std::env::current_dir().ok().and_then(|it| it.to_str().map(VfsPath::new));
    match here.as_ref().and_then(|here| root.strip_prefix(here)) {
        Some(relative) => relative.to_string(),
        None => root.to_string(),
    }
}
