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
    let (ticket, answer, path) = (guard.0.clone(), answer.clone(), path.clone());
    owner.ask(Box::new(move |snapshot| {
        if !ticket.start(&snapshot) {
            return;
        }
        let version = snapshot.version(&path);
        let reply = if expected.is_some_and(|expected| expected != version) {
            Ok(Reply::Cancelled(version))
        } else {
            let _span = tracing::debug_span!("request", method).entered();
            match catch_unwind(AssertUnwindSafe(|| answer(&snapshot))) {
                Ok(Ok(answer)) => Ok(Reply::Answer(answer)),
                Ok(Err(_)) => Ok(Reply::Cancelled(version)),
                Err(panic) => Err(Refusal::Internal(describe(method, &*panic))),
            }
        };
        // Before the answer is sent: a change that follows it must not wait for this thread.
        drop(snapshot);
        // Nobody listens where the client cancelled meanwhile.
        let _ = sender.send(reply);
    }));
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

/// Shared by a question's future and its computation.
#[derive(Default)]
struct Ticket {
    cancelled: AtomicBool,
    token: Mutex<Option<CancellationToken>>,
}

impl Ticket {
    /// Binds the ticket to the snapshot's queries; false if it is already cancelled.
    fn start(&self, snapshot: &Snapshot) -> bool {
        let token = snapshot.analysis.run(|db| db.cancellation_token()).ok();
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = token;
        // Read after the token is in its place: `cancel` writes in the other order.
        !self.cancelled.load(Ordering::SeqCst)
    }

    fn cancel(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
        if let Some(token) = &*self.token.lock().unwrap_or_else(PoisonError::into_inner) {
            token.cancel();
        }
    }
}
