//! Runs what a whole-project command needs on every core, so that the answer is then only collected.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use nixscope_db::Db;
use nixscope_ide::Analysis;

/// Deep expressions recurse; the pages of a stack are only taken when they are used.
const STACK: usize = 64 << 20;

/// How long each part took.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Phases {
    /// Parsing, lowering and the checks that look at one file.
    pub(crate) files: Duration,
    /// Evaluating the hosts.
    pub(crate) hosts: Duration,
}

/// Fills the database's memory: files first, then hosts, a clone of the snapshot per thread.
pub(crate) fn prepare(analysis: &Analysis, with_lints: bool) -> Phases {
    let started = Instant::now();
    let files = analysis.files();
    each(analysis, files.len(), |analysis, db, index| {
        let Some(path) = files.get(index) else { return };
        let file = nixscope_db::source(db, path);
        if with_lints {
            nixscope_lints::file_diagnostics(db, analysis.project(), file);
        } else {
            nixscope_hir::body(db, file);
        }
    });
    let files_done = Instant::now();
    let project = analysis.project();
    let hosts = analysis.run(|db| nixscope_fleet::hosts(db, project).hosts.clone()).unwrap_or_default();
    each(analysis, hosts.len(), |_, db, index| {
        if let Some(host) = hosts.get(index) {
            nixscope_fleet::host(db, project, host.output.clone(), host.name.clone());
        }
    });
    Phases { files: files_done - started, hosts: files_done.elapsed() }
}

/// Does a piece of work for every index, on as many threads as there are cores.
fn each(analysis: &Analysis, count: usize, work: impl Fn(&Analysis, &dyn Db, usize) + Sync) {
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
                    if index >= count || analysis.run(|db| work(&analysis, db, index)).is_err() {
                        break;
                    }
                }
            });
        }
    });
}
