//! Mending half-written text, so that what is around the cursor can be read.

use nixscope_db::SourceFile;
use nixscope_fleet::Draft;
use nixscope_hir::{Body, lower};
use nixscope_syntax::{SyntaxKind, TextRange, TextSize, parse_text};

/// The name that stands at the cursor of a mended text.
pub(crate) const CURSOR: &str = "nixscope-cursor'";

/// A mended text, read.
pub(crate) struct Mended {
    /// Its expressions.
    pub(crate) body: Body,
    /// The word at the cursor, in the text as it is.
    pub(crate) word: TextRange,
    /// Whether nothing follows the word that belongs to it: no `=`, no `.`.
    pub(crate) is_bare: bool,
    /// Where the word is the text of a quoted name: what must follow it.
    pub(crate) quote: Option<&'static str>,
}

impl Mended {
    /// The body in place of the file's own.
    pub(crate) fn draft(&self, file: SourceFile) -> Draft<'_> {
        Draft { file, body: &self.body }
    }
}

/// What may be missing behind the cursor, the most likely first.
const ENDS: &[&str] = &[
    "",
    ";",
    " = null;",
    "\"",
    "\";",
    "}",
    "}\"",
    "}\";",
    " ];",
    ")",
    ");",
    " ]",
    "};",
    " }",
    " = null; }",
    " = null; };",
    "''",
    "'';",
    "}''",
    "}'';",
    ": null",
    " }: null",
    ", ... }: null",
    " in null",
    "; }",
    "; };",
    "\"; }",
    "}\"; }",
    " then null else null",
    " then null else null;",
    " else null",
    "; null",
    " = null; in null",
    "; in null",
    ") ];",
    ")) ];",
];

/// The text with a name at the cursor and what is missing behind it; none in a comment, or where the
/// cursor stands in a number or a URL.
pub(crate) fn mend(text: &str, offset: TextSize) -> Option<Mended> {
    let at = usize::from(offset).min(text.len());
    let (before, after) = (text.get(..at)?, text.get(at..)?);
    let is_word = |c: char| c.is_ascii_alphanumeric() || "_-'".contains(c);
    let quoted = quoted_name(before);
    let (start, end) = match quoted {
        Some(start) => (start, at + after.find(['"', '\n', ';', '}', ' ']).unwrap_or(after.len())),
        None => {
            let start = at - before.chars().rev().take_while(|c| is_word(*c)).count();
            (start, at + after.chars().take_while(|c| is_word(*c)).count())
        }
    };
    let (head, tail) = (&text[..start], &text[end..]);
    let is_number = quoted.is_none() && text[start..end].starts_with(|c: char| c.is_ascii_digit());
    if is_commented(head) || is_number {
        return None;
    }
    let mut best: Option<(usize, String)> = None;
    for missing in ENDS {
        let candidate = [head, CURSOR, missing, tail].concat();
        let errors = parse_text(&candidate).errors().len();
        if best.as_ref().is_none_or(|(fewest, _)| errors < *fewest) {
            best = Some((errors, candidate));
        }
        if errors == 0 {
            break;
        }
    }
    let (_, mended) = best?;
    let (body, _) = lower(parse_text(&mended).root());
    let size = |at: usize| TextSize::try_from(at).unwrap_or_default();
    let follows = tail.trim_start();
    let is_bare = !follows.starts_with(['=', '.']) || follows.starts_with("==");
    let quote = quoted.map(|_| if tail.starts_with('"') { "" } else { "\"" });
    Some(Mended { body, word: TextRange::new(size(start), size(end)), is_bare, quote })
}

/// Where the text of a name begins that is written in quotes after a dot: `secrets."mail/pass`.
fn quoted_name(before: &str) -> Option<usize> {
    let quote = before.rfind('"')?;
    let (outer, inner) = (&before[..quote], &before[quote + 1..]);
    (outer.ends_with('.') && !inner.contains(['\n', '$', '\\', ' '])).then_some(quote + 1)
}

/// Whether a text ends inside a comment.
fn is_commented(head: &str) -> bool {
    let probe = [head, CURSOR].concat();
    let root = parse_text(&probe).syntax();
    root.last_token().is_some_and(|token| token.kind() == SyntaxKind::TOKEN_COMMENT)
        && root.text_range().len() == TextSize::of(probe.as_str())
}
