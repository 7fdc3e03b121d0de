//! What is wrong with a file's syntax, said for people.

use std::collections::BTreeSet;

use rnix::ParseError;
use rnix::SyntaxKind::{self, *};
use rowan::{TextRange, TextSize};

/// A place where the text is not Nix.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// What is wrong and what was expected.
    pub message: String,
    /// Where, in bytes.
    pub range: TextRange,
    /// Whether an earlier error may have caused it: Nix stops at the first one, and what the parser
    /// says after it is about its own attempts to go on.
    pub follows: bool,
}

impl SyntaxError {
    pub(crate) fn new(range: TextRange, message: impl Into<String>) -> SyntaxError {
        SyntaxError { message: message.into(), range, follows: false }
    }
}

/// Turns rnix's errors into ours. Errors that follow from an earlier one at the same place are left
/// out: the first is the one to mend.
pub(crate) fn from_rnix(text: &str, errors: &[ParseError]) -> Vec<SyntaxError> {
    let mut out: Vec<SyntaxError> = Vec::new();
    let mut known: BTreeSet<(TextSize, TextSize)> = BTreeSet::new();
    let end = end_of_code(text);
    for error in errors {
        let converted = convert(text, error, end);
        if known.insert((converted.range.start(), converted.range.end())) {
            out.push(converted);
        }
    }
    out.sort_by_key(|error| (error.range.start(), error.range.end()));
    for later in out.iter_mut().skip(1) {
        later.follows = true;
    }
    out
}

fn convert(text: &str, error: &ParseError, end: TextRange) -> SyntaxError {
    match error {
        ParseError::Unexpected(range) | ParseError::UnexpectedExtra(range) => {
            let got = first_token(text, *range);
            SyntaxError::new(
                clip(text, *range),
                format!("unexpected {got}: the expression before it is already complete"),
            )
        }
        ParseError::UnexpectedWanted(_, range, wanted) => {
            let got = first_token(text, *range);
            SyntaxError::new(clip(text, *range), format!("expected {}, found {got}", alternatives(wanted)))
        }
        ParseError::UnexpectedDoubleBind(range) => SyntaxError::new(
            *range,
            "the argument pattern is named twice: keep the `name @` before or the `@ name` after it",
        ),
        ParseError::UnexpectedEOF => SyntaxError::new(end, "the file ends in the middle of an expression"),
        ParseError::UnexpectedEOFWanted(wanted) => {
            SyntaxError::new(end, format!("the file ends where {} is expected", alternatives(wanted)))
        }
        ParseError::DuplicatedArgs(range, name) => {
            SyntaxError::new(*range, format!("the argument `{name}` is listed twice in this pattern"))
        }
        ParseError::RecursionLimitExceeded => {
            SyntaxError::new(end, "this expression is nested too deeply to be read")
        }
        other => SyntaxError::new(end, other.to_string()),
    }
}

/// The last character of the file that is not white space.
fn end_of_code(text: &str) -> TextRange {
    let trimmed = text.trim_end();
    let last = trimmed.chars().next_back().map_or(0, char::len_utf8);
    let end = TextSize::of(trimmed);
    TextRange::new(end - TextSize::try_from(last).unwrap_or_default(), end)
}

/// A long error range would underline half a file: only its first line is shown.
fn clip(text: &str, range: TextRange) -> TextRange {
    let slice = &text[range];
    let lead = slice.len() - slice.trim_start().len();
    let body = slice[lead..].split('\n').next().unwrap_or("").trim_end();
    let start = range.start() + TextSize::try_from(lead).unwrap_or_default();
    TextRange::at(start, TextSize::of(body))
}

fn first_token(text: &str, range: TextRange) -> String {
    let slice = text[range].trim_start();
    match rnix::tokenize(slice).next() {
        Some((TOKEN_STRING_START, _)) => "a string".into(),
        Some((_, token)) => format!("`{}`", token.lines().next().unwrap_or("")),
        None => "the end of the file".into(),
    }
}

fn alternatives(wanted: &[SyntaxKind]) -> String {
    if wanted.len() > 4 {
        return "an expression".into();
    }
    let mut names: Vec<&str> = wanted.iter().map(|kind| describe(*kind)).collect();
    names.dedup();
    match names.split_last() {
        Some((last, [])) => (*last).into(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => "something else".into(),
    }
}

fn describe(kind: SyntaxKind) -> &'static str {
    match kind {
        TOKEN_SEMICOLON => "`;`",
        TOKEN_ASSIGN => "`=`",
        TOKEN_COLON => "`:`",
        TOKEN_COMMA => "`,`",
        TOKEN_L_BRACE => "`{`",
        TOKEN_R_BRACE => "`}`",
        TOKEN_L_PAREN => "`(`",
        TOKEN_R_PAREN => "`)`",
        TOKEN_L_BRACK => "`[`",
        TOKEN_R_BRACK => "`]`",
        TOKEN_ELLIPSIS => "`...`",
        TOKEN_IN => "`in`",
        TOKEN_THEN => "`then`",
        TOKEN_ELSE => "`else`",
        TOKEN_IDENT | TOKEN_OR | TOKEN_CUR_POS => "a name",
        TOKEN_STRING_END => "the end of the string",
        TOKEN_STRING_CONTENT => "text",
        TOKEN_INTERPOL_START => "`${`",
        TOKEN_INTERPOL_END => "`}`",
        TOKEN_STRING_START => "a string",
        _ => "something else",
    }
}
