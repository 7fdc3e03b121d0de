//! How a question travels: to the owner of the database, with its snapshot to a thread of the pool,
//! and back. A question that nobody waits for any more is stopped.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use nixscope_ide::VfsPath;
use salsa::CancellationToken;
use tokio::sync::oneshot;

use crate::owner::OwnerHandle;
use crate::snapshot::{Cancellable, Snapshot};

/// Why there is no answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Refusal {
    /// The text changed meanwhile.
    ContentModified,
    /// Something went wrong inside; what, for people.
    Internal(String),
}

/// Whether a question still makes sense for a newer text of its document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Aim {
    /// It names a place of the text it was asked for.
    Place,
    /// It is about the whole document, whatever its text.
    Document,
}

/// Asks on a snapshot that holds every change posted before, and once more where a change stopped the
/// computation. The first question is posted before the first `await`, which keeps the client's order.
pub(crate) async fn ask<T, F>(
    owner: &OwnerHandle,
    method: &'static str,
    path: VfsPath,
    aim: Aim,
    answer: F,
) -> Result<T, Refusal>
where
    T: Send + 'static,
    F: Fn(&Snapshot) -> Cancellable<T> + Send + Sync + 'static,
{
    let answer = Arc::new(answer);
    let first = pose(owner, method, &path, None, &answer).await?;
    let version = match first {
        Reply::Answer(answer) => return Ok(answer),
        Reply::Cancelled(version) => version,
    };
    let expected = (aim == Aim::Place).then_some(version);
    match pose(owner, method, &path, expected, &answer).await? {
        Reply::Answer(answer) => Ok(answer),
        Reply::Cancelled(_) => Err(Refusal::ContentModified),
    }
}

/// Asks on a snapshot of every project, in the order of the projects; once more where a change stopped one.
pub(crate) async fn ask_everywhere<T, F>(
    owner: &OwnerHandle,
    method: &'static str,
    answer: F,
) -> Result<Vec<T>, Refusal>
where
    T: Send + 'static,
    F: Fn(&Snapshot) -> Cancellable<T> + Send + Sync + 'static,
{
    let answer = Arc::new(answer);
    for _ in 0..2 {
        if let Some(all) = pose_everywhere(owner, method, &answer).await? {
            return Ok(all);
        }
    }
    Err(Refusal::ContentModified)
}

async fn pose_everywhere<T, F>(
    owner: &OwnerHandle,
    method: &'static str,
    answer: &Arc<F>,
) -> Result<Option<Vec<T>>, Refusal>
where
    T: Send + 'static,
    F: Fn(&Snapshot) -> Cancellable<T> + Send + Sync + 'static,
{
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
    let guard = CancelOnDrop(Arc::default());
    let (ticket, answer) = (guard.0.clone(), answer.clone());
    owner.ask_everywhere(Arc::new(move |index, snapshot| {
        if !ticket.start(&snapshot) {
            return;
        }
        let reply = attempt(method, &snapshot, &*answer);
        drop(snapshot);
        // Nobody listens where the client cancelled, or another project was stopped.
        let _ = sender.send((index, reply));
    }));
    let mut found = Vec::new();
    // The channel ends when the last project has answered.
    while let Some((index, reply)) = receiver.recv().await {
        match reply? {
            Ok(answer) => found.push((index, answer)),
            Err(_) => return Ok(None),
        }
    }
    drop(guard);
    found.sort_by_key(|(index, _)| *index);
    Ok(Some(found.into_iter().map(|(_, answer)| answer).collect()))
}

/// Computes an answer; a panic is a refusal.
fn attempt<T>(
    method: &'static str,
    snapshot: &Snapshot,
    answer: &impl Fn(&Snapshot) -> Cancellable<T>,
) -> Result<Cancellable<T>, Refusal> {
    let _span = tracing::debug_span!("request", method).entered();
    catch_unwind(AssertUnwindSafe(|| answer(snapshot)))
        .map_err(|panic| Refusal::Internal(describe(method, &*panic)))
}

enum Reply<T> {
    Answer(T),
    /// Stopped; the version of the document that the question was about.
    Cancelled(Option<i32>),
}

async fn pose<T, F>(
    owner: &OwnerHandle,
    method: &'static str,
    path: &VfsPath,
    expected: Option<Option<i32>>,
    answer: &Arc<F>,
) -> Result<Reply<T>, Refusal>
where
    T: Send + 'static,
    F: Fn(&Snapshot) -> Cancellable<T> + Send + Sync + 'static,
{
    let (sender, receiver) = oneshot::channel();
    let guard = CancelOnDrop(Arc::default());
    let (ticket, answer) = (guard.0.clone(), answer.clone());
    let asked = path.clone();
    owner.ask(
        path,
        Box::new(move |snapshot| {
            let path = asked;
            if !ticket.start(&snapshot) {
                return;
            }
            let version = snapshot.version(&path);
            let reply = if expected.is_some_and(|expected| expected != version) {
                Ok(Reply::Cancelled(version))
            } else {
                attempt(method, &snapshot, &*answer).map(|answer| match answer {
                    Ok(answer) => Reply::Answer(answer),
                    Err(_) => Reply::Cancelled(version),
                })
            };
            // Before the answer is sent: a change that follows it must not wait for this thread.
            drop(snapshot);
            // Nobody listens where the client cancelled meanwhile.
            let _ = sender.send(reply);
        }),
    );
    let reply = receiver.await;
    drop(guard);
    reply.unwrap_or_else(|_| Err(Refusal::Internal(format!("{method}: no workspace is open"))))
}

