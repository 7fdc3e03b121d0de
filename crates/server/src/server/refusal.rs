//! Why a request is not answered, as the protocol says it.

use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use crate::questions::Refusal;

/// The error code with which a pull is told to come again.
const SERVER_CANCELLED: i64 = -32802;
/// The error code of a request that is understood and cannot be carried out.
const REQUEST_FAILED: i64 = -32803;

/// A request that is understood and cannot be carried out; why, for people.
pub(super) fn failed(why: String) -> Error {
    Error { code: ErrorCode::ServerError(REQUEST_FAILED), message: why.into(), data: None }
}

/// An answer, or why the request is not carried out, for people.
pub(super) struct Outcome<T>(std::result::Result<Option<T>, String>);

impl<T> Default for Outcome<T> {
    fn default() -> Outcome<T> {
        Outcome(Ok(None))
    }
}

impl<T> From<std::result::Result<Option<T>, String>> for Outcome<T> {
    fn from(result: std::result::Result<Option<T>, String>) -> Outcome<T> {
        Outcome(result)
    }
}

impl<T> Outcome<T> {
    pub(super) fn into_result(self) -> Result<Option<T>> {
        self.0.map_err(failed)
    }
}

pub(super) fn refuse(refusal: Refusal) -> Error {
    match refusal {
        Refusal::ContentModified => Error::content_modified(),
        Refusal::Internal(why) => {
            tracing::error!("{why}");
            Error { message: why.into(), ..Error::internal_error() }
        }
    }
}

/// A pull that a change stopped is to be repeated by the client.
pub(super) fn refuse_pull(refusal: Refusal) -> Error {
    match refusal {
        Refusal::ContentModified => Error {
            code: ErrorCode::ServerError(SERVER_CANCELLED),
            message: "the text changed meanwhile".into(),
            data: Some(serde_json::json!({ "retriggerRequest": true })),
        },
        other => refuse(other),
    }
}
