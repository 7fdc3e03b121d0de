//! Suppression comments: `# nixscope: ignore[lint-a, lint-b] reason` for the next line or its own,
//! `# nixscope: ignore-file[lint]` for the file.

use nixscope_db::{Db, SourceFile};
use rnix::SyntaxKind::TOKEN_COMMENT;
use rowan::{TextRange, TextSize};
use smol_str::SmolStr;

use crate::parse;

/// What a suppression covers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SuppressionScope {
    /// Findings that begin in this range: the comment's own line, or the one after it.
    Lines(TextRange),
    /// Every finding of the file.
    File,
}

/// One lint named in one suppression comment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suppression {
    /// The lint's name as written; it may not exist.
    pub lint: SmolStr,
    /// The name's place, for the report of a misspelt or unused one.
    pub range: TextRange,
    /// The comment that names it.
    pub comment: TextRange,
    /// What it covers.
    pub scope: SuppressionScope,
}

impl Suppression {
    /// Whether a finding that begins there is suppressed.
    pub fn covers(&self, offset: TextSize) -> bool {
        match self.scope {
            SuppressionScope::File => true,
            SuppressionScope::Lines(lines) => lines.contains_inclusive(offset),
        }
    }
}

/// The suppressions of a file, in order.
#[salsa::tracked(returns(deref), no_eq)]
pub fn suppressions(db: &dyn Db, source: SourceFile) -> Vec<Suppression> {
    let text = source.text(db).as_str();
    comments(db, source).flat_map(|comment| directive(text, comment).unwrap_or_default()).collect()
}

/// Comments that begin as a suppression does and are none: misspelt, or without brackets.
#[salsa::tracked(returns(deref), no_eq)]
pub fn malformed_suppressions(db: &dyn Db, source: SourceFile) -> Vec<TextRange> {
    let text = source.text(db).as_str();
    let is_meant = |comment: &TextRange| {
        let body = text[*comment].trim_start_matches(['#', '/', '*']).trim_start();
        body.starts_with("nixscope:")
    };
    comments(db, source)
        .filter(is_meant)
        .filter(|comment| directive(text, *comment).is_none_or(|names| names.is_empty()))
        .collect()
}

/// The comments of a file that may be suppressions.
fn comments(db: &dyn Db, source: SourceFile) -> impl Iterator<Item = TextRange> {
    let text = source.text(db).as_str();
    // Few files have any, and walking a tree takes its time.
    let tree = text.contains("nixscope:").then(|| parse(db, source).syntax());
    tree.into_iter()
        .flat_map(|tree| tree.descendants_with_tokens())
        .filter_map(|element| element.into_token())
        .filter(|token| token.kind() == TOKEN_COMMENT)
        .map(|token| token.text_range())
        .filter(|range| text[*range].contains("nixscope:"))
}

fn directive(text: &str, comment: TextRange) -> Option<Vec<Suppression>> {
    let body = &text[comment];
    let (_, rest) = body.split_once("nixscope:")?;
    let rest = rest.trim_start();
    let (whole_file, rest) = match rest.strip_prefix("ignore-file") {
        Some(rest) => (true, rest),
        None => (false, rest.strip_prefix("ignore")?),
    };
    let names = rest.strip_prefix('[')?.split_once(']')?.0;
    let scope =
        if whole_file { SuppressionScope::File } else { SuppressionScope::Lines(lines(text, comment)) };
    let offset_of = |part: &str| {
        // Both are slices of `text`, so the difference of their addresses is an offset in it.
        let offset = part.as_ptr().addr() - text.as_ptr().addr();
        TextSize::try_from(offset).unwrap_or_default()
    };
    let found = names.split(',').map(str::trim).filter(|name| !name.is_empty()).map(|name| Suppression {
        lint: name.into(),
        range: TextRange::at(offset_of(name), TextSize::of(name)),
        comment,
        scope,
    });
    Some(found.collect())
}

/// The comment's own line where code stands before it, else the next line that is not a comment.
fn lines(text: &str, comment: TextRange) -> TextRange {
    let start: usize = comment.start().into();
    let end: usize = comment.end().into();
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let own_line_end = text[end..].find('\n').map_or(text.len(), |at| end + at);
    let code_before = !text[line_start..start].trim().is_empty();
    let (from, to) = if code_before {
        (line_start, own_line_end)
    } else {
        let mut next = (own_line_end + 1).min(text.len());
        loop {
            let line_end = text[next..].find('\n').map_or(text.len(), |at| next + at);
            let line = text[next..line_end].trim_start();
            if line_end >= text.len() || !(line.is_empty() || line.starts_with('#')) {
                break (next, line_end);
            }
            next = line_end + 1;
        }
    };
    TextRange::new(size(from), size(to))
}

fn size(offset: usize) -> TextSize {
    TextSize::try_from(offset).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covers_its_line_or_the_next() {
        let text =
            "{\n  # nixscope: ignore[a, b] because\n  # more\n  x = 1;\n  y = 2; # nixscope: ignore[c]\n}\n";
        let of = |needle: &str| {
            let start = text.find(needle).unwrap_or(0);
            let end = start + text[start..].find('\n').unwrap_or(0);
            directive(text, TextRange::new(size(start), size(end))).unwrap_or_default()
        };
        let first = of("# nixscope: ignore[a");
        assert_eq!(first.iter().map(|it| it.lint.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        let covered = |it: &Suppression| match it.scope {
            SuppressionScope::Lines(range) => text[range].trim().to_string(),
            SuppressionScope::File => "file".into(),
        };
        assert_eq!(covered(&first[0]), "x = 1;");
        assert!(covered(&of("# nixscope: ignore[c]")[0]).starts_with("y = 2;"));
    }
}
