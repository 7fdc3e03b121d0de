//! Positions as the protocol counts them: lines that end in `\n`, `\r\n` or `\r`, columns in the
//! negotiated encoding.
//!
//! The command line counts lines as Nix does (only `\n` ends one); that index is the syntax crate's.

use std::sync::Arc;

use nixscope_ide::{PositionEncoding, TextRange, TextSize};

/// A line and a column, both from zero, in the negotiated encoding.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Point {
    /// The line.
    pub(crate) line: u32,
    /// The column.
    pub(crate) column: u32,
}

/// From a point to a point.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Span {
    /// Where it begins.
    pub(crate) start: Point,
    /// Where it ends; not part of it.
    pub(crate) end: Point,
}

/// A text and where its lines begin.
pub(crate) struct LineTable {
    text: Arc<str>,
    /// Offsets of the lines' first bytes; the first is 0.
    starts: Box<[usize]>,
    encoding: PositionEncoding,
}

impl LineTable {
    /// Reads the text once.
    pub(crate) fn new(text: Arc<str>, encoding: PositionEncoding) -> LineTable {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'\n' => starts.push(at + 1),
                b'\r' if bytes.get(at + 1) != Some(&b'\n') => starts.push(at + 1),
                _ => {}
            }
        }
        LineTable { text, starts: starts.into(), encoding }
    }

    /// The point of a byte offset. What lies past the end, inside a character or inside a line break
    /// is moved to the left until a point can name it.
    pub(crate) fn point(&self, offset: TextSize) -> Point {
        let mut offset = usize::from(offset).min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let (start, end) = self.content(line);
        offset = offset.min(end);
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &self.text[start..offset.max(start)];
        let column = match self.encoding {
            PositionEncoding::Utf8 => before.len(),
            PositionEncoding::Utf16 => before.chars().map(char::len_utf16).sum(),
            PositionEncoding::Utf32 => before.chars().count(),
        };
        Point { line: clamp(line), column: clamp(column) }
    }

    /// The points of a range.
    pub(crate) fn span(&self, range: TextRange) -> Span {
        Span { start: self.point(range.start()), end: self.point(range.end()) }
    }

    /// The byte offset of a point. A column past the end of its line is taken for the end of the
    /// line, a line past the end for the end of the text, the middle of a character for its beginning.
    pub(crate) fn offset(&self, point: Point) -> TextSize {
        let line = usize::try_from(point.line).unwrap_or(usize::MAX);
        if line >= self.starts.len() {
            return TextSize::of(&*self.text);
        }
        let (start, end) = self.content(line);
        let column = usize::try_from(point.column).unwrap_or(usize::MAX);
        let content = &self.text[start..end];
        let mut units = 0;
        let mut within = content.len();
        for (at, char) in content.char_indices() {
            units += match self.encoding {
                PositionEncoding::Utf8 => char.len_utf8(),
                PositionEncoding::Utf16 => char.len_utf16(),
                PositionEncoding::Utf32 => 1,
            };
            if units > column {
                within = at;
                break;
            }
        }
        TextSize::try_from(start + within).unwrap_or(TextSize::of(&*self.text))
    }

    /// The byte range of a span; one that ends before it starts is turned around.
    pub(crate) fn range(&self, span: Span) -> TextRange {
        let (a, b) = (self.offset(span.start), self.offset(span.end));
        TextRange::new(a.min(b), a.max(b))
    }

    /// Where a line's content begins and ends, without its line break.
    fn content(&self, line: usize) -> (usize, usize) {
        let start = self.starts[line];
        let Some(next) = self.starts.get(line + 1) else { return (start, self.text.len()) };
        let full = &self.text[start..*next];
        let content = full.strip_suffix("\r\n").or(full.strip_suffix(['\n', '\r'])).unwrap_or(full);
        (start, start + content.len())
    }
}

fn clamp(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a\r\nµ𝄞x\rlast\n";
    const ENCODINGS: [PositionEncoding; 3] =
        [PositionEncoding::Utf8, PositionEncoding::Utf16, PositionEncoding::Utf32];

    #[test]
    fn every_character_has_a_point_that_leads_back() {
        for encoding in ENCODINGS {
            let table = LineTable::new(TEXT.into(), encoding);
            for (offset, char) in TEXT.char_indices().filter(|(_, char)| !matches!(char, '\n')) {
                let offset = TextSize::try_from(offset).unwrap();
                assert_eq!(table.offset(table.point(offset)), offset, "{char:?} in {encoding:?}");
            }
        }
    }

    #[test]
    fn columns_count_in_the_encoding() {
        let x = TextSize::try_from(TEXT.find('x').unwrap()).unwrap();
        let columns = ENCODINGS.map(|encoding| LineTable::new(TEXT.into(), encoding).point(x));
        assert_eq!(columns, [6, 3, 2].map(|column| Point { line: 1, column }));
    }

    #[test]
    fn what_lies_outside_is_clipped() {
        let table = LineTable::new(TEXT.into(), PositionEncoding::Utf16);
        let at = |line, column| usize::from(table.offset(Point { line, column }));
        assert_eq!(at(0, 99), 1, "before the line break");
        assert_eq!(at(1, 2), 5, "inside a surrogate pair");
        assert_eq!(at(2, 99), TEXT.len() - 1);
        assert_eq!(at(3, 0), TEXT.len());
        assert_eq!(at(u32::MAX, u32::MAX), TEXT.len());
        assert_eq!(table.point(TextSize::new(2)), Point { line: 0, column: 1 }, "inside a line break");
        assert_eq!(table.point(TextSize::new(999)), Point { line: 3, column: 0 });
    }
}
