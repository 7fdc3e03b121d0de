//! A guard against nesting that a recursive parser, or a recursive drop, would not survive.
//!
//! The tokenizer is a flat loop, so an upper bound of the tree's depth is counted on its output,
//! before anything recursive runs.

use rnix::SyntaxKind::{self, *};
use rowan::{TextRange, TextSize};

/// Trees deeper than this are refused. The deepest file of the reference repositories has a depth
/// of about a hundred.
pub(crate) const MAX_DEPTH: u32 = 1_000;

/// The place where the tree would become deeper than [`MAX_DEPTH`], if there is one.
pub(crate) fn too_deep(text: &str) -> Option<TextRange> {
    if is_surely_shallow(text) {
        return None;
    }
    let mut depth = Depth::default();
    let mut offset = TextSize::from(0);
    for (kind, token) in rnix::tokenize(text) {
        let range = TextRange::at(offset, TextSize::of(token));
        offset = range.end();
        depth.see(kind);
        if depth.total > MAX_DEPTH {
            return Some(range);
        }
    }
    None
}

/// A bound from the bytes alone, which spares nearly every file the exact count: no stretch between two
/// semicolons has enough characters that could open or deepen something.
fn is_surely_shallow(text: &str) -> bool {
    let mut brackets: u32 = 0;
    let mut deepest: u32 = 0;
    let mut since_semicolon: u32 = 0;
    for byte in text.bytes() {
        match byte {
            b'{' | b'[' | b'(' => {
                brackets += 1;
                deepest = deepest.max(brackets);
            }
            b'}' | b']' | b')' => brackets = brackets.saturating_sub(1),
            b';' => since_semicolon = 0,
            // Operators; `if`, `or` by their last letter, after which no name goes on.
            b':' | b'+' | b'-' | b'*' | b'/' | b'!' | b'?' | b'|' | b'&' | b'<' | b'>' => {
                since_semicolon += 1
            }
            b'f' | b'r' => since_semicolon += 1,
            _ => {}
        }
        if since_semicolon > MAX_DEPTH / 4 {
            return false;
        }
    }
    deepest < MAX_DEPTH / 4 && longest_prefix_chain(text) < MAX_DEPTH / 4
}

/// How many `with`, `assert` and `in` there are at the most: each can open one level.
fn longest_prefix_chain(text: &str) -> u32 {
    let count = |word: &str| text.matches(word).count() as u32;
    count("with ") + count("with\n") + count("assert") + count("in ") + count("in\n")
}

/// What is open at a token.
#[derive(Default)]
struct Depth {
    frames: Vec<Frame>,
    total: u32,
}

/// A bracket, the bindings of a `let`, or the head of a `with` or `assert`; with the levels that the
/// operators and prefixes in it have added so far.
struct Frame {
    kind: FrameKind,
    pending: u32,
}

#[derive(PartialEq, Clone, Copy)]
enum FrameKind {
    Bracket,
    Let,
    Head,
}

impl Depth {
    fn see(&mut self, kind: SyntaxKind) {
        match kind {
            TOKEN_L_BRACE | TOKEN_L_BRACK | TOKEN_L_PAREN | TOKEN_INTERPOL_START => {
                self.open(FrameKind::Bracket)
            }
            TOKEN_LET => self.open(FrameKind::Let),
            TOKEN_WITH | TOKEN_ASSERT => self.open(FrameKind::Head),
            TOKEN_R_BRACE | TOKEN_R_BRACK | TOKEN_R_PAREN | TOKEN_INTERPOL_END => {
                while self.close().is_some_and(|closed| closed != FrameKind::Bracket) {}
            }
            TOKEN_IN if self.top() == Some(FrameKind::Let) => {
                self.close();
                self.deepen();
            }
            TOKEN_SEMICOLON if self.top() == Some(FrameKind::Head) => {
                self.close();
                self.deepen();
            }
            TOKEN_SEMICOLON | TOKEN_COMMA => {
                if let Some(frame) = self.frames.last_mut() {
                    self.total -= std::mem::take(&mut frame.pending);
                }
            }
            kind if deepens(kind) => self.deepen(),
            _ => {}
        }
    }

    fn top(&self) -> Option<FrameKind> {
        self.frames.last().map(|frame| frame.kind)
    }

    fn open(&mut self, kind: FrameKind) {
        self.frames.push(Frame { kind, pending: 0 });
        self.total += 1;
    }

    fn close(&mut self) -> Option<FrameKind> {
        let frame = self.frames.pop()?;
        self.total -= 1 + frame.pending;
        Some(frame.kind)
    }

    fn deepen(&mut self) {
        if self.frames.is_empty() {
            self.open(FrameKind::Bracket);
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.pending += 1;
            self.total += 1;
        }
    }
}

/// Whether each further token of this kind can make the tree one level deeper.
fn deepens(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        TOKEN_COLON
            | TOKEN_IF
            | TOKEN_INVERT
            | TOKEN_SUB
            | TOKEN_OR
            | TOKEN_ADD
            | TOKEN_CONCAT
            | TOKEN_UPDATE
            | TOKEN_MUL
            | TOKEN_DIV
            | TOKEN_AND_AND
            | TOKEN_OR_OR
            | TOKEN_IMPLICATION
            | TOKEN_PIPE_LEFT
            | TOKEN_PIPE_RIGHT
            | TOKEN_QUESTION
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_would_overflow() {
        for unit in
            ["[", "(", "{a=", "!", "-", "a: ", "if ", "let a=1;in ", "with a;", "\"${", "1+", "a.b or "]
        {
            let text = unit.repeat(100_000);
            assert!(too_deep(&text).is_some(), "{unit}");
        }
    }

    #[test]
    fn long_is_not_deep() {
        let list = format!("[{}]", "{ a = x: 1 + 1; } ".repeat(50_000));
        assert_eq!(too_deep(&list), None);
        let set = format!("{{ {} }}", "a = let b = with c; d; in assert e; b; ".repeat(50_000));
        assert_eq!(too_deep(&set), None);
    }
}
