//! Findings for people: the source with the place marked, what else belongs to it, how to mend it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Group, Level as Mark, Origin, Renderer, Snippet};
use anyhow::{Result, anyhow};
use nixscope_db::SourceFile;
use nixscope_ide::{Applicability, Diagnostic, Level, TextRange};
use nixscope_report::Places;

use super::Checked;
use super::findings::{Findings, plural};
use crate::output::colours;

/// A range over more lines than this is shown by its first line.
const MAX_LINES: usize = 8;
/// A line longer than this is shown around the place only. Shorter ones are trimmed to the terminal.
const MAX_WIDTH: usize = 2000;
/// How much of such a line is shown.
const CUT_WIDTH: usize = 120;
/// More related places than these are counted, not shown.
const MAX_RELATED: usize = 4;

/// More hints of one lint than these are counted, not shown: a first run over a large repository is to be read.
const MAX_HINTS: usize = 5;

/// Every finding with its source, the hints that are too many for that, and the summary. Who asks for some lints only is
/// shown `all`.
pub(super) fn render(projects: &[Checked], found: &Findings, all: bool) -> Result<String> {
    let max_hints = if all { usize::MAX } else { MAX_HINTS };
    let renderer = if colours() { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    let mut explained = BTreeSet::new();
    let mut hints = BTreeMap::new();
    for project in projects {
        let rendered = project.analysis.run(|db| {
            let places = Places { db, root: project.session.root(), prefix: &project.prefix };
            for diagnostic in &project.diagnostics {
                if diagnostic.level == Level::Hint {
                    let seen: &mut usize = hints.entry(diagnostic.lint.name).or_default();
                    *seen += 1;
                    if *seen > max_hints {
                        continue;
                    }
                }
                let explain = explained.insert(diagnostic.lint.name);
                out.push_str(&renderer.render(&[group(&places, diagnostic, explain)]));
                out.push_str("\n\n");
            }
        });
        rendered.map_err(|_| anyhow!("the analysis was stopped"))?;
    }
    out.push_str(&counted(&hints, max_hints));
    out.push_str(&found.summary.sentence());
    out.push_str(&mendable(projects));
    out.push('\n');
    Ok(out)
}

/// The hints that are not shown, and how to see them.
fn counted(hints: &BTreeMap<&str, usize>, shown: usize) -> String {
    let more: Vec<(&str, usize)> = hints
        .iter()
        .filter_map(|(lint, count)| Some((*lint, count.checked_sub(shown).filter(|it| *it > 0)?)))
        .collect();
    let Some((first, _)) = more.first() else { return String::new() };
    let list: Vec<String> = more.iter().map(|(lint, count)| format!("{count} {lint}")).collect();
    format!("more hints: {} (nixscope check --select {first} shows those of a lint)\n\n", list.join(", "))
}

fn mendable(projects: &[Checked]) -> String {
    let fixes = || projects.iter().flat_map(|it| &it.diagnostics).filter_map(|it| it.fix.as_ref());
    let safe = fixes().filter(|it| it.applicability == Applicability::Safe).count();
    let unsafe_ones = fixes().count() - safe;
    match (safe, unsafe_ones) {
        (0, 0) => String::new(),
        (0, more) => format!("; --fix --unsafe-fixes mends {more}"),
        (safe, 0) => format!("; --fix mends {safe}"),
        (safe, more) => format!("; --fix mends {safe}, --unsafe-fixes {more} more"),
    }
}

fn group<'a>(places: &Places<'a>, found: &'a Diagnostic, explain: bool) -> Group<'a> {
    let mark = match found.level {
        Level::Error => Mark::ERROR,
        Level::Warning => Mark::WARNING,
        Level::Info => Mark::INFO,
        Level::Hint | Level::Off => Mark::INFO.with_name("hint"),
    };
    let mut elements: Vec<Element<'a>> = Vec::new();
    elements.extend(excerpt(places, found.file, found.range, AnnotationKind::Primary, ""));
    for related in found.related.iter().take(MAX_RELATED) {
        elements.extend(excerpt(
            places,
            related.file,
            related.range,
            AnnotationKind::Context,
            &related.message,
        ));
    }
    if let Some(more) = found.related.len().checked_sub(MAX_RELATED).filter(|it| *it > 0) {
        elements.push(Mark::NOTE.message(format!("and {}", plural(more, "more place"))).into());
    }
    if !found.hosts.is_empty() {
        elements.push(Mark::NOTE.message(format!("on {}", found.hosts.join(", "))).into());
    }
    if let Some(fix) = &found.fix {
        let flags = match fix.applicability {
            Applicability::Safe => "--fix",
            Applicability::Unsafe => "may change the configuration: --fix --unsafe-fixes",
        };
        elements.push(Mark::HELP.message(format!("{} ({flags})", fix.title)).into());
    }
    if explain {
        elements.push(Mark::HELP.message(format!("nixscope explain {}", found.lint.name)).into());
    }
    mark.primary_title(&found.message).id(found.lint.name).elements(elements)
}

/// The lines around a range, with the range marked. A file without text has only its name.
pub(crate) fn excerpt<'a>(
    places: &Places<'a>,
    file: SourceFile,
    range: TextRange,
    kind: AnnotationKind,
    label: &'a str,
) -> Vec<Element<'a>> {
    let path = places.file(file);
    let at = places.position(file, range.start());
    let (line, column) = (at.line as usize, at.column as usize);
    let text = file.text(places.db).as_str();
    let range = usize::from(range.start()).min(text.len())..usize::from(range.end()).min(text.len());
    if text.is_empty() {
        return vec![Origin::path(path).line(line).char_column(column).into()];
    }
    let (window, marked) = window(text, range);
    let snippet = Snippet::source(window.text).line_start(line).fold(true);
    let annotation = kind.span(marked);
    let snippet = snippet.annotation(if label.is_empty() { annotation } else { annotation.label(label) });
    if window.cut {
        // The column in a cut line is not the file's.
        vec![Origin::path(path).line(line).char_column(column).into(), snippet.into()]
    } else {
        vec![snippet.path(path).into()]
    }
}

