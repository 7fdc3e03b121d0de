//! Formatting by the program that the user configured.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use nixscope_ide::{TextRange, TextSize};
use similar::{DiffTag, TextDiff};

/// A formatter that takes longer is ended.
const PATIENCE: Duration = Duration::from_secs(20);
/// A difference that takes longer to find is taken as it is by then.
const DIFF_PATIENCE: Duration = Duration::from_millis(500);

/// What a formatter makes of a text. Its input is written and its output read at once, each on a thread
/// of its own: a pipe holds less than a large file.
///
/// # Errors
/// What went wrong, for people: there is no such program, it failed, or it took too long.
pub(crate) fn format(command: &[String], directory: &str, text: &str) -> Result<String, String> {
    let (program, arguments) = command.split_first().ok_or("no formatter is configured")?;
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{program}: {error}"))?;
    let (input, output, errors) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let text = text.to_string();
    std::thread::spawn(move || {
        // A program that does not read all of its input says why by its exit status.
        input.map(|mut input| input.write_all(text.as_bytes()))
    });
    let (sender, receiver) = channel();
    let errors = std::thread::spawn(move || read(errors));
    std::thread::spawn(move || sender.send(read(output)));
    let formatted = match receiver.recv_timeout(PATIENCE) {
        Ok(formatted) => formatted,
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
            // It may have ended meanwhile, which is as good.
            let _ = child.kill();
            let _ = child.wait();
            return Err(format!("{program}: no answer within {} s", PATIENCE.as_secs()));
        }
    };
    let status = child.wait().map_err(|error| format!("{program}: {error}"))?;
    if !status.success() {
        let said = String::from_utf8_lossy(&errors.join().unwrap_or_default()).into_owned();
        let line =
            said.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("it failed").to_string();
        return Err(format!("{program}: {line}"));
    }
    String::from_utf8(formatted).map_err(|_| format!("{program}: its output is not UTF-8 text"))
}

fn read(pipe: Option<impl Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        // What was read before an error is all there is.
        let _ = pipe.read_to_end(&mut bytes);
    }
    bytes
}

/// The edits of whole lines that make one text another, in order.
pub(crate) fn differences(old: &str, new: &str) -> Vec<(TextRange, String)> {
    let (old_starts, new_starts) = (starts(old), starts(new));
    let diff = TextDiff::configure().timeout(DIFF_PATIENCE).diff_lines(old, new);
    let size = |at: usize| TextSize::try_from(at).unwrap_or_default();
    let mut out = Vec::new();
    for op in diff.ops().iter().filter(|op| op.tag() != DiffTag::Equal) {
        let (from, to) = (op.old_range(), op.new_range());
        let range = TextRange::new(size(old_starts[from.start]), size(old_starts[from.end]));
        out.push((range, new[new_starts[to.start]..new_starts[to.end]].to_string()));
    }
    out
}

/// Where lines begin, and where the text ends; as the difference counts lines.
fn starts(text: &str) -> Vec<usize> {
    let mut out = vec![0];
    let mut at = 0;
    let bytes = text.as_bytes();
    while at < bytes.len() {
        at += match (bytes[at], bytes.get(at + 1)) {
            (b'\r', Some(b'\n')) => 2,
            _ => 1,
        };
        if matches!(bytes[at - 1], b'\n' | b'\r') || at == bytes.len() {
            out.push(at);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_makes_the_old_text_the_new_one() {
        for (old, new) in [
            ("a\nb\nc\n", "a\nx\nc\n"),
            ("a\n", "a\na\n"),
            ("a\na\n", "a\n"),
            ("", "a"),
            ("a\r\nb\rc\n", "a\nb\nc\n"),
            ("a\nb", "a\nb\n"),
            ("x\nx\nx\n", "x\n"),
        ] {
            let mut made = old.to_string();
            for (range, text) in differences(old, new).into_iter().rev() {
                made.replace_range(usize::from(range.start())..usize::from(range.end()), &text);
            }
            assert_eq!(made, new, "{old:?}");
        }
        assert_eq!(differences("a", "a"), []);
        assert_eq!(differences("a\nb\nc\nd\n", "A\nb\nc\nD\n").len(), 2);
    }

    #[test]
    fn a_large_text_passes_through_and_a_failure_is_told() {
        let large = "{ a = 1; }\n".repeat(200_000);
        let formatted = format(&["cat".into()], "/", &large);
        assert_eq!(formatted.map(|it| it.len()), Ok(large.len()));
        let failed = format(&["sh".into(), "-c".into(), "echo no >&2; exit 1".into()], "/", "x");
        assert_eq!(failed, Err("sh: no".into()));
        assert!(format(&["/nowhere/formatter".into()], "/", "x").is_err());
    }
}
