//! `nixscope check`: every finding of one or several projects.

mod json;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, anyhow};
use nixscope_ide::{Analysis, Diagnostic, Level, VfsPath};
use nixscope_project::absolute;

use crate::cli::{CheckArgs, CheckFormat};
use crate::output::Report;
use crate::parallel;
use crate::session::{Overrides, Session};

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
    let overrides = Overrides { select: &args.select, ignore: &args.ignore };
    let mut projects = Vec::new();
    let mut notes = Vec::new();
    for (path, wanted) in by_project(&args.paths)? {
        let session = Session::open(Some(&path), &overrides)?;
        notes.extend(session.notes());
        projects.push(check(session, &wanted)?);
    }
    if projects.len() > 1 {
        for project in &mut projects {
            project.prefix = shown_root(project.session.root());
        }
    }
    let failed =
        projects.iter().flat_map(|it| &it.diagnostics).any(|diagnostic| args.fail_on.fails(diagnostic.level));
    let text = match args.format {
        CheckFormat::Json | CheckFormat::Human => json::render(&projects, started.elapsed())?,
    };
    // Freeing what the process is about to give back as a whole takes longer than the check.
    std::mem::forget(projects);
    Ok(Report::text(text).with_findings(failed).with_notes(notes))
}

/// The arguments by project: where to open it, and which paths of it are wanted (all, where none).
fn by_project(paths: &[PathBuf]) -> Result<Vec<(PathBuf, Vec<VfsPath>)>> {
    if paths.is_empty() {
        return Ok(vec![(PathBuf::from("."), Vec::new())]);
    }
    let mut projects: Vec<(PathBuf, Option<VfsPath>, Vec<VfsPath>)> = Vec::new();
    for path in paths {
        let root = nixscope_project::find_root(path)?;
        let wanted = vfs(path)?;
        // A file outside any flake is a project of its own.
        let key = (root.has_flake || path.is_dir()).then_some(root.path);
        match projects.iter_mut().find(|it| key.is_some() && it.1 == key) {
            Some((_, _, known)) => known.push(wanted),
            None => projects.push((path.clone(), key, vec![wanted])),
        }
    }
    Ok(projects.into_iter().map(|(path, _, wanted)| (path, wanted)).collect())
}

fn vfs(path: &Path) -> Result<VfsPath> {
    let absolute = absolute(path)?;
    let text = absolute.to_str().ok_or_else(|| anyhow!("{}: the path is not UTF-8 text", path.display()))?;
    Ok(VfsPath::new(text))
}

fn check(session: Session, wanted: &[VfsPath]) -> Result<Checked> {
    let analysis = session.host.analysis();
    parallel::prepare(&analysis, true);
    let cancelled = |_| anyhow!("the analysis was stopped");
    let mut diagnostics = analysis.all_diagnostics().map_err(cancelled)?;
    let is_wanted = |path: &VfsPath| wanted.is_empty() || wanted.iter().any(|it| path.starts_with(it));
    diagnostics.retain(|it| is_wanted(&analysis.path(it.file)));
    let files = session.workspace.files.iter().filter(|path| is_wanted(path)).count();
    let project = analysis.project();
    let hosts = analysis.run(|db| nixscope_fleet::hosts(db, project).hosts.len()).map_err(cancelled)?;
    Ok(Checked { session, analysis, diagnostics, files, hosts, prefix: String::new() })
}

/// A root as people would write it from where they stand.
fn shown_root(root: &VfsPath) -> String {
    let here = std::env::current_dir().ok().and_then(|it| it.to_str().map(VfsPath::new));
    match here.as_ref().and_then(|here| root.strip_prefix(here)) {
        Some("") => ".".to_string(),
        Some(relative) => relative.to_string(),
        None => root.to_string(),
    }
}

/// How many findings of a level there are.
pub(crate) fn count(projects: &[Checked], level: Level) -> usize {
    projects.iter().flat_map(|it| &it.diagnostics).filter(|it| it.level == level).count()
}
