//! Findings with levels, selection and suppressions applied: once, here, for every face.

use nixscope_db::{Db, SourceFile, VfsPath};
use nixscope_fleet::{Evaluation, Project};
use nixscope_lints::{
    Diagnostic, Level, Lint, file_diagnostics, fleet_diagnostics, suppression_diagnostics, worst_level,
};
use nixscope_syntax::{TextRange, suppressions};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// A level that the configuration gives to a lint or group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LintLevel {
    /// The lint's or group's name.
    pub name: SmolStr,
    /// The level.
    pub level: Level,
}

/// What the user configured, in the terms of this crate.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Settings {
    /// Levels; a lint's name is stronger than its group's.
    pub levels: Vec<LintLevel>,
    /// If not empty, only these lints or groups run, also those that are off by default.
    pub select: Vec<SmolStr>,
    /// These lints or groups do not run.
    pub ignore: Vec<SmolStr>,
    /// Levels for some files: the paths (relative to the root, already expanded to a test), and the lints or groups that are
    /// off there.
    pub path_ignores: Vec<(SmolStr, Vec<SmolStr>)>,
    /// Sources of inputs: the input's name and its directory.
    pub input_sources: Vec<(SmolStr, VfsPath)>,
    /// Further names of directories whose plain files are secrets.
    pub secret_directories: Vec<SmolStr>,
    /// What was configured about evaluations.
    pub evaluation: Evaluation,
}

/// The findings of one file.
pub(crate) fn of_file(
    db: &dyn Db,
    project: Project,
    settings: &Settings,
    file: SourceFile,
) -> Vec<Diagnostic> {
    let fleet = fleet_diagnostics(db, project).iter().filter(|it| it.file == file);
    let mut found = configured(db, project, settings, file, fleet);
    sort(db, &mut found);
    found
}

/// The findings of the whole repository.
pub(crate) fn of_project(db: &dyn Db, project: Project, settings: &Settings) -> Vec<Diagnostic> {
    let mut fleet: FxHashMap<SourceFile, Vec<&Diagnostic>> = FxHashMap::default();
    for finding in fleet_diagnostics(db, project) {
        fleet.entry(finding.file).or_default().push(finding);
    }
    let mut found: Vec<Diagnostic> = Vec::new();
    for path in project.files(db) {
        let file = nixscope_db::source(db, path);
        found.extend(configured(db, project, settings, file, fleet.remove(&file).into_iter().flatten()));
    }
    // What is in other files than Nix's: a lock file, a secret.
    let elsewhere = fleet.into_values().flatten();
    found.extend(elsewhere.filter_map(|it| apply(db, project, settings, it)));
    sort(db, &mut found);
    found
}

/// A file's findings as configured, and what is wrong with its suppressions.
fn configured<'db>(
    db: &'db dyn Db,
    project: Project,
    settings: &Settings,
    file: SourceFile,
    fleet: impl Iterator<Item = &'db Diagnostic>,
) -> Vec<Diagnostic> {
    let raw: Vec<&Diagnostic> = file_diagnostics(db, project, file).iter().chain(fleet).collect();
    let is_judged = |lint: &'static Lint| {
        let probe = Diagnostic::new(lint, file, TextRange::default(), "");
        level(db, project, settings, &Diagnostic { level: Level::Warning, ..probe }).is_some()
    };
    let about_suppressions = suppression_diagnostics(db, file, &raw, is_judged);
    let found = raw.into_iter().chain(&about_suppressions).filter_map(|it| match lowered(db, project, it) {
        Some(lowered) => apply(db, project, settings, &lowered),
        None => apply(db, project, settings, it),
    });
    capped(found.collect())
}

/// An error in a file that no host takes, at the level that it has there.
fn lowered(db: &dyn Db, project: Project, found: &Diagnostic) -> Option<Diagnostic> {
    if found.level != Level::Error || !found.hosts.is_empty() {
        return None;
    }
    let worst = worst_level(db, project, found.lint, found.file);
    (worst < found.level).then(|| Diagnostic { level: worst, ..found.clone() })
}

/// A file with more findings than this was not written by hand.
const MAX_PER_FILE: usize = 1_000;

/// The worst findings of a file where there are very many, the last of which says how many more there are.
fn capped(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let more = found.len().saturating_sub(MAX_PER_FILE);
    if more > 0 {
        found.sort_by_key(|it| (std::cmp::Reverse(it.level), it.range.start()));
        found.truncate(MAX_PER_FILE);
        if let Some(last) = found.last_mut() {
            last.message.push_str(&format!(" ({more} more findings in this file are not shown)"));
        }
    }
    found
}

fn sort(db: &dyn Db, found: &mut Vec<Diagnostic>) {
    found.sort_by(|a, b| {
        let key =
            |it: &Diagnostic| (it.file.path(db).clone(), it.range.start(), it.range.end(), it.lint.name);
        key(a).cmp(&key(b))
    });
    found.dedup();
}

/// The finding as configured; none where it is off or suppressed.
fn apply(db: &dyn Db, project: Project, settings: &Settings, found: &Diagnostic) -> Option<Diagnostic> {
    let level = level(db, project, settings, found)?;
    let is_suppressed = suppressions(db, found.file)
        .iter()
        .any(|it| it.lint == found.lint.name && it.covers(found.range.start()));
    (!is_suppressed).then(|| Diagnostic { level, ..found.clone() })
}

/// The level of a finding as configured; none where its lint does not run in its file.
fn level(db: &dyn Db, project: Project, settings: &Settings, found: &Diagnostic) -> Option<Level> {
    let lint = found.lint;
    let named = |name: &SmolStr| name == lint.name || name == lint.group.as_str();
    let selected = settings.select.iter().any(named);
    if (!settings.select.is_empty() && !selected) || settings.ignore.iter().any(named) {
        return None;
    }
    let configured = |name: &str| settings.levels.iter().rev().find(|it| it.name == name).map(|it| it.level);
    let mut level = configured(lint.name).or_else(|| configured(lint.group.as_str())).unwrap_or(found.level);
    if selected && level == Level::Off {
        level = Level::Warning;
    }
    let relative = found.file.path(db).strip_prefix(project.root(db)).unwrap_or("");
    let ignored_here =
        settings.path_ignores.iter().any(|(path, lints)| path == relative && lints.iter().any(named));
    (level != Level::Off && !ignored_here).then_some(level)
}
