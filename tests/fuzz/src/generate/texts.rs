//! Strings: of both kinds, with escapes, indentation and interpolation.

use super::{Generator, Kind};

/// Pieces of `"…"`.
const PIECES: &[&str] = &[
    "a", "b", "foo", " ", "", "1", "1.2.3", "a/b", "é", "\\n", "\\t", "\\\"", "\\\\", "$", "\\${", "$$",
    "a,b", "x=1", "-", "[a]", "日本", "A", "\\r", "'", "''",
];

/// Pieces of `''…''`.
const INDENTED: &[&str] = &[
    "a", "\n", "\n  ", "\n    ", "b c", "''$", "'''", "''\\n", "''\\t", "$", "$$", "\\", "\"", "é", " ", "'",
    "x: y", "\n\n", "''\\${", "''${",
];

impl Generator<'_> {
    pub(super) fn plain_string(&mut self) {
        self.push("\"");
        for _ in 0..self.below(3) {
            let piece = self.one_of(PIECES);
            self.push(piece);
        }
        self.push("\"");
    }

    pub(super) fn string(&mut self, depth: u32) {
        match self.below(5) {
            0 => {
                self.operand(&Kind::Str, depth);
                self.push(" + ");
                self.operand(&Kind::Str, depth);
            }
            1 | 2 => {
                self.push("''");
                for _ in 0..self.below(7) {
                    self.piece(INDENTED, depth);
                }
                // What stands before the end must not change what the end means.
                self.push("\n''");
            }
            _ => {
                self.push("\"");
                for _ in 0..self.below(4) {
                    self.piece(PIECES, depth);
                }
                self.push("\"");
            }
        }
    }

    fn piece(&mut self, pieces: &[&str], depth: u32) {
        let piece = self.one_of(pieces);
        if self.rarely(3) {
            self.push("${");
            self.expr(&Kind::Str, depth);
            self.push("}");
        } else {
            self.push(piece);
        }
    }
}
