//! Standard input and output as the transport wants them.
//!
//! The transport of tower-lsp 0.20 gives up after the first message that it cannot decode, hangs after
//! `exit` while the input stays open, and panics when the output is gone. So a thread of our own reads
//! the input, passes on only what is well formed, turns what is not into a request that the
//! [`crate::lifecycle`] refuses, and ends the stream after `exit`.

use std::io::{self, BufRead, Read};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{mpsc, oneshot};

/// The method under which the reader passes on what was no message.
pub(crate) const MALFORMED: &str = "nixscope/malformed";

const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;

/// No message is longer; a header that says so is taken for garbage.
const MAX_MESSAGE: u64 = 1 << 30;
/// No header line is longer.
const MAX_HEADER_LINE: u64 = 1 << 13;

/// The well-formed messages of an input, as a stream of bytes.
pub(crate) struct Incoming {
    messages: mpsc::Receiver<Vec<u8>>,
    current: io::Cursor<Vec<u8>>,
}

impl Incoming {
    /// Reads standard input on a thread of its own, which nobody waits for; with the news that the
    /// input is over.
    pub(crate) fn stdin() -> io::Result<(Incoming, oneshot::Receiver<()>)> {
        let (sender, messages) = mpsc::channel(64);
        let (over, ended) = oneshot::channel();
        std::thread::Builder::new().name("stdin".into()).spawn(move || {
            if let Err(error) = pump(&mut io::stdin().lock(), |message| sender.blocking_send(message).is_ok())
            {
                tracing::error!("standard input: {error}");
            }
            // Nobody listens where the process ends for another reason.
            let _ = over.send(());
        })?;
        Ok((Incoming { messages, current: io::Cursor::default() }, ended))
    }
}

impl AsyncRead for Incoming {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        while this.current.position() >= this.current.get_ref().len() as u64 {
            match ready!(this.messages.poll_recv(cx)) {
                Some(message) => this.current = io::Cursor::new(message),
                None => return Poll::Ready(Ok(())),
            }
        }
        let read = this.current.read(out.initialize_unfilled())?;
        out.advance(read);
        Poll::Ready(Ok(()))
    }
}

/// Passes on every message, framed again, until the input ends, `exit` comes, or nobody listens.
fn pump(input: &mut impl BufRead, mut pass: impl FnMut(Vec<u8>) -> bool) -> io::Result<()> {
    while let Some(frame) = read_frame(input)? {
        let message = match frame {
            Frame::Body(body) if body.is_empty() => continue,
            Frame::Body(body) => normalize(&body),
            Frame::Garbage => malformed(PARSE_ERROR, "a header without a valid Content-Length"),
        };
        let is_exit = message["method"] == "exit" && message.get("id").is_none();
        let body = message.to_string();
        if !pass(format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()) || is_exit {
            break;
        }
    }
    Ok(())
}

enum Frame {
    Body(Vec<u8>),
    Garbage,
}

/// The next frame; none at the end of the input.
fn read_frame(input: &mut impl BufRead) -> io::Result<Option<Frame>> {
    let mut length = None;
    let mut seen = false;
    loop {
        let mut line = Vec::new();
        if input.by_ref().take(MAX_HEADER_LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line).to_ascii_lowercase();
        if line.trim().is_empty() {
            if seen {
                break;
            }
            continue;
        }
        seen = true;
        // Searched, not expected at the beginning: garbage may stand before it.
        if let Some((_, value)) = line.split_once("content-length:") {
            length = value.trim().parse::<u64>().ok();
        }
    }
    let Some(length) = length.filter(|length| *length <= MAX_MESSAGE) else {
        return Ok(Some(Frame::Garbage));
    };
    let mut body = Vec::new();
    input.by_ref().take(length).read_to_end(&mut body)?;
    let whole = u64::try_from(body.len()) == Ok(length);
    Ok(whole.then_some(Frame::Body(body)))
}

