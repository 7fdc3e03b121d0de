//! The service around the router: what tower-lsp 0.20 leaves out of a server's life.
//!
//! It keeps how the client introduced itself, remembers whether it asked to shut down (the exit status
//! depends on it), refuses what the reader found malformed, and answers unknown `$/` requests, which
//! the router drops.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use serde_json::json;
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};
use tower_service::Service;

use crate::client::Introduction;
use crate::stdio::MALFORMED;

/// What the server's life has come to. Cheap to clone; all clones are one.
#[derive(Clone, Default)]
pub(crate) struct Life(Arc<Stages>);

#[derive(Default)]
struct Stages {
    introduction: OnceLock<Introduction>,
    initialized: AtomicBool,
    shutdown: AtomicBool,
}

impl Life {
    /// How the client introduced itself; none before `initialize`.
    pub(crate) fn introduction(&self) -> Option<&Introduction> {
        self.0.introduction.get()
    }

    /// The process's exit status, as the protocol wants it.
    pub(crate) fn exit_status(&self) -> u8 {
        if self.0.shutdown.load(Ordering::SeqCst) { 0 } else { 1 }
    }
}

/// The router with the rest of the protocol's life around it.
pub(crate) struct Lifecycle<S> {
    router: S,
    life: Life,
}

impl<S> Lifecycle<S> {
    /// Wraps a router.
    pub(crate) fn new(router: S, life: Life) -> Lifecycle<S> {
        Lifecycle { router, life }
    }

    /// Keeps the parameters of `initialize`; the router gets none, since its types may refuse them.
    fn introduce(&self, request: Request) -> Request {
        let (method, id, params) = request.into_parts();
        let Some(id) = id else { return Request::build(method).finish() };
        // Only the first counts; the router refuses a second.
        self.life.0.introduction.get_or_init(|| Introduction::new(&params.unwrap_or_default()));
        Request::build(method).id(id).params(json!({ "capabilities": {} })).finish()
    }
}

impl<S> Service<Request> for Lifecycle<S>
where
    S: Service<Request, Response = Option<Response>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Option<Response>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Option<Response>, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.router.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        if request.method() == MALFORMED {
            let response = refusal(&request);
            return Box::pin(async move { Ok(Some(response)) });
        }
        let id = request.id().cloned();
        let mut request = request;
        let initialize = request.method() == "initialize" && id.is_some();
        if initialize {
            request = self.introduce(request);
        }
        // At once, not when it is answered: some clients send `exit` without waiting for the answer.
        if request.method() == "shutdown" && id.is_some() && self.life.0.initialized.load(Ordering::SeqCst) {
            self.life.0.shutdown.store(true, Ordering::SeqCst);
        }
        let life = self.life.clone();
        let answer = self.router.call(request);
        Box::pin(async move {
            let response = answer.await?;
            if initialize && response.as_ref().is_some_and(Response::is_ok) {
                life.0.initialized.store(true, Ordering::SeqCst);
            }
            Ok(response.or_else(|| Some(Response::from_error(id?, Error::method_not_found()))))
        })
    }
}

fn refusal(request: &Request) -> Response {
    let field = |name: &str| request.params().and_then(|params| params.get(name));
    let code = field("code").and_then(|code| code.as_i64()).unwrap_or(ErrorCode::ParseError.code());
    let mut error = Error::new(ErrorCode::from(code));
    if let Some(why) = field("message").and_then(|why| why.as_str()) {
        error.message = format!("{}: {why}", error.message).into();
    }
    Response::from_error(request.id().cloned().unwrap_or(Id::Null), error)
}
