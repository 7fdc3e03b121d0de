//! Lines and columns of byte offsets, in the encodings that editors and people count in.

use nixscope_db::{Db, SourceFile};
use rowan::TextSize;

/// What a column counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PositionEncoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, the protocol's default.
    Utf16,
    /// Unicode scalar values, what the command line prints.
    Utf32,
}

/// A line and a column, both counted from zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct LineCol {
    /// The line.
    pub line: u32,
    /// The column, in units of an encoding.
    pub column: u32,
}

/// Where the lines of one text begin, and which of its characters are wide.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineIndex {
    index: ::line_index::LineIndex,
    len: TextSize,
}

impl LineIndex {
    /// Reads the text once.
    pub fn new(text: &str) -> LineIndex {
        LineIndex { index: ::line_index::LineIndex::new(text), len: TextSize::of(text) }
    }

    /// The place of a byte offset; an offset past the end is taken for the end, one inside a
    /// character for its beginning.
    pub fn line_col(&self, offset: TextSize, encoding: PositionEncoding) -> LineCol {
        let mut offset = u32::from(offset.min(self.len));
        loop {
            if let Some(utf8) = self.index.try_line_col(offset.into()) {
                let column = match wide(encoding) {
                    None => utf8.col,
                    Some(wide) => match self.index.to_wide(wide, utf8) {
                        Some(wide) => wide.col,
                        None => {
                            offset = offset.saturating_sub(1);
                            continue;
                        }
                    },
                };
                return LineCol { line: utf8.line, column };
            }
            if offset == 0 {
                return LineCol { line: 0, column: 0 };
            }
            offset -= 1;
        }
    }

    /// The byte offset of a place. A column past the end of its line is taken for the end of the
    /// line, as the protocol asks; none for a line that is not there.
    pub fn offset(&self, place: LineCol, encoding: PositionEncoding) -> Option<TextSize> {
        let line = self.index.line(place.line)?;
        let column = match wide(encoding) {
            None => place.column,
            Some(wide) => {
                let at = ::line_index::WideLineCol { line: place.line, col: place.column };
                match self.index.to_utf8(wide, at) {
                    Some(utf8) => utf8.col,
                    None => u32::MAX,
                }
            }
        };
        // The line's range includes its line break, which no column reaches.
        let last = if u32::from(line.end()) == u32::from(self.len) && !self.ends_with_break(place.line) {
            line.end()
        } else {
            line.end() - ::line_index::TextSize::from(1)
        };
        let offset = u32::from(line.start()).saturating_add(column).min(last.into());
        Some(TextSize::from(offset))
    }

    /// How many lines there are; a text that ends in a line break has an empty last one.
    pub fn lines(&self) -> u32 {
        self.line_col(self.len, PositionEncoding::Utf8).line + 1
    }

    fn ends_with_break(&self, line: u32) -> bool {
        self.index.line(line + 1).is_some()
    }
}

fn wide(encoding: PositionEncoding) -> Option<::line_index::WideEncoding> {
    match encoding {
        PositionEncoding::Utf8 => None,
        PositionEncoding::Utf16 => Some(::line_index::WideEncoding::Utf16),
        PositionEncoding::Utf32 => Some(::line_index::WideEncoding::Utf32),
    }
}

/// The line index of a file. Recomputed when the text changes.
#[salsa::tracked(returns(ref), no_eq)]
pub fn line_index(db: &dyn Db, source: SourceFile) -> LineIndex {
    LineIndex::new(source.text(db).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_in_every_encoding() {
        let text = "a\nµ𝄞x\nend";
        let index = LineIndex::new(text);
        let x = TextSize::try_from(text.find('x').unwrap_or(0)).unwrap_or_default();
        let columns = [PositionEncoding::Utf8, PositionEncoding::Utf16, PositionEncoding::Utf32]
            .map(|encoding| index.line_col(x, encoding).column);
        assert_eq!(columns, [6, 3, 2]);
        for (encoding, column) in
            [(PositionEncoding::Utf8, 6), (PositionEncoding::Utf16, 3), (PositionEncoding::Utf32, 2)]
        {
            assert_eq!(index.offset(LineCol { line: 1, column }, encoding), Some(x));
        }
    }

    #[test]
    fn places_outside_are_clipped() {
        let index = LineIndex::new("ab\ncd");
        let at =
            |line, column| index.offset(LineCol { line, column }, PositionEncoding::Utf16).map(u32::from);
        assert_eq!(at(0, 99), Some(2));
        assert_eq!(at(1, 99), Some(5));
        assert_eq!(at(2, 0), None);
        assert_eq!(index.lines(), 2);
    }
}