/// What a panic said, after the name of what panicked.
pub(crate) fn describe(what: &str, panic: &(dyn std::any::Any + Send)) -> String {
    let said = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    format!("{what}: internal error: {said}")
}

/// Stops the computation when the request's future is dropped, which is how a cancellation by the
/// client arrives. After the answer it does nothing.
struct CancelOnDrop(Arc<Ticket>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Shared by a question's future and its computations.
#[derive(Default)]
struct Ticket {
    cancelled: AtomicBool,
    /// One for each project that was asked.
    tokens: Mutex<Vec<CancellationToken>>,
}

impl Ticket {
    /// Binds the ticket to the snapshot's queries; false if it is already cancelled.
    fn start(&self, snapshot: &Snapshot) -> bool {
        let token = snapshot.analysis.run(|db| db.cancellation_token()).ok();
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).extend(token);
        // Read after the token is in its place: `cancel` writes in the other order.
        !self.cancelled.load(Ordering::SeqCst)
    }

    fn cancel(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
        for token in &*self.tokens.lock().unwrap_or_else(PoisonError::into_inner) {
            token.cancel();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::client::Introduction;
    use crate::documents::{Document, TextChange};
    use crate::owner::Event;

    fn path() -> VfsPath {
        VfsPath::new("/nowhere/a.nix")
    }

    /// An owner with one open document, in a runtime.
    fn with_owner<F: Future<Output = ()>>(test: impl FnOnce(OwnerHandle) -> F) {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap();
        let (outgoing, _) = tokio::sync::mpsc::unbounded_channel();
        let owner = OwnerHandle::spawn(runtime.handle().clone(), outgoing).unwrap();
        owner.post(Event::Start(Box::new(Introduction::new(&json!({})))));
        let document =
            Document { uri: "file:///nowhere/a.nix".into(), version: 0, text: "0".into(), nix: true };
        owner.post(Event::Open(path(), document));
        runtime.block_on(test(owner));
        runtime.shutdown_background();
    }

    fn change(owner: &OwnerHandle, version: i32) {
        let whole = TextChange { span: None, text: version.to_string() };
        owner.post(Event::Change(path(), version, vec![whole]));
    }

    /// What a long query does: it looks whether it is to stop.
    fn until_stopped(snapshot: &Snapshot) -> Cancellable<()> {
        loop {
            snapshot.analysis.run(|db| db.unwind_if_revision_cancelled())?;
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn a_panic_is_an_answer() {
        with_owner(|owner| async move {
            let broken =
                ask(&owner, "a/method", path(), Aim::Place, |_| -> Cancellable<()> { panic!("no {}", 1) });
            let why = "a/method: internal error: no 1".to_string();
            assert_eq!(broken.await, Err(Refusal::Internal(why)));
            let version =
                ask(&owner, "a/method", path(), Aim::Place, |snapshot| Ok(snapshot.version(&path())));
            assert_eq!(version.await, Ok(Some(0)));
        });
    }

    #[test]
    fn a_change_stops_a_question_about_a_place() {
        with_owner(|owner| async move {
            let writer = owner.clone();
            let started = move |snapshot: &Snapshot| {
                change(&writer, 1);
                until_stopped(snapshot)
            };
            let stopped = ask(&owner, "a/method", path(), Aim::Place, started).await;
            assert_eq!(stopped, Err(Refusal::ContentModified));
        });
    }

    #[test]
    fn a_question_about_a_document_is_asked_once_more() {
        with_owner(|owner| async move {
            for (changes, want) in [(1, Ok(1)), (2, Err(Refusal::ContentModified))] {
                let writer = owner.clone();
                let asked = AtomicUsize::new(0);
                let answer = move |snapshot: &Snapshot| {
                    let before = asked.fetch_add(1, Ordering::SeqCst);
                    if before < changes {
                        change(&writer, snapshot.version(&path()).unwrap_or(0) + 1);
                        until_stopped(snapshot)?;
                    }
                    Ok(before)
                };
                assert_eq!(ask(&owner, "a/method", path(), Aim::Document, answer).await, want);
            }
        });
    }

    #[test]
    fn a_question_that_nobody_waits_for_is_stopped() {
        with_owner(|owner| async move {
            let (begun, begins) = std::sync::mpsc::channel();
            let (stopped, stops) = std::sync::mpsc::channel();
            let answer = move |snapshot: &Snapshot| {
                let _ = begun.send(());
                let result = until_stopped(snapshot);
                let _ = stopped.send(());
                result
            };
            let begins = tokio::task::spawn_blocking(move || begins.recv_timeout(Duration::from_secs(60)));
            tokio::select! {
                _ = ask(&owner, "a/method", path(), Aim::Document, answer) => panic!("nothing stops it"),
                begun = begins => assert_eq!(begun.unwrap(), Ok(())),
            }
            assert_eq!(stops.recv_timeout(Duration::from_secs(60)), Ok(()));
        });
    }
}
