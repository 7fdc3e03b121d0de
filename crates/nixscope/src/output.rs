//! What a command has to say, printed in one go at the end.

use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;
use serde::Serialize;

/// Exit status: findings at or above the threshold.
const FOUND: u8 = 1;
/// Exit status: could not run.
const FAILED: u8 = 2;

/// A command's result.
#[derive(Default)]
pub(crate) struct Report {
    /// For standard output.
    pub(crate) text: String,
    /// For standard error, a line each.
    pub(crate) notes: Vec<String>,
    status: u8,
}

impl Report {
    /// Text for standard output, success.
    pub(crate) fn text(text: String) -> Report {
        Report { text, ..Report::default() }
    }

    /// The command could not run.
    pub(crate) fn failure(message: impl Display) -> Report {
        Report { notes: vec![format!("nixscope: {message}")], status: FAILED, ..Report::default() }
    }

    /// The same with remarks for standard error.
    pub(crate) fn with_notes(mut self, notes: Vec<String>) -> Report {
        self.notes.extend(notes);
        self
    }

    /// The same, saying by its status whether something was found.
    pub(crate) fn with_findings(mut self, found: bool) -> Report {
        self.status = if found { FOUND } else { 0 };
        self
    }

    /// Prints, and gives the exit status. A reader who has gone away is no error.
    pub(crate) fn print(self) -> ExitCode {
        let mut stderr = std::io::stderr().lock();
        for note in &self.notes {
            let _ = writeln!(stderr, "{note}");
        }
        let mut stdout = std::io::stdout().lock();
        let _ = stdout.write_all(self.text.as_bytes()).and_then(|()| stdout.flush());
        ExitCode::from(self.status)
    }
}

/// A value as indented JSON with a final line break.
pub(crate) fn to_json(value: &impl Serialize) -> Result<String> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(text)
}

/// Whether standard output takes colours: a terminal, and `NO_COLOR` not set.
pub(crate) fn colours() -> bool {
    anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never
}
