//! The hosts that a change touches.
//!
//! The fleet is evaluated twice, as it is and as it was. A host is affected if a file of its closure or a file
//! that its configuration names has changed, if an input that it uses is locked to something else, or if a file
//! that is merely read on the way (`flake.nix`, a library, a table) has changed and its modules say something
//! else because of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use nixscope_eval::EMBEDDED_ROOT;
use nixscope_fleet::{Host, HostReads, host_reads, hosts, input_digests};
use nixscope_git::{Changes, Past, changes_since};
use nixscope_ide::{Analysis, AnalysisHost, VfsPath};
use nixscope_vfs::FileSystem;
use serde::Serialize;
use smol_str::SmolStr;

use crate::parallel::each;

/// The hosts that a change touches.
#[derive(Serialize)]
pub struct AffectedJson {
    pub schema: u32,
    pub root: String,
    pub base: String,
    /// How many files differ from the base, whether a host reads them or not.
    pub changed_files: usize,
    pub hosts: Vec<AffectedHost>,
}

/// A host, and why.
#[derive(Serialize)]
pub struct AffectedHost {
    pub name: SmolStr,
    pub output: SmolStr,
    pub reasons: Vec<Reason>,
}

/// Why a host is affected.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Reason {
    /// The base does not have it.
    New,
    /// A module of it has changed.
    Module { file: String },
    /// A file has changed that its configuration names.
    Data { file: String },
    /// A file has changed that is read on the way, and what the modules say is different.
    Evaluation { file: String },
    /// An input that it uses is locked to something else.
    Input { input: SmolStr },
}

/// One state of the repository.
struct State {
    hosts: BTreeMap<(SmolStr, SmolStr), HostReads>,
    inputs: BTreeMap<SmolStr, u64>,
}

/// The hosts that are not what they were at a revision. `disk` is what lies on the disk without any overlay.
///
/// # Errors
/// There is no repository or no such revision, or the analysis was stopped.
pub fn affected(now: &Analysis, disk: Arc<dyn FileSystem>, base: &str) -> Result<AffectedJson> {
    let root = now.root();
    let changes = Arc::new(changes_since(Path::new(root.as_str()), base)?);
    let past = Past { disk, changes: changes.clone() };
    let durable = vec![VfsPath::new(EMBEDDED_ROOT), VfsPath::new("/nix/store")];
    let then = AnalysisHost::new(Arc::new(past), durable, root.clone(), now.files(), now.settings().clone());
    let then = then.analysis();
    let relevant = relevant(now, &then, &changes)?;
    let hosts = if changes.is_empty() {
        Vec::new()
    } else {
        compare(&root, &State::of(now)?, &State::of(&then)?, &relevant)
    };
    // Taking the past apart would take longer than asking it did.
    std::mem::forget(then);
    Ok(AffectedJson {
        schema: 1,
        root: root.to_string(),
        base: base.to_string(),
        changed_files: changes.len(),
        hosts,
    })
}

/// The changes that can mean something: not those of layout and comments in Nix files, and not those of
/// the lock file as text.
fn relevant(now: &Analysis, then: &Analysis, changes: &Changes) -> Result<Vec<VfsPath>> {
    let stopped = |_| anyhow!("the analysis was stopped");
    let mut relevant = Vec::new();
    for (path, text) in changes {
        if path.file_name() == "flake.lock" {
            continue;
        }
        let same = text.is_some()
            && path.is_nix()
            && now
                .run(|db| {
                    let file = nixscope_db::source(db, path);
                    then.run(|old| {
                        nixscope_fleet::says_the_same(db, file, old, nixscope_db::source(old, path))
                    })
                })
                .map_err(stopped)?
                .map_err(stopped)?;
        if !same {
            relevant.push(path.clone());
        }
    }
    Ok(relevant)
}

impl State {
    fn of(analysis: &Analysis) -> Result<State> {
        let project = analysis.project();
        let stopped = |_| anyhow!("the analysis was stopped");
        let all = analysis.run(|db| hosts(db, project).hosts.clone()).map_err(stopped)?;
        let reads = |host: &Host| (host.output.clone(), host.name.clone());
        each(analysis, all.len(), |db, index| {
            let (output, name) = reads(&all[index]);
            host_reads(db, project, output, name);
        });
        let state = analysis.run(|db| {
            let lock = project.root(db).join("flake.lock");
            State {
                hosts: all
                    .iter()
                    .map(reads)
                    .map(|key| (key.clone(), host_reads(db, project, key.0, key.1).clone()))
                    .collect(),
                inputs: input_digests(nixscope_db::source(db, &lock).text(db).as_str()),
            }
        });
        state.map_err(stopped)
    }
}

/// The hosts of now that are not what they were.
fn compare(root: &VfsPath, now: &State, then: &State, changes: &[VfsPath]) -> Vec<AffectedHost> {
    let moved: Vec<&SmolStr> = now
        .inputs
        .keys()
        .chain(then.inputs.keys())
        .filter(|name| now.inputs.get(*name) != then.inputs.get(*name))
        .collect();
    let shown = |path: &VfsPath| path.strip_prefix(root).map_or_else(|| path.to_string(), str::to_string);
    let mut affected = Vec::new();
    for (key, reads) in &now.hosts {
        let before = then.hosts.get(key);
        let both = || std::iter::once(reads).chain(before);
        let mut reasons = Vec::new();
        if before.is_none() {
            reasons.push(Reason::New);
        }
        let differs = before.is_none_or(|before| reads.digest.is_none() || reads.digest != before.digest);
        for path in changes {
            let file = || shown(path);
            let within = |known: &VfsPath| path.starts_with(known);
            if both().any(|it| it.modules.contains(path)) {
                reasons.push(Reason::Module { file: file() });
            } else if both().any(|it| it.data.iter().any(within)) {
                reasons.push(Reason::Data { file: file() });
            } else if differs && both().any(|it| it.others.contains(path)) {
                reasons.push(Reason::Evaluation { file: file() });
            }
        }
        for input in &moved {
            if both().any(|it| it.inputs.contains(input)) {
                reasons.push(Reason::Input { input: (*input).clone() });
            }
        }
        reasons.sort();
        reasons.dedup();
        if !reasons.is_empty() {
            affected.push(AffectedHost { name: key.1.clone(), output: key.0.clone(), reasons });
        }
    }
    affected.sort_by(|a, b| (&a.name, &a.output).cmp(&(&b.name, &b.output)));
    affected
}
