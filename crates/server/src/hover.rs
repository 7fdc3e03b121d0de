//! Hover, in the format that the client shows.

use nixscope_ide::{SourceFile, TextRange, VfsPath};

use crate::lines::Point;
use crate::snapshot::{Cancellable, Snapshot};

/// A hover, ready to be shown.
pub(crate) struct HoverText {
    /// The file.
    pub(crate) file: SourceFile,
    /// Markdown or plain text, as the client wants it.
    pub(crate) text: String,
    /// What it is about; holds the point that was asked for.
    pub(crate) range: Option<TextRange>,
}

/// What stands at a point, for people.
pub(crate) fn hover(snapshot: &Snapshot, path: &VfsPath, at: Point) -> Cancellable<Option<HoverText>> {
    let Some(file) = snapshot.nix_file(path) else { return Ok(None) };
    let offset = snapshot.offset(file, at)?;
    let Some(hover) = snapshot.analysis.hover(file, offset)? else { return Ok(None) };
    let text = if snapshot.client.markdown_hover { hover.markdown } else { plain(&hover.markdown) };
    let range = Some(hover.range).filter(|range| range.contains_inclusive(offset));
    Ok(Some(HoverText { file, text, range }))
}

/// Markdown without its marks: fences, headings, emphasis, code marks, the lines of tables and links'
/// addresses go.
pub(crate) fn plain(markdown: &str) -> String {
    let mut out = String::new();
    let mut fenced = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            continue;
        }
        if fenced {
            out.push_str(line);
        } else if let Some(row) = line.trim().strip_prefix('|').and_then(|row| row.strip_suffix('|')) {
            if row.chars().all(|char| matches!(char, '|' | '-' | ':' | ' ')) {
                continue;
            }
            let cells: Vec<&str> = row.split(" | ").map(str::trim).collect();
            plain_line(&cells.join("  "), &mut out);
        } else if line.trim() != "---" {
            plain_line(line.trim_start_matches('#').trim(), &mut out);
        }
        out.push('\n');
    }
    out.trim().to_string()
}

fn plain_line(line: &str, out: &mut String) {
    let mut rest = line;
    let mut code = false;
    while let Some(char) = rest.chars().next() {
        rest = &rest[char.len_utf8()..];
        match char {
            '`' => code = !code,
            '*' if !code && rest.starts_with('*') => rest = &rest[1..],
            '\\' if !code && rest.starts_with(|next: char| next.is_ascii_punctuation()) => {
                out.extend(rest.chars().next());
                rest = &rest[1..];
            }
            '[' if !code => match link(rest) {
                Some((text, after)) => {
                    plain_line(text, out);
                    rest = after;
                }
                None => out.push('['),
            },
            _ => out.push(char),
        }
    }
}

/// Of `text](address) after`: the text, and what comes after.
fn link(rest: &str) -> Option<(&str, &str)> {
    let (text, address) = rest.split_once("](")?;
    let (_, after) = address.split_once(')')?;
    Some((text, after)).filter(|_| !text.contains(['[', ']']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_has_no_marks() {
        for (markdown, want) in [
            ("# `services.x`\n\n```nix\n[ `a` ]\n```", "services.x\n\n[ `a` ]"),
            ("**bold** and 2 * 3", "bold and 2 * 3"),
            ("see [the page](https://a.b/c) \\*", "see the page *"),
            ("a list [ 1 ]\n---\nb", "a list [ 1 ]\n\nb"),
            ("| host | value |\n| --- | --- |\n| a | `1` |\n", "host  value\na  1"),
        ] {
            assert_eq!(plain(markdown), want);
        }
    }
}