/// Lines of a text, perhaps a part of one.
struct Window {
    text: String,
    /// Whether the text begins inside a line.
    cut: bool,
}

/// The lines that a range covers, and the range in them. Looks no further than it shows, because a
/// line may be as long as a file and hold thousands of findings.
fn window(text: &str, range: Range<usize>) -> (Window, Range<usize>) {
    let mut end = range.end.max(range.start);
    // A range that ends with a line break ends with its line.
    if end > range.start && text[..end].ends_with('\n') {
        end -= 1;
    }
    if end - range.start > MAX_LINES * MAX_WIDTH || text[range.start..end].matches('\n').count() >= MAX_LINES
    {
        end = line_end(text, range.start).unwrap_or(range.start);
    }
    if let (Some(from), Some(to)) = (line_start(text, range.start), line_end(text, end)) {
        return (Window { text: text[from..to].to_string(), cut: false }, range.start - from..end - from);
    }
    let back = floor(text, range.start.saturating_sub(CUT_WIDTH / 4));
    let from = text[back..range.start].rfind('\n').map_or(back, |at| back + at + 1);
    let ahead = floor(text, (from + CUT_WIDTH).min(text.len()));
    let to = text[range.start..ahead].find('\n').map_or(ahead, |at| range.start + at);
    let before = if from > 0 && !text[..from].ends_with('\n') { "…" } else { "" };
    let after = if to < text.len() && !text[to..].starts_with('\n') { "…" } else { "" };
    let shown = format!("{before}{}{after}", &text[from..to]);
    let at = |offset: usize| offset.clamp(from, to) - from + before.len();
    (Window { text: shown, cut: true }, at(range.start)..at(end.max(range.start)))
}

/// Where the line begins that an offset is in; none where that is far off.
fn line_start(text: &str, offset: usize) -> Option<usize> {
    let limit = floor(text, offset.saturating_sub(MAX_WIDTH));
    match text[limit..offset].rfind('\n') {
        Some(at) => Some(limit + at + 1),
        None => (limit == 0).then_some(0),
    }
}

/// Where the line ends that an offset is in; none where that is far off.
fn line_end(text: &str, offset: usize) -> Option<usize> {
    let limit = floor(text, (offset + MAX_WIDTH).min(text.len()));
    match text[offset..limit].find('\n') {
        Some(at) => Some(offset + at),
        None => (limit == text.len()).then_some(limit),
    }
}

/// The offset, or the beginning of the character it is in.
fn floor(text: &str, mut offset: usize) -> usize {
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_shows_whole_lines() {
        let text = "{\n  a = 1;\n  b = 2;\n}\n";
        let (shown, marked) = window(text, 4..10);
        assert_eq!((shown.text.as_str(), marked), ("  a = 1;", 2..8));
        let (shown, marked) = window(text, 4..19);
        assert_eq!((shown.text.as_str(), marked), ("  a = 1;\n  b = 2;", 2..17));
        let (shown, marked) = window(text, text.len()..text.len());
        assert_eq!((shown.text.as_str(), marked), ("", 0..0));
    }

    #[test]
    fn a_long_range_shows_its_first_line() {
        let text = "{\n".to_string() + &"  x = 1;\n".repeat(20) + "}";
        let (shown, marked) = window(&text, 0..text.len());
        assert_eq!((shown.text.as_str(), marked), ("{", 0..1));
    }

    #[test]
    fn a_long_line_is_cut_at_characters() {
        let text = format!("{}x{}", "µ".repeat(5000), "µ".repeat(5000));
        let (shown, marked) = window(&text, 10_000..10_001);
        assert!(shown.cut && shown.text.len() < 200, "{}", shown.text.len());
        assert_eq!(&shown.text[marked], "x");
        let (shown, marked) = window(&text, 10_000..text.len());
        assert!(shown.text[marked].starts_with("xµ"));
        let (shown, _) = window(&text, 0..text.len());
        assert!(shown.text.ends_with('…'));
    }
}
