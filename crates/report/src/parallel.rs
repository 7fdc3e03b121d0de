//! Runs what a whole-project command needs on every core, so that the answer is then only collected.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use nixscope_db::Db;
use nixscope_ide::Analysis;

/// Deep expressions recurse; the pages of a stack are only taken when they are used.
const STACK: usize = 64 << 20;

/// How long each part took.
#[derive(Clone, Copy, Default, Debug)]
pub struct Phases {
    /// Reading, parsing and lowering the files, and finding the hosts.
    pub files: Duration,
    /// Evaluating the hosts.
    pub hosts: Duration,
    /// The checks.
    pub lints: Duration,
}

/// Fills the database's memory, a clone of the snapshot per thread. The checks of a file may ask for
/// the fleet, for which the others would wait: so the hosts come before the checks.
pub fn prepare(analysis: &Analysis, with_lints: bool) -> Phases {
    let started = Instant::now();
    let files = analysis.files();
    let project = analysis.project();
    // The longest piece of work first.
    each(analysis, files.len() + 1, |db, index| match index.checked_sub(1).and_then(|it| files.get(it)) {
        Some(path) => {
            nixscope_hir::body(db, nixscope_db::source(db, path));
        }
        None => {
            nixscope_fleet::hosts(db, project);
        }
    });
    let files_done = Instant::now();
    let hosts = analysis.run(|db| nixscope_fleet::hosts(db, project).hosts.clone()).unwrap_or_default();
    each(analysis, hosts.len(), |db, index| {
        if let Some(host) = hosts.get(index) {
            nixscope_fleet::host(db, project, host.output.clone(), host.name.clone());
        }
    });
    let hosts_done = Instant::now();
    if with_lints {
        each(analysis, files.len(), |db, index| {
            if let Some(path) = files.get(index) {
                nixscope_lints::file_diagnostics(db, project, nixscope_db::source(db, path));
            }
        });
        each(analysis, hosts.len(), |db, index| {
            if let Some(host) = hosts.get(index) {
                // With them comes all else that lints want to know of a host.
                nixscope_fleet::host_problems(db, project, host.output.clone(), host.name.clone());
            }
        });
    }
    Phases { files: files_done - started, hosts: hosts_done - files_done, lints: hosts_done.elapsed() }
}

/// Does a piece of work for every index, on as many threads as there are cores.
pub fn each(analysis: &Analysis, count: usize, work: impl Fn(&dyn Db, usize) + Sync) {
    let threads = std::thread::available_parallelism().map_or(1, |it| it.get()).min(count);
    let next = AtomicUsize::new(0);
    let (next, work) = (&next, &work);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let analysis = analysis.clone();
            let thread = std::thread::Builder::new().stack_size(STACK);
            // Without the thread the work is done later, when the answer is collected.
            let _ = thread.spawn_scoped(scope, move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= count || analysis.run(|db| work(db, index)).is_err() {
                        break;
                    }
                }
            });
        }
    });
}