/// The message with what the protocol knows and nothing else; what is no message becomes a request
/// that says so.
fn normalize(body: &[u8]) -> Value {
    let mut message: Value = match serde_json::from_slice(body) {
        Ok(message) => message,
        Err(error) => return malformed(PARSE_ERROR, &error.to_string()),
    };
    let Some(fields) = message.as_object_mut() else {
        return malformed(INVALID_REQUEST, "a message is an object");
    };
    if fields.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return malformed(INVALID_REQUEST, "`jsonrpc` is not \"2.0\"");
    }
    let id = fields.remove("id");
    if !id.as_ref().is_none_or(|id| id.is_i64() || id.is_string() || id.is_null()) {
        return malformed(INVALID_REQUEST, "`id` is neither an integer nor a string");
    }
    let mut known = json!({ "jsonrpc": "2.0" });
    if let Some(id) = id {
        known["id"] = id;
    }
    if let Some(method) = fields.remove("method") {
        if !method.is_string() {
            return malformed(INVALID_REQUEST, "`method` is no string");
        }
        // The router knows `shutdown` and `exit` without parameters only; some clients send null.
        let takes_none = matches!(method.as_str(), Some("shutdown" | "exit"));
        known["method"] = method;
        if let Some(params) = fields.remove("params").filter(|_| !takes_none) {
            known["params"] = params;
        }
    } else if let Some(error) = fields.remove("error") {
        let code = error.get("code").and_then(Value::as_i64).unwrap_or(INVALID_REQUEST);
        let text = error.get("message").and_then(Value::as_str).unwrap_or("");
        known["error"] = json!({ "code": code, "message": text });
    } else if let Some(result) = fields.remove("result") {
        known["result"] = result;
    } else {
        return malformed(INVALID_REQUEST, "neither a request nor a response");
    }
    known
}

fn malformed(code: i64, why: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": null, "method": MALFORMED, "params": { "code": code, "message": why } })
}

/// Standard output; once the reader is gone, writing goes nowhere instead of failing.
pub(crate) struct Outgoing {
    stdout: tokio::io::Stdout,
    gone: bool,
}

impl Outgoing {
    /// The process's standard output.
    pub(crate) fn stdout() -> Outgoing {
        Outgoing { stdout: tokio::io::stdout(), gone: false }
    }

    fn note<T>(&mut self, result: io::Result<T>, instead: T) -> Poll<io::Result<T>> {
        Poll::Ready(Ok(result.unwrap_or_else(|error| {
            if !self.gone {
                tracing::error!("standard output: {error}");
            }
            self.gone = true;
            instead
        })))
    }
}

impl AsyncWrite for Outgoing {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.gone {
            return Poll::Ready(Ok(bytes.len()));
        }
        let result = ready!(Pin::new(&mut self.stdout).poll_write(cx, bytes));
        self.note(result, bytes.len())
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = ready!(Pin::new(&mut self.stdout).poll_flush(cx));
        self.note(result, ())
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = ready!(Pin::new(&mut self.stdout).poll_shutdown(cx));
        self.note(result, ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is passed on of an input: methods, or the code of what was refused.
    fn passed(input: &str) -> Vec<String> {
        let mut out = Vec::new();
        pump(&mut input.as_bytes(), |bytes| {
            let text = String::from_utf8(bytes).unwrap();
            let message: Value = serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap();
            out.push(match message["method"].as_str() {
                Some(MALFORMED) => message["params"]["code"].to_string(),
                Some(method) => method.to_string(),
                None => "response".to_string(),
            });
            true
        })
        .unwrap();
        out
    }

    fn frame(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn malformed_messages_are_refused_and_the_next_one_is_read() {
        let good = frame(r#"{"jsonrpc":"2.0","method":"a"}"#);
        for (bad, code) in [
            (frame("{"), "-32700"),
            (frame("\u{1}"), "-32700"),
            (frame("[]"), "-32600"),
            (frame(r#"{"method":"b"}"#), "-32600"),
            (frame(r#"{"jsonrpc":"2.0","method":3}"#), "-32600"),
            (frame(r#"{"jsonrpc":"2.0","id":1.5,"method":"b"}"#), "-32600"),
            (frame(r#"{"jsonrpc":"2.0","id":1}"#), "-32600"),
            ("Content-Length: x\r\n\r\n".into(), "-32700"),
            ("Content-Type: y\r\n\r\n".into(), "-32700"),
            ("Content-Length: 99999999999999\r\n\r\n".into(), "-32700"),
        ] {
            assert_eq!(passed(&format!("{bad}{good}")), [code, "a"], "{bad}");
        }
        assert_eq!(passed(&format!("garbage{good}")), ["a"]);
        assert_eq!(passed(&good.to_lowercase().replace("content-length: ", "CONTENT-LENGTH:")), ["a"]);
    }

    #[test]
    fn nothing_is_read_after_exit() {
        let exit = frame(r#"{"jsonrpc":"2.0","method":"exit","params":null}"#);
        let other = frame(r#"{"jsonrpc":"2.0","id":7,"result":null,"other":1}"#);
        assert_eq!(passed(&format!("{other}{exit}{other}")), ["response", "exit"]);
        assert_eq!(passed("Content-Length: 99\r\n\r\n{"), [""; 0], "the input ends inside a message");
    }
}
